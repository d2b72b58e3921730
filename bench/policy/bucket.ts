import { App, Duration, Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { SecureBucket } from '../../src';
import { Inventory } from '../../src/access/inventory';
import { synthesizedTemplates } from '../../src/checks/app-templates';
import { GuardedBucket } from '../../src/guardrails/guarded-bucket';
import { Policy } from '../../src/policy/document';
import { Guarantee } from '../../src/proof/guarantee';
import { ResourceFacts } from '../../src/proof/prove';
import { deploymentOf } from '../../src/template/deployment-of';
import { resolveValue } from '../../src/template/intrinsics';

/** A bucket with every guardrail, as a deployment would leave it. */
export interface MeasuredBucket {
  readonly policy: Policy;
  readonly document: any;
  readonly facts: ResourceFacts;

  /** What its guardrails guarantee, by the guardrail's name. */
  readonly guarantees: readonly { readonly guardrail: string; readonly guarantee: Guarantee }[];
}

/** Synthesizes a SecureBucket with every guardrail, and reads its policy from the template. */
export function measuredBucket(outdir: string): MeasuredBucket {
  const app = new App({ outdir });
  const stack = new Stack(app, 'Storage', { env: { account: '111122223333', region: 'us-east-1' } });
  const bucket = new SecureBucket(stack, 'Data', {
    network: { vpcEndpointIds: ['vpce-0abc123def4567890', 'vpce-0abc123def4567891'], ipRanges: ['203.0.113.0/24'] },
    organization: { organizationIds: ['o-exampleorgid'], trustedAccounts: ['444455556666'] },
    presignedUrlMaxAge: Duration.minutes(15),
  });
  app.synth();
  const inventory = new Inventory(deploymentOf(synthesizedTemplates(app)));
  const deployed = inventory.deployment.stack(stack.node.path)!;
  const textsOf = (value: unknown) => [resolveValue(stack.resolve(value), deployed) ?? []].flat().map(String);
  const { policies: [document], facts } = inventory.bucketNamed(textsOf(bucket.bucketArn)[0])!;
  const guarded = GuardedBucket.of(bucket.node.defaultChild as IConstruct);
  const guarantees = guarded.guardrails.flatMap((guardrail) =>
    guardrail._guarantees(guarded, textsOf).map((guarantee) => ({ guardrail: guardrail.constructor.name, guarantee })));
  return { policy: document.policy!, document: JSON.parse(document.text), facts, guarantees };
}
