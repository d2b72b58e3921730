import { Proofs } from '../../src/access/proofs';
import { parsePolicy } from '../../src/policy/document';
import { unknownText } from '../../src/policy/unknown-text';
import { EVERY_CALLER, Guarantee } from '../../src/proof/guarantee';
import { prove, Prover, ResourceFacts } from '../../src/proof/prove';
import * as fc from '../support/fast-check';

const UNKNOWN_NAME = unknownText('Stack: Ref "Name"');
const NAMES = ['data', 'data2', 'data-logs', 'team-data', 'other', 's3', UNKNOWN_NAME];
const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';

function facts(name: string, account = '111122223333'): ResourceFacts {
  return { arn: `arn:aws:s3:::${name}`, objects: `arn:aws:s3:::${name}/`, account, partition: 'aws' };
}

const ARN_ENDS = [
  ...NAMES, 'dat*', '*data', 'd?ta', '${aws:username}', 'team-${aws:username}', '*', `${unknownText('Stack: Ref "Prefix"')}-logs`, unknownText('Stack: Ref "Another"'), 'DATA',
];
const ARNS = ARN_ENDS.flatMap((end) => [`arn:aws:s3:::${end}`, `arn:aws:s3:::${end}/*`, `arn:*:*:*:*:${end}/*`, `arn:*:*:::${end}/*`]);
const resources = fc.uniqueArray(fc.constantFrom('*', 'arn:*', unknownText('Stack: Ref "Resource"'), ...ARNS), { minLength: 1, maxLength: 2 });
const conditions = fc.constantFrom<object>(
  { Bool: { 'aws:SecureTransport': 'false' } },
  { StringNotEquals: { 'aws:PrincipalOrgPaths': 'o-exampleorgid/r-1/*' } },
  { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/data*' } },
  { ArnNotLike: { 'aws:SourceArn': 'arn:aws:s3:::data*' } },
  { StringNotEqualsIgnoreCase: { 'aws:SourceArn': 'ARN:AWS:S3:::DATA' } },
  { StringNotEqualsIfExists: { 's3:x-amz-server-side-encryption-aws-kms-key-id': KEY } },
  {},
);
const statement = fc.record({ Effect: fc.constantFrom('Allow', 'Deny'), Principal: fc.constant('*'), Action: fc.constantFrom('s3:*', 's3:GetObject'), Resource: resources, Condition: conditions });

/** As the policies of different buckets may be alike: the same statements, with the name of the one replaced by that of the other here and there. */
const questions = fc.tuple(fc.array(statement, { minLength: 1, maxLength: 2 }), fc.uniqueArray(fc.constantFrom(...NAMES), { minLength: 2, maxLength: 4 }));

const GUARANTEES = (name: string): Guarantee[] => [
  { sentence: 'Everything comes by HTTPS.', breaches: [{ Condition: { Bool: { 'aws:SecureTransport': 'false' } } }] },
  { sentence: 'Nobody reads.', needsAllow: EVERY_CALLER, breaches: [{ Action: 's3:GetObject', Resource: `arn:aws:s3:::${name}/*` }] },
];

test('a proof that is remembered is that of the resource itself, whatever others are called', () => {
  const verdicts = new Set<string>();
  fc.assert(fc.property(questions, ([statements, names]) => {
    const proofs = new Proofs();
    for (const name of names) {
      const own = JSON.stringify(statements).split(`arn:aws:s3:::${JSON.stringify(names[0]).slice(1, -1)}`).join(`arn:aws:s3:::${JSON.stringify(name).slice(1, -1)}`);
      for (const text of [own, JSON.stringify(statements)]) {
        const policy = parsePolicy({ Version: '2012-10-17', Statement: JSON.parse(text) });
        for (const guarantee of GUARANTEES(name)) {
          const { verdict } = proofs.prove({ guarantee, statements: policy.statements, text, facts: facts(name), names: [KEY] });
          expect([name, text, verdict]).toEqual([name, text, prove(policy, guarantee, facts(name)).verdict]);
          verdicts.add(verdict);
        }
      }
    }
  }), { numRuns: 300 });
  expect([...verdicts].sort()).toEqual(['broken', 'holds', 'not-decided']);
});

const ROLES = ['Reader', 'Writer', 'Read', 'reader', 'Anyone', 'role'].map((name) => `arn:aws:iam::444455556666:role/${name}`);
const PARTNERS = {
  role: [...ROLES, 'arn:aws:iam::111122223333:role/Reader', 'arn:aws:iam::111122223333:role/Admin'],
  endpoint: ['vpce-0aaaaaaaaaaaaaaa1', 'vpce-0aaaaaaaaaaaaaaa2', 'vpce-0ffffffffffffffff', 'vpce-0aaaaaaa'],
  organization: ['o-exampleorgid', 'o-exampleorgid2', 'o-another0rg'],
};
const role = fc.constantFrom(...PARTNERS.role);
const endpoint = fc.constantFrom(...PARTNERS.endpoint);
const organization = fc.constantFrom(...PARTNERS.organization);

/** Texts that tell partners apart by more than that they are equal. */
const rolePattern = fc.constantFrom('arn:aws:iam::*:role/aws-service-role/*', 'arn:aws:iam::444455556666:role/Read*', 'arn:aws:iam::*:role/*', 'arn:*:role/team/*', '*', '${aws:username}', unknownText('Stack: Ref "Role"'));
const open = fc.constantFrom('vpce-0aaaaaaaaaaaaaaa?', 'vpce-*', '*', unknownText('Stack: Ref "Endpoint"'), 'VPCE-0AAAAAAAAAAAAAAA1');
const conditionsOnPartners = fc.oneof(
  fc.record({ StringNotEquals: fc.record({ 'aws:SourceVpce': fc.uniqueArray(endpoint, { minLength: 1, maxLength: 2 }) }), ArnNotLike: fc.record({ 'aws:PrincipalArn': fc.oneof(role, rolePattern) }) }),
  fc.record({ StringNotLike: fc.record({ 'aws:SourceVpce': fc.oneof(endpoint, open) }) }),
  fc.record({ StringNotEquals: fc.record({ 'aws:PrincipalOrgID': fc.uniqueArray(organization, { minLength: 1, maxLength: 2 }) }) }),
  fc.record({ 'ForAllValues:StringNotLike': fc.record({ 'aws:PrincipalOrgPaths': organization.map((id) => `${id}/*`) }) }),
  fc.record({ ArnLike: fc.record({ 'aws:PrincipalArn': fc.oneof(role, rolePattern) }) }),
  fc.record({ StringEqualsIgnoreCase: fc.record({ 'aws:PrincipalArn': role }) }),
  fc.constant({ Bool: { 'aws:SecureTransport': 'false' } }),
);
const principals = fc.oneof(fc.constant('*'), role.map((arn) => ({ AWS: arn })));
const everything = ['arn:aws:s3:::data', 'arn:aws:s3:::data/*'];
const statementOnPartners = fc.record({ Effect: fc.constantFrom('Allow', 'Deny', 'Deny'), Principal: principals, Action: fc.constantFrom('s3:*', 's3:GetObject'), Resource: fc.constant(everything), Condition: conditionsOnPartners });

const GUARANTEES_ON_PARTNERS = (partner: string): Guarantee[] => [
  { sentence: 'Nobody reads.', needsAllow: EVERY_CALLER, breaches: [{ Action: 's3:GetObject', Resource: 'arn:aws:s3:::data/*' }] },
  { sentence: 'Everything comes by HTTPS, or from somebody.', breaches: [{ Condition: { Bool: { 'aws:SecureTransport': 'false' }, ArnNotLike: { 'aws:PrincipalArn': partner } } }] },
  { sentence: 'Nothing comes from elsewhere.', breaches: [{ Condition: { StringNotEquals: { 'aws:SourceVpce': 'vpce-0aaaaaaaaaaaaaaa1' }, ArnNotLike: { 'aws:PrincipalArn': partner } } }] },
];

test('a proof that is remembered is that of the partners themselves, whatever others are called', () => {
  let remembered = 0;
  const verdicts = new Set<string>();
  const statementLists = fc.array(statementOnPartners, { minLength: 1, maxLength: 3 });
  const otherNames = [fc.shuffledSubarray(PARTNERS.role), fc.shuffledSubarray(PARTNERS.endpoint, { minLength: 4 })] as const;
  fc.assert(fc.property(statementLists, ...otherNames, role, (statements, roles, endpoints, partner) => {
    const proofs = new Proofs();
    const exchanged = (text: string) => text.replace(/vpce-0[0-9a-f]+/g, (id) => endpoints[PARTNERS.endpoint.indexOf(id)] ?? id)
      .replace(/"(arn:aws:iam::\d+:role\/\w+)"/g, (_, arn) => JSON.stringify(roles[PARTNERS.role.indexOf(arn)] ?? arn));
    const own = JSON.stringify(statements);
    for (const text of [own, exchanged(own), own.replaceAll('o-exampleorgid"', 'o-exampleorgid3"')]) {
      const policy = parsePolicy({ Version: '2012-10-17', Statement: JSON.parse(text) });
      for (const guarantee of [...GUARANTEES_ON_PARTNERS(partner), ...GUARANTEES_ON_PARTNERS(roles[0] ?? partner)]) {
        const direct = prove(policy, guarantee, facts('data'));
        const asked = jest.spyOn(Prover.prototype, 'prove');
        const proof = proofs.prove({ guarantee, statements: policy.statements, text, facts: facts('data'), names: [KEY] });
        remembered += asked.mock.calls.length === 0 ? 1 : 0;
        asked.mockRestore();
        expect([text, guarantee, proof.verdict]).toEqual([text, guarantee, direct.verdict]);
        verdicts.add(proof.verdict);
      }
    }
  }), { numRuns: 100 });
  expect([...verdicts].sort()).toEqual(['broken', 'holds', 'not-decided']);
  expect(remembered).toBeGreaterThan(200);
});

const READERS: [string, string][] = [['o-exampleorgid', 'arn:aws:iam::444455556666:role/Loader'], ['o-anotherorgid', 'arn:aws:iam::444455556666:role/Anyone']];

test('policies that differ in whom they let in are proved once, and each reads its own partners', () => {
  const proofs = new Proofs();
  const asked = jest.spyOn(Prover.prototype, 'prove');
  const texts = READERS.map(([ownOrganization, reader]) => {
    const text = JSON.stringify([
      { Sid: 'AllowAnyone', Effect: 'Allow', Principal: { AWS: reader }, Action: 's3:GetObject', Resource: 'arn:aws:s3:::data/*' },
      { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: everything, Condition: { StringNotEquals: { 'aws:PrincipalOrgID': ownOrganization } } },
    ]);
    const { statements } = parsePolicy({ Version: '2012-10-17', Statement: JSON.parse(text) });
    return JSON.stringify(proofs.prove({ guarantee: GUARANTEES_ON_PARTNERS('')[0], statements, text, facts: facts('data') }));
  });
  expect(asked).toHaveBeenCalledTimes(1);
  asked.mockRestore();
  READERS.forEach(([ownOrganization, reader], i) => {
    expect(texts[i]).toContain(`${reader} calls s3:GetObject`);
    expect(texts[i]).toContain(ownOrganization);
    expect(READERS.filter((_, other) => other !== i).flat().some((name) => texts[i].includes(name))).toBe(false);
  });
});

test('equal policies of many buckets are proved once, and each bucket reads its own name', () => {
  const proofs = new Proofs();
  const ask = (name: string) => {
    const text = JSON.stringify([
      { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: [`arn:aws:s3:::${name}`, `arn:aws:s3:::${name}/*`], Condition: { NumericLessThan: { 's3:TlsVersion': '1.2' } } },
      { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:role/App' }, Action: 's3:GetObject', Resource: `arn:aws:s3:::${name}/*` },
    ]);
    const { statements } = parsePolicy({ Version: '2012-10-17', Statement: JSON.parse(text) });
    return proofs.prove({ guarantee: GUARANTEES(name)[1], statements, text, facts: facts(name) });
  };
  const asked = jest.spyOn(Prover.prototype, 'prove');
  const [, second] = [ask('data'), ask('archive')];
  expect(asked).toHaveBeenCalledTimes(1);
  asked.mockRestore();
  expect(second).toMatchObject({ verdict: 'broken', request: { resource: expect.stringContaining('arn:aws:s3:::archive/') }, counterexample: expect.stringContaining('archive') });
  expect(JSON.stringify(second)).not.toContain('arn:aws:s3:::data');
});
