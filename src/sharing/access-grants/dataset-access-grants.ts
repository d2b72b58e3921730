import { CfnResource, Lazy, Names, Resource, Stack, Token } from 'aws-cdk-lib';
import * as ram from 'aws-cdk-lib/aws-ram';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { AccessGrantsLocation, AccessGrantsLocationOptions } from './access-grants-location';
import { IDENTITY_CENTER_ARN, instanceArnIn, SHARE_PRINCIPAL } from './access-grants-names';
import { problemsOf, textAtEnd, textsAtEnd } from '../../guardrails/known-values';
import { malformed } from '../../policy/identifiers';
import { BUCKET, refuseOtherThan, refuseWrongProps, required, TEXT, TEXTS, TypesOf, YES_OR_NO } from '../../prop-types';
import { orRemoved, Refusal, refuseAll, sentenceOf } from '../../refusal';

/**
 * Properties of `DatasetAccessGrants`.
 */
export interface DatasetAccessGrantsProps {
  /**
   * Whether the account has an instance in the Region already: there can be one only. It is used then, and left as it is.
   *
   * @default false - an instance is created
   */
  readonly existingInstance?: boolean;

  /**
   * The ARN of the instance of IAM Identity Center whose users and groups get access, such as `arn:aws:sso:::instance/ssoins-1234567890abcdef`. Of an existing
   * instance of S3 Access Grants: the one with which it is associated.
   *
   * @default - access is granted to IAM roles and users only
   */
  readonly identityCenterArn?: string;

  /**
   * With whom AWS RAM shares the instance: account ids, or ARNs of organizations and organizational units. Accounts of grantees are added by their grants.
   *
   * Sharing gives no data: it lets somebody ask, and grants decide. Accounts outside the organization, and all if RAM does not share within it, have to accept an invitation.
   *
   * @default - the accounts of grantees
   */
  readonly sharedWith?: string[];
}

const TYPES: TypesOf<DatasetAccessGrantsProps> = { existingInstance: YES_OR_NO, identityCenterArn: TEXT, sharedWith: TEXTS };

/**
 * S3 Access Grants: gives parts of buckets to roles, users, and members of a corporate directory, 100,000 of them if need be, without a statement in the bucket's
 * policy.
 *
 * Who has a grant asks the instance for credentials (`GetDataAccess`), which SDKs do with a plugin, and works with these in the name of the location's role, no
 * further than the grant says.
 *
 * There is one instance an account and Region. It carries no tags: CloudFormation would replace it for another tag, and a second one cannot be. Locations are deleted
 * before it, and grants before locations.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-grants.html
 */
export class DatasetAccessGrants extends Resource {
  /**
   * The ARN of the instance of the account in the Region.
   *
   * @attribute
   */
  public readonly accessGrantsInstanceArn: string;

  /** The instance of IAM Identity Center with which it is associated; undefined if it is with none. */
  public readonly identityCenterArn?: string;

  private readonly instance?: s3.CfnAccessGrantsInstance;
  private readonly sharedWith: Set<string>;
  private share?: ram.CfnResourceShare;

  /**
   * @throws ValidationError if another one of the app creates the instance of the same account and Region, or an ARN or an account id is malformed
   */
  constructor(scope: Construct, id: string, props: DatasetAccessGrantsProps = {}) {
    refuseWrongProps(scope, id, props, TYPES);
    super(scope, id);
    orRemoved(this, () => refuseAll(this, 'UnusableAccessGrants', [...malformedProps(props), ...this.secondInstance(props)]));
    this.accessGrantsInstanceArn = instanceArnIn(this.stack);
    this.identityCenterArn = props.identityCenterArn;
    this.instance = props.existingInstance ? undefined : this.create();
    this.sharedWith = new Set(props.sharedWith);
    props.sharedWith?.forEach((principal) => this._shareWith(principal));
    this.node.addValidation({ validate: () => malformedProps(atEnd(props, this.stack)).map((problem) => sentenceOf(this.node.path, problem)) });
  }

