import { CfnResource, IAspect } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { IConstruct, IMixin } from 'constructs';
import { BucketPolicies } from './bucket-policies';
import { PerimeterExemption } from './exemptions/perimeter-exemption';
import { GuardedBucket } from './guarded-bucket';
import { isImportedBucket, resourceBehind, statementsByHand } from './imported-bucket';
import { Control, ControlPolicy } from './organization-control';
import { isRaw, rawResource } from './raw-resource';
import { GuardrailProps, UnenforceableBehavior } from './unenforceable-behavior';
import { warnOfStages } from './unreached-stages';
import { Guarantee } from '../proof/guarantee';
import { Refusal, refusal } from '../refusal';
import { isAcknowledged, warn, warningId } from '../warning';

/**
 * The texts that a value stands for once it is deployed.
 *
 * @internal
 */
export type TextsOf = (value: unknown) => string[];

/**
 * Why a requirement cannot be enforced on a bucket.
 *
 * @internal
 */
export interface Obstacle extends Refusal {
  /** Whether a part of it can: what the guardrail's statements deny. */
  readonly isPartial?: boolean;

  /** The statements that somebody has to add by hand, in lines of their own. */
  readonly statements?: string;
}

/**
 * One requirement that a bucket policy enforces for every caller, by denying all requests that break it.
 *
 * Apply it with `bucket.with(new RequireTls())`, to a `SecureBucket`, an `s3.Bucket`, a `CfnBucket` or a
 * `CfnBucketPolicy`; to all that exist below a scope with `Mixins.of(scope).apply(new RequireTls())`; to all that ever
 * will with `Aspects.of(scope).add(new RequireTls())`.
 * What is enforced already is not enforced again; two guardrails that differ are both enforced.
 *
 * A bucket on which it cannot be enforced is left as it is, with a warning under the id of the guardrail and `NotEnforced`, such as
 * `cdk-secure-bucket:requireTlsNotEnforced`; see `UnenforceableBehavior`. An imported bucket gets the warning with the statements to add.
 *
 * As an aspect, it leaves out what acknowledges its id on purpose: `Validations.of(bucket).acknowledge({ id: 'cdk-secure-bucket:requireTls', reason: '…' })`.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html
 */
export abstract class Guardrail implements IMixin, IAspect {
  /** The name of the requirement, such as `RequireTls`. */
  public abstract readonly name: string;

  /** The requirement in one sentence, for reports. */
  public abstract readonly requirement: string;

  private readonly unenforceableBehavior: UnenforceableBehavior;
  private pass?: { readonly root: IConstruct; readonly policies: BucketPolicies };

  /** Called by the guardrails of this package. */
  protected constructor(props: GuardrailProps = {}) {
    this.unenforceableBehavior = props.unenforceableBehavior ?? UnenforceableBehavior.WARN;
  }

  /** Buckets, imported ones too, and bucket policies. */
  public supports(construct: IConstruct): boolean {
    return isMade(construct) || isRaw(construct) || isImportedBucket(construct) || resourceBehind(construct) !== undefined;
  }

  /**
   * Writes the guardrail's statements into the bucket's policy, which is made if there is none.
   *
   * @throws ValidationError if the guardrail cannot be enforced on this bucket and `unenforceableBehavior` is `ERROR`
   */
  public applyTo(construct: IConstruct): void {
    const made = resourceBehind(construct) ?? construct;
    if (isImportedBucket(made)) {
      this.applyToImported(made, BucketPolicies.around(made));
    } else if (isRaw(made)) {
      this.report(made, rawResource(made as CfnResource));
    } else if (isMade(made)) {
      this.enforceOn(GuardedBucket.of(made));
    }
  }

  /**
   * Applies the guardrail as an aspect: to a bucket, once. A policy whose bucket is in the app is left to its bucket. What acknowledges
   * the id of the guardrail is left out.
   *
   * @throws ValidationError if the guardrail cannot be enforced on this bucket and `unenforceableBehavior` is `ERROR`
   */
  public visit(node: IConstruct): void {
    warnOfStages(node, { name: this.name, id: this.id, warningName: this.warningName, concerns: (bucket) => this._concerns(bucket) });
    if (!this.supports(node) || isAcknowledged(node, this.id)) {
      return;
    }
    if (isRaw(node)) {
      this.report(node, rawResource(node as CfnResource));
      return;
    }
    const policies = this.policiesInPass(node);
    if (s3.CfnBucket.isCfnBucket(node) || (s3.CfnBucketPolicy.isCfnBucketPolicy(node) && !policies.bucketCalled(node, node.bucket))) {
      this.enforceOn(GuardedBucket.of(node), policies);
    } else if (isImportedBucket(node) && !policies.bucketCalled(node, node.bucketName) && policies.forName(node, node.bucketName).length === 0) {
      this.handOver(node);
    }
  }

  /**
   * The deny statements that enforce the requirement on a bucket, as far as it can be enforced there.
   *
   * @internal
   */
  public abstract _statements(bucket: GuardedBucket): iam.PolicyStatementProps[];

