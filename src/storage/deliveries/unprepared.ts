import { CfnResource, Stack, Token } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { SetUpDeliveries, SetUpDeliveryHere } from './set-up-deliveries';
import { allowDeliveryCall } from './source-calls';
import { undeliverable } from './undeliverable';
import { isLinkedToConfig } from '../../aws/service-roles';
import { filledIn, principalsIn, ServiceCaller, ServiceDelivery } from '../../aws/services';
import { serviceUpload, sourceAsSeenBy } from '../../guarantees/service-uploads';
import { BucketPolicies } from '../../guardrails/bucket-policies';
import { deployedResource } from '../../guardrails/deployed-resource';
import { possibleStatements } from '../../guardrails/deployed-statements';
import { accountIn, accountValueIn, evaluable } from '../../guardrails/evaluable-statement';
import { GuardedBucket } from '../../guardrails/guarded-bucket';
import { canonical } from '../../guardrails/template-values';
import { Statement } from '../../policy/document';
import { applies } from '../../policy/evaluate';
import { iamPrincipal, PolicyRequest } from '../../policy/request';
import { isUnknown, UNDETERMINED, unknownText } from '../../policy/unknown-text';
import { Refusal } from '../../refusal';
import { known } from '../../sharing/names';
import { arnAsSeenBy, referencesIn, standInName } from '../delivery-request';
import { keyBehindAlias } from '../encryption-key';

const CLOUDTRAIL = 'cloudtrail';

/** Why deliveries that resources of the app set up to a bucket would not arrive, or would take its guardrails away. */
export function unpreparedDeliveries(bucket: s3.CfnBucket, setUps: SetUpDeliveries, policies: BucketPolicies): Refusal[] {
  const deliveries = setUps.to(bucket).filter(({ row }) => row.id !== 'config' || configDelivery(setUps) === 'service');
  if (deliveries.length === 0) {
    return [];
  }
  const allows = allowsOf(bucket, policies);
  return deliveries.flatMap((delivery) => {
    const impossible = impossibleDelivery(delivery);
    const isMissing = impossible.length === 0 && allows !== undefined && !isAllowed(delivery, allows);
    return [...impossible, ...(isMissing ? [missing(delivery)] : []), ...(isMissing || impossible.length > 0 ? [] : deniedTrail(delivery))];
  });
}

/** What is not decided of such deliveries. */
export function undecidedDeliveries(bucket: s3.CfnBucket, setUps: SetUpDeliveries, policies: BucketPolicies): string[] {
  const ofConfig = setUps.to(bucket).filter(({ row }) => row.id === 'config' && configDelivery(setUps) === undefined);
  const allows = ofConfig.length > 0 ? allowsOf(bucket, policies) ?? [] : []; // reading policies takes long
  return ofConfig.filter((delivery) => !isAllowed(delivery, allows)).map(({ resource, row, prefix }) => `'${resource.node.path}' has AWS Config deliver here. With its service-linked role it delivers as config.amazonaws.com, which the policy of the bucket does not let in: call ${allowDeliveryCall(row, { prefix })}. With a role of its own, grant that role access.`);
}

/** Whether AWS Config delivers as a service, by the recorders of the app; undefined if they are elsewhere. */
function configDelivery({ recorderRoles }: SetUpDeliveries): 'service' | 'role' | undefined {
  return recorderRoles.length === 0 ? undefined : recorderRoles.some(isLinkedToConfig) ? 'service' : 'role';
}

function impossibleDelivery({ row, resource, bucket }: SetUpDeliveryHere): Refusal[] {
  const { account, region } = Stack.of(resource);
  return undeliverable(row, { sourceAccounts: [account], sourceRegions: [region] }, bucket).map((refusal) => ({ ...refusal, problem: `'${resource.node.path}' has AWS deliver here. ${refusal.problem}` }));
}

/** The statements that allow something in the policies of a bucket; undefined if they cannot be seen. */
function allowsOf(bucket: s3.CfnBucket, policies: BucketPolicies): Statement[] | undefined {
  const written = policies.of(bucket).map(({ resource }) => {
    const stack = Stack.of(resource);
    return { stack, statements: CfnResource.isCfnResource(resource) ? possibleStatements(deployedResource(resource).Properties.PolicyDocument, stack) : undefined };
  });
  if (written.some(({ statements }) => statements === undefined)) {
    return undefined;
  }
  const references = referencesIn(bucket.stack, standInName);
  return written.flatMap(({ stack, statements = [] }) => statements.filter(({ Effect }) => Effect === 'Allow').flatMap((statement) => evaluable(statement, stack, references) ?? []));
}

