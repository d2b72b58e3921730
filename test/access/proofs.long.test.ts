import { Proofs } from '../../src/access/proofs';
import { parsePolicy } from '../../src/policy/document';
import { unknownText } from '../../src/policy/unknown-text';
import { EVERY_CALLER, Guarantee } from '../../src/proof/guarantee';
import { prove, ResourceFacts } from '../../src/proof/prove';
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

test('equal policies of many buckets are proved once, and each bucket reads its own name', () => {
  const proofs = new Proofs();
  const ask = (name: string) => {
    const text = JSON.stringify([
      { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: [`arn:aws:s3:::${name}`, `arn:aws:s3:::${name}/*`], Condition: { NumericLessThan: { 's3:TlsVersion': '1.2' } } },
      { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:role/App' }, Action: 's3:GetObject', Resource: `arn:aws:s3:::${name}/*` },
    ]);
    const { statements } = parsePolicy({ Version: '2012-10-17', Statement: JSON.parse(text) });
    let reads = 0;
    const counted = new Proxy(statements, { get: (target, key, receiver) => (reads++, Reflect.get(target, key, receiver)) });
    const proof = proofs.prove({ guarantee: GUARANTEES(name)[1], statements: counted, text, facts: facts(name) });
    return { reads, proof };
  };
  const [first, second] = [ask('data'), ask('archive')];
  expect([first.reads > 2, second.reads]).toEqual([true, 1]); // the statement that allows it
  expect(second.proof).toMatchObject({ verdict: 'broken', request: { resource: expect.stringContaining('arn:aws:s3:::archive/') }, counterexample: expect.stringContaining('archive') });
  expect(JSON.stringify(second.proof)).not.toContain('arn:aws:s3:::data');
});
