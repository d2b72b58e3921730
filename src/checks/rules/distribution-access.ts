import { isForAnybody } from './public-allow';
import { Bucket, Inventory } from '../../access/inventory';
import { CLOUDFRONT, onlyNamedDistributions } from '../../guarantees/grants';
import { textsOf } from '../../guarantees/mentioned-values';
import { contextOf } from '../../policy/context';
import { evaluate } from '../../policy/evaluate';
import { jsonText } from '../../policy/json';
import { PolicyRequest } from '../../policy/request';
import { every, some, Truth } from '../../policy/truth';
import { readable } from '../../policy/unknown-text';
import { DeployedPolicy } from '../../template/deployed-policy';
import { DeployedResource } from '../../template/deployment';
import { isUnknownValue, setting, UNKNOWN } from '../../template/settings';
import { doubted, Finding, found, notDecided, Rule } from '../finding';
import { proofsOfServices } from '../proven';

const DISTRIBUTION = 'AWS::CloudFront::Distribution';
const WRITING = { PUT: 's3:PutObject', POST: 's3:PutObject', DELETE: 's3:DeleteObject' };

export const distributionAccess: Rule = {
  id: 'DistributionAccess',
  requirement: 'A bucket lets in distributions by name, lists for none without a root object, and takes uploads only from viewers who are known.',
  reason: 'What a distribution may do, everybody may do who knows its address.',
  severity: 'high',
  severityReason: 'Everybody who knows the address of the distribution can read or write now.',
  guide: '4.4',
  see: 'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html',
  judgeBuckets: ({ inventory, buckets }) => buckets.flatMap((bucket) => bucket.policies.flatMap((document) => judgeStatements(inventory, bucket, document))),
  judgeDeployment: (inventory) => inventory.allBuckets.flatMap((bucket) => bucket.policies.flatMap((document) => judgeDistributions(inventory, bucket, document))),
};

function judgeStatements(inventory: Inventory, bucket: Bucket, document: DeployedPolicy): Finding[] {
  return proofsOfServices(inventory, bucket, document, onlyNamedDistributions).flatMap(({ statement, proof }) => {
    const name = statement.sid ? `'${statement.sid}'` : statement.path;
    switch (proof.verdict) {
      case 'broken': return isForAnybody(inventory, document, bucket.facts, statement) ? [] : [found(
        document.resource,
        `The statement ${name} lets in any distribution.`,
        "Serve it with OacDistribution, from a bucket with a 'bucketNamePrefix' or 'bucketName', or hold 'aws:SourceArn' to the ARN of the distribution by StringEquals.",
        proof.counterexample,
      )];
      case 'not-decided': return [notDecided(document.resource, `Whether the statement ${name} lets in any distribution is not decided: ${proof.reason}.`)];
      default: return [];
    }
  });
}

function judgeDistributions({ deployment }: Inventory, bucket: Bucket, document: DeployedPolicy): Finding[] {
  return deployment.ofType(DISTRIBUTION).flatMap((distribution) => {
    const isOrigin = originsOf(distribution, bucket);
    return isOrigin(ANY) === false ? [] : [...judgeListing(distribution, isOrigin, bucket, document), ...judgeUploads(distribution, isOrigin, bucket, document)];
  });
}

function judgeListing(distribution: DeployedResource, isOrigin: IsOrigin, bucket: Bucket, document: DeployedPolicy): Finding[] {
  if (!mayDo('s3:ListBucket', bucket.facts.arn, distribution, document)) {
    return [];
  }
  const root = setting(distribution, 'DistributionConfig', 'DefaultRootObject');
  if (root === UNKNOWN) {
    return [notDecided(distribution, 'Whether there is a root object is not known before deployment.')];
  }
  const problem = `The root URL shows the list of '${bucket.site.path}': CloudFront may list it, and there is no root object.`;
  const remedy = "Set 'DefaultRootObject', or take 's3:ListBucket' from CloudFront.";
  return root ? [] : [isOrigin(ANY) ? found(distribution, problem, remedy) : doubted(distribution, problem, 'whether the bucket is an origin is not known before deployment', remedy)];
}

function judgeUploads(distribution: DeployedResource, isOrigin: IsOrigin, bucket: Bucket, document: DeployedPolicy): Finding[] {
  const allowed = Object.entries(WRITING).filter(([, action]) => mayDo(action, `${bucket.facts.objects}any`, distribution, document)).map(([method]) => method);
  return behaviorsOf(distribution).filter((behavior) => !knowsViewers(behavior)).flatMap((behavior) => {
    const isServed = isOrigin(isUnknownValue(behavior) ? UNKNOWN : behavior.TargetOriginId);
    const uploads = allowed.map((method) => ({ method, truth: every([isServed, takes(behavior, method)], (truth) => truth) }));
    const open = uploads.find(({ truth }) => truth === true) ?? uploads.find(({ truth }) => truth === undefined);
    if (!open) {
      return [];
    }
    const problem = `Anybody may ${open.method} objects of '${bucket.site.path}' through the behavior for '${readable(jsonText(behavior.PathPattern ?? '*'))}': CloudFront may, and the behavior does not tell who viewers are.`;
    const remedy = "Leave 'AllowedMethods' out, or set 'TrustedKeyGroups'.";
    return [open.truth ? found(distribution, problem, remedy) : doubted(distribution, problem, 'the origins, the behaviors or their methods are not known before deployment', remedy)];
  });
}

