import { Inventory } from '../../access/inventory';
import { nobodyWhoCouldBeAnybody } from '../../guarantees/grants';
import { couldBe } from '../../policy/could-be';
import { Statement } from '../../policy/document';
import { isPublic, whyPublic } from '../../policy/public-allow';
import { Proof, ResourceFacts } from '../../proof/prove';
import { DeployedPolicy } from '../../template/deployed-policy';
import { Finding, found, notDecided, Rule } from '../finding';

const REMEDY = 'Name the principals, or hold the caller to fixed values: an organization, an account, an endpoint. Serve public content through CloudFront with origin access control (OacDistribution).';

/** Denies of the same policy count: what they stop is not public. Whether Block Public Access calls the policy public is another question. */
export const publicAllow: Rule = {
  id: 'PublicAllow',
  requirement: 'No statement grants public access.',
  reason: 'An Allow to everyone, in whatever disguise, publishes the data.',
  severity: 'high',
  severityReason: 'Anybody can read, write or administer what the statement allows now.',
  guide: '10',
  see: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status',
  judgeBuckets: ({ inventory, buckets }) => buckets.flatMap(({ policies, facts }) => policies.flatMap((document) => judge(inventory, document, facts))),
  judgeDeployment: (inventory) => [...accessPoints(inventory), ...otherPolicies(inventory)],
};

function accessPoints(inventory: Inventory): Finding[] {
  return inventory.accessPoints.flatMap(({ resource, facts }) => {
    const document = inventory.policyOf(resource, 'Policy');
    return document ? judge(inventory, document, facts) : [];
  });
}

/** Policies of S3 about whose requests nothing is proved: their statements are read one by one. */
const OTHER_POLICIES: readonly (readonly [type: string, property: string])[] = [
  ['AWS::S3::MultiRegionAccessPointPolicy', 'Policy'],
  ['AWS::S3ObjectLambda::AccessPointPolicy', 'PolicyDocument'],
  ['AWS::S3Express::BucketPolicy', 'PolicyDocument'],
  ['AWS::S3Express::AccessPoint', 'Policy'],
  ['AWS::S3Outposts::BucketPolicy', 'PolicyDocument'],
  ['AWS::S3Outposts::AccessPoint', 'Policy'],
  ['AWS::S3Tables::TableBucketPolicy', 'ResourcePolicy'],
  ['AWS::S3Tables::TablePolicy', 'ResourcePolicy'],
];

function otherPolicies(inventory: Inventory): Finding[] {
  return OTHER_POLICIES.flatMap(([type, property]) => inventory.deployment.ofType(type).flatMap((resource) => {
    const document = inventory.policyOf(resource, property);
    return document ? judgeByStatements(document) : [];
  }));
}

/** Denies of the same policy may hold everybody off; that is not looked at. */
function judgeByStatements(document: DeployedPolicy): Finding[] {
  const { resource, policy, unknown } = document;
  if (unknown !== undefined) {
    return [notDecided(resource, `Whether the policy gives access to anybody is not decided: ${unknown}.`)];
  }
  const statements = policy?.statements ?? [];
  const mayBeHeldOff = statements.some(({ effect }) => effect === 'Deny');
  return statements.filter(({ effect }) => effect === 'Allow').flatMap((statement) => {
    const truth = isPublic(JSON.parse(document.textOf(statement)));
    const name = nameOf(statement);
    return truth === false ? [] : truth && !mayBeHeldOff ? [found(resource, `The statement ${name} gives access to anybody.`, REMEDY)]
      : [notDecided(resource, `Whether the statement ${name} gives access to anybody is not decided: it depends on ${truth ? 'denies of the same policy, which are not looked at' : 'values that are not known before deployment'}.`, REMEDY)];
  });
}

function judge(inventory: Inventory, document: DeployedPolicy, facts: ResourceFacts): Finding[] {
  const { resource, unknown } = document;
  if (unknown !== undefined) {
    return [notDecided(resource, `Whether the policy gives access to anybody is not decided: ${unknown}.`)];
  }
  return publicProofs(inventory, document, facts).flatMap(({ statement, proof, heldByDeniesAlone }) => {
    const name = nameOf(statement);
    if (heldByDeniesAlone !== undefined) {
      return [found(resource, `The statement ${name} is for everyone, and only denies say for whom it is not: S3 may count it as public and refuse the policy where Block Public Access is on.`, REMEDY, heldByDeniesAlone)];
    }
    switch (proof.verdict) {
      case 'holds': return meantForAnybody(statement).map((text) => found(resource, `The statement ${name} is for '${text}': if that is accepted at all, it is anybody.`, REMEDY));
      case 'broken': return [found(resource, `The statement ${name} gives access to anybody.`, REMEDY, proof.counterexample)];
      case 'not-decided': return [notDecided(resource, `Whether the statement ${name} gives access to anybody is not decided: ${proof.reason}.`)];
    }
  });
}

/** Principals that no account accepts and that can only be meant as everybody. */
function meantForAnybody({ principal }: Statement): string[] {
  return (principal?.members ?? []).filter(({ text, isEveryone }) => !isEveryone && /^\*$|^arn:[^:]*:(?:iam|sts)::\*?:/.test(text)).map(({ text }) => text);
}

/** What is proved of one statement that allows something. */
export interface PublicProof {
  readonly statement: Statement;
  readonly proof: Proof;

  /** A request of somebody whom the statement itself does not hold to anything, if it is denies alone that hold callers to something. */
  readonly heldByDeniesAlone?: string;
}

/** For each statement that allows something: whether it allows nobody who could be anybody. */
export function publicProofs(inventory: Inventory, document: DeployedPolicy, facts: ResourceFacts): PublicProof[] {
  const allows = (document.policy?.statements ?? []).filter(({ effect }) => effect === 'Allow');
  return allows.map((statement) => {
    const proofBeside = (denies: readonly Statement[]) => inventory.proveAllow(statement, document, nobodyWhoCouldBeAnybody(statement, denies, facts), facts);
    const proof = orNamed(statement, proofBeside(inventory.deniesOn(document, facts)));
    const why = proof.verdict === 'holds' && facts.networkOrigin !== 'VPC' ? whyPublic(JSON.parse(document.textOf(statement))) : undefined;
    if (why === undefined) {
      return { statement, proof };
    }
    const byItself = proofBeside([]);
    const reason = `${why}: S3 may count it as public and refuse the policy where Block Public Access is on, whatever else limits it`;
    return { statement, proof: { verdict: 'not-decided', reason }, heldByDeniesAlone: byItself.verdict === 'broken' ? byItself.counterexample : undefined };
  });
}

/** Whether a statement allows anybody what it allows: then there is no need to say whom else it lets in. */
export function isForAnybody(inventory: Inventory, document: DeployedPolicy, facts: ResourceFacts, statement: Statement): boolean {
  return publicProofs(inventory, document, facts).some((one) => one.statement === statement && one.proof.verdict === 'broken');
}

/** A principal that is named is one caller or one account, also where its name is not known: a role from a parameter, a canonical user (one account or origin access identity). */
function orNamed({ principal }: Statement, proof: Proof): Proof {
  const isNamed = principal !== undefined && !principal.isInverted
    && principal.members.every(({ kind, text, isEveryone }) => kind === 'CanonicalUser' || (kind === 'AWS' && !isEveryone && !couldBe(text, '*')));
  return isNamed && proof.verdict === 'not-decided' ? { verdict: 'holds' } : proof;
}

export function nameOf({ sid, path }: Statement): string {
  return sid ? `'${sid}'` : path;
}
