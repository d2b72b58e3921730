import { Report } from '../../../src/cli/report/model';

const STATEMENT = JSON.stringify({ Sid: 'ShareRead', Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::444455556666:role/AppRole' }, Action: ['s3:GetObject', 's3:ListBucket'] }, null, 2);
const EXAMPLE = 'arn:aws:iam::444455556666:role/AppRole calls s3:GetObject on arn:aws:s3:::dataset/any/object over TLS 1.3';
const HOSTILE = '</pre><script>document.title = "owned"</script><img src=x onerror="document.title = \'owned\'">"\' &amp; \u202Etxt.exe';

/** A report with something in each of its parts, and with what somebody might put into a template to break out of it. */
export const SAMPLE: Report = {
  subject: `cdk.out ${HOSTILE}`,
  buckets: [
    {
      path: 'Producer/Dataset',
      facts: [{ name: 'Name', value: 'dataset-111122223333-eu-west-1-an' }, { name: 'Account, Region', value: '111122223333, eu-west-1' }, { name: 'Key', value: 'Producer/Dataset/Key' }],
      guarantees: [
        { sentence: 'Requests over plain HTTP are denied.', verdict: 'holds' },
        { sentence: 'Requests from outside vpce-0abc123def4567890 are denied.', verdict: 'broken', detail: `${HOSTILE} calls s3:GetObject` },
        { sentence: 'Callers from outside o-exampleorgid are denied.', verdict: 'not decided', detail: 'a policy variable decides' },
      ],
      access: [
        { who: { kind: 'role', label: 'AppRole', name: 'arn:aws:iam::444455556666:role/AppRole' }, from: 'Account 444455556666, in o-exampleorgid', capability: 'list', example: EXAMPLE, statements: ['b1-s1'] },
        { who: { kind: 'role', label: 'AppRole', name: 'arn:aws:iam::444455556666:role/AppRole' }, from: 'Account 444455556666, in o-exampleorgid', capability: 'read', example: EXAMPLE, through: 'Producer/Team', statements: ['b1-s1', 'b1-s2'] },
        { who: { kind: 'role', label: 'AppRole', name: 'arn:aws:iam::444455556666:role/AppRole' }, from: 'Account 444455556666, in o-exampleorgid', capability: 'write', example: EXAMPLE, openBecause: 'the policies of the role are not in the templates', statements: ['b1-s1'] },
        { who: { kind: 'distribution', label: 'Site distribution with a long name', name: 'arn:aws:cloudfront::111122223333:distribution/E1EXAMPLE' }, from: "Account 111122223333, the bucket's own", capability: 'read', example: EXAMPLE, statements: ['b1-s2'] },
        { who: { kind: 'everyone', label: HOSTILE, name: HOSTILE }, from: HOSTILE, capability: 'administer', through: HOSTILE, example: HOSTILE, statements: ['b1-s2'] },
      ],
      statements: [
        { id: 'b1-s1', title: 'ShareRead', where: 'Producer/Dataset/Policy', limits: 'objects data/*; over vpce-0abc123def4567890', json: STATEMENT },
        { id: 'b1-s2', title: HOSTILE, where: HOSTILE, limits: HOSTILE, json: `{ "Sid": "${HOSTILE}" }` },
      ],
    },
    { path: `Producer/${HOSTILE}`, facts: [], guarantees: [], access: [], statements: [] },
  ],
  findings: [
    { rule: 'SecureBucket-RequireTls', path: 'Producer/Logs', problem: 'Violated: requests over plain HTTP must be denied.', remedy: 'Use RequireTls.', proof: HOSTILE, isDecided: true },
    { rule: 'SecureBucket-KeyPolicy', path: HOSTILE, problem: 'A part of the policy is not known.', remedy: HOSTILE, isDecided: false },
  ],
  acknowledged: [{ rule: 'SecureBucket-Versioning', path: 'Producer/Scratch', problem: 'The bucket keeps no versions.', reason: `Scratch data. ${HOSTILE}` }],
  assumptions: ['No service control policy denies what the policies here allow.', HOSTILE],
};
