import * as iam from 'aws-cdk-lib/aws-iam';
import { DatasetAccess } from './dataset-access';
import { fingerprint } from './values';

/** The ARNs of shared data, as the policies of one stack write them. */
export interface DataArns {
  /** The bucket, or the access point. */
  readonly container: string;

  /** The objects whose keys begin in a way. */
  readonly objects: (prefix: string) => string;
}

/** How the use of a key is confined. */
export interface KeyUse {
  /** S3 of the bucket's Region. */
  readonly viaService: string;

  /** The bucket, for objects under a bucket key, and its objects, for all others. */
  readonly encryptionContext: string[];
}

/** Statements that allow an access to data: the same ones in the policy of the data and in those of the consumer. */
export function dataStatements(access: DatasetAccess, data: DataArns, prefixes: readonly string[]): iam.PolicyStatementProps[] {
  const sid = `Share${access._name}`;
  if (prefixes.length === 0) {
    const objects = access._on('objects').length > 0 ? [data.objects('')] : [];
    const container = access._on('listing').length + access._on('uploads').length > 0 ? [data.container] : [];
    return [{ sid, actions: access.actions, resources: [...container, ...objects] }];
  }
  const mark = fingerprint(prefixes);
  const [objects, listing] = [access._on('objects'), access._on('listing')]; // the list of uploads cannot be narrowed to prefixes
  return [
    ...(objects.length > 0 ? [{ sid: `${sid}Objects${mark}`, actions: objects, resources: prefixes.map(data.objects) }] : []),
    ...(listing.length > 0 ? [{
      sid: `${sid}Listing${mark}`,
      actions: listing,
      resources: [data.container],
      conditions: { StringLike: { 's3:prefix': prefixes.map((prefix) => `${prefix}*`) } },
    }] : []),
  ];
}

/** Statements that allow what an access needs of a key, through S3 and for this data only. */
export function keyStatements(access: DatasetAccess, keyArn: string, { viaService, encryptionContext }: KeyUse): iam.PolicyStatementProps[] {
  const actions = access._keyActions;
  return actions.length === 0 ? [] : [{
    sid: `Share${actions.map((action) => action.slice('kms:'.length)).join('')}`,
    actions,
    resources: [keyArn],
    conditions: {
      StringEquals: { 'kms:ViaService': viaService },
      StringLike: { 'kms:EncryptionContext:aws:s3:arn': encryptionContext },
    },
  }];
}
