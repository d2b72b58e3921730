import { DeployedPolicy } from '../../access/deployed-policy';
import { Bucket } from '../../access/inventory';
import { contextOf } from '../../policy/context';
import { Statement } from '../../policy/document';
import { applies } from '../../policy/evaluate';
import { iamPrincipal, PolicyRequest, requestSentence } from '../../policy/request';
import { Finding, found, Rule } from '../finding';
import { members, perimeterIntent, sparesSomebody, textsOf } from '../perimeter-intent';

const WELL_BEHAVED = { 'aws:SecureTransport': 'true', 's3:TlsVersion': '1.3', 's3:authType': 'REST-HEADER', 's3:signatureversion': 'AWS4-HMAC-SHA256', 's3:signatureAge': '0' };
const ADDRESS = '198.51.100.77'; // documentation range, RFC 5737

/** A perimeter must not shut out those without whom the bucket cannot work, or cannot be repaired. */
export const lockout: Rule = {
  id: 'Lockout',
  requirement: 'Perimeters let through AWS services that call by themselves, and the role that deploys the stack.',
  reason: 'Services come without organization and endpoint; a deploy role that is shut out cannot even repair the policy.',
  guide: '7.4',
  see: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_data-perimeters.html',
  judgeBuckets: ({ buckets }) => buckets.flatMap((bucket) => bucket.policies.flatMap((document) => judge(bucket, document))),
};

function judge(bucket: Bucket, { resource, policy }: DeployedPolicy): Finding[] {
  const intent = perimeterIntent(policy ?? { statements: [] });
  const perimeter = [...new Set([...intent.network, ...intent.organization, ...intent.serviceSource])];
  const delivery = serviceRequest(bucket, perimeter);
  const deployment = executionRequest(bucket, resource.stack.executionRoleArn);
  const shutOut = perimeter.find((statement) => applies(statement, delivery) === true);
  const unrepairable = intent.network.find((statement) => (deployment ? applies(statement, deployment) === true : deniesEverywhere(statement)));
  return [
    ...(shutOut ? [found(
      resource,
      `The statement ${nameOf(shutOut)} shuts out AWS services: delivery of logs, CloudFront, replication of inventories fail.`,
      "Add 'BoolIfExists': {'aws:PrincipalIsAWSService': 'false'} to the statement.",
      requestSentence(delivery),
    )] : []),
    ...(unrepairable && (deployment || !sparesSomebody([unrepairable])) ? [found(
      resource,
      `The statement ${nameOf(unrepairable)} shuts out ${deployment ? 'the role that deploys the stack' : 'everybody outside the network, and exempts nobody who could repair the policy'}.`,
      "Exempt the CloudFormation execution role by 'ArnNotLike' on 'aws:PrincipalArn' in the statement itself.",
      deployment && requestSentence(deployment),
    )] : []),
  ];
}

/** A service that delivers for this account, which is in the organization. */
function serviceRequest({ facts }: Bucket, perimeter: readonly Statement[]): PolicyRequest {
  const [organization] = members(perimeter, ['aws:sourceorgid', 'aws:principalorgid']).flatMap(textsOf);
  const [path] = members(perimeter, ['aws:sourceorgpaths', 'aws:principalorgpaths']).flatMap(textsOf);
  return {
    principal: { kind: 'service', service: 'delivery.logs.amazonaws.com' },
    action: 's3:PutObject',
    resource: `${facts.objects}any/object`,
    context: contextOf({
      ...WELL_BEHAVED,
      'aws:PrincipalIsAWSService': 'true',
      'aws:PrincipalServiceName': 'delivery.logs.amazonaws.com',
      'aws:SourceAccount': facts.account,
      'aws:SourceOrgID': organization,
      'aws:SourceOrgPaths': path?.replace(/[*?]/g, 'x'),
      'aws:ViaAWSService': 'false',
    }),
  };
}

function executionRequest({ facts }: Bucket, executionRoleArn: string | undefined): PolicyRequest | undefined {
  return executionRoleArn === undefined ? undefined : {
    principal: iamPrincipal(executionRoleArn),
    action: 's3:PutBucketPolicy',
    resource: facts.arn,
    context: contextOf({
      ...WELL_BEHAVED,
      'aws:PrincipalArn': executionRoleArn,
      'aws:PrincipalAccount': facts.account,
      'aws:PrincipalIsAWSService': 'false',
      'aws:SourceIp': ADDRESS,
      'aws:ViaAWSService': 'false',
    }),
  };
}

/** Whether a deny binds the administration of the bucket at all. */
function deniesEverywhere(statement: Statement): boolean {
  return statement.action.isInverted || statement.action.members.some(({ matches }) => matches('s3:putbucketpolicy') === true);
}

function nameOf({ sid, path }: Statement): string {
  return sid ? `'${sid}'` : path;
}
