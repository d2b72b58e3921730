import { Aspects, AspectPriority, Stack } from 'aws-cdk-lib';
import * as config from 'aws-cdk-lib/aws-config';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { recorderOf, unrecordedTypes } from './config-recorder';
import { StackDrift } from './stack-drift';
import { BUCKET_RULES, ConfigRule, KEY_RULES, TRAIL_RULE } from '../../aws/config-rules';
import { encryptionOf } from '../../guardrails/bucket-encryption';
import { deployedResource } from '../../guardrails/deployed-resource';
import { BUCKET, listOf, notEmpty, refuseWrongProps, required, YES_OR_NO } from '../../prop-types';
import { refuseAll } from '../../refusal';
import { keyBehindAlias } from '../../storage/encryption-key';
import { warn } from '../../warning';
import { Coverage, Observer, uncovered, undecidedCoverage } from '../coverage';

/** What AWS Config looks at. */
export interface ConfigRulesOptions {
  /**
   * Whether the stacks of the buckets are compared with their templates.
   *
   * @default true
   */
  readonly detectDrift?: boolean;
}

/** Properties of `BucketConfigRules`. */
export interface BucketConfigRulesProps extends ConfigRulesOptions {
  /** The buckets that are looked at, with their keys. They are of the account and the Region of the rules. */
  readonly buckets: s3.IBucket[];
}

const PROPS = { buckets: required(notEmpty(listOf('buckets', BUCKET))), detectDrift: YES_OR_NO };

const CONFIG: Observer = {
  who: 'AWS Config',
  does: 'looks at',
  otherAccount: 'Make BucketConfigRules in the account of the bucket.',
  otherRegion: 'Make BucketConfigRules in a stack of the Region of the bucket.',
};

const KEYS_OF_A_RULE = 25; // an id has 36 characters, and the parameters of a rule 1,024: https://docs.aws.amazon.com/config/latest/APIReference/API_ConfigRule.html

/**
 * Has AWS Config look whether buckets and their keys still have the settings that the app gives them: a rule for each setting of each bucket, so that a log bucket that can only
 * encrypt with SSE-S3 is not judged by its encryption. Where the stacks differ from their templates, another rule says so.
 *
 * AWS Config must be set up: rules without a recorder fail the deployment. It is not made here, since an account has room for one in each Region.
 *
 * ```ts
 * new BucketConfigRules(this, 'ConfigRules', { buckets: [orders] });
 * ```
 *
 * @see https://docs.aws.amazon.com/config/latest/developerguide/evaluate-config.html
 */
export class BucketConfigRules extends Construct {
  /** The rules. */
  public readonly rules: config.IRule[];

  /** @throws ValidationError if AWS Config could not look at one of the buckets */
  constructor(scope: Construct, id: string, props: BucketConfigRulesProps) {
    refuseWrongProps(scope, id, props, PROPS);
    super(scope, id);
    const buckets = [...new Set(props.buckets)];
    this.refuseUnseen(buckets);
    const keys = [...new Set(buckets.flatMap((bucket) => this.keyOf(bucket) ?? []))];
    const stacks = props.detectDrift === false ? [] : [...new Set(buckets.filter(isMadeHere).map((bucket) => Stack.of(bucket)))];
    this.rules = [
      ...buckets.flatMap((bucket, at) => this.rulesOfBucket(bucket, new Construct(this, `Bucket${at + 1}`))),
      ...this.rulesOfKeys(keys),
      ...this.rule(this, TRAIL_RULE, {}),
      ...stacks.map((stack) => StackDrift.of(stack).rule),
    ];
    const types = ['AWS::S3::Bucket', ...(keys.length > 0 ? ['AWS::KMS::Key'] : []), ...(stacks.length > 0 ? ['AWS::CloudFormation::Stack'] : [])];
    Aspects.of(this).add({ visit: (node) => (node === this ? this.settle(types) : undefined) }, { priority: AspectPriority.READONLY });
  }

  private refuseUnseen(buckets: readonly s3.IBucket[]): void {
    const { account, region } = Stack.of(this);
    const coverage: Coverage = { account, region, isMultiRegion: false, isOfOrganization: false };
    refuseAll(this, 'NotSeen', uncovered(buckets, coverage, CONFIG));
    undecidedCoverage(buckets, coverage, CONFIG).forEach((text) => warn(this, 'configCoverageNotDecided', text));
  }

  /** The key of a bucket that AWS Config sees here: of its account and Region. */
  private keyOf({ encryptionKey }: s3.IBucket): kms.IKey | undefined {
    const key = keyBehindAlias(encryptionKey) ?? encryptionKey;
    const { account, region } = Stack.of(this);
    return key && key.env.account === account && key.env.region === region && !/:alias\//.test(key.keyArn) ? key : undefined;
  }

