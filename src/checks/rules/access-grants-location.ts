import { accessGrantsLocations, roleOfLocation } from '../../access/access-grants-facts';
import { Inventory } from '../../access/inventory';
import { contextOf } from '../../policy/context';
import { Policy } from '../../policy/document';
import { evaluate } from '../../policy/evaluate';
import { iamPrincipal, PolicyRequest } from '../../policy/request';
import { unmentionedAccount } from '../../policy/unmentioned-account';
import { DeployedResource } from '../../template/deployment';
import { doubted, Finding, found, notDecided, Rule } from '../finding';

const REMEDY = "Let 'access-grants.s3.amazonaws.com' alone take it on, and confine it by 'aws:SourceAccount' and 'aws:SourceArn' to the instance of the account (DatasetAccessGrants does).";

export const accessGrantsLocation: Rule = {
  id: 'AccessGrantsLocation',
  requirement: 'The role of a location of S3 Access Grants is taken on for the instance of its account only.',
  reason: 'Whoever takes the role on reads and writes all of the location, whatever the grants say.',
  severity: 'high',
  severityReason: 'Somebody of another account may reach the data now, past all grants.',
  guide: '5',
  see: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-grants-location-register.html',
  judgeDeployment: (inventory) => accessGrantsLocations(inventory.deployment).flatMap((location) => judge(inventory, location)),
};

function judge(inventory: Inventory, location: DeployedResource): Finding[] {
  const role = roleOfLocation(inventory.deployment, location);
  const trust = role && inventory.policyOf(role, 'AssumeRolePolicyDocument')?.policy;
  if (trust === undefined) {
    return [notDecided(location, `Who may take on the role of the location is not decided: ${role ? 'its trust is not known before deployment' : 'the role is not in these templates'}.`)];
  }
  return strangersOf(role!, JSON.stringify(role!.property('AssumeRolePolicyDocument'))).flatMap(({ who, request }) => judgeStranger(role!, trust, who, request));
}

function judgeStranger(role: DeployedResource, trust: Policy, who: string, request: PolicyRequest): Finding[] {
  const problem = `The role of a location of S3 Access Grants can be taken on by ${who}.`;
  switch (evaluate(trust, request).outcome) {
    case 'allowed': return [found(role, problem, REMEDY)];
    case 'not-decided': return [doubted(role, problem, 'values of its trust are not known before deployment')];
    default: return [];
  }
}

interface Stranger {
  readonly who: string;
  readonly request: PolicyRequest;
}

/** Callers whom nothing in the trust mentions: the service in the name of another account, and somebody of that account. */
function strangersOf(role: DeployedResource, trustText: string): Stranger[] {
  const account = unmentionedAccount(`${trustText} ${role.stack.account}`);
  const { partition, region } = role.stack;
  const resource = String(role.reference('Arn'));
  const caller = iamPrincipal(`arn:${partition}:iam::${account}:role/stranger`);
  const instance = `arn:${partition}:s3:${region}:${account}:access-grants/default`;
  return [
    {
      who: 'S3 Access Grants for an instance of any account',
      request: { principal: { kind: 'service', service: 'access-grants.s3.amazonaws.com' }, action: 'sts:AssumeRole', resource, context: contextOf({ 'aws:SourceAccount': account, 'aws:SourceArn': instance, 'aws:PrincipalIsAWSService': 'true' }) },
    },
    {
      who: 'anybody of any account',
      request: {
        principal: caller,
        action: 'sts:AssumeRole',
        resource,
        context: contextOf({ 'aws:PrincipalAccount': account, 'aws:PrincipalArn': caller.arn, 'aws:PrincipalType': 'AssumedRole', 'aws:PrincipalIsAWSService': 'false', 'aws:ViaAWSService': 'false', 'aws:SecureTransport': 'true' }),
      },
    },
  ];
}
