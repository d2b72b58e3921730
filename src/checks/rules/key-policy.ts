import { DeployedResource } from '../../access/deployment';
import { Inventory } from '../../access/inventory';
import { Statement } from '../../policy/document';
import { Guarantee, Proof } from '../../policy/prove';
import { ResourceFacts, valueIn } from '../../policy/space/facet';
import { keyRequests } from '../../policy/space/key-requests';
import { anybody } from '../anybody';
import { Finding, found, notDecided, Rule } from '../finding';

const CLOUDFRONT = 'cloudfront.amazonaws.com';
const DATA = ['kms:Decrypt', 'kms:GenerateDataKey'];

export const keyPolicy: Rule = {
  id: 'KeyPolicy',
  requirement: "The policy of a bucket's key admits other accounts only through S3, a service only for what it names, and not everybody.",
  reason: 'The key decides a second time who may read; open to more than the bucket is, it decides nothing.',
  guide: '8.3',
  see: 'https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service',
  judgeBuckets: ({ inventory, keys }) => keys.flatMap((key) => judge(inventory, key)),
};

interface Question {
  readonly guarantee: (statement: Statement, facts: ResourceFacts) => Guarantee;
  readonly problem: string;
  readonly remedy: string;
}

const QUESTIONS: readonly Question[] = [
  { guarantee: anybody, problem: 'opens the key to anybody', remedy: 'Name the principals.' },
  { guarantee: (_, facts) => onlyThroughServices(facts), problem: 'lets another account use the key outside of S3', remedy: "Confine it by 'kms:ViaService' to S3 of the Region." },
  { guarantee: (_, facts) => onlyNamedDistributions(facts), problem: 'lets any distribution use the key', remedy: "Hold 'aws:SourceArn' to the ARN of the distribution by StringEquals." },
];

function judge(inventory: Inventory, key: DeployedResource): Finding[] {
  const document = inventory.policyOf(key, 'KeyPolicy');
  const arn = key.reference('Arn')!;
  const facts: ResourceFacts = { arn, objects: arn, account: key.stack.account, partition: key.stack.partition };
  const allows = (document?.policy?.statements ?? []).filter(({ effect }) => effect === 'Allow');
  return allows.flatMap((statement) => QUESTIONS.flatMap(({ guarantee, problem, remedy }) => {
    const proof = orUnknownAccount(key, statement, inventory.proveAlone(statement, document!, guarantee(statement, facts), facts, keyRequests));
    return report(key, `The statement ${statement.sid ? `'${statement.sid}'` : statement.path} of the key's policy ${problem}`, remedy, proof);
  }));
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
    case 'not-decided': return [notDecided(key, `It is not decided whether this is so: ${problem}. For ${proof.reason}.`)];
  }
}

function onlyThroughServices({ account }: ResourceFacts): Guarantee {
  return {
    sentence: 'Principals of other accounts use the key through S3 only.',
    needsAllow: () => true,
    breaches: [{
      'caller': (choice) => choice.kind === 'iam' && valueIn(choice, 'aws:principalaccount') !== account,
      'operation': ({ action }) => DATA.includes(action!),
      'kms:viaservice': (choice) => !/^s3\./.test(valueIn(choice, 'kms:viaservice') ?? ''),
    }],
    mentions: { 'kms:viaservice': [] },
  };
}

/** A distribution that the policy does not name, of this account or of another. */
function onlyNamedDistributions({ account, partition }: ResourceFacts): Guarantee {
  const others = [account, '999988887777'].map((owner) => `arn:${partition}:cloudfront::${owner}:distribution/ENAMEDBYNOBODY`);
  return {
    sentence: 'Only distributions that the policy names use the key.',
    needsAllow: () => true,
    breaches: [{
      caller: (choice) => valueIn(choice, 'aws:principalservicename') === CLOUDFRONT && others.includes(valueIn(choice, 'aws:sourcearn') ?? ''),
      operation: ({ action }) => DATA.includes(action!),
    }],
    mentions: { 'aws:sourcearn': others.map((text) => ({ kind: 'arn', text } as const)), 'aws:sourceaccount': [{ kind: 'text', text: account }] },
  };
}