  private rulesOfBucket(bucket: s3.IBucket, scope: Construct): config.IRule[] {
    const ruleScope = config.RuleScope.fromResource(config.ResourceType.S3_BUCKET, bucket.bucketName);
    return rulesFor(bucket).flatMap(([rule, inputParameters]) => this.rule(scope, rule, { ruleScope, inputParameters }));
  }

  private rulesOfKeys(keys: readonly kms.IKey[]): config.IRule[] {
    const scope = new Construct(this, 'Keys');
    const parts = Array.from({ length: Math.ceil(keys.length / KEYS_OF_A_RULE) }, (_, at) => keys.slice(at * KEYS_OF_A_RULE, (at + 1) * KEYS_OF_A_RULE));
    return [
      ...keys.flatMap((key, at) => this.rule(new Construct(scope, `Key${at + 1}`), KEY_RULES.publicPolicy, { ruleScope: config.RuleScope.fromResource(config.ResourceType.KMS_KEY, key.keyId) })),
      ...parts.flatMap((part, at) => this.rule(new Construct(scope, `Part${at + 1}`), KEY_RULES.deletion, { inputParameters: { kmsKeyIds: part.map(({ keyId }) => keyId).join(',') } })),
    ];
  }

  /** A rule, unless its Region does not have it, which is said. */
  private rule(scope: Construct, { id, identifier, notIn = [] }: ConfigRule, props: config.RuleProps): config.IRule[] {
    const { region } = Stack.of(this);
    if (notIn.includes(region)) {
      warn(this, 'configRuleNotInRegion', `AWS Config does not have the rule ${identifier} in ${region}, so nothing looks at that.`);
      return [];
    }
    return [new config.ManagedRule(scope, id, { identifier, ...props })];
  }

  /** Has the rules wait for the recorder, or says that one is needed. */
  private settle(types: readonly string[]): void {
    const recorder = recorderOf(Stack.of(this));
    const unrecorded = recorder ? unrecordedTypes(recorder, types) : types;
    if (unrecorded.length > 0) {
      warn(this, 'configRulesNeedRecorder', `no configuration recorder of this app is known to record ${unrecorded.join(', ')} in this account and Region. Rules without a recorder fail the deployment, and what is not recorded is not judged.`
        + ' Make sure that AWS Config is set up and records these types, then acknowledge this.');
    }
    if (recorder) {
      this.rules.filter((rule) => Stack.of(rule) === Stack.of(recorder)).forEach((rule) => rule.node.addDependency(recorder));
    }
  }
}

function isMadeHere({ node }: s3.IBucket): boolean {
  return s3.CfnBucket.isCfnBucket(node.defaultChild);
}

/** The rules for what the app sets of a bucket, with their parameters. Of an imported bucket, for what every bucket should have, and its key if it is known. */
function rulesFor(bucket: s3.IBucket): [rule: ConfigRule, parameters?: Record<string, string>][] {
  const { defaultChild: resource } = bucket.node;
  const always: [ConfigRule][] = [[BUCKET_RULES.publicAccess], [BUCKET_RULES.tls]];
  if (!s3.CfnBucket.isCfnBucket(resource)) {
    return [...always, [BUCKET_RULES.acl], ...(bucket.encryptionKey ? [ofKey(bucket.encryptionKey.keyArn)] : [])];
  }
  const { VersioningConfiguration: versioning, LoggingConfiguration: logging, OwnershipControls: ownership } = deployedResource(resource).Properties;
  const encryption = encryptionOf(resource);
  const key = keyBehindAlias(bucket.encryptionKey) ?? bucket.encryptionKey;
  return [
    ...always,
    ...(ownership?.Rules?.[0]?.ObjectOwnership === 'BucketOwnerEnforced' ? [[BUCKET_RULES.acl] as [ConfigRule]] : []),
    ...(versioning?.Status === 'Enabled' ? [[BUCKET_RULES.versioning] as [ConfigRule]] : []),
    ...(logging?.DestinationBucketName === undefined ? [] : [[BUCKET_RULES.logging] as [ConfigRule]]),
    ...(encryption.kind === 'kms' ? [key ? ofKey(key.keyArn) : [BUCKET_RULES.encryption] as [ConfigRule]] : []),
  ];
}

/** Another key than the bucket's is news, too. */
function ofKey(keyArn: string): [ConfigRule, Record<string, string>] {
  return [BUCKET_RULES.encryption, { kmsKeyArns: keyArn }];
}
