import { Aws, CfnParameter, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Attack, HarmlessChange, resource, sometimes, sometimesToken, Target } from './attack';
import { SecureBucket } from '../../../src';

export interface KeySite {
  readonly stack: Stack;
  readonly bucket: SecureBucket;
  readonly key: kms.Key;
  readonly cfnKey: kms.CfnKey;
}

export const OWN_KEY: Target<KeySite> = {
  what: 'its own key',
  where: 'Data',
  build: (stack) => {
    const bucket = new SecureBucket(stack, 'Data');
    const key = bucket.encryptionKey as kms.Key;
    return { stack, bucket, key, cfnKey: resource(key) };
  },
};

const override = (path: string, value: unknown) => ({ cfnKey }: KeySite) => cfnKey.addPropertyOverride(path, value);
const admit = (props: iam.PolicyStatementProps) => ({ key }: KeySite) => key.addToResourcePolicy(new iam.PolicyStatement({ sid: 'Added', resources: ['*'], ...props }));
const statements = ({ cfnKey, stack }: KeySite): any[] => stack.resolve(cfnKey.keyPolicy).Statement;
const OPEN = { Sid: 'Added', Effect: 'Allow', Principal: '*', Action: 'kms:Decrypt', Resource: '*' };
const EVERYBODY = /'Added' .*(?:everybody|everyone|every principal)/;

const denial = (props: iam.PolicyStatementProps) => new iam.PolicyStatement({ effect: iam.Effect.DENY, principals: [new iam.AnyPrincipal()], actions: ['kms:*'], resources: ['*'], ...props });
const deny = (props: iam.PolicyStatementProps) => ({ key }: KeySite) => key.addToResourcePolicy(denial(props));
const FOREIGN = '444455556666';
const OWN = '111122223333';