  /**
   * Why the requirement cannot be enforced on a bucket, or only in part; nothing if it can.
   *
   * @internal
   */
  public _obstacle(_bucket: GuardedBucket): Obstacle | undefined {
    return undefined;
  }

  /**
   * Whether the guardrail says anything about a bucket.
   *
   * @internal
   */
  public _concerns(_bucket: GuardedBucket): boolean {
    return true;
  }

  /**
   * What is true of every request that a bucket with this guardrail lets through: what the statements are for.
   *
   * @param textsOf the texts that a value, or a list of values, stands for once it is deployed
   * @internal
   */
  public abstract _guarantees(bucket: GuardedBucket, textsOf: TextsOf): Guarantee[];

  /**
   * What a policy of an organization denies for the requirement, in all accounts that it binds; or why it cannot hold the requirement.
   *
   * @internal
   */
  public abstract _controls(policy: ControlPolicy): Control[] | Refusal;

  /**
   * Whom the guardrail lets through although they do not meet the requirement.
   *
   * @internal
   */
  public _exemptions(_bucket: GuardedBucket): PerimeterExemption[] {
    return [];
  }

  /**
   * The ids of the organizations whose principals are inside.
   *
   * @internal
   */
  public _organizationIds(): readonly string[] {
    return [];
  }

  /**
   * Whether the statements depend on the deliveries that a bucket spares.
   *
   * @internal
   */
  public _sparesDeliveries(): boolean {
    return false;
  }

  /**
   * What is wrong with the bucket or the app around it, once the app is complete.
   *
   * @internal
   */
  public _problems(_bucket: GuardedBucket): string[] {
    return [];
  }

  private get idName(): string {
    return this.name[0].toLowerCase() + this.name.slice(1);
  }

  private get id(): string {
    return warningId(this.idName);
  }

  private get warningName(): string {
    return `${this.idName}NotEnforced`;
  }

  private enforceOn(bucket: GuardedBucket, policies?: BucketPolicies): void {
    if (!this._concerns(bucket) || bucket.guardrails.includes(this)) {
      return;
    }
    const obstacle = this._obstacle(bucket);
    const unwritable = isTotal(obstacle) ? undefined : bucket.unwritable(this._statements(bucket), policies);
    if (!isTotal(obstacle) && !unwritable) {
      bucket.enforce(this);
    }
    if (unwritable ?? obstacle) {
      this.report(bucket.site, (unwritable ?? obstacle)!);
    }
  }

  /** An imported name may mean a bucket of the app, or one for which the app writes a policy. */
  private applyToImported(bucket: s3.BucketBase, policies: BucketPolicies): void {
    const guarded = policies.bucketCalled(bucket, bucket.bucketName) ?? policies.forName(bucket, bucket.bucketName)[0]?.resource;
    if (guarded) {
      this.enforceOn(GuardedBucket.of(guarded), policies);
    } else {
      this.handOver(bucket);
    }
  }

  private handOver(bucket: s3.BucketBase): void {
    const guarded = GuardedBucket.of(bucket);
    const obstacle = this._obstacle(guarded);
    this.report(bucket, {
      problem: `the bucket is imported, and its policy is not this app's to write.${obstacle ? ` Besides, ${obstacle.problem}` : ''}`,
      remedy: [
        ...(obstacle ? [obstacle.remedy] : []),
        ...(isTotal(obstacle) ? [] : ['Add the statements below to the policy of the bucket.']),
      ].join(' '),
      statements: isTotal(obstacle) ? undefined : statementsByHand(bucket, this._statements(guarded)),
    });
  }

  private report(site: IConstruct, obstacle: Obstacle): void {
    const { remedy, statements = '' } = obstacle;
    const problem = `${this.name} ${isTotal(obstacle) ? 'is not enforced' : 'is enforced in part only'}: ${obstacle.problem}`;
    if (this.unenforceableBehavior === UnenforceableBehavior.ERROR) {
      throw refusal(site, 'UnenforceableGuardrail', { problem, remedy: `${remedy}${statements}` });
    }
    if (!isAcknowledged(site, this.id)) {
      warn(site, this.warningName, `${problem} ${remedy} To accept it as it is, acknowledge '${warningId(this.warningName)}' with a reason.${statements}`);
    }
  }

  /** The policies of the app, looked up once while an aspect visits it. */
  private policiesInPass(node: IConstruct): BucketPolicies {
    if (this.pass === undefined || node === this.pass.root || !this.pass.policies.knows(node)) {
      this.pass = { root: node, policies: BucketPolicies.around(node) };
    }
    return this.pass.policies;
  }
}

/** Whether an obstacle leaves nothing to enforce. */
function isTotal(obstacle?: Obstacle): boolean {
  return obstacle !== undefined && !obstacle.isPartial;
}

/** Whether a construct is a bucket or a bucket policy that the app makes. */
function isMade(construct: IConstruct): construct is s3.CfnBucket | s3.CfnBucketPolicy {
  return !isRaw(construct) && (s3.CfnBucket.isCfnBucket(construct) || s3.CfnBucketPolicy.isCfnBucketPolicy(construct));
}
