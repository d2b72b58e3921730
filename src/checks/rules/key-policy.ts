import { nameOf } from './public-allow';
import { Inventory } from '../../access/inventory';
import { nobodyWhoCouldBeAnybody, onlyNamedDistributions } from '../../guarantees/grants';
import { onlyForNamedAccounts, onlyThroughS3 } from '../../guarantees/keys';
import { Statement } from '../../policy/document';
import { Guarantee } from '../../proof/guarantee';
import { keyRequests, Proof, ResourceFacts } from '../../proof/prove';
import { DeployedResource } from '../../template/deployment';
import { doubted, Finding, found, notDecided, Rule } from '../finding';

export const keyPolicy: Rule = {
  id: 'KeyPolicy',
  requirement: "The policy of a bucket's key admits other accounts only through S3, a service only for what it names, and not everybody.",
  reason: 'The key decides a second time who may read; open to more than the bucket is, it decides nothing.',
  severity: 'medium',
  severityReason: 'The key adds no second decision; the bucket policy still decides.',
  guide: '8.3',
  see: 'https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service',
  judgeBuckets: ({ inventory, keys }) => keys.flatMap((key) => judge(inventory, key)),
  judgeDeployment: (inventory) => inventory.deployedKeys.flatMap((key) => judge(inventory, key)),
};

interface Question {
  readonly guarantee: (statement: Statement, facts: ResourceFacts, denies: readonly Statement[]) => Guarantee;
  readonly problem: string;
  readonly remedy: string;
}

const QUESTIONS: readonly Question[] = [
  { guarantee: (statement, facts, denies) => nobodyWhoCouldBeAnybody(statement, denies, facts), problem: 'opens the key to anybody', remedy: 'Name the principals.' },
  { guarantee: (_, facts) => onlyThroughS3(facts), problem: 'lets another account use or administer the key outside of S3', remedy: "Confine it by 'kms:ViaService' to S3 of the Region." },
  {
    guarantee: onlyNamedDistributions,
    problem: 'lets any distribution use the key',
    remedy: "Serve it with OacDistribution, from a bucket with a 'bucketNamePrefix' or 'bucketName', or hold 'aws:SourceArn' to the ARN of the distribution by StringEquals.",
  },
  { guarantee: onlyForNamedAccounts, problem: 'lets a service use the key for any account', remedy: "Hold 'aws:SourceArn' or 'aws:SourceAccount' to what the service works for." },
];

/** What was proved of one statement of a key's policy. */
export interface KeyProof {
  readonly question: Question;
  readonly statement: Statement;
  readonly guarantee: Guarantee;
  readonly proof: Proof;
}

function judge(inventory: Inventory, key: DeployedResource): Finding[] {
  const unknown = inventory.policyOf(key, 'KeyPolicy')?.unknown;
  if (unknown !== undefined) {
    return [notDecided(key, `Whether the key's policy opens the key to those who should not have it is not decided: ${unknown}.`)];
  }
  return keyProofs(inventory, key).flatMap(({ question: { problem, remedy }, statement, proof }) => report(key, `The statement ${nameOf(statement)} of the key's policy ${problem}`, remedy, proof));
}

/** For each statement that allows something: whether it opens the key to those who should not have it. */
export function keyProofs(inventory: Inventory, key: DeployedResource): KeyProof[] {
  const document = inventory.policyOf(key, 'KeyPolicy');
  const facts = keyFacts(key);
  const allows = (document?.policy?.statements ?? []).filter(({ effect }) => effect === 'Allow');
  return allows.flatMap((statement) => QUESTIONS.map((question) => {
    const guarantee = question.guarantee(statement, facts, inventory.deniesOn(document!, facts));
    return { question, statement, guarantee, proof: orUnknownAccount(key, statement, inventory.proveAllow(statement, document!, guarantee, facts, keyRequests)) };
  }));
}

/** A key, as requests see it. */
export function keyFacts(key: DeployedResource): ResourceFacts {
  const arn = key.reference('Arn')!;
  return { arn, objects: arn, account: key.stack.account, partition: key.stack.partition };
}

/** Whoever is named in the policy of a key whose account is not known may be of that account. */
function orUnknownAccount({ stack }: DeployedResource, { principal }: Statement, proof: Proof): Proof {
  const isNamed = principal !== undefined && !principal.isInverted && !principal.members.some(({ isEveryone }) => isEveryone);
  return proof.verdict === 'broken' && proof.request.principal.kind === 'iam' && isNamed && !stack.hasKnownAccount
    ? { verdict: 'not-decided', reason: 'the account of the stack is not known before deployment' }
    : proof;
}

function report(key: DeployedResource, problem: string, remedy: string, proof: Proof): Finding[] {
  switch (proof.verdict) {
    case 'holds': return [];
    case 'broken': return [found(key, `${problem}.`, remedy, proof.counterexample)];
    case 'not-decided': return [doubted(key, `${problem}.`, proof.reason)];
  }
}