  /**
   * Registers a bucket, or a part of it, with a role of its own: grants give parts of it.
   *
   * @param bucket a bucket of the Region, of this account or another one
   * @throws ValidationError if the prefix is unusable, the same location is registered already, or its role could not get at the bucket
   */
  public addLocation(id: string, bucket: s3.IBucket, options: AccessGrantsLocationOptions = {}): AccessGrantsLocation {
    refuseOtherThan(this, required(BUCKET), bucket, 'the bucket of a location');
    return new AccessGrantsLocation(this, id, { ...options, accessGrants: this, bucket });
  }

  /**
   * Registers the default location `s3://`: all buckets of the account in the Region, those to come too. Each grant names its bucket. Its role can be used for all data of the
   * account here, as far as grants go: where buckets are of different worth, register them one by one.
   *
   * @param id the id of the location in the construct tree
   * @throws ValidationError if it is registered already
   */
  public addDefaultLocation(id: string = 'DefaultLocation', options: AccessGrantsLocationOptions = {}): AccessGrantsLocation {
    return new AccessGrantsLocation(this, id, { ...options, accessGrants: this });
  }

  /**
   * Makes the instance before a resource, and deletes it after it.
   *
   * @internal
   */
  public _precede(resource: CfnResource): void {
    if (this.instance) {
      resource.node.addDependency(this.instance);
    }
  }

  /**
   * Whether both are the instance of one account and Region.
   *
   * @internal
   */
  public _isSameInstance(other: DatasetAccessGrants): boolean {
    const { account, region } = this.stack;
    const isSame = other.stack.account === account && other.stack.region === region;
    return isSame && (other.stack === this.stack || ![account, region].some((value) => Token.isUnresolved(value)));
  }

  /**
   * Lets an account ask for data.
   *
   * @internal
   */
  public _shareWith(principal: string): void {
    this.sharedWith.add(principal);
    this.share ??= new ram.CfnResourceShare(this, 'Share', {
      name: Names.uniqueResourceName(this, { maxLength: 200, separator: '-' }),
      resourceArns: [this.instance?.attrAccessGrantsInstanceArn ?? this.accessGrantsInstanceArn],
      permissionArns: [this.stack.formatArn({ service: 'ram', account: 'aws', region: '', resource: 'permission', resourceName: 'AWSRAMPermissionAccessGrantsData' })],
      principals: Lazy.list({ produce: () => [...this.sharedWith] }),
    });
  }

  private create(): s3.CfnAccessGrantsInstance {
    const instance = new s3.CfnAccessGrantsInstance(this, 'Resource', { identityCenterArn: this.identityCenterArn });
    instance.addPropertyDeletionOverride('Tags');
    return instance;
  }

  private secondInstance({ existingInstance }: DatasetAccessGrantsProps): Refusal[] {
    const creator = existingInstance ? undefined : this.node.root.node.findAll()
      .find((other): other is DatasetAccessGrants => other instanceof DatasetAccessGrants && other !== this && other.instance !== undefined && other._isSameInstance(this));
    return creator ? [{
      name: 'InstanceTwice',
      problem: `'${creator.node.path}' creates the instance of S3 Access Grants of the same account and Region, where there can be one only.`,
      remedy: "Add locations to that one, or set 'existingInstance' and deploy this stack after it.",
    }] : [];
  }
}

function malformedProps({ identityCenterArn, sharedWith = [] }: DatasetAccessGrantsProps): Refusal[] {
  const inProp = (prop: string, problems: string[], remedy: string) => problems.map((problem) => ({ name: 'UnusableAccessGrants', problem: `'${prop}': ${problem}`, remedy }));
  return [
    ...inProp('identityCenterArn', problemsOf(identityCenterArn === undefined ? [] : [identityCenterArn], (arn) => malformed(arn, IDENTITY_CENTER_ARN)), 'Look it up in IAM Identity Center, under Settings.'),
    ...inProp('sharedWith', problemsOf(sharedWith, (principal) => malformed(principal, SHARE_PRINCIPAL)), 'Name accounts by their 12 digits, and organizations and units by their ARNs.'),
  ];
}

function atEnd({ identityCenterArn, sharedWith, ...others }: DatasetAccessGrantsProps, stack: Stack): DatasetAccessGrantsProps {
  return { ...others, identityCenterArn: textAtEnd(identityCenterArn, stack), sharedWith: textsAtEnd(sharedWith, stack) };
}
