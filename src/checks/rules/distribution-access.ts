import { isForAnybody } from './public-allow';
import { Bucket, Inventory } from '../../access/inventory';
import { CLOUDFRONT, onlyNamedDistributions } from '../../guarantees/grants';
import { textsOf } from '../../guarantees/mentioned-values';
import { contextOf } from '../../policy/context';
import { evaluate } from '../../policy/evaluate';
import { jsonText } from '../../policy/json';
import { PolicyRequest } from '../../policy/request';
import { DeployedPolicy } from '../../template/deployed-policy';
import { DeployedResource } from '../../template/deployment';
import { isUnknownValue, setting, UNKNOWN } from '../../template/settings';
import { Finding, found, notDecided, Rule } from '../finding';
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
    const origins = originsOf(distribution, bucket);
    return origins.length === 0 ? [] : [...judgeListing(distribution, bucket, document), ...judgeUploads(distribution, origins, bucket, document)];
  });
}

function judgeListing(distribution: DeployedResource, bucket: Bucket, document: DeployedPolicy): Finding[] {
  if (!mayDo('s3:ListBucket', bucket.facts.arn, distribution, document)) {
    return [];
  }
  const root = setting(distribution, 'DistributionConfig', 'DefaultRootObject');
  if (root === UNKNOWN) {
    return [notDecided(distribution, 'Whether there is a root object is not known before deployment.')];
  }
  return root ? [] : [found(distribution, `The root URL shows the list of '${bucket.site.path}': CloudFront may list it, and there is no root object.`, "Set 'DefaultRootObject', or take 's3:ListBucket' from CloudFront.")];
}

function judgeUploads(distribution: DeployedResource, origins: readonly unknown[], bucket: Bucket, document: DeployedPolicy): Finding[] {
  const [first, others] = ['DefaultCacheBehavior', 'CacheBehaviors'].map((name) => setting(distribution, 'DistributionConfig', name));
  const open = [first, ...(Array.isArray(others) ? others : [])].filter((behavior) => origins.includes(behavior?.TargetOriginId) && !knowsViewers(behavior));
  return open.flatMap(({ PathPattern = '*', AllowedMethods }) => {
    const method = Object.entries(WRITING).find(([name, action]) => [AllowedMethods ?? []].flat().includes(name) && mayDo(action, `${bucket.facts.objects}any`, distribution, document));
    return method ? [found(
      distribution,
      `Anybody may ${method[0]} objects of '${bucket.site.path}' through the behavior for '${jsonText(PathPattern)}': CloudFront may, and the behavior does not tell who viewers are.`,
      "Leave 'AllowedMethods' out, or set 'TrustedKeyGroups'.",
    )] : [];
  });
}

function knowsViewers({ TrustedKeyGroups, TrustedSigners, FunctionAssociations, LambdaFunctionAssociations }: any): boolean {
  const isAsked = (association: any) => isUnknownValue(association) || isUnknownValue(association?.EventType) || association?.EventType === 'viewer-request';
  return [TrustedKeyGroups, TrustedSigners].some((known) => listed(known).length > 0) || [FunctionAssociations, LambdaFunctionAssociations].flatMap(listed).some(isAsked);
}

function listed(value: unknown): unknown[] {
  return [value ?? []].flat();
}

/** The ids of the origins of a distribution that are the bucket, and of the groups with them. */
function originsOf(distribution: DeployedResource, { facts }: Bucket): unknown[] {
  const [origins, groups] = [['Origins'], ['OriginGroups', 'Items']].map((path) => setting(distribution, 'DistributionConfig', ...path));
  const name = facts.arn.split(':').at(-1);
  const own = (Array.isArray(origins) ? origins : []).filter(({ DomainName }: any) => jsonText(DomainName).startsWith(`${name}.s3.`)).map(({ Id }: any) => Id);
  const around = (Array.isArray(groups) ? groups : []).filter(({ Members }: any) => listed(Members?.Items).some((member: any) => own.includes(member?.OriginId)));
  return [...own, ...around.map(({ Id }: any) => Id)];
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
