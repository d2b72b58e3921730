import { Change, consumerStatements, properties, replace, statement, statements } from './changes';
import { APP_ROLE, BUCKET, ENDPOINT, OBJECTS } from './secure-templates';

/** A change that breaks something, with the rule that has to say so. */
export type Mutation = readonly [name: string, rule: string, change: Change[1]];

const EXEMPT = { BoolIfExists: { 'aws:PrincipalIsAWSService': 'false', 'aws:ViaAWSService': 'false' } };
const DEPLOY_ROLE = 'arn:aws:iam::111122223333:role/cdk-hnb659fds-cfn-exec-role-111122223333-us-east-1';
const SPARING = { ArnNotLikeIfExists: { 'aws:PrincipalArn': DEPLOY_ROLE } };
const KEY_ARN = { 'Fn::GetAtt': ['Key', 'Arn'] };
const SSE = 's3:x-amz-server-side-encryption';
const KEY_ID = `${SSE}-aws-kms-key-id`;

const set = (sid: string, changed: Record<string, unknown>): Change[1] => (t) => Object.assign(statement(t, sid), changed);
const condition = (sid: string, Condition: unknown): Change[1] => set(sid, { Condition });
const without = (sid: string): Change[1] => (t) => replace(t, sid);
const allow = (changed: Record<string, unknown>): Change[1] => (t) => {
  statements(t).push({ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: OBJECTS, ...changed });
};
const FROM_AN_ADDRESS = { Condition: { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } } }; // what anonymous callers may do, a policy has to allow
const settings = (logicalId: string, change: (all: any) => void): Change[1] => (t) => change(properties(t, logicalId));
const encryption = (change: (rule: any) => void): Change[1] => settings('Dataset', (all) => change(all.BucketEncryption.ServerSideEncryptionConfiguration[0]));
const resource = (logicalId: string, changed: Record<string, unknown>): Change[1] => ({ producer }) => Object.assign(producer.Resources[logicalId], changed);
const keyStatement = (changed: Record<string, unknown>): Change[1] => (t) => {
  statements(t, 'Key').push({ Effect: 'Allow', Principal: '*', Action: 'kms:Decrypt', Resource: '*', ...changed });
};
const site = (change: (config: any) => void): Change[1] => settings('Site', ({ DistributionConfig }) => change(DistributionConfig));
const origin = (changed: Record<string, unknown>): Change[1] => site(({ Origins }) => Object.assign(Origins[0], changed));
const control = (changed: Record<string, unknown>): Change[1] => settings('SiteAccess', ({ OriginAccessControlConfig }) => Object.assign(OriginAccessControlConfig, changed));

/** What takes the force from any deny on everything, whatever its condition. */
function weakenings(sid: string, rule: string): Mutation[] {
  return [
    [`${sid} removed`, rule, without(sid)],
    [`${sid} allows`, rule, set(sid, { Effect: 'Allow' })],
    [`${sid} binds the bucket alone`, rule, set(sid, { Resource: BUCKET })],
    [`${sid} binds the objects alone`, rule, set(sid, { Resource: OBJECTS })],
    [`${sid} binds one prefix`, rule, set(sid, { Resource: [BUCKET, `${BUCKET}/data/*`] })],
    [`${sid} binds another bucket`, rule, set(sid, { Resource: ['arn:aws:s3:::dataset-111122223334', 'arn:aws:s3:::dataset-111122223334/*'] })],
    [`${sid} binds reads alone`, rule, set(sid, { Action: 's3:GetObject' })],
    [`${sid} binds all but deletions`, rule, set(sid, { Action: undefined, NotAction: 's3:DeleteObject*' })],
    [`${sid} binds one account`, rule, set(sid, { Principal: { AWS: 'arn:aws:iam::444455556666:root' } })],
    [`${sid} spares a principal, perhaps`, 'NotPrincipal', set(sid, { Principal: undefined, NotPrincipal: { AWS: APP_ROLE } })],
    [`${sid} spares a principal`, rule, set(sid, { Principal: undefined, NotPrincipal: { AWS: [APP_ROLE, 'arn:aws:iam::444455556666:root'] } })],
    [`${sid} spares a service`, 'NotPrincipal', set(sid, { Principal: undefined, NotPrincipal: { Service: 'cloudtrail.amazonaws.com' } })],
    [`${sid} has one condition more`, rule, (t) => {
      const { Condition } = statement(t, sid);
      Condition.StringLike = { 'aws:UserAgent': 'curl/*' };
    }],
  ];
}

