import { isAwsManagedKey } from './default-encryption';
import { Bucket, Inventory } from '../../access/inventory';
import { ConfiguredUpload, UPLOADERS } from '../../aws/configured-uploads';
import { ALGORITHM, KEY_ID } from '../../guarantees/uploads';
import { contextOf } from '../../policy/context';
import { cautiousStatement, Statement } from '../../policy/document';
import { applies } from '../../policy/evaluate';
import { jsonText } from '../../policy/json';
import { iamPrincipal, PolicyRequest, requestSentence } from '../../policy/request';
import { isUnknown, readable, UNDETERMINED, unknownText } from '../../policy/unknown-text';
import { DeployedResource } from '../../template/deployment';
import { propertiesOf } from '../../template/settings';
import { Finding, found, notDecided, NOT_DECIDED, Rule } from '../finding';

/** What a guardrail denies at run time, said while it can still be changed. */
export const configuredUploads: Rule = {
  id: 'ConfiguredUploads',
  requirement: 'What a resource is configured to upload, with an encryption of its own, the policy of the bucket lets through.',
  reason: 'The upload is denied when it is made: a deployment, a query, a build or a delivery fails that worked before the bucket was guarded.',
  guide: '7.2',
  see: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html#require-sse-kms',
  judgeDeployment: (inventory) => UPLOADERS.flatMap(({ type, uploads }) => inventory.deployment.ofType(type).flatMap((uploader) =>
    uploads(propertiesOf(uploader)).flatMap((upload) => judge(inventory, uploader, upload)))),
};

function judge(inventory: Inventory, uploader: DeployedResource, upload: ConfiguredUpload): Finding[] {
  const bucket = bucketOf(inventory, upload);
  const statements = bucket?.policies.flatMap(({ policy }) => policy?.statements ?? []).filter(isAboutEncryption) ?? [];
  if (!bucket || statements.length === 0 || typeof upload.algorithm !== 'string') {
    return [];
  }
  const keys = askedKeys(inventory, upload, statements);
  const denied = keys.map((key) => deniedBy(statements, requestOf(bucket, upload, key)));
  const [first] = denied;
  const denying = denied.find((denial) => denial !== undefined);
  if (!denying) {
    return [];
  }
  const { sid, path } = denying.statement;
  const problem = `'${uploader.path}' is configured to upload to '${bucket.site.path}' with ${asked(upload)} (${upload.setting}), which ${sid ? `'${sid}'` : path} in the bucket's policy denies.`;
  const isSure = denied.every((denial) => denial?.isSure);
  const doubt = isSure ? upload.doubt : `whether S3 is asked for the key that the policy means is not known: the setting says ${asked(upload)}`;
  return [doubt === undefined ? found(uploader, problem, upload.remedy, requestSentence(first!.request)) : doubtful(uploader, problem, upload, doubt)];
}

interface Denial {
  readonly statement: Statement;
  readonly request: PolicyRequest;
  readonly isSure: boolean;
}

function deniedBy(statements: readonly Statement[], request: PolicyRequest): Denial | undefined {
  const decided = statements.map((statement) => ({ statement, request, truth: applies(cautiousStatement(statement), request) }));
  const denial = decided.find(({ truth }) => truth === true) ?? decided.find(({ truth }) => truth === undefined);
  return denial && { ...denial, isSure: denial.truth === true };
}

function doubtful(uploader: DeployedResource, problem: string, { remedy }: ConfiguredUpload, doubt: string): Finding {
  return { ...notDecided(uploader, `${NOT_DECIDED}${problem} For ${doubt}.`), remedy };
}

const ENCRYPTION_KEYS = [ALGORITHM, KEY_ID];

function isAboutEncryption({ effect, conditions }: Statement): boolean {
  return effect === 'Deny' && conditions.some(({ key }) => ENCRYPTION_KEYS.includes(key));
}

function bucketOf(inventory: Inventory, { bucket }: ConfiguredUpload): Bucket | undefined {
  const [, ofUri = jsonText(bucket)] = /^s3:\/\/(.+)/.exec(jsonText(bucket)) ?? [];
  return inventory.bucketNamed(ofUri.split('/')[0]);
}

/**
 * The key that S3 may be asked for, in each form that the resource may send: as its setting has it, or by its ARN. One that is not known may be that of
 * a statement, and is if the statement says the same.
 */
function askedKeys(inventory: Inventory, { algorithm, keyId }: ConfiguredUpload, statements: readonly Statement[]): (string | undefined)[] {
  if (keyId === undefined || algorithm === 'AES256' || isAwsManagedKey(keyId)) {
    return [undefined];
  }
  const said = typeof keyId === 'string' ? keyId : unknownText(JSON.stringify(keyId));
  const isPinned = statements.flatMap(({ conditions }) => conditions).some(({ key, values }) => key === KEY_ID && values.some(({ source }) => source === said));
  if (isUnknown(said)) {
    return [isPinned || inventory.keyNamed(said) ? said : UNDETERMINED];
  }
  return /:key\//.test(said) ? [said] : [said, inventory.keyNamed(said)?.reference('Arn') ?? UNDETERMINED];
}

/** The upload as S3 sees it. Who makes it is well behaved otherwise. */
function requestOf({ facts }: Bucket, { algorithm, caller }: ConfiguredUpload, keyId?: string): PolicyRequest {
  const isService = typeof caller === 'string' && caller.endsWith('.amazonaws.com');
  const isRole = typeof caller === 'string' && /^arn:[^:]+:iam::[^:]+:role\//.test(caller) && !isUnknown(caller);
  const arn = isRole ? caller : `arn:${facts.partition}:iam::${facts.account}:role/Uploader`;
  return {
    principal: isService ? { kind: 'service', service: caller } : iamPrincipal(arn),
    action: 's3:PutObject',
    resource: `${facts.objects}object`,
    context: contextOf({
      'aws:SecureTransport': 'true',
      's3:TlsVersion': '1.3',
      'aws:PrincipalIsAWSService': String(isService),
      ...(isService ? {} : { 'aws:PrincipalArn': arn }),
      [ALGORITHM]: jsonText(algorithm),
      [KEY_ID]: keyId,
    }),
  };
}

function asked({ algorithm, keyId }: ConfiguredUpload): string {
  return algorithm === 'AES256' ? 'SSE-S3 (AES256)'
    : keyId === undefined || isAwsManagedKey(keyId) ? `'${jsonText(algorithm)}' and the AWS managed key`
      : `the key '${typeof keyId === 'string' ? readable(keyId) : JSON.stringify(keyId)}'`;
}
