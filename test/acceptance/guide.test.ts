import { readFileSync } from 'fs';
import { resolve } from 'path';
import { judge } from '../../src/checks/judge';
import { deploymentOf } from '../../src/template/deployment-of';

const PAGE = readFileSync(resolve(__dirname, '../../docs/proofs.md'), 'utf8');
const [, policy] = /```json\n([^]*?)```/.exec(PAGE)!;
const [, proofs] = /```text\n([^]*?)```/.exec(PAGE)!;

test("the guide's combined deny is refuted, as docs/proofs.md shows", () => {
  const resource = { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: 'amzn-s3-demo-bucket', PolicyDocument: JSON.parse(policy) } };
  const deployment = deploymentOf([{ name: 'Producer', account: '111122223333', region: 'us-east-1', template: { Resources: { BucketPolicy: resource } } }]);
  const lines = judge(deployment)
    .filter(({ rule }) => /Perimeter$/.test(rule.id))
    .flatMap(({ rule, problem, proof }) => [`SecureBucket-${rule.id}: ${problem}`, `  ${proof}`]);
  expect(`${lines.join('\n')}\n`).toBe(proofs);
});
