import { Reference, Stack, Token, Tokenization } from 'aws-cdk-lib';
import * as cloudtrail from 'aws-cdk-lib/aws-cloudtrail';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Construct, IConstruct } from 'constructs';
import { DeliverySource } from './deliveries/delivery-source';
import { keyBehindAlias } from './encryption-key';
import { refuseOtherStatement } from './private-bucket';
import { SecureBucket, SecureBucketProps } from './secure-bucket';
import { resolvedNames } from '../guardrails/bucket-names';
import { BucketPolicies } from '../guardrails/bucket-policies';
import { deployedAtTimes, deployedResource, displaced, hasOverrides, REMOVE_CHANGE } from '../guardrails/deployed-resource';
import { problemsOf } from '../guardrails/known-values';
import { canonical } from '../guardrails/template-values';
import { ACCOUNT_ID, IdentifierForm, malformed, ORGANIZATION_ID, REGION } from '../policy/identifiers';
import { OBJECT, PropType, refuseOtherThan, required, soundProps, TEXT, wrongProps } from '../prop-types';
import { pathOf, Refusal, refuseAll, sentenceOf } from '../refusal';

const CLOUDTRAIL = 'cloudtrail.amazonaws.com';

/** Properties of `TrailLogBucket`. */
export interface TrailLogBucketProps extends SecureBucketProps {
  /**
   * The name of the trail that delivers here. It must be known before the trail exists, because the policies of the bucket and of its key name the trail.
   */
  readonly trailName: string;

  /**
   * The Region in which the trail is made, its home Region.
   *
   * @default - the Region of the bucket
   */
  readonly trailRegion?: string;

  /**
   * The account in which the trail is made. For the trail of an organization it is the management account, also where a delegated administrator makes it.
   *
   * @default - the account of the bucket
   */
  readonly trailAccount?: string;

  /**
   * The id of the organization whose accounts the trail records, such as `o-exampleorgid`.
   *
   * @default - the trail records its own account
   */
  readonly trailOrganizationId?: string;

  /**
   * The beginning of the keys of all log files, without a slash at its end.
   *
   * @default - none
   */
  readonly s3KeyPrefix?: string;
}

const TRAIL_PROPS = { trailName: required(TEXT), trailRegion: TEXT, trailAccount: TEXT, trailOrganizationId: TEXT, s3KeyPrefix: TEXT };

const A_NAME: PropType = { what: 'a text that is not empty', holds: (value) => typeof value === 'string' && value !== '' };

/** What `addTrail` decides: the other properties of a trail are yours. */
const DECIDED = ['bucket', 'trailName', 'encryptionKey', 's3KeyPrefix', 'isOrganizationTrail', 'orgId'] as const;

/**
 * A `SecureBucket` to which one trail of CloudTrail may deliver, and nothing else: the policies of the bucket and of its key are confined to the
 * ARN of this trail. The trail encrypts with the bucket's key; only its digest files, of which AWS documents it in two ways, may ask for SSE-S3:
 * the upload guardrail spares CloudTrail in that, for this trail, and says so in its guarantee.
 *
 * ```ts
 * const logs = new TrailLogBucket(this, 'Logs', { trailName: 'audit' });
 * logs.addTrail('Trail');
 * ```
 *
 * `new cloudtrail.Trail(this, 'Trail', { bucket: logs, trailName: logs.trailName, encryptionKey: logs.encryptionKey })` does the same. What the CDK's `Trail`
 * writes into a bucket's policy is left out: it is not confined to a trail, and what the bucket wrote is enough.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
 */
export class TrailLogBucket extends SecureBucket {
  /** The name of the trail. */
  public readonly trailName: string;

  /** The ARN of the trail. */
  public readonly trailArn: string;

  private readonly trail: TrailLogBucketProps;
  /** The trails that `addTrail` has made, and whether their log files are validated. */
  private readonly made = new Map<cloudtrail.CfnTrail, unknown>();

  /** @throws ValidationError if a prop would weaken the bucket, or the trail cannot have its name */
  constructor(scope: Construct, id: string, props: TrailLogBucketProps) {
    refuseAll(scope, 'UnusableTrail', [...wrongProps(props, TRAIL_PROPS), ...unusableTrail(soundProps(props, TRAIL_PROPS))], pathOf(scope, id));
    super(scope, id, props);
    const { trailName, trailRegion: region = this.stack.region, trailAccount: account = this.stack.account, trailOrganizationId: organizationId, s3KeyPrefix } = props;
    const prefix = s3KeyPrefix === undefined ? undefined : Token.asString(s3KeyPrefix);
    this.trail = props;
    this.trailName = trailName;
    this.trailArn = this.stack.formatArn({ service: 'cloudtrail', region, account, resource: 'trail', resourceName: trailName });
    this.allowDelivery(DeliverySource.cloudTrail({ trailNames: [trailName], sourceRegions: [region], sourceAccounts: [account], organizationId, prefix }));
    const problems = () => [...this.trailsOfApp().flatMap((trail) => this.mismatches(trail)), ...this.weakenedTrails()];
    this.node.addValidation({ validate: () => problems().map((problem) => sentenceOf(this.node.path, problem)) });
  }

