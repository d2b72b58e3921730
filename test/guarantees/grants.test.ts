import { nobodyWhoCouldBeAnybody } from '../../src/guarantees/grants';
import { parsePolicy } from '../../src/policy/document';
import { drawnForm, unknownText } from '../../src/policy/unknown-text';
import { prove } from '../../src/proof/prove';

const BUCKET = { arn: 'arn:aws:s3:::dataset', objects: 'arn:aws:s3:::dataset/', account: '111122223333', partition: 'aws' };

/** What is proved of a statement that allows everybody to read who meets a condition. */
function proofOf(Condition: object) {
  const policy = parsePolicy({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: `${BUCKET.arn}/*`, Condition }] });
  return prove(policy, nobodyWhoCouldBeAnybody(policy.statements[0], [], BUCKET), BUCKET);
}

describe('an Allow to everybody gives nobody access who could be anybody where it holds callers to', () => {
  test.each<[what: string, condition: object]>([
    ['an account', { StringEquals: { 'aws:PrincipalAccount': '444455556666' } }],
    ['the unique id of a user', { StringEquals: { 'aws:userid': 'AIDAEXAMPLEEXAMPLE000' } }],
    ['the sessions of a role', { StringLike: { 'aws:userid': 'AROAEXAMPLEEXAMPLE000:*' } }],
    ['one session of a role', { StringEquals: { 'aws:userid': 'AROAEXAMPLEEXAMPLE000:nightly' } }],
    ['the sessions of a role whose id AWS draws', { StringLike: { 'aws:userid': `${unknownText('Stack-Role-RoleId', drawnForm('AROA*', 'AWS::IAM::Role'))}:*` } }],
    ['the root user of an account', { StringEquals: { 'aws:userid': '444455556666' } }],
    ['a user of an account by name', { StringEquals: { 'aws:username': 'bob', 'aws:PrincipalAccount': '444455556666' } }],
  ])('%s', (_, condition) => {
    expect(proofOf(condition).verdict).toBe('holds');
  });
});

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
describe('what anybody can have holds nobody to anything, as S3 counts, too', () => {
  test.each<[what: string, condition: object, arn: RegExp]>([
    ['a user name', { StringEquals: { 'aws:username': 'bob' } }, /^arn:aws:iam::(?!111122223333)\d{12}:user\/bob$/],
    ['an account of any number', { StringLike: { 'aws:PrincipalAccount': '????????????' } }, /^arn:aws:iam::(?!111122223333)\d{12}:/],
    ['accounts that begin alike', { StringLike: { 'aws:PrincipalAccount': '4444*' } }, /^arn:aws:iam::4444\d{8}:/],
    ['roles of accounts that begin alike', { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::4444*:role/*' } }, /^arn:aws:iam::4444\d{8}:role\//],
  ])('%s', (_, condition, arn) => {
    const proof = proofOf(condition);
    expect(proof).toMatchObject({ verdict: 'broken', request: { principal: { arn: expect.stringMatching(arn) } } });
  });

  test('any account at all: nobody who is anonymous is left out either', () => {
    expect(proofOf({ StringLike: { 'aws:PrincipalAccount': '*' } }).verdict).toBe('broken');
  });
});