function behaviorsOf(distribution: DeployedResource): any[] {
  const [first, others] = ['DefaultCacheBehavior', 'CacheBehaviors'].map((name) => setting(distribution, 'DistributionConfig', name));
  return [first ?? [], others ?? []].flat();
}

function takes(behavior: any, method: string): Truth {
  return isUnknownValue(behavior) ? undefined : some([behavior.AllowedMethods ?? []].flat(), (one) => one === method || (isUnknownValue(one) ? undefined : false));
}

function knowsViewers({ TrustedKeyGroups, TrustedSigners, FunctionAssociations, LambdaFunctionAssociations }: any): boolean {
  const isAsked = (association: any) => isUnknownValue(association) || isUnknownValue(association?.EventType) || association?.EventType === 'viewer-request';
  return [TrustedKeyGroups, TrustedSigners].some((known) => listed(known).length > 0) || [FunctionAssociations, LambdaFunctionAssociations].flatMap(listed).some(isAsked);
}

function listed(value: unknown): unknown[] {
  return [value ?? []].flat();
}

const ANY = Symbol('any');

/** Whether the origin of a distribution with an id, or one of the group that it stands for, is the bucket. */
type IsOrigin = (id: unknown) => Truth;

function originsOf(distribution: DeployedResource, bucket: Bucket): IsOrigin {
  const [origins, groups] = [['Origins'], ['OriginGroups', 'Items']].map((path) => listed(setting(distribution, 'DistributionConfig', ...path)));
  const hasId = (one: any, id: unknown): Truth => (id === ANY || one?.Id === id ? true : [one, one?.Id, id].some(isUnknownValue) ? undefined : false);
  const isAmong = (id: unknown): Truth => some(origins, (origin) => every([hasId(origin, id), isBucket(origin, bucket)], (truth) => truth));
  return (id) => some([isAmong(id), ...groups.map((group) => every([hasId(group, id), some(membersOf(group), isAmong)], (truth) => truth))], (truth) => truth);
}

/** The ids of the origins that a group has. */
function membersOf(group: any): unknown[] {
  return isUnknownValue(group) ? [UNKNOWN] : listed(group?.Members?.Items).map((member: any) => (isUnknownValue(member) ? UNKNOWN : member?.OriginId));
}

function isBucket(origin: any, { facts }: Bucket): Truth {
  const domain = isUnknownValue(origin) ? origin : origin?.DomainName;
  const begins = typeof domain === 'string' && domain.startsWith(`${facts.arn.split(':').at(-1)}.s3.`);
  return begins || (isUnknownValue(domain) ? undefined : false);
}

/** Whether CloudFront may do something for the distribution, or for one that the policy names by an id that may be the distribution's. */
function mayDo(action: string, resource: string, distribution: DeployedResource, { policy }: DeployedPolicy): boolean {
  const made = distribution.stack.deployment.ofType(DISTRIBUTION).map((other) => other.reference('Arn')!);
  const named = (policy?.statements ?? []).flatMap(({ conditions }) => conditions).filter(({ key }) => key === 'aws:sourcearn').flatMap(textsOf);
  const candidates = [distribution.reference('Arn')!, ...named.filter((arn) => /:cloudfront:.*:distribution\/E/.test(arn) && !made.includes(arn))];
  const accounts = [distribution.stack.account, undefined]; // an organization's deny asks for the organization of an account, which no template tells
  return policy !== undefined && candidates.some((arn) => accounts.some((account) => evaluate(policy, requestFor(arn, action, resource, account)).outcome === 'allowed'));
}

function requestFor(distributionArn: string, action: string, resource: string, account: string | undefined): PolicyRequest {
  return {
    principal: { kind: 'service', service: CLOUDFRONT },
    action,
    resource,
    context: contextOf({
      'aws:SecureTransport': 'true',
      's3:TlsVersion': '1.3',
      'aws:PrincipalIsAWSService': 'true',
      'aws:PrincipalServiceName': CLOUDFRONT,
      'aws:SourceArn': distributionArn,
      ...(account === undefined ? {} : { 'aws:SourceAccount': account }),
    }),
  };
}
