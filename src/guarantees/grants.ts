import { allOf, ANONYMOUS, AWS_SERVICE, IAM_CALLER, noneOf, ofOtherAccountsThan } from './callers';
import { fixedAccountOf, isPattern, mentioned } from './mentioned-values';
import { BUCKET_ACTIONS } from '../aws/actions';
import { Statement } from '../policy/document';
import { narrowRanges } from '../policy/ip-range';
import { arnSegments } from '../policy/pattern';
import { mayHaveWildcards, partsBetweenColons } from '../policy/unknown-text';
import { Conditions, EVERY_CALLER, Guarantee } from '../proof/guarantee';
import { isAccessPoint, ResourceFacts } from '../proof/part';

export const CLOUDFRONT = 'cloudfront.amazonaws.com';
const ACCESS_POINT_KEYS = ['s3:dataaccesspointaccount', 's3:dataaccesspointarn', 's3:accesspointnetworkorigin'];

/** Not through an access point: behind it, the access point's own policy decides too. */
const DIRECT: Conditions = { Null: { 's3:DataAccessPointArn': 'true' } };

/**
 * Nobody is allowed anything whom the statement, or a deny beside it, does not hold to fixed values: a caller of an account and organization that
 * they do not mention, from an address and an endpoint that they do not mention, with whatever a caller can choose: a user name is one of that.
 *
 * Whoever comes through an access point that is bound to a VPC is held to that VPC.
 *
 * @param denies that bind the resource, too
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-vpc.html
 */
export function nobodyWhoCouldBeAnybody(statement: Statement, denies: readonly Statement[], facts: ResourceFacts): Guarantee {
  const { account } = facts;
  const all = [statement, ...denies];
  const texts = (key: string) => mentioned(all, key);
  const stranger = allOf(
    noneOf('StringNotEquals', 'aws:PrincipalOrgID', texts('aws:principalorgid')),
    noneOf('ForAllValues:StringNotLike', 'aws:PrincipalOrgPaths', texts('aws:principalorgpaths').map((path) => path.split('/')[0]).filter((id) => !mayHaveWildcards(id)).map((id) => `${id}/*`)),
    noneOf('StringNotEquals', 'kms:CallerAccount', texts('kms:calleraccount')),
    noneOf('StringNotEquals', 'aws:SourceVpce', texts('aws:sourcevpce')),
    noneOf('StringNotEquals', 'aws:SourceVpc', texts('aws:sourcevpc')),
    noneOf('StringNotEquals', 'aws:SourceVpcArn', texts('aws:sourcevpcarn')),
    noneOf('StringNotEquals', 'aws:VpceAccount', texts('aws:vpceaccount')),
    noneOf('StringNotEquals', 'aws:VpceOrgID', texts('aws:vpceorgid')),
    noneOf('ForAllValues:StringNotEquals', 'aws:VpceOrgPaths', texts('aws:vpceorgpaths')),
    noneOf('NotIpAddress', 'aws:SourceIp', narrowRanges(texts('aws:sourceip')).filter((text) => text !== '*')),
    isAccessPoint(facts) ? {} : noneOf('StringNotEquals', 's3:DataAccessPointAccount', [account, ...texts('s3:dataaccesspointaccount'), ...texts('s3:dataaccesspointarn').flatMap((arn) => fixedAccountOf(arn) ?? [])]),
    noneOf('StringNotLike', 'aws:userid', texts('aws:userid').map((id) => partsBetweenColons(id)[0]).filter((id) => !mayHaveWildcards(id)).flatMap((id) => [id, `${id}:*`])),
  );
  return {
    sentence: 'No statement grants public access.',
    needsAllow: EVERY_CALLER,
    breaches: facts.networkOrigin === 'VPC' ? [] : [
      { Condition: allOf(stranger, ANONYMOUS) },
      { Condition: allOf(stranger, IAM_CALLER, ofOtherAccountsThan([account, ...all.flatMap(mentionedAccounts)])) },
    ],
  };
}

/** The accounts that a statement fixes, as principals or in what it holds callers to. */
function mentionedAccounts(statement: Statement): string[] {
  const principals = (statement.principal?.members ?? []).flatMap(({ account, text }) => account ?? fixedAccountOf(text) ?? []);
  const held = mentioned([statement], 'aws:principalarn').flatMap((arn) => fixedAccountOf(arn) ?? []);
  return [...principals, ...held, ...mentioned([statement], 'aws:principalaccount').filter((account) => !isPattern(account))];
}

// What nobody needs who reads and writes data.
export const ADMINISTRATION = [...BUCKET_ACTIONS.filter((name) => /^(?:Put|Delete|Update|PauseReplication|CreateBucketMetadata)/.test(name)), 'BypassGovernanceRetention', 'UpdateObjectEncryption'].map((name) => `s3:${name}`);

