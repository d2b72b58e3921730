import { insideNetwork } from '../../src/guarantees/network';
import { insideOrganizations } from '../../src/guarantees/organization';
import { youngPresignedUrls } from '../../src/guarantees/presigned-urls';
import { HTTPS_ONLY, tlsFloor } from '../../src/guarantees/transport';
import { encryptedUploads, NO_CUSTOMER_PROVIDED_KEYS } from '../../src/guarantees/uploads';
import { Guarantee } from '../../src/proof/guarantee';

const BUCKET_ARN = 'arn:aws:s3:::shared-dataset';
const OBJECTS_ARN = `${BUCKET_ARN}/*`;
const KEY_ARN = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const DEPLOYER = 'arn:aws:iam::111122223333:role/cdk-hnb659fds-cfn-exec-role-111122223333-eu-west-1';
const ALGORITHM = 's3:x-amz-server-side-encryption';
const KEY_ID = 's3:x-amz-server-side-encryption-aws-kms-key-id';

export interface GuardrailPolicy {
  readonly name: string;
  readonly guarantee: Guarantee;
  readonly statements: any[];
}

function deny(sid: string, conditions: object, overrides: object = {}): any {
  return { Sid: sid, Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: [BUCKET_ARN, OBJECTS_ARN], Condition: conditions, ...overrides };
}

const upload = { Action: 's3:PutObject', Resource: OBJECTS_ARN };

/** The statements of each guardrail, written by hand, with what they are for. */
export const GUARDRAIL_POLICIES: GuardrailPolicy[] = [
  { name: 'HTTPS only', guarantee: HTTPS_ONLY, statements: [deny('DenyInsecureTransport', { Bool: { 'aws:SecureTransport': 'false' } })] },
  { name: 'a floor of TLS', guarantee: tlsFloor(1.2), statements: [deny('DenyOutdatedTls', { NumericLessThan: { 's3:TlsVersion': '1.2' } })] },
  {
    name: 'encrypted uploads',
    guarantee: both(encryptedUploads(['aws:kms'], KEY_ARN, false), NO_CUSTOMER_PROVIDED_KEYS),
    statements: [
      deny('DenyUnencryptedUploads', { StringNotEquals: { [ALGORITHM]: 'aws:kms' }, Null: { [ALGORITHM]: 'false' } }, upload),
      deny('DenyOtherKeys', { StringNotEquals: { [KEY_ID]: KEY_ARN }, Null: { [KEY_ID]: 'false' } }, upload),
      deny('DenyAwsManagedKey', { StringEquals: { [ALGORITHM]: 'aws:kms' }, Null: { [KEY_ID]: 'true' } }, upload),
      deny('DenyCustomerProvidedKeys', { Null: { 's3:x-amz-server-side-encryption-customer-algorithm': 'false' } }, upload),
    ],
  },
  {
    name: 'a required header',
    guarantee: both(encryptedUploads(['aws:kms'], KEY_ARN, true), NO_CUSTOMER_PROVIDED_KEYS),
    statements: [
      deny('DenyUnencryptedUploads', { StringNotEquals: { [ALGORITHM]: 'aws:kms' } }, upload),
      deny('DenyOtherKeys', { StringNotEquals: { [KEY_ID]: KEY_ARN } }, upload),
    ],
  },
  {
    name: 'a network',
    guarantee: insideNetwork({ 'aws:sourcevpce': ['vpce-0abc123def4567890'] }, [DEPLOYER], false),
    statements: [deny('DenyOutsideVpce', {
      StringNotEquals: { 'aws:SourceVpce': 'vpce-0abc123def4567890' },
      ArnNotLike: { 'aws:PrincipalArn': DEPLOYER },
      BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
    })],
  },
  {
    name: 'an organization',
    guarantee: insideOrganizations(['o-exampleorgid'], [], '111122223333'),
    statements: [
      deny('DenyOutsideOrg', { StringNotEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' }, BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } }),
      deny('DenyServicesForOutsideOrg', { StringNotEquals: { 'aws:SourceOrgID': 'o-exampleorgid' }, Null: { 'aws:SourceAccount': 'false' }, Bool: { 'aws:PrincipalIsAWSService': 'true' } }),
    ],
  },
  {
    name: 'young presigned URLs',
    guarantee: youngPresignedUrls(900_000),
    statements: [
      deny('DenyOldPresignedUrls', { StringEquals: { 's3:authType': 'REST-QUERY-STRING' }, NumericGreaterThan: { 's3:signatureAge': '900000' } }),
      deny('DenySigV2PresignedUrls', { StringEquals: { 's3:authType': 'REST-QUERY-STRING', 's3:signatureversion': 'AWS' } }),
    ],
  },
];

function both(one: Guarantee, other: Guarantee): Guarantee {
  return { sentence: `${one.sentence} ${other.sentence}`, breaches: [...one.breaches, ...other.breaches] };
}