const TRANSPORT: Mutation[] = [
  ...weakenings('DenyInsecureTransport', 'RequireTls'),
  ...weakenings('DenyOutdatedTls', 'TlsFloor'),
  ['TLS deny inverted', 'RequireTls', condition('DenyInsecureTransport', { Bool: { 'aws:SecureTransport': 'true' } })],
  ['TLS deny on a misspelt key', 'PolicySyntax', condition('DenyInsecureTransport', { Bool: { 'aws:SecureTransprt': 'false' } })],
  ['TLS deny on a misspelt key denies nothing', 'RequireTls', condition('DenyInsecureTransport', { Bool: { 'aws:SecureTransprt': 'false' } })],
  ['TLS deny by a misspelt operator', 'PolicySyntax', condition('DenyInsecureTransport', { Boolean: { 'aws:SecureTransport': 'false' } })],
  ['TLS deny where the key is absent', 'RequireTls', condition('DenyInsecureTransport', { Null: { 'aws:SecureTransport': 'true' } })],
  ['TLS deny by a text that never occurs', 'RequireTls', condition('DenyInsecureTransport', { StringEquals: { 'aws:SecureTransport': 'FALSE' } })],
  ['TLS deny for callers of one organization', 'RequireTls', condition('DenyInsecureTransport', { Bool: { 'aws:SecureTransport': 'false' }, StringEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' } })],
  ['TLS deny but for a role', 'RequireTls', condition('DenyInsecureTransport', { Bool: { 'aws:SecureTransport': 'false' }, ArnNotLike: { 'aws:PrincipalArn': APP_ROLE } })],
  ['TLS deny but from an address range', 'RequireTls', condition('DenyInsecureTransport', { Bool: { 'aws:SecureTransport': 'false' }, NotIpAddress: { 'aws:SourceIp': '203.0.113.0/24' } })],
  ['TLS and organization in one deny', 'RequireTls', condition('DenyInsecureTransport', { Bool: { 'aws:SecureTransport': 'false' }, StringNotEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' } })],
  ['TLS floor at 1.1', 'TlsFloor', condition('DenyOutdatedTls', { NumericLessThan: { 's3:TlsVersion': '1.1' } })],
  ['TLS floor inverted', 'TlsFloor', condition('DenyOutdatedTls', { NumericGreaterThan: { 's3:TlsVersion': '1.2' } })],
  ['TLS floor for one version', 'TlsFloor', condition('DenyOutdatedTls', { NumericEquals: { 's3:TlsVersion': '1.1' } })],
];

const UPLOADS: Mutation[] = [
  ['other algorithms let through', 'UploadEncryption', without('DenyOtherAlgorithms')],
  ['SSE-S3 let through', 'UploadEncryption', condition('DenyOtherAlgorithms', { StringNotEquals: { [SSE]: ['aws:kms', 'aws:kms:dsse', 'AES256'] }, Null: { [SSE]: 'false' } })],
  ['algorithms compared by a wildcard', 'UploadEncryption', condition('DenyOtherAlgorithms', { StringNotLike: { [SSE]: '*' }, Null: { [SSE]: 'false' } })],
  ['algorithms of one prefix', 'UploadEncryption', set('DenyOtherAlgorithms', { Resource: `${BUCKET}/data/*` })],
  ['algorithms denied if equal', 'UploadEncryption', condition('DenyOtherAlgorithms', { StringEquals: { [SSE]: 'aws:kms' } })],
  ['algorithms denied where there are none', 'UploadEncryption', condition('DenyOtherAlgorithms', { StringNotEquals: { [SSE]: 'aws:kms' }, Null: { [SSE]: 'true' } })],
  ['algorithms denied to one role', 'UploadEncryption', set('DenyOtherAlgorithms', { Principal: { AWS: APP_ROLE } })],
  ['algorithms denied for deletions', 'UploadEncryption', set('DenyOtherAlgorithms', { Action: 's3:DeleteObject' })],
  ['other keys let through', 'UploadEncryption', without('DenyOtherKeys')],
  ['keys compared by a wildcard', 'UploadEncryption', condition('DenyOtherKeys', { ArnNotLike: { [KEY_ID]: 'arn:aws:kms:us-east-1:*:key/*' }, Null: { [KEY_ID]: 'false' } })],
  ['two keys accepted', 'UploadEncryption', condition('DenyOtherKeys', { StringNotEquals: { [KEY_ID]: [KEY_ARN, 'arn:aws:kms:us-east-1:999988887777:key/1234abcd-12ab-34cd-56ef-1234567890ab'] }, Null: { [KEY_ID]: 'false' } })],
  ['the wrong key accepted', 'UploadEncryption', condition('DenyOtherKeys', { StringNotEquals: { [KEY_ID]: 'arn:aws:kms:us-east-1:999988887777:key/1234abcd-12ab-34cd-56ef-1234567890ab' }, Null: { [KEY_ID]: 'false' } })],
  ['another key of the app accepted', 'UploadEncryption', (t) => {
    t.producer.Resources.OtherKey = structuredClone(t.producer.Resources.Key);
    condition('DenyOtherKeys', { StringNotEquals: { [KEY_ID]: { 'Fn::GetAtt': ['OtherKey', 'Arn'] } }, Null: { [KEY_ID]: 'false' } })(t);
  }],
  ['the wrong key accepted, of two keys', 'UploadEncryption', (t) => {
    t.producer.Resources = { OtherKey: structuredClone(t.producer.Resources.Key), ...t.producer.Resources };
    condition('DenyOtherKeys', { StringNotEquals: { [KEY_ID]: 'arn:aws:kms:us-east-1:999988887777:key/1234abcd-12ab-34cd-56ef-1234567890ab' }, Null: { [KEY_ID]: 'false' } })(t);
  }],
  ['the AWS managed key let through', 'UploadEncryption', without('DenyAwsManagedKey')],
  ['the AWS managed key denied beside a key', 'UploadEncryption', condition('DenyAwsManagedKey', { StringLike: { [SSE]: 'aws:kms*' }, Null: { [KEY_ID]: 'false' } })],
  ['SSE-C let through by policy and bucket', 'CustomerProvidedKeys', (t) => {
    replace(t, 'DenyCustomerProvidedKeys');
    delete properties(t, 'Dataset').BucketEncryption.ServerSideEncryptionConfiguration[0].BlockedEncryptionTypes;
  }],
  ['SSE-C of AES256 only', 'CustomerProvidedKeys', (t) => {
    statement(t, 'DenyCustomerProvidedKeys').Condition = { Null: { 's3:x-amz-server-side-encryption-customer-algorithm': 'true' } };
    delete properties(t, 'Dataset').BucketEncryption.ServerSideEncryptionConfiguration[0].BlockedEncryptionTypes;
  }],
  ['SSE-C of the log bucket', 'CustomerProvidedKeys', settings('Logs', (all) => delete all.BucketEncryption.ServerSideEncryptionConfiguration[0].BlockedEncryptionTypes)],
];

const NETWORK: Mutation[] = [
  ...weakenings('DenyOutsideNetwork', 'NetworkPerimeter').filter(([name]) => !/removed|allows/.test(name)), // without it, nobody can tell that there should be one
  ['network and organization in one deny', 'NetworkPerimeter', condition('DenyOutsideNetwork', { StringNotEqualsIfExists: { 'aws:SourceVpce': ENDPOINT, 'aws:PrincipalOrgID': 'o-exampleorgid' }, ...EXEMPT, ...SPARING })],
  ['any endpoint', 'NetworkPerimeter', condition('DenyOutsideNetwork', { StringNotLikeIfExists: { 'aws:SourceVpce': 'vpce-*' }, ...EXEMPT, ...SPARING })],
  ['any endpoint at all', 'NetworkPerimeter', condition('DenyOutsideNetwork', { Null: { 'aws:SourceVpce': 'true' }, ...EXEMPT, ...SPARING })],
  ['endpoints inverted', 'NetworkPerimeter', condition('DenyOutsideNetwork', { StringEquals: { 'aws:SourceVpce': ENDPOINT }, ...EXEMPT, ...SPARING })],
  ['no endpoint is let through', 'NetworkPerimeter', condition('DenyOutsideNetwork', { 'ForAnyValue:StringNotEquals': { 'aws:SourceVpce': ENDPOINT }, ...EXEMPT, ...SPARING })],
  ['every address is inside', 'NetworkPerimeter', condition('DenyOutsideNetwork', { StringNotEqualsIfExists: { 'aws:SourceVpce': ENDPOINT }, NotIpAddressIfExists: { 'aws:SourceIp': '0.0.0.0/0' }, ...EXEMPT, ...SPARING })],
  ['half the addresses are inside, twice', 'NetworkPerimeter', condition('DenyOutsideNetwork', { StringNotEqualsIfExists: { 'aws:SourceVpce': ENDPOINT }, NotIpAddress: { 'aws:SourceIp': ['0.0.0.0/1', '128.0.0.0/1'] }, ...EXEMPT, ...SPARING })],
  ['every role is exempt', 'NetworkPerimeter', condition('DenyOutsideNetwork', { StringNotEqualsIfExists: { 'aws:SourceVpce': ENDPOINT }, ...EXEMPT, ArnNotLikeIfExists: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/*' } })],
  ['everybody is exempt', 'NetworkPerimeter', condition('DenyOutsideNetwork', { StringNotEqualsIfExists: { 'aws:SourceVpce': ENDPOINT }, ...EXEMPT, StringNotLike: { 'aws:PrincipalArn': '*' } })],
  ['anonymous callers are exempt', 'NetworkPerimeter', (t) => {
    allow(FROM_AN_ADDRESS)(t);
    replace(t, 'DenyOutsideOrg');
    statement(t, 'DenyOutsideNetwork').Condition = { StringNotEqualsIfExists: { 'aws:SourceVpce': ENDPOINT }, Bool: { 'aws:PrincipalIsAWSService': 'false' }, ...SPARING };
  }],
  ['endpoint and VPC in two denies of one operator', 'NetworkPerimeter', condition('DenyOutsideNetwork', { StringNotEquals: { 'aws:SourceVpce': ENDPOINT }, StringEquals: { 'aws:SourceVpc': 'vpc-0a1b2c3d4e5f60718' }, ...EXEMPT, ...SPARING })],
  ['addresses alone', 'IpOnlyPerimeter', condition('DenyOutsideNetwork', { NotIpAddressIfExists: { 'aws:SourceIp': '203.0.113.0/24' }, ...EXEMPT, ...SPARING })],
  ['services are locked out', 'Lockout', condition('DenyOutsideNetwork', { StringNotEqualsIfExists: { 'aws:SourceVpce': ENDPOINT }, BoolIfExists: { 'aws:ViaAWSService': 'false' }, ...SPARING })],
  ['services are locked out of an organization', 'Lockout', condition('DenyOutsideOrg', { StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-exampleorgid' } })],
  ['nobody can repair the policy', 'Lockout', condition('DenyOutsideNetwork', { StringNotEqualsIfExists: { 'aws:SourceVpce': ENDPOINT }, ...EXEMPT })],
];

const ORGANIZATION: Mutation[] = [
  ...weakenings('DenyOutsideOrg', 'OrganizationPerimeter').filter(([name]) => !/removed|allows/.test(name)),
  ...weakenings('DenyServicesForOutsideOrg', 'OrganizationPerimeter').filter(([name]) => /prefix|reads|condition more/.test(name)),
  ['any organization', 'OrganizationPerimeter', condition('DenyOutsideOrg', { StringNotLike: { 'aws:PrincipalOrgID': 'o-*' }, BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } })],
  ['any organization at all', 'OrganizationPerimeter', condition('DenyOutsideOrg', { Null: { 'aws:PrincipalOrgID': 'true' }, BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } })],
  ['an organization inverted', 'OrganizationPerimeter', condition('DenyOutsideOrg', { StringEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' }, BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } })],
  ['accounts without organization are let through', 'OrganizationPerimeter', condition('DenyOutsideOrg', { StringNotEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' }, Null: { 'aws:PrincipalOrgID': 'false' } })],
  ['anonymous callers are let through', 'OrganizationPerimeter', (t) => {
    allow(FROM_AN_ADDRESS)(t);
    replace(t, 'DenyOutsideNetwork');
    statement(t, 'DenyOutsideOrg').Condition = { StringNotEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' }, Bool: { 'aws:PrincipalIsAWSService': 'false' } };
  }],
  ['an organization by a variable that is every one', 'OrganizationPerimeter', condition('DenyOutsideOrg', {
    StringNotEqualsIfExists: { 'aws:PrincipalOrgID': ['o-exampleorgid', '${aws:PrincipalOrgID}'] }, BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
  })],
  ['the resource\'s organization for the caller\'s', 'OrganizationPerimeter', condition('DenyOutsideOrg', { StringNotEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid', 'aws:ResourceOrgID': 'o-exampleorgid' }, BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } })],
  ['an organization and a tag in one deny', 'OrganizationPerimeter', condition('DenyOutsideOrg', { StringNotEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid', 'aws:RequestedRegion': 'us-east-1' }, BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } })],
];

const PUBLIC: Mutation[] = [
  ['an Allow to *', 'PublicAllow', allow({})],
  ['an Allow to AWS *', 'PublicAllow', allow({ Principal: { AWS: '*' } })],
  ['an Allow to a list with *', 'PublicAllow', allow({ Principal: { AWS: [APP_ROLE, '*'] } })],
  ['an Allow to all but one', 'PublicAllow', allow({ Principal: undefined, NotPrincipal: { AWS: APP_ROLE } })],
  ['an Allow to who sends a user agent', 'PublicAllow', allow({ Condition: { StringEquals: { 'aws:UserAgent': 'our-app' } } })],
  ['an Allow to who sends a referer', 'PublicAllow', allow({ Condition: { StringLike: { 'aws:Referer': 'https://example.com/*' } } })],
  ['an Allow over TLS', 'PublicAllow', allow({ Condition: { Bool: { 'aws:SecureTransport': 'true' } } })],
  ['an Allow from every address', 'PublicAllow', allow({ Condition: { IpAddress: { 'aws:SourceIp': '0.0.0.0/0' } } })],
  ['an Allow from half the addresses', 'PublicAllow', allow({ Condition: { IpAddress: { 'aws:SourceIp': ['0.0.0.0/1', '128.0.0.0/1'] } } })],
  ['an Allow to every organization', 'PublicAllow', allow({ Condition: { StringLike: { 'aws:PrincipalOrgID': '*' } } })],
  ['an Allow to an organization if there is one', 'PublicAllow-NotDecided', allow({ Condition: { StringEqualsIfExists: { 'aws:PrincipalOrgID': 'o-exampleorgid' } } })],
  ['an Allow to all organizations but one', 'PublicAllow-NotDecided', allow({ Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' } } })],
  ['an Allow to every role', 'PublicAllow', allow({ Condition: { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/*' } } })],
  ['an Allow to every endpoint', 'PublicAllow', allow({ Condition: { StringLike: { 'aws:SourceVpce': 'vpce-*' } } })],
  ['an Allow to an endpoint if there is one', 'PublicAllow', allow({ Condition: { StringEqualsIfExists: { 'aws:SourceVpce': ENDPOINT } } })],
  ['an Allow without organization', 'PublicAllow-NotDecided', allow({ Condition: { Null: { 'aws:PrincipalOrgID': 'true' } } })],
  ['an Allow for all values of paths', 'PublicAllow-NotDecided', allow({ Condition: { 'ForAllValues:StringLike': { 'aws:PrincipalOrgPaths': 'o-exampleorgid/*' } } })],
  ['an Allow to the sessions of a role by its id, which Block Public Access refuses', 'PublicAllow-NotDecided', allow({ Condition: { StringLike: { 'aws:userid': 'AROAEXAMPLEID:*' } } })],
  ['an Allow until 2099', 'PublicAllow', allow({ Condition: { DateLessThan: { 'aws:CurrentTime': '2099-01-01T00:00:00Z' } } })],
  ['an Allow to list', 'PublicAllow', allow({ Action: 's3:ListBucket', Resource: BUCKET })],
  ['an Allow of everything but deletion', 'PublicAllow', allow({ Action: undefined, NotAction: 's3:DeleteBucket' })],
  ['an Allow on all but a prefix', 'PublicAllow', allow({ Resource: undefined, NotResource: `${BUCKET}/private/*` })],
  ['an Allow of a tag that anybody can set', 'PublicAllow', allow({ Condition: { StringEquals: { 's3:ExistingObjectTag/public': 'yes' } } })],
  ['an access point for everybody', 'PublicAllow', set('PartnerReads', { Principal: '*' })],
  ['four settings: ACLs', 'BlockPublicAccess', settings('Dataset', (all) => Object.assign(all.PublicAccessBlockConfiguration, { BlockPublicAcls: false }))],
  ['four settings: policies', 'BlockPublicAccess', settings('Dataset', (all) => Object.assign(all.PublicAccessBlockConfiguration, { BlockPublicPolicy: false }))],
  ['four settings: ignored ACLs', 'BlockPublicAccess', settings('Dataset', (all) => delete all.PublicAccessBlockConfiguration.IgnorePublicAcls)],
  ['four settings: restricted buckets', 'BlockPublicAccess', settings('Dataset', (all) => Object.assign(all.PublicAccessBlockConfiguration, { RestrictPublicBuckets: 'false' }))],
  ['no settings', 'BlockPublicAccess', settings('Dataset', (all) => delete all.PublicAccessBlockConfiguration)],
  ['a log bucket without settings', 'BlockPublicAccess', settings('Logs', (all) => delete all.PublicAccessBlockConfiguration)],
  ['a public access point', 'BlockPublicAccess', settings('AccessPoint', (all) => Object.assign(all.PublicAccessBlockConfiguration, { RestrictPublicBuckets: false }))],
  ['a canned ACL', 'NoAcls', settings('Dataset', (all) => Object.assign(all, { AccessControl: 'PublicRead' }))],
  ['a website', 'NoWebsite', settings('Dataset', (all) => Object.assign(all, { WebsiteConfiguration: { IndexDocument: 'index.html' } }))],
  ['objects of their writers', 'ObjectOwnership', settings('Dataset', (all) => Object.assign(all, { OwnershipControls: { Rules: [{ ObjectOwnership: 'ObjectWriter' }] } }))],
  ['ownership that nobody controls', 'ObjectOwnership', settings('Dataset', (all) => delete all.OwnershipControls)],
];

const SETTINGS: Mutation[] = [
  ['SSE-S3', 'DefaultEncryption', encryption((rule) => Object.assign(rule, { ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }))],
  ['the AWS managed key', 'DefaultEncryption', encryption((rule) => delete rule.ServerSideEncryptionByDefault.KMSMasterKeyID)],
  ['the AWS managed key by its alias', 'DefaultEncryption', encryption((rule) => Object.assign(rule.ServerSideEncryptionByDefault, { KMSMasterKeyID: 'alias/aws/s3' }))],
  ['no default encryption', 'DefaultEncryption', settings('Dataset', (all) => delete all.BucketEncryption)],
  ['a key by an alias, which another account has looked up in its own', 'UploadEncryption', encryption((rule) => Object.assign(rule.ServerSideEncryptionByDefault, { KMSMasterKeyID: 'alias/elsewhere' }))],
  ['no bucket key', 'BucketKey', encryption((rule) => delete rule.BucketKeyEnabled)],
  ['bucket key off', 'BucketKey', encryption((rule) => Object.assign(rule, { BucketKeyEnabled: false }))],
  ['rotation off', 'KeyRotation', settings('Key', (all) => Object.assign(all, { EnableKeyRotation: false }))],
  ['rotation not set', 'KeyRotation', settings('Key', (all) => delete all.EnableKeyRotation)],
  ['versioning suspended', 'Versioning', settings('Dataset', (all) => Object.assign(all, { VersioningConfiguration: { Status: 'Suspended' } }))],
  ['no versioning', 'Versioning', settings('Logs', (all) => delete all.VersioningConfiguration)],
  ['no access logs', 'AccessLogs', settings('Dataset', (all) => delete all.LoggingConfiguration)],
  ['access logs to itself', 'AccessLogs', settings('Dataset', (all) => Object.assign(all.LoggingConfiguration, { DestinationBucketName: { Ref: 'Dataset' } }))],
  ['deleted with the stack', 'DeletionPolicy', resource('Dataset', { DeletionPolicy: 'Delete' })],
  ['deleted when replaced', 'DeletionPolicy', resource('Dataset', { UpdateReplacePolicy: undefined })],
  ['a key that is deleted with the stack', 'DeletionPolicy', resource('Key', { DeletionPolicy: 'Delete' })],
  ['objects deleted with the stack', 'DeletionPolicy', ({ producer }) => {
    producer.Resources.Empty = { Type: 'Custom::S3AutoDeleteObjects', Properties: { ServiceToken: 'arn:aws:lambda:us-east-1:111122223333:function:f', BucketName: { Ref: 'Dataset' } } };
  }],
  ['a log bucket with KMS', 'LogDestination', settings('Logs', (all) => Object.assign(all.BucketEncryption.ServerSideEncryptionConfiguration[0], { ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: KEY_ARN }, BucketKeyEnabled: true }))],
  ['nothing allows log delivery', 'LogDestination', (t) => {
    const all = statements(t, 'LogsPolicy');
    all.splice(all.indexOf(statement(t, 'LogDelivery')), 1);
  }],
  ['log delivery under another prefix', 'LogDestination', settings('Dataset', (all) => Object.assign(all.LoggingConfiguration, { LogFilePrefix: 'elsewhere/' }))],
  ['log delivery for anybody', 'OverbroadGrant', (t) => {
    delete statement(t, 'LogDelivery').Condition;
  }],
  ['replicas in a weaker bucket', 'ReplicaDestination', settings('Dataset', (all) => Object.assign(all, {
    ReplicationConfiguration: { Role: 'arn:aws:iam::111122223333:role/replication', Rules: [{ Status: 'Enabled', Destination: { Bucket: { 'Fn::GetAtt': ['Logs', 'Arn'] } } }] },
  }))],
  ['presigned URLs of any age: limit too high', 'PresignedUrlAge', condition('DenyOldPresignedUrls', { StringEquals: { 's3:authType': 'REST-QUERY-STRING' }, NumericGreaterThan: { 's3:signatureAge': '604800000' } })],
  ['presigned URLs: inverted', 'PresignedUrlAge', condition('DenyOldPresignedUrls', { StringEquals: { 's3:authType': 'REST-QUERY-STRING' }, NumericLessThan: { 's3:signatureAge': '900000' } })],
  ['presigned URLs: of one prefix', 'PresignedUrlAge', set('DenyOldPresignedUrls', { Resource: `${BUCKET}/data/*` })],
  ['presigned URLs: only reads', 'PresignedUrlAge', set('DenyOldPresignedUrls', { Action: 's3:GetObject' })],
  ['presigned URLs: headers for URLs', 'PresignedUrlAge', condition('DenyOldPresignedUrls', { StringEquals: { 's3:authType': 'REST-HEADER' }, NumericGreaterThan: { 's3:signatureAge': '900000' } })],
  ['presigned URLs of Signature Version 2', 'PresignedUrlAge', without('DenySigV2PresignedUrls')],
  ['two policies of one bucket', 'CompetingPolicies', ({ producer }) => {
    producer.Resources.Second = JSON.parse(JSON.stringify(producer.Resources.DatasetPolicy));
  }],
  ['no policy', 'RequireTls', ({ producer }) => delete producer.Resources.DatasetPolicy],
];

const GRANTS: Mutation[] = [
  ['a grant of everything', 'OverbroadGrant', set('ConsumerReads', { Action: 's3:*', Resource: [BUCKET, OBJECTS] })],
  ['a grant of the policy', 'OverbroadGrant', set('ConsumerLists', { Action: ['s3:ListBucket', 's3:PutBucketPolicy'] })],
  ['a grant of all but something', 'OverbroadGrant', set('ConsumerLists', { Action: undefined, NotAction: 's3:DeleteBucket' })],
  ['a service for anybody', 'OverbroadGrant', allow({ Principal: { Service: 'cloudtrail.amazonaws.com' }, Action: 's3:PutObject' })],
  ['a distribution of anybody', 'OverbroadGrant', (t) => {
    delete statement(t, 'SiteReads').Condition;
  }],
  ['objects for listing', 'ArnForm', set('ConsumerLists', { Resource: OBJECTS })],
  ['the bucket for reading', 'ArnForm', set('ConsumerReads', { Resource: BUCKET })],
  ['objects for listing in the role\'s policy', 'ArnForm', (t) => {
    consumerStatements(t)[1].Resource = OBJECTS;
  }],
  ['an action that does not exist', 'PolicySyntax', set('ConsumerReads', { Action: ['s3:GetObjects', 's3:PutObject'] })],
  ['a Sid twice', 'PolicySyntax', set('ConsumerReads', { Sid: 'ConsumerLists' })],
  ['an element that does not exist', 'PolicySyntax', set('ConsumerReads', { Resources: OBJECTS })],
  ['an effect that does not exist', 'PolicySyntax', set('ConsumerReads', { Effect: 'allow' })],
  ['no principal', 'PolicySyntax', set('ConsumerReads', { Principal: undefined })],
  ['no principal in the policy of a key', 'PolicySyntax', set('ConsumerDecrypts', { Principal: undefined })],
  ['a principal in the policy of a role', 'PolicySyntax', (t) => {
    consumerStatements(t)[0].Principal = '*';
  }],
  ['no resource', 'PolicySyntax', set('ConsumerReads', { Resource: undefined })],
  ['a condition that is no list of operators', 'PolicySyntax', condition('ConsumerReads', { 'aws:PrincipalOrgID': 'o-exampleorgid' })],
  ['no side of the bucket', 'CrossAccountSides', without('ConsumerReads')],
  ['no writing by the bucket', 'CrossAccountSides', set('ConsumerReads', { Action: 's3:GetObject' })],
  ['no listing by the bucket', 'CrossAccountSides', without('ConsumerLists')],
  ['no side of the role', 'CrossAccountSides', (t) => {
    consumerStatements(t).splice(0, 1);
  }],
  ['no listing by the role', 'CrossAccountSides', (t) => {
    consumerStatements(t).splice(1, 1);
  }],
  ['no key in the role\'s policy', 'CrossAccountSides', (t) => {
    consumerStatements(t).splice(2, 1);
  }],
  ['no key of another Region in the role\'s policy', 'CrossAccountSides', (t) => {
    consumerStatements(t)[2].Condition.StringEquals['kms:ViaService'] = 's3.eu-west-1.amazonaws.com';
  }],
  ['no side of the key', 'CrossAccountSides', (t) => {
    const all = statements(t, 'Key');
    all.splice(all.indexOf(statement(t, 'ConsumerDecrypts')), 1);
  }],
  ['no writing by the key', 'CrossAccountSides', set('ConsumerDecrypts', { Action: 'kms:Decrypt' })],
  ['the object form of the encryption context with a bucket key', 'CrossAccountSides', (t) => {
    statement(t, 'ConsumerDecrypts').Condition = { StringEquals: { 'kms:ViaService': 's3.us-east-1.amazonaws.com' }, StringLike: { 'kms:EncryptionContext:aws:s3:arn': OBJECTS } };
  }],
  ['a deny of the role\'s own', 'CrossAccountSides', (t) => {
    consumerStatements(t).push({ Effect: 'Deny', Action: 's3:GetObject', Resource: '*' });
  }],
  ['delegation to any account', 'AccessPointDelegation', condition('DelegateToAccessPoints', { StringLike: { 's3:DataAccessPointAccount': '*' } })],
  ['delegation to any access point', 'AccessPointDelegation', condition('DelegateToAccessPoints', { ArnLike: { 's3:DataAccessPointArn': 'arn:aws:s3:*:*:accesspoint/*' } })],
  ['delegation to any access point of a VPC', 'AccessPointDelegation', condition('DelegateToAccessPoints', { StringEquals: { 's3:AccessPointNetworkOrigin': 'VPC' } })],
  ['delegation to an account if there is one', 'AccessPointDelegation', condition('DelegateToAccessPoints', { StringNotEquals: { 's3:DataAccessPointAccount': '111122223333' } })],
];

const KEYS: Mutation[] = [
  ['a key for everybody', 'KeyPolicy', keyStatement({})],
  ['a key for everybody over S3', 'KeyPolicy', keyStatement({ Condition: { StringEquals: { 'kms:ViaService': 's3.us-east-1.amazonaws.com' } } })],
  ['a key for an account outside of S3', 'KeyPolicy', keyStatement({ Principal: { AWS: 'arn:aws:iam::444455556666:root' } })],
  ['a key for a role outside of S3', 'KeyPolicy', condition('ConsumerDecrypts', { StringEquals: { 'kms:EncryptionContext:aws:s3:arn': BUCKET } })],
  ['a key that another account lets others use', 'KeyPolicy', keyStatement({ Principal: { AWS: 'arn:aws:iam::444455556666:root' }, Action: 'kms:CreateGrant' })],
  ['a key that another account administers', 'KeyPolicy', keyStatement({ Principal: { AWS: 'arn:aws:iam::444455556666:root' }, Action: 'kms:PutKeyPolicy' })],
  ['a key by which another account encrypts anew', 'KeyPolicy', keyStatement({ Principal: { AWS: 'arn:aws:iam::444455556666:role/AppRole' }, Action: 'kms:ReEncrypt*' })],
  ['a key through any service', 'KeyPolicy', condition('ConsumerDecrypts', { StringLike: { 'kms:ViaService': '*.amazonaws.com' } })],
  ['a key through a service if there is one', 'KeyPolicy', condition('ConsumerDecrypts', { StringEqualsIfExists: { 'kms:ViaService': 's3.us-east-1.amazonaws.com' } })],
  ['a key for an organization outside of S3', 'KeyPolicy', keyStatement({ Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' } } })],
  ['a key for all distributions', 'KeyPolicy', condition('SiteDecrypts', { StringLike: { 'aws:SourceArn': 'arn:aws:cloudfront::111122223333:distribution/*' } })],
  ['a key for any distribution', 'KeyPolicy', (t) => {
    delete statement(t, 'SiteDecrypts').Condition;
  }],
  ['a key for all distributions of an account', 'KeyPolicy', condition('SiteDecrypts', { StringEquals: { 'aws:SourceAccount': '111122223333' } })],
];

const DISTRIBUTION: Mutation[] = [
  ['an origin without access control', 'DistributionOrigin', origin({ OriginAccessControlId: undefined })],
  ['an origin with an identity', 'DistributionOrigin', origin({ OriginAccessControlId: undefined, S3OriginConfig: { OriginAccessIdentity: 'origin-access-identity/cloudfront/E127EXAMPLE51Z' } })],
  ['a website origin', 'DistributionOrigin', origin({ DomainName: 'dataset-111122223333.s3-website-us-east-1.amazonaws.com', S3OriginConfig: undefined, OriginAccessControlId: undefined, CustomOriginConfig: { OriginProtocolPolicy: 'http-only' } })],
  ['an origin over HTTP', 'DistributionOrigin', origin({ S3OriginConfig: undefined, CustomOriginConfig: { OriginProtocolPolicy: 'match-viewer' } })],
  ['an origin that never signs', 'DistributionOrigin', control({ SigningBehavior: 'never' })],
  ['an origin that seldom signs', 'DistributionOrigin', control({ SigningBehavior: 'no-override' })],
  ['an origin access control for something else', 'DistributionOrigin', control({ OriginAccessControlOriginType: 'lambda' })],
  ['a bucket for all distributions of an account', 'DistributionAccess', condition('SiteReads', { StringEquals: { 'aws:SourceAccount': '111122223333' } })],
  ['a bucket for all distributions by a wildcard', 'DistributionAccess', condition('SiteReads', { ArnLike: { 'aws:SourceArn': 'arn:aws:cloudfront::111122223333:distribution/*' } })],
  ['a list at the root of the site', 'DistributionAccess', set('SiteReads', { Action: ['s3:GetObject', 's3:ListBucket'], Resource: [BUCKET, OBJECTS] })],
  ['uploads by all viewers', 'DistributionAccess', (t) => {
    statement(t, 'SiteReads').Action = ['s3:GetObject', 's3:PutObject'];
    properties(t, 'Site').DistributionConfig.DefaultCacheBehavior.AllowedMethods = ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE'];
  }],
  ['viewers over HTTP', 'DistributionTls', site((config) => Object.assign(config.DefaultCacheBehavior, { ViewerProtocolPolicy: 'allow-all' }))],
  ['viewers of one path over HTTP', 'DistributionTls', site((config) => Object.assign(config, { CacheBehaviors: [{ PathPattern: '/old/*', TargetOriginId: 'dataset', ViewerProtocolPolicy: 'allow-all' }] }))],
  ['viewers over old TLS', 'DistributionTls', site((config) => Object.assign(config.ViewerCertificate, { MinimumProtocolVersion: 'TLSv1.1_2016' }))],
  ['viewers over TLS 1.0', 'DistributionTls', site((config) => delete config.ViewerCertificate.MinimumProtocolVersion)],
];

export const MUTATIONS: readonly Mutation[] = [...TRANSPORT, ...UPLOADS, ...NETWORK, ...ORGANIZATION, ...PUBLIC, ...SETTINGS, ...GRANTS, ...KEYS, ...DISTRIBUTION];