/** Whether some statement may let the service write some of its objects. */
function isAllowed(delivery: SetUpDeliveryHere, allows: readonly Statement[]): boolean {
  return allows.some((statement) => requestsOf(delivery, statement).some((request) => applies(statement, request) !== false));
}

/** The ARN of a source, as far as it is known. */
function sourceArnOf({ row: { source: { arn } }, resource, name, ruleSet, isFromAnywhere }: SetUpDeliveryHere): string {
  if (arn === undefined || isFromAnywhere || s3.CfnBucket.isCfnBucket(resource)) {
    return UNDETERMINED;
  }
  const stack = Stack.of(resource);
  const unknown = (what: string) => unknownText(what, { kind: 'without-wildcards' });
  const values = { partition: unknown('partition'), account: accountIn(stack), region: known(stack.region) ?? unknown('region'), name: name ?? unknown('name'), ruleSet: ruleSet ?? unknown('rule set') };
  return filledIn(arn, values).replaceAll('*', unknown('resource'));
}

function requestsOf(delivery: SetUpDeliveryHere, statement: Statement): PolicyRequest[] {
  const { row, resource, bucket, prefix, isOfOrganization } = delivery;
  const stack = Stack.of(resource);
  const [account, region] = [accountIn(stack), known(stack.region) ?? unknownText('region')];
  const caller = row.caller as ServiceCaller;
  const folder = prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
  const logs = prefix === '' ? unknownText('logs') : prefix; // the delivery, not its destination, says where they go
  const values = { prefix: folder, logs, account, organization: `o-${unknownText('organization')}` };
  const patterns = row.objects.filter((pattern) => pattern.includes('{organization}') === (isOfOrganization ?? false));
  const keys = [prefix, folder].flatMap((beginning) => patterns.map((pattern) => filledIn(pattern, { ...values, beginning })));
  const arn = arnAsSeenBy(statement, bucket);
  const objects = [...new Set(keys)].map((key) => `${arn}/${key.replaceAll('*', unknownText('the rest of the key'))}`);
  const context = { 'aws:sourceaccount': accountValueIn(stack), 'aws:sourcearn': sourceAsSeenBy(statement, sourceArnOf(delivery)), ...(row.sendsAcl ? { 's3:x-amz-acl': 'bucket-owner-full-control' } : {}) };
  const uploads = objects.flatMap((object) => principalsIn(caller, region).map((service) => serviceUpload(service, object, context, statement)));
  const accounts = known(stack.region) === undefined ? Object.values(caller.accounts ?? {}) : caller.accounts?.[region] ?? [];
  return [...uploads, ...[accounts].flat().map((one) => ({ ...uploads[0], principal: iamPrincipal(`arn:aws:iam::${one}:root`) }))];
}

function missing({ row, resource, bucket, prefix, name, isOfOrganization, properties }: SetUpDeliveryHere): Refusal {
  const [from, to] = [Stack.of(resource), Stack.of(bucket)];
  const [service] = principalsIn(row.caller as ServiceCaller, known(from.region) ?? '{region}');
  const call = allowDeliveryCall(row, {
    prefix: isUnknown(prefix) ? '…' : prefix,
    sourceAccount: from.account === to.account || Token.isUnresolved(from.account) ? undefined : from.account,
    trailName: known(properties.TrailName),
    isOfOrganization,
    deliverySourceName: row.id === 'vended-logs-v2' && !isUnknown(name ?? '') ? name : undefined,
  });
  return {
    problem: `'${resource.node.path}' (${resource.cfnResourceType}) has ${service} deliver ${row.delivers} here, and the policy of the bucket does not let it write them. ${CONSEQUENCES[row.demands.writesPolicy]}`,
    remedy: `Call ${call} on the bucket.${wayOfCdk(row, resource)}`,
  };
}

