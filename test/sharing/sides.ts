import { runSimulation } from '@cloud-copilot/iam-simulate';
import { App } from 'aws-cdk-lib';
import { identityPolicies } from '../../src/access/identity-policies';
import { Inventory } from '../../src/access/inventory';
import { synthesizedTemplates } from '../../src/checks/app-templates';
import { Deployment, DeployedResource } from '../../src/template/deployment';
import { deploymentOf } from '../../src/template/deployment-of';

export interface Document {
  readonly Version: string;
  readonly Statement: any[];
}

/** The policies that decide together about a consumer's request. */
export interface Sides {
  readonly identity: Document;
  readonly data: Document;
  readonly key: Document;
}

const NOTHING: Document = { Version: '2012-10-17', Statement: [] };

/** The policies of an app as they are deployed. */
export class DeployedApp {
  public readonly deployment: Deployment;

  constructor(app: App) {
    app.synth();
    this.deployment = deploymentOf(synthesizedTemplates(app));
  }

  public bucketPolicy(name: string): Document {
    return this.only('AWS::S3::BucketPolicy', (policy) => policy.property('Bucket') === name)?.property('PolicyDocument') ?? NOTHING;
  }

  public accessPointPolicy(name: string): Document {
    return this.only('AWS::S3::AccessPoint', (accessPoint) => accessPoint.property('Name') === name)?.property('Policy') ?? NOTHING;
  }

  public keyPolicy(path: string): Document {
    return this.only('AWS::KMS::Key', (key) => key.path.startsWith(path))!.property('KeyPolicy');
  }

  public keyArn(path: string): string {
    return this.only('AWS::KMS::Key', (key) => key.path.startsWith(path))!.reference('Arn')!;
  }

  /** All statements of a role's own policies. */
  public identity(roleArn: string): Document {
    const role = this.only('AWS::IAM::Role', (candidate) => candidate.reference('Arn') === roleArn)!;
    expect(identityPolicies(new Inventory(this.deployment), role).isComplete).toBe(true);
    const attached = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'].flatMap((type) => this.deployment.ofType(type)).filter((policy) => policy.property('Roles')?.includes(role.reference('Ref')));
    return { ...NOTHING, Statement: attached.flatMap((policy) => policy.property('PolicyDocument').Statement) };
  }

  private only(type: string, isWanted: (resource: DeployedResource) => boolean): DeployedResource | undefined {
    const [resource, ...others] = this.deployment.ofType(type).filter(isWanted);
    expect(others).toEqual([]);
    return resource;
  }
}

/** A call to S3, and who makes it. */
export interface Call {
  readonly roleArn: string;
  readonly action: string;
  readonly resource: string;
  readonly ownerAccountId: string;
  readonly context?: Record<string, string>;
}

/** What S3 asks of a key in the caller's name. */
export interface KeyCall {
  readonly roleArn: string;
  readonly actions: string[];
  readonly keyArn: string;
  readonly viaService: string;
  readonly encryptionContext: string;
}

const KEY_CALLS: Record<string, string[]> = {
  's3:GetObject': ['kms:Decrypt'],
  's3:GetObjectVersion': ['kms:Decrypt'],
  's3:PutObject': ['kms:GenerateDataKey', 'kms:Decrypt'], // the latter for parts
};

export function keyActionsFor(action: string): string[] {
  return KEY_CALLS[action] ?? [];
}

/** Whether the caller's policies and the policy of the data allow a call. The simulator is not ours. */
export function s3Allows({ identity, data }: Pick<Sides, 'identity' | 'data'>, call: Call): Promise<boolean> {
  const { roleArn, action, resource, ownerAccountId, context } = call;
  const signed = { 'aws:SecureTransport': 'true', 's3:TlsVersion': '1.3', 's3:authType': 'REST-HEADER', 's3:signatureversion': 'AWS4-HMAC-SHA256' };
  return simulate(roleArn, action, resource, ownerAccountId, { ...signed, ...context }, identity, data);
}

export async function keyAllows({ identity, key }: Pick<Sides, 'identity' | 'key'>, { roleArn, actions, keyArn, viaService, encryptionContext }: KeyCall): Promise<boolean> {
  const context = { 'kms:ViaService': viaService, [STAND_IN]: encryptionContext, 'kms:CallerAccount': roleArn.split(':')[4] };
  const verdicts = await Promise.all(actions.map((action) => simulate(roleArn, action, keyArn, keyArn.split(':')[4], context, forSimulator(identity), forSimulator(key))));
  return verdicts.every((allowed) => allowed);
}

// The simulator knows no encryption context: a key that it knows stands for it.
const STAND_IN = 'aws:PrincipalTag/encryption-context';

function forSimulator(document: Document): Document {
  return JSON.parse(JSON.stringify(document).replaceAll('kms:EncryptionContext:aws:s3:arn', STAND_IN));
}

async function simulate(
  roleArn: string, action: string, resource: string, accountId: string, context: Record<string, string>, identity: Document, policy: Document,
): Promise<boolean> {
  const [, partition, , , account, role] = roleArn.split(':');
  const simulation = await runSimulation({
    request: {
      principal: `arn:${partition}:sts::${account}:assumed-role/${role.split('/').at(-1)}/session`,
      action,
      resource: { resource, accountId },
      contextVariables: { 'aws:PrincipalArn': roleArn, 'aws:PrincipalAccount': account, 'aws:PrincipalIsAWSService': 'false', 'aws:PrincipalOrgID': 'o-exampleorgid', ...context },
    },
    identityPolicies: [{ name: 'own', policy: identity }],
    resourcePolicy: policy,
    serviceControlPolicies: [],
    resourceControlPolicies: [],
  }, {});
  if (simulation.resultType !== 'single') {
    throw new Error(`the simulator does not judge ${action} on ${resource}: ${JSON.stringify(simulation)}`);
  }
  const { ignoredContextKeys = [] } = simulation.result;
  if (ignoredContextKeys.some((key) => /kms:|s3:prefix|PrincipalTag/.test(key))) {
    throw new Error(`the simulator leaves ${ignoredContextKeys} out: it knows no such key for ${action}`);
  }
  return simulation.overallResult === 'Allowed';
}

/** The sides with one of them empty. */
export function without(side: keyof Sides, sides: Sides): Sides {
  return { ...sides, [side]: NOTHING };
}