  /**
   * Makes the trail that delivers here: with its name, the bucket's key, and log file validation.
   *
   * @param props all but what the bucket decides: name, bucket, key, prefix and organization
   * @throws ValidationError if a prop is the bucket's to decide, or the trail is made already
   */
  public addTrail(id: string, props: cloudtrail.TrailProps = {}): cloudtrail.Trail {
    refuseOtherThan(this, required(A_NAME), id, "'id' of the trail");
    refuseOtherThan(this, required(OBJECT), props, 'what the trail is made with');
    refuseAll(this, 'DecidedByBucket', DECIDED.filter((prop) => props[prop] !== undefined).map((prop) => ({
      problem: `'${prop}' of the trail is decided by the bucket.`, remedy: 'Leave it out, and set it on the TrailLogBucket.',
    })));
    refuseAll(this, 'SecondTrail', this.made.size === 0 ? [] : [{
      problem: `the trail '${this.trailName}' is made already, and no two trails of a Region have the same name.`, remedy: 'Make one TrailLogBucket for each trail.',
    }]);
    const { trailOrganizationId, s3KeyPrefix } = this.trail;
    const trail = new cloudtrail.Trail(this, id, {
      ...props,
      bucket: this,
      trailName: this.trailName,
      encryptionKey: keyBehindAlias(this.encryptionKey) ?? this.encryptionKey,
      s3KeyPrefix,
      ...(trailOrganizationId === undefined ? {} : { isOrganizationTrail: true, orgId: trailOrganizationId }),
    });
    const resource = trail.node.defaultChild as cloudtrail.CfnTrail;
    this.made.set(resource, resource.enableLogFileValidation);
    return trail;
  }

  /**
   * Adds a statement to the bucket's policy. Statements for CloudTrail that name no trail are left out: the trail is allowed what it needs.
   *
   * @throws ValidationError if the statement would give access to everyone, or is none
   */
  public addToResourcePolicy(permission: iam.PolicyStatement): iam.AddToResourcePolicyResult {
    refuseOtherStatement(this, permission);
    return isWrittenByTrail(permission) ? { statementAdded: true, policyDependable: this.policy } : super.addToResourcePolicy(permission);
  }

  /** The trails of the app that are told to deliver here. */
  private trailsOfApp(): cloudtrail.CfnTrail[] {
    const written = BucketPolicies.whenComplete(this)();
    return this.node.root.node.findAll().filter(isTrail).filter((trail) => written.bucketCalled(trail, destinationOf(trail)) === this._cfnBucket);
  }

  /** What an override, an aspect or an assignment has changed of the trails that were made by `addTrail`. */
  private weakenedTrails(): Refusal[] {
    const delivering = this.trailsOfApp();
    return [...this.made].flatMap(([trail, isToBeValidated]) => {
      const deployed = deployedResource(trail);
      const { IsLogging: isLogging, EnableLogFileValidation: isValidated } = deployed.Properties;
      const problem = displaced(trail, cloudtrail.CfnTrail.CFN_RESOURCE_TYPE_NAME, deployed) ?? deployedAtTimes(trail, deployed, { what: 'bucket', condition: () => deployedResource(this._cfnBucket).Condition });
      const path = trail.node.scope!.node.path;
      return problem ? [problem] : [
        ...(delivering.includes(trail) ? [] : [{ problem: `the trail '${path}' does not deliver here any more.`, remedy: REMOVE_CHANGE }]),
        ...(isLogging === true ? [] : [{ problem: `the trail '${path}' does not log in the synthesized template.`, remedy: REMOVE_CHANGE }]),
        ...(isValidated === isToBeValidated ? [] : [{ problem: `the log files of the trail '${path}' are not validated in the synthesized template.`, remedy: REMOVE_CHANGE }]),
      ];
    });
  }