const CONSEQUENCES: Readonly<Record<ServiceDelivery['demands']['writesPolicy'], string>> = {
  replaces: 'Setting it up replaces the policy of the bucket, and its guardrails are gone; or nothing arrives.',
  appends: 'Setting it up adds to the policy of the bucket, which the next deployment takes out again, and does not let it use the key; or nothing arrives.',
  never: 'The deployment fails, or nothing arrives.',
};

function wayOfCdk({ id }: ServiceDelivery, { node }: CfnResource): string {
  const isOfFlowLog = id === 'vpc-flow-logs' && node.id === 'FlowLog';
  return isOfTrail(id) ? ' Or use a TrailLogBucket, which is made for a trail.'
    : isOfFlowLog ? " Or set the feature flag '@aws-cdk/aws-s3:createDefaultLoggingPolicy', with which the CDK's flow logs write it themselves." : '';
}

function isOfTrail(id: string): boolean {
  return id.startsWith(CLOUDTRAIL);
}

/** CloudTrail asks for SSE-S3 where its trail has no key, which a bucket with a key denies to everybody whom it does not spare; else the key has to let it in. */
function deniedTrail(delivery: SetUpDeliveryHere): Refusal[] {
  const { row, resource, bucket, prefix, isOfOrganization, properties } = delivery;
  const { guardrails, sparedDeliveries, owner } = GuardedBucket.of(bucket);
  const isSpared = sparedDeliveries.some(({ services, mayAskForSseS3 }) => mayAskForSseS3 && services.some((service) => service.startsWith(CLOUDTRAIL)));
  if (!isOfTrail(row.id) || isSpared || !guardrails.some(({ name }) => name === 'RequireEncryption')) {
    return [];
  }
  const call = allowDeliveryCall(row, { prefix, trailName: known(properties.TrailName), isOfOrganization });
  if (properties.KMSKeyId === undefined) {
    return [{
      problem: `the trail '${resource.node.path}' has no key, so that CloudTrail asks for SSE-S3, which the policy of the bucket denies: no log file would arrive.`,
      remedy: `Use a TrailLogBucket, which is made for a trail; or give the trail the bucket's key ('encryptionKey') and call ${call} on the bucket.`,
    }];
  }
  const key = keyBehindAlias(owner?.encryptionKey) ?? owner?.encryptionKey;
  return key !== undefined && isKey(key, properties.KMSKeyId, resource) && !letsCloudTrailIn(key, delivery) ? [{
    problem: `the trail '${resource.node.path}' encrypts with the key '${key.node.path}', whose policy does not let CloudTrail use it: the trail cannot be made.`,
    remedy: `Call ${call} on the bucket, or use a TrailLogBucket, which is made for a trail.`,
  }] : [];
}

function isKey(key: kms.IKey, written: unknown, { stack }: CfnResource): boolean {
  return [key.keyArn, key.keyId].some((name) => canonical(stack.resolve(name)) === canonical(written));
}

/** Whether the policy of a key may let CloudTrail encrypt the files of a trail. That of an imported key is not known. */
function letsCloudTrailIn({ node: { defaultChild: resource } }: kms.IKey, delivery: SetUpDeliveryHere): boolean {
  const written = kms.CfnKey.isCfnKey(resource) ? possibleStatements(deployedResource(resource).Properties.KeyPolicy, resource.stack) : undefined;
  const statements = written?.flatMap((statement) => evaluable(statement, Stack.of(resource!)) ?? []);
  const mayApply = (statement: Statement) => applies(statement, encryptionOfTrail(delivery, statement));
  return statements === undefined || (
    statements.some((statement) => statement.effect === 'Allow' && mayApply(statement) !== false)
    && !statements.some((statement) => statement.effect === 'Deny' && mayApply(statement) === true)
  );
}

function encryptionOfTrail(delivery: SetUpDeliveryHere, statement: Statement): PolicyRequest {
  const [service] = principalsIn(delivery.row.caller as ServiceCaller, known(delivery.resource.stack.region) ?? unknownText('region'));
  const context = { 'aws:sourceaccount': accountValueIn(delivery.resource.stack), 'aws:sourcearn': sourceAsSeenBy(statement, sourceArnOf(delivery)) };
  return { ...serviceUpload(service, UNDETERMINED, context, statement), action: 'kms:GenerateDataKey' };
}
