import * as fc from '../support/fast-check';

/** A request in a world of random policies, as both engines can be asked about it. */
export interface RandomScene {
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  readonly context: Readonly<Record<string, string>>;
  readonly identity: readonly object[];
  readonly bucketPolicy: readonly object[];
  readonly boundary?: readonly object[];
  readonly session?: readonly object[];

  /** Levels of the organization, each with its policies. */
  readonly serviceControl: readonly (readonly object[])[];
  readonly resourceControl: readonly object[];
}

export const OWNER = '111122223333';
export const PARTNER = '444455556666';
const BUCKET = 'arn:aws:s3:::amzn-s3-demo-bucket';
export const SESSION = `arn:aws:sts::${OWNER}:assumed-role/AppRole/worker`;
export const ROLE = `arn:aws:iam::${OWNER}:role/AppRole`;
export const USER = `arn:aws:iam::${OWNER}:user/alice`;
export const PARTNER_SESSION = `arn:aws:sts::${PARTNER}:assumed-role/PartnerRole/worker`;
export const PARTNER_ROLE = `arn:aws:iam::${PARTNER}:role/PartnerRole`;

/** Principals of IAM, by what names them in a policy. */
const PRINCIPALS: readonly unknown[] = [
  '*', { AWS: '*' }, { AWS: SESSION }, { AWS: ROLE }, { AWS: USER }, { AWS: PARTNER_SESSION }, { AWS: PARTNER_ROLE }, { AWS: `arn:aws:iam::${OWNER}:root` }, { AWS: PARTNER },
  { AWS: [ROLE, PARTNER] }, { AWS: `arn:aws:iam::${OWNER}:role/Other` }, { Service: 'cloudfront.amazonaws.com' },
];

const action = fc.constantFrom('s3:GetObject', 's3:PutObject', 's3:*', '*', 's3:Get*', 's3:DeleteObject');
const resource = fc.constantFrom('*', `${BUCKET}/*`, `${BUCKET}/data/*`, `${BUCKET}/logs/*`, BUCKET);
const condition = fc.constantFrom<object | undefined>(
  undefined, undefined, undefined,
  { Bool: { 'aws:SecureTransport': 'false' } },
  { Bool: { 'aws:SecureTransport': 'true' } },
  { StringNotEquals: { 'aws:SourceVpce': 'vpce-0abc123def4567890' } },
  { StringEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' } },
  { StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-exampleorgid' } },
  { ArnLike: { 'aws:PrincipalArn': ROLE } },
  { ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/Partner*' } },
);

function statements(hasPrincipal: boolean, allowWeight: number, minLength = 0): fc.Arbitrary<object[]> {
  const statement = fc.record({
    Effect: fc.oneof({ arbitrary: fc.constant('Allow'), weight: allowWeight }, { arbitrary: fc.constant('Deny'), weight: 1 }),
    Action: action,
    Resource: resource,
    Principal: fc.constantFrom(...PRINCIPALS),
    Condition: condition,
  }).map(({ Condition, Principal, ...rest }) => ({ ...rest, ...(hasPrincipal ? { Principal } : {}), ...(Condition ? { Condition } : {}) }));
  return fc.array(statement, { minLength, maxLength: 3 });
}

const FULL_ACCESS = { Effect: 'Allow', Action: '*', Resource: '*' };

/** Statements of which one often allows everything: otherwise nothing would ever be allowed. */
function mostlyAll(some: fc.Arbitrary<object[]>): fc.Arbitrary<object[]> {
  return fc.tuple(fc.boolean(), some).map(([isAll, list]) => (isAll ? [FULL_ACCESS, ...list] : list));
}

/** The policies of one level of an organization. */
const level = fc.oneof(fc.constant([FULL_ACCESS]), statements(false, 1).map((some) => [FULL_ACCESS, ...some]), statements(false, 4, 1));

/** Random worlds in which each kind of policy matters now and then. */
export const randomScenes: fc.Arbitrary<RandomScene> = fc.record({
  principal: fc.constantFrom(SESSION, SESSION, USER, PARTNER_SESSION, PARTNER_SESSION),
  action: fc.constantFrom('s3:GetObject', 's3:GetObject', 's3:PutObject'),
  resource: fc.constantFrom(`${BUCKET}/data/1`, `${BUCKET}/logs/1`),
  context: fc.record({
    'aws:SecureTransport': fc.constantFrom('true', 'true', 'false'),
    'aws:SourceVpce': fc.constantFrom(undefined, 'vpce-0abc123def4567890'),
    'aws:PrincipalOrgID': fc.constantFrom('o-exampleorgid', 'o-anotherorgid', undefined),
  }).map(withoutAbsent),
  identity: mostlyAll(statements(false, 5)),
  bucketPolicy: statements(true, 4),
  boundary: fc.option(mostlyAll(statements(false, 6, 1)), { nil: undefined, freq: 1 }),
  session: fc.option(mostlyAll(statements(false, 6, 1)), { nil: undefined, freq: 1 }),
  serviceControl: fc.oneof(fc.constant([]), fc.array(level, { minLength: 1, maxLength: 3 })),
  resourceControl: fc.oneof({ arbitrary: fc.constant([]), weight: 3 }, { arbitrary: statements(true, 0).map((some) => some.map(asResourceControl)), weight: 1 }),
}).map((scene) => (scene.principal === USER ? { ...scene, session: undefined } : scene)); // users have no sessions

/** As resource control policies may be: denies for everybody, of a service. */
function asResourceControl(statement: any): object {
  return { ...statement, Effect: 'Deny', Principal: '*', Action: statement.Action === '*' ? 's3:*' : statement.Action };
}

function withoutAbsent(values: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
