import { DeployedResource } from '../../access/deployment';
import { Inventory } from '../../access/inventory';
import { Statement } from '../../policy/document';
import { Guarantee, Proof } from '../../policy/prove';
import { Choice, ResourceFacts, valueIn } from '../../policy/space/facet';
import { keyRequests } from '../../policy/space/key-requests';
import { anybody } from '../anybody';
import { Finding, found, notDecided, Rule } from '../finding';
import { namedSource, onlyNamedDistributions } from '../service-sources';

// What tells about a key and does nothing with it.
const DESCRIPTIONS = ['DescribeKey', 'GetKeyLastUsage', 'GetKeyPolicy', 'GetKeyRotationStatus', 'GetPublicKey', 'ListGrants', 'ListKeyPolicies', 'ListKeyRotations', 'ListResourceTags'];
const ENCRYPTION_CONTEXT = /^kms:encryptioncontext:/;

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
  { guarantee: (_, facts) => onlyThroughServices(facts), problem: 'lets another account use or administer the key outside of S3', remedy: "Confine it by 'kms:ViaService' to S3 of the Region." },
  {
    guarantee: onlyNamedDistributions,
    problem: 'lets any distribution use the key',
    remedy: "Serve it with OacDistribution, from a bucket with a 'bucketNamePrefix' or 'bucketName', or hold 'aws:SourceArn' to the ARN of the distribution by StringEquals.",
  },
  { guarantee: onlyForNamedAccounts, problem: 'lets a service use the key for any account', remedy: "Hold 'aws:SourceArn' or 'aws:SourceAccount' to what the service works for." },
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
      'operation': ({ action }) => !DESCRIPTIONS.includes(action!.slice('kms:'.length)),
      'kms:viaservice': (choice) => !/^s3\./.test(valueIn(choice, 'kms:viaservice') ?? ''),
    }],
    mentions: { 'kms:viaservice': [] },
  };
}

/** Services whose use a statement does not tie to anything: an account, a resource, or what the encryption is for. */
function onlyForNamedAccounts(statement: Statement, facts: ResourceFacts): Guarantee {
  const contexts = statement.conditions.map(({ key }) => key).filter((key) => ENCRYPTION_CONTEXT.test(key) || key === 'kms:viaservice');
  const { isUnnamed, mentions } = namedSource(statement, facts);
  return {
    sentence: 'No AWS service uses the key for an account that the policy does not mention.',
    needsAllow: () => true,
    breaches: [{
      caller: isUnnamed,
      operation: ({ action }) => !DESCRIPTIONS.includes(action!.slice('kms:'.length)),
      ...Object.fromEntries(contexts.map((key) => [key, ({ kind }: Choice) => kind === 'absent'])),
    }],
    mentions,
  };
}