export function noForeignAdministration({ account }: ResourceFacts): Guarantee {
  return {
    sentence: 'No other account may administer the bucket.',
    needsAllow: EVERY_CALLER,
    breaches: [{ Action: ADMINISTRATION, Condition: allOf(DIRECT, IAM_CALLER, ofOtherAccountsThan([account])) }],
  };
}

/**
 * What lets those change the access lists of objects of whom a statement speaks, where lists are on. That the owner of the bucket gets full control, those
 * have to say who deliver to it.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
 */
export const OBJECT_LISTS = ['s3:PutObjectAcl', 's3:PutObjectVersionAcl'];

export function noForeignLists({ account }: ResourceFacts): Guarantee {
  return {
    sentence: 'Nobody of another account is allowed to give access to objects by their access control lists.',
    needsAllow: EVERY_CALLER,
    breaches: [{ Action: OBJECT_LISTS, Condition: allOf(DIRECT, IAM_CALLER, ofOtherAccountsThan([account]), { StringNotEquals: { 's3:x-amz-acl': 'bucket-owner-full-control' } }) }],
  };
}

/** What gives control over a bucket, or over what protects its objects: no delivery takes any of it. */
export const CONTROL = [
  'PutBucketPolicy', 'DeleteBucketPolicy', 'PutBucketAcl', 'PutBucketOwnershipControls', 'PutBucketPublicAccessBlock', 'PutEncryptionConfiguration', 'BypassGovernanceRetention',
  'UpdateObjectEncryption',
].map((name) => `s3:${name}`);

/** What a service delivers takes no administration of the bucket. */
export const NO_ADMINISTRATION_BY_SERVICES: Guarantee = {
  sentence: 'No AWS service may administer the bucket.',
  needsAllow: EVERY_CALLER,
  breaches: [{ Action: CONTROL, Condition: AWS_SERVICE }],
};

/** No AWS service is let in that calls for an account or a resource which a statement does not name. */
export function servicesForNamedAccounts(statement: Statement, facts: ResourceFacts): Guarantee {
  return {
    sentence: 'No AWS service is allowed anything that calls for an account which the policy does not mention.',
    needsAllow: EVERY_CALLER,
    breaches: [{ Condition: allOf(DIRECT, unnamedSource(statement, facts)) }],
  };
}

/** A service that calls for an account and a resource which a statement does not name. */
export function unnamedSource(statement: Statement, { account }: ResourceFacts): Conditions {
  const arns = mentioned([statement], 'aws:sourcearn');
  const accounts = [account, ...mentioned([statement], 'aws:sourceaccount'), ...arns.map((arn) => arnSegments(arn)[4])].filter((text) => text && !isPattern(text));
  return allOf(
    AWS_SERVICE,
    { Null: { 'aws:SourceOrgID': 'true' } },
    noneOf('StringNotEquals', 'aws:SourceAccount', accounts),
    noneOf('ArnNotLike', 'aws:SourceArn', accounts.filter((one) => !mayHaveWildcards(one)).map((one) => `arn:*:*:*:${one}:*`)),
    noneOf('StringNotEquals', 'aws:SourceArn', arns),
  );
}

/** No distribution is let in that a statement does not name, of this account or of another. */
export function onlyNamedDistributions(statement: Statement): Guarantee {
  return {
    sentence: 'Only distributions that the policy names are let in.',
    needsAllow: EVERY_CALLER,
    breaches: [{ Condition: allOf(DIRECT, { StringEquals: { 'aws:PrincipalServiceName': CLOUDFRONT } }, noneOf('StringNotEquals', 'aws:SourceArn', mentioned([statement], 'aws:sourcearn'))) }],
  };
}

/** No access point of an account is let through that the statement does not name. */
export function namedAccessPoints(statement: Statement, { account }: ResourceFacts): Guarantee {
  const accounts = mentioned([statement], ...ACCESS_POINT_KEYS).map((text) => (text.startsWith('arn:') ? arnSegments(text)[4] ?? text : text));
  return {
    sentence: 'Access points of accounts that the policy does not mention are not let in.',
    needsAllow: EVERY_CALLER,
    breaches: [{ Condition: allOf(IAM_CALLER, { Null: { 's3:DataAccessPointAccount': 'false' } }, noneOf('StringNotEquals', 's3:DataAccessPointAccount', [account, ...accounts])) }],
  };
}

/** Whether a statement speaks of access points. */
export function isAboutAccessPoints({ conditions }: Statement): boolean {
  return conditions.some(({ key }) => ACCESS_POINT_KEYS.includes(key));
}