/** Denies that bind everybody in the key's account. */
const LOCKOUTS: [how: string, denies: iam.PolicyStatementProps[]][] = ([
  ['everything denied to all accounts but a foreign one', { conditions: { StringNotEquals: { 'aws:PrincipalAccount': FOREIGN } } }],
  ['everything denied to all callers but those of a foreign account', { conditions: { StringNotEquals: { 'kms:CallerAccount': FOREIGN } } }],
  ['everything denied to its account, by its number', { conditions: { StringEquals: { 'aws:PrincipalAccount': OWN } } }],
  ['everything denied to whoever has an account', { conditions: { StringLike: { 'aws:PrincipalAccount': '*' } } }],
  ['everything denied to whoever has an ARN', { conditions: { ArnLike: { 'aws:PrincipalArn': 'arn:*:iam::*:*' } } }],
  ['everything denied to all but a role of a foreign account', { conditions: { ArnNotLike: { 'aws:PrincipalArn': `arn:aws:iam::${FOREIGN}:role/Admin` } } }],
  ['everything denied to all but one service', { conditions: { StringNotEquals: { 'aws:PrincipalServiceName': 'cloudtrail.amazonaws.com' } } }],
  ['everything denied to whoever calls for no source account', { conditions: { StringNotEquals: { 'aws:SourceAccount': OWN } } }],
  ['everything denied over TLS', { conditions: { Bool: { 'aws:SecureTransport': 'true' } } }],
  ['everything denied to whoever is no service', { conditions: { Bool: { 'aws:PrincipalIsAWSService': 'false' } } }],
  ['everything denied for ever since a day', { conditions: { DateGreaterThan: { 'aws:CurrentTime': '2020-01-01T00:00:00Z' } } }],
  ['everything denied for ever from a day on', { conditions: { DateGreaterThan: { 'aws:CurrentTime': '2090-01-01T00:00:00Z' } } }],
  ['use denied for whatever object', { actions: ['kms:Decrypt', 'kms:GenerateDataKey'], conditions: { StringLike: { 'kms:EncryptionContext:aws:s3:arn': '*' } } }],
  ['use denied with the context that S3 sends', { actions: ['kms:Decrypt', 'kms:GenerateDataKey*'], conditions: { 'ForAnyValue:StringEquals': { 'kms:EncryptionContextKeys': 'aws:s3:arn' } } }],
  ['use denied with the algorithm of symmetric keys', { actions: ['kms:Decrypt', 'kms:GenerateDataKey*'], conditions: { StringEquals: { 'kms:EncryptionAlgorithm': 'SYMMETRIC_DEFAULT' } } }],
  ['everything denied of symmetric keys', { conditions: { StringEquals: { 'kms:KeySpec': 'SYMMETRIC_DEFAULT' } } }],
  ['everything denied of keys that encrypt', { conditions: { StringEquals: { 'kms:KeyUsage': 'ENCRYPT_DECRYPT' } } }],
  ['everything denied of keys with material of AWS', { conditions: { StringEquals: { 'kms:KeyOrigin': 'AWS_KMS' } } }],
  ['everything denied of keys of one Region', { conditions: { Bool: { 'kms:MultiRegion': 'false' } } }],
  ['everything denied in its Region', { conditions: { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } } }],
  ['everything denied outside of another Region', { conditions: { StringNotEquals: { 'aws:RequestedRegion': 'us-east-1' } } }],
  ['decryption denied through S3', { actions: ['kms:Decrypt'], conditions: { StringEquals: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' } } }],
  ['decryption denied outside of another Region', { actions: ['kms:Decrypt'], conditions: { StringNotEquals: { 'kms:ViaService': 's3.us-east-1.amazonaws.com' } } }],
  ['everything denied to each kind of principal', [
    { conditions: { StringEquals: { 'aws:PrincipalType': ['AssumedRole', 'Account'] } } },
    { conditions: { StringNotEquals: { 'aws:PrincipalType': 'AssumedRole' } } },
  ]],
  ['everything denied with a tag and without it', [
    { conditions: { StringEquals: { 'aws:PrincipalTag/team': 'data' } } },
    { conditions: { StringNotEquals: { 'aws:PrincipalTag/team': 'data' } } },
  ]],
  ['everything denied with some tag and without any', [
    { conditions: { Null: { 'aws:PrincipalTag/team': 'true' } } },
    { conditions: { Null: { 'aws:PrincipalTag/team': 'false' } } },
  ]],
  ['everything denied in an organization and out of it', [
    { conditions: { StringEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' } } },
    { conditions: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' } } },
  ]],
  ['everything denied from a network and from all others', [
    { conditions: { StringEquals: { 'aws:SourceVpce': 'vpce-0abc123def4567890' } } },
    { conditions: { StringNotEquals: { 'aws:SourceVpce': 'vpce-0abc123def4567890' } } },
  ]],
] as [string, iam.PolicyStatementProps | iam.PolicyStatementProps[]][]).map(([how, denies]) => [how, [denies].flat().map((props, at) => ({ sid: `Added${at === 0 ? '' : at}`, ...props }))]);

export const KEY_ATTACKS: Attack<KeySite>[] = [
  { how: 'rotation off', attack: override('EnableKeyRotation', false), says: /weakens 'EnableKeyRotation'/ },
  { how: 'rotation off, by assignment', attack: ({ cfnKey }) => { cfnKey.enableKeyRotation = false; }, says: /weakens 'EnableKeyRotation'/ },
  { how: 'rotation deleted', attack: ({ cfnKey }) => cfnKey.addPropertyDeletionOverride('EnableKeyRotation'), says: /weakens 'EnableKeyRotation'/ },
  { how: 'rotation under a condition', attack: ({ stack, cfnKey }) => cfnKey.addPropertyOverride('EnableKeyRotation', sometimes(stack, true, false)), says: /weakens 'EnableKeyRotation'/ },
  { how: 'rotation under a condition, as a token', attack: ({ stack, cfnKey }) => { cfnKey.enableKeyRotation = sometimesToken(stack, true); }, says: /weakens 'EnableKeyRotation'/ },
  { how: 'disabled', attack: override('Enabled', false), says: /weakens 'Enabled'/ },
  { how: 'disabled by assignment', attack: ({ cfnKey }) => { cfnKey.enabled = false; }, says: /weakens 'Enabled'/ },
  { how: 'disabled by a parameter', attack: ({ stack, cfnKey }) => cfnKey.addPropertyOverride('Enabled', new CfnParameter(stack, 'Enabled').valueAsString), says: /weakens 'Enabled'/ },
  { how: 'gone in seven days', attack: override('PendingWindowInDays', 7), says: /weakens 'PendingWindowInDays'/ },
  { how: 'gone with the stack', attack: ({ key }) => key.applyRemovalPolicy(RemovalPolicy.DESTROY), says: /weakens 'DeletionPolicy'/ },
  { how: 'gone with the stack, by an override', attack: ({ cfnKey }) => cfnKey.addOverride('DeletionPolicy', 'Delete'), says: /weakens 'DeletionPolicy'/ },
  { how: 'gone when it is replaced', attack: ({ cfnKey }) => cfnKey.addDeletionOverride('UpdateReplacePolicy'), says: /weakens 'UpdateReplacePolicy'/ },
  { how: 'another kind of key', attack: override('KeySpec', 'RSA_4096'), says: /weakens 'KeySpec'/ },
  { how: 'a key that signs', attack: override('KeyUsage', 'GENERATE_VERIFY_MAC'), says: /weakens 'KeyUsage'/ },
  { how: 'key material from elsewhere, which does not rotate', attack: override('Origin', 'EXTERNAL'), says: /weakens 'Origin'/ },
  { how: 'no safety check of its policy', attack: override('BypassPolicyLockoutSafetyCheck', true), says: /weakens 'BypassPolicyLockoutSafetyCheck'/ },
  { how: 'another resource type', attack: ({ cfnKey }) => cfnKey.addOverride('Type', 'AWS::KMS::ReplicaKey'), says: /'AWS::KMS::ReplicaKey'/ },
  {
    how: 'removed from its bucket',
    attack: ({ stack, bucket, cfnKey }) => {
      const logicalId = stack.resolve(cfnKey.logicalId);
      bucket.node.tryRemoveChild('Key');
      new kms.CfnKey(stack, 'Other').overrideLogicalId(logicalId);
    },
    says: /has been removed from the construct tree/,
  },
  { how: 'Fn::Transform in its properties', attack: override('Fn::Transform', { Name: 'Rewrite' }), says: /'Fn::Transform'/ },
  { how: 'Fn::Transform in its policy', attack: override('KeyPolicy.Fn::Transform', { Name: 'Rewrite' }), says: /'Fn::Transform'/ },
  { how: 'its policy deleted', attack: ({ cfnKey }) => cfnKey.addPropertyDeletionOverride('KeyPolicy'), says: /weakens 'KeyPolicy'/ },
  { how: 'its policy emptied', attack: override('KeyPolicy.Statement', []), says: /weakens 'KeyPolicy'/ },
  { how: 'its policy replaced', attack: ({ cfnKey }) => { cfnKey.keyPolicy = { Statement: [{ Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::444455556666:root' }, Action: 'kms:*', Resource: '*' }] }; }, says: /weakens 'KeyPolicy'/ },
  { how: 'its policy by a parameter', attack: ({ stack, cfnKey }) => cfnKey.addPropertyOverride('KeyPolicy', new CfnParameter(stack, 'Policy').valueAsString), says: /weakens 'KeyPolicy'/ },
  { how: 'its first statement deleted by its index', attack: ({ cfnKey }) => cfnKey.addPropertyDeletionOverride('KeyPolicy.Statement.0'), says: /weakens 'KeyPolicy'/ },
  { how: 'its first statement opened', attack: override('KeyPolicy.Statement.0.Principal', { AWS: '*' }), says: /open.* to every principal/ },
  { how: 'everybody, by the L2', attack: admit({ principals: [new iam.AnyPrincipal()], actions: ['kms:Decrypt'] }), says: EVERYBODY },
  { how: 'everybody, by an override', attack: (site) => site.cfnKey.addPropertyOverride('KeyPolicy.Statement', [...statements(site), OPEN]), says: EVERYBODY },
  { how: 'everybody but one', attack: (site) => site.cfnKey.addPropertyOverride('KeyPolicy.Statement', [...statements(site), { ...OPEN, Principal: undefined, NotPrincipal: { AWS: 'arn:aws:iam::444455556666:root' } }]), says: EVERYBODY },
  { how: 'everybody under a condition of the template', attack: (site) => site.cfnKey.addPropertyOverride('KeyPolicy.Statement', [...statements(site), sometimes(site.stack, OPEN)]), says: EVERYBODY },
  { how: 'everybody through S3', attack: admit({ principals: [new iam.AnyPrincipal()], actions: ['kms:Decrypt'], conditions: { StringEquals: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' } } }), says: EVERYBODY },
  { how: 'everything denied to everybody', attack: admit({ effect: iam.Effect.DENY, principals: [new iam.AnyPrincipal()], actions: ['kms:*'] }), says: /'Added' .*locks out/ },
  { how: 'decryption denied to everybody', attack: admit({ effect: iam.Effect.DENY, principals: [new iam.AnyPrincipal()], actions: ['kms:Decrypt'] }), says: /'Added' .*locks out/ },
  { how: 'changes of the policy denied to its account', attack: admit({ effect: iam.Effect.DENY, principals: [new iam.AccountRootPrincipal()], actions: ['kms:PutKeyPolicy'] }), says: /'Added' .*locks out/ },
  ...LOCKOUTS.map(([how, denies]) => ({ how, attack: (site: KeySite) => denies.forEach((props) => deny(props)(site)), says: /'Added'.*locks? out/ })),
  ...LOCKOUTS.map(([how, denies]) => ({
    how: `${how}, by an override`,
    attack: (site: KeySite) => site.cfnKey.addPropertyOverride('KeyPolicy.Statement', [
      ...statements(site), ...denies.map((props) => site.stack.resolve(denial(props).toStatementJson())),
    ]),
    says: /'Added'.*locks? out/,
  })),
  {
    how: 'everything denied to all principals but foreign ones',
    attack: (site) => site.cfnKey.addPropertyOverride('KeyPolicy.Statement', [
      ...statements(site), { Sid: 'Added', Effect: 'Deny', NotPrincipal: { AWS: 'arn:aws:iam::444455556666:root' }, Action: 'kms:*', Resource: '*' },
    ]),
    says: /'Added' .*locks out/,
  },
];

/** A key that somebody else made, and that the bucket was given. */
export const GIVEN_KEY: Target<KeySite> = {
  what: 'a key that it was given',
  where: 'Data',
  build: (stack) => {
    const key = new kms.Key(stack, 'Shared', { enableKeyRotation: true });
    return { stack, key, bucket: new SecureBucket(stack, 'Data', { encryptionKey: key }), cfnKey: resource(key) };
  },
};

export const GIVEN_KEY_ATTACKS: Attack<KeySite>[] = [
  { how: 'disabled', attack: override('Enabled', false), says: /weakens 'Enabled'/ },
  { how: 'disabled by assignment', attack: ({ cfnKey }) => { cfnKey.enabled = false; }, says: /weakens 'Enabled'/ },
  { how: 'disabled under a condition', attack: ({ stack, cfnKey }) => cfnKey.addPropertyOverride('Enabled', sometimes(stack, true, false)), says: /weakens 'Enabled'/ },
  ...LOCKOUTS.map(([how, denies]) => ({ how, attack: (site: KeySite) => denies.forEach((props) => deny(props)(site)), says: /'Added'.*locks? out/ })),
];

export const HARMLESS: HarmlessChange<KeySite>[] = [
  { how: 'an alias', change: ({ key }) => key.addAlias('alias/data') },
  { how: 'a description', change: override('Description', 'The data') },
  { how: 'a shorter period of rotation', change: override('RotationPeriodInDays', 180) },
  { how: 'rotation that is said again', change: override('EnableKeyRotation', true) },
  { how: 'that it is enabled', change: override('Enabled', true) },
  { how: 'the longest window', change: override('PendingWindowInDays', 30) },
  { how: 'retention that is said again', change: ({ key }) => key.applyRemovalPolicy(RemovalPolicy.RETAIN) },
  { how: 'a reader of another account', change: admit({ principals: [new iam.ArnPrincipal('arn:aws:iam::444455556666:role/Reader')], actions: ['kms:Decrypt'] }) },
  { how: 'a reader, by an override', change: (site) => site.cfnKey.addPropertyOverride('KeyPolicy.Statement', [...statements(site), { ...OPEN, Principal: { AWS: 'arn:aws:iam::444455556666:role/Reader' } }]) },
  { how: 'a service', change: admit({ principals: [new iam.ServicePrincipal('cloudtrail.amazonaws.com')], actions: ['kms:GenerateDataKey*'] }) },
  { how: 'everybody of an organization', change: admit({ principals: [new iam.AnyPrincipal()], actions: ['kms:Decrypt'], conditions: { StringEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' } } }) },
  { how: 'a deny for one role', change: admit({ effect: iam.Effect.DENY, principals: [new iam.ArnPrincipal('arn:aws:iam::111122223333:role/Intern')], actions: ['kms:Decrypt'] }) },
  { how: 'a deny outside of the organization', change: admit({ effect: iam.Effect.DENY, principals: [new iam.AnyPrincipal()], actions: ['kms:*'], conditions: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' }, Bool: { 'aws:PrincipalIsAWSService': 'false' } } }) },
  { how: 'a deny outside of its account', change: deny({ conditions: { StringNotEquals: { 'aws:PrincipalAccount': OWN } } }) },
  { how: 'a deny outside of accounts, its own among them', change: deny({ conditions: { StringNotEquals: { 'kms:CallerAccount': [FOREIGN, OWN] } } }) },
  { how: 'a deny outside of its account, as a template names it', change: deny({ conditions: { StringNotEquals: { 'aws:PrincipalAccount': Aws.ACCOUNT_ID } } }) },
  { how: 'a deny outside of an account that is a parameter', change: (site) => deny({ conditions: { StringNotEquals: { 'aws:PrincipalAccount': new CfnParameter(site.stack, 'Account').valueAsString } } })(site) },
  { how: 'a deny to all but one role', change: deny({ conditions: { ArnNotLike: { 'aws:PrincipalArn': `arn:aws:iam::${OWN}:role/Admin` } } }) },
  { how: 'a deny to all but roles of a path', change: deny({ conditions: { StringNotLike: { 'aws:PrincipalArn': `arn:aws:iam::${OWN}:role/data/*` } } }) },
  { how: 'a deny to all but roles of a name, however written', change: deny({ conditions: { StringNotLike: { 'aws:PrincipalArn': ['*/Admin', '*:role/Breakglass'] } } }) },
  { how: 'a deny to those without a tag', change: deny({ conditions: { StringNotEquals: { 'aws:PrincipalTag/team': 'data' } } }) },
  { how: 'a deny over plain HTTP', change: deny({ conditions: { Bool: { 'aws:SecureTransport': 'false' } } }) },
  { how: 'a deny to services for other accounts', change: deny({ conditions: { StringNotEquals: { 'aws:SourceAccount': OWN }, Null: { 'aws:SourceAccount': 'false' } } }) },
  { how: 'a deny of decryption that does not come through S3', change: deny({ actions: ['kms:Decrypt'], conditions: { StringNotEquals: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' } } }) },
  { how: 'a deny of old times', change: deny({ conditions: { DateLessThan: { 'aws:CurrentTime': '2020-01-01T00:00:00Z' } } }) },
  { how: 'a deny of the user agents of people', change: deny({ conditions: { StringLike: { 'aws:UserAgent': '*' } } }) },
  { how: 'a deny of keys of other kinds', change: deny({ conditions: { StringNotEquals: { 'kms:KeySpec': 'SYMMETRIC_DEFAULT' } } }) },
  { how: 'a deny of keys of several Regions', change: deny({ conditions: { Bool: { 'kms:MultiRegion': 'true' } } }) },
  { how: 'a deny in another Region', change: deny({ conditions: { StringEquals: { 'aws:RequestedRegion': 'us-east-1' } } }) },
  { how: 'a deny of its deletion', change: admit({ effect: iam.Effect.DENY, principals: [new iam.AnyPrincipal()], actions: ['kms:ScheduleKeyDeletion', 'kms:DisableKey'] }) },
  { how: 'a new logical ID', change: ({ cfnKey }) => cfnKey.overrideLogicalId('Renamed') },
];