  /** Why a trail of the app that is told to deliver here could not. */
  private mismatches(trail: cloudtrail.CfnTrail): Refusal[] {
    const key = keyBehindAlias(this.encryptionKey) ?? this.encryptionKey!;
    const { trailOrganizationId, s3KeyPrefix } = this.trail;
    const stack = Stack.of(trail);
    const path = trail.node.scope!.node.path;
    const { TrailName: name, KMSKeyId: keyId, S3KeyPrefix: prefix, IsOrganizationTrail: isOfOrganization } = asDeployed(trail);
    const isNamed = stack.resolve(name) === stack.resolve(this.trailName);
    const hasKey = isSameText(keyId, key.keyArn) || (key.node.defaultChild !== undefined && refersTo(keyId, key.node.defaultChild))
      || (hasOverrides(trail) && namesOf(key).some((written) => canonical(stack.resolve(written)) === canonical(keyId)));
    return [
      ...(isNamed ? [] : [{ problem: `the trail '${path}' is not called '${this.trailName}', for which alone the policies of the bucket are.`, remedy: "Set its 'trailName' to that of the bucket." }]),
      ...(hasKey ? [] : [{ problem: `the trail '${path}' does not encrypt with the key of the bucket.`, remedy: "Pass 'encryptionKey: bucket.encryptionKey', or make the trail with 'addTrail'." }]),
      ...((prefix ?? '') === (s3KeyPrefix ?? '') ? [] : [{ problem: `the trail '${path}' writes under another prefix than the bucket's 's3KeyPrefix'.`, remedy: 'Give both the same.' }]),
      ...(isOfOrganization === true && trailOrganizationId === undefined ? [{
        problem: `the trail '${path}' is one of an organization, and the bucket takes logs of one account.`, remedy: "Set 'trailOrganizationId' of the bucket.",
      }] : []),
    ];
  }
}

/** @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-trail-naming-requirements.html */
function unusableTrail({ trailName, trailRegion, trailAccount, trailOrganizationId, s3KeyPrefix }: TrailLogBucketProps): Refusal[] {
  const isUsable = Token.isUnresolved(trailName) || (/^(?=.{3,128}$)[A-Za-z0-9](?:[._-]?[A-Za-z0-9])*$/.test(trailName) && !/^\d+\.\d+\.\d+\.\d+$/.test(trailName));
  const identifiers: [prop: string, value: string | undefined, form: IdentifierForm][] = [
    ['trailRegion', trailRegion, REGION], ['trailAccount', trailAccount, ACCOUNT_ID], ['trailOrganizationId', trailOrganizationId, ORGANIZATION_ID],
  ];
  return [
    ...identifiers.flatMap(([prop, value, form]) => problemsOf(value === undefined ? [] : [value], (text) => malformed(text, form)).map((problem) => ({
      problem: `'${prop}': ${problem}`, remedy: 'Correct it: as it stands, nothing is delivered.',
    }))),
    ...(isUsable ? [] : [{ problem: `'trailName' is '${trailName}', which no trail can be called.`, remedy: 'Use 3 to 128 letters, digits and single periods, underscores or dashes between them.' }]),
    ...(typeof s3KeyPrefix === 'string' && s3KeyPrefix.endsWith('/') ? [{ problem: `'s3KeyPrefix' is '${s3KeyPrefix}'.`, remedy: 'Leave the slash at its end out: CloudTrail adds it.' }] : []),
  ];
}

function isWrittenByTrail({ effect, principals, conditions }: iam.PolicyStatement): boolean {
  const isForTrails = effect === iam.Effect.ALLOW && principals.length === 1 && principals[0] instanceof iam.ServicePrincipal && principals[0].service === CLOUDTRAIL;
  return isForTrails && !Object.values(conditions).some((tests) => Object.keys(tests as object).includes('aws:SourceArn'));
}

function isTrail(construct: IConstruct): construct is cloudtrail.CfnTrail {
  return (construct as Partial<cloudtrail.CfnTrail>).cfnResourceType === cloudtrail.CfnTrail.CFN_RESOURCE_TYPE_NAME && construct instanceof cloudtrail.CfnTrail;
}

/** The bucket of a trail, as `BucketPolicies` takes names. */
function destinationOf(trail: cloudtrail.CfnTrail): string {
  return hasOverrides(trail) ? deployedResource(trail, resolvedNames).Properties.S3BucketName : trail.s3BucketName;
}

/** The properties of a trail under their names in the template; resolved where overrides have changed them. */
function asDeployed(trail: cloudtrail.CfnTrail): Record<string, any> {
  const { trailName, kmsKeyId, s3KeyPrefix, isOrganizationTrail } = trail;
  return hasOverrides(trail)
    ? deployedResource(trail).Properties
    : { TrailName: trailName, KMSKeyId: kmsKeyId, S3KeyPrefix: s3KeyPrefix, IsOrganizationTrail: isOrganizationTrail };
}

/** What a trail may call a key by. */
function namesOf(key: kms.IKey): string[] {
  return [key.keyArn, key.keyId];
}

function refersTo(value: unknown, target: IConstruct): boolean {
  const reference = typeof value === 'string' || Token.isUnresolved(value) ? Tokenization.reverse(value, { failConcat: false }) : undefined;
  return Reference.isReference(reference) && reference.target === target;
}

function isSameText(one: unknown, other: unknown): boolean {
  return typeof one === 'string' && one === other;
}
