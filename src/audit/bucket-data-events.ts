import { Arn, ArnFormat, CfnOutput, Lazy, Names, Stack, Token } from 'aws-cdk-lib';
import * as cloudtrail from 'aws-cdk-lib/aws-cloudtrail';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { AuditTrail, CreatedTrailProps } from './audit-trail';
import { Coverage, Observer, uncovered, undecidedCoverage } from './coverage';
import { countValues, eventSelectors, inTemplateForm, MANAGEMENT_EVENTS, MOST_VALUES } from './event-selectors';
import { BucketPolicies } from '../guardrails/bucket-policies';
import { deployedResource, displaced, hasOverrides, REMOVE_CHANGE } from '../guardrails/deployed-resource';
import { canonical } from '../guardrails/template-values';
import { BUCKET, having, listOf, notEmpty, oneOf, refuseWrongProps, required, YES_OR_NO } from '../prop-types';
import { Refusal, refuseAll, sentenceOf } from '../refusal';
import { TrailLogBucket } from '../storage/trail-log-bucket';
import { warn } from '../warning';

/** How requests on buckets are recorded. */
export interface DataEventsOptions {
  /**
   * Where the events are recorded.
   *
   * @default AuditTrail.create()
   */
  readonly trail?: AuditTrail;

  /**
   * Which requests on objects are recorded: all, those that read, or those that write.
   *
   * @default ReadWriteType.ALL
   */
  readonly access?: cloudtrail.ReadWriteType;

  /**
   * Whether requests to S3 that the policy of a VPC endpoint denied are recorded, too. CloudTrail selects them by endpoint, not by bucket: those of all buckets are recorded.
   *
   * @default false
   * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-network-events-with-cloudtrail.html
   */
  readonly recordEndpointDenials?: boolean;
}

/** Properties of `BucketDataEvents`. */
export interface BucketDataEventsProps extends DataEventsOptions {
  /** The buckets whose requests are recorded. The bucket that the trail delivers to cannot be one of them: each of its log files would be recorded in the next. */
  readonly buckets: s3.IBucket[];
}

const PROPS = {
  buckets: required(notEmpty(listOf('buckets', BUCKET))),
  trail: having('an AuditTrail', '_source'),
  access: oneOf({ all: cloudtrail.ReadWriteType.ALL, reads: cloudtrail.ReadWriteType.READ_ONLY, writes: cloudtrail.ReadWriteType.WRITE_ONLY }),
  recordEndpointDenials: YES_OR_NO,
};

/** @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html */
const TRAIL: Observer = {
  who: 'the trail',
  does: 'records',
  otherAccount: 'Make a BucketDataEvents in the account of the bucket, or record with the trail of the organization.',
  otherRegion: 'Make the trail a multi-Region trail, or make a BucketDataEvents in the Region of the bucket.',
};

const LONGEST_NAME = 128; // characters, https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-trail-naming-requirements.html

/**
 * Records who read and wrote which objects of some buckets: data events of CloudTrail, for exactly these buckets.
 *
 * Management events, such as `PutBucketPolicy`, are recorded beside them by a trail that is made here; an existing trail keeps what it records.
 *
 * ```ts
 * new BucketDataEvents(this, 'DataEvents', { buckets: [data] });
 * ```
 */
export class BucketDataEvents extends Construct {
  /** The ARN of the trail that records. */
  public readonly trailArn: string;

  /** The trail, where it is made here. */
  public readonly trail?: cloudtrail.Trail;

  /** The bucket of the trail, where the trail is made here. */
  public readonly logBucket?: TrailLogBucket;

  private readonly buckets: readonly s3.IBucket[];

  /** @throws ValidationError if the trail could not record the requests on one of the buckets */
  constructor(scope: Construct, id: string, props: BucketDataEventsProps) {
    refuseWrongProps(scope, id, props, PROPS);
    super(scope, id);
    this.buckets = [...new Set(props.buckets)];
    const { trail: { _source: source } = AuditTrail.create(), access = cloudtrail.ReadWriteType.ALL, recordEndpointDenials = false } = props;
    const selectors = eventSelectors({ bucketArns: this.buckets.map(({ bucketArn }) => bucketArn), access, recordsEndpointDenials: recordEndpointDenials });
    refuseAll(this, 'TooManySelectorValues', tooMany(countValues(inTemplateForm([MANAGEMENT_EVENTS, ...selectors]))));

    if (source.kind === 'elsewhere') {
      this.trailArn = source.trailArn;
      this.handOver(selectors);
      return;
    }
    if (source.kind === 'created') {
      this.logBucket = this.logBucketOf(source.props);
      this.trail = this.makeTrail(this.logBucket, source.props);
    }
    const trail = source.kind === 'ofApp' ? source.trail : this.trail!.node.defaultChild as cloudtrail.CfnTrail;
    this.trailArn = trail.attrArn;
    this.record(trail, selectors);
  }

  private logBucketOf({ logBucket, trailName, organizationId }: CreatedTrailProps): TrailLogBucket {
    const decided = logBucket === undefined ? [] : Object.entries({ trailName, organizationId }).filter(([, value]) => value !== undefined);
    refuseAll(this, 'DecidedByBucket', decided.map(([prop]) => ({ problem: `'${prop}' is decided by 'logBucket'.`, remedy: 'Leave it out, and set it on the TrailLogBucket.' })));
    return logBucket ?? new TrailLogBucket(this, 'Logs', {
      trailName: trailName ?? Names.uniqueResourceName(this, { maxLength: LONGEST_NAME, separator: '-' }),
      trailOrganizationId: organizationId,
    });
  }

  private makeTrail(logs: TrailLogBucket, { isMultiRegionTrail = true }: CreatedTrailProps): cloudtrail.Trail {
    refuseAll(this, 'OwnBucketRecorded', this.buckets.includes(logs) ? [ownBucket(logs)] : []);
    return logs.addTrail('Trail', { isMultiRegionTrail, includeGlobalServiceEvents: true });
  }

  /** Adds selectors to a trail of the app; a trail without any goes on recording management events. */
  private record(trail: cloudtrail.CfnTrail, selectors: cloudtrail.CfnTrail.AdvancedEventSelectorProperty[]): void {
    const present = trail.advancedEventSelectors ?? [MANAGEMENT_EVENTS];
    refuseAll(this, 'SelectorsNotExtensible', Array.isArray(present) ? [] : [{
      problem: `the 'advancedEventSelectors' of the trail '${trail.node.path}' are known at deployment only, and cannot be extended.`,
      remedy: `Add there: ${JSON.stringify(Stack.of(this).resolve(inTemplateForm(selectors)))}`,
    }]);
    trail.advancedEventSelectors = [...present as cloudtrail.CfnTrail.AdvancedEventSelectorProperty[], ...selectors];
    leaveOutIfEmpty(trail);
    this.refuseUncovered(coverageOf(trail));
    this.node.addValidation({ validate: () => this.problemsOf(trail, selectors).map((problem) => sentenceOf(this.node.path, problem)) });
  }

  /** What keeps a trail of the app from recording, once the app is complete. */
  private problemsOf(trail: cloudtrail.CfnTrail, selectors: cloudtrail.CfnTrail.AdvancedEventSelectorProperty[]): Refusal[] {
    const deployed = deployedResource(trail);
    const gone = displaced(trail, cloudtrail.CfnTrail.CFN_RESOURCE_TYPE_NAME, deployed);
    if (gone) {
      return [gone];
    }
    const { AdvancedEventSelectors: written = [], EventSelectors: basic = [], IsLogging: isLogging } = deployed.Properties;
    const kept = new Set((Array.isArray(written) ? written : []).map(canonical));
    const lost = (Stack.of(trail).resolve(inTemplateForm(selectors)) as object[]).filter((selector) => !kept.has(canonical(selector)));
    const path = trail.node.path;
    return [
      ...(basic.length === 0 ? [] : [{
        problem: `the trail '${path}' has basic event selectors beside the advanced ones of the buckets, and CloudTrail accepts one kind.`,
        remedy: "Leave out 'managementEvents', 'addEventSelector' and 'addS3EventSelector', and say what they record in 'advancedEventSelectors' of the trail.",
      }]),
      ...(isLogging === false ? [{ problem: `the trail '${path}' does not log.`, remedy: "Set its 'isLogging'." }] : []),
      ...(lost.length === 0 ? [] : [{ problem: `the trail '${path}' does not record the requests on the buckets in the synthesized template.`, remedy: REMOVE_CHANGE }]),
      ...tooMany(countValues(written)),
      ...this.ownBuckets(trail),
    ];
  }

  private ownBuckets(trail: cloudtrail.CfnTrail): Refusal[] {
    const destination = hasOverrides(trail) ? deployedResource(trail).Properties.S3BucketName : trail.s3BucketName;
    const called = BucketPolicies.whenComplete(this)().bucketCalled(trail, destination);
    return this.buckets.filter((bucket) => bucket.bucketName === destination || (called !== undefined && bucket.node.defaultChild === called)).map(ownBucket);
  }

  private handOver(selectors: cloudtrail.CfnTrail.AdvancedEventSelectorProperty[]): void {
    const coverage = Token.isUnresolved(this.trailArn) ? undefined : this.coverageOfArn(this.trailArn);
    if (coverage) {
      this.refuseUncovered(coverage);
    }
    new CfnOutput(this, 'SelectorsToAdd', {
      value: Stack.of(this).toJsonString(inTemplateForm(selectors)),
      description: `To be added to the advanced event selectors of ${this.trailArn}`,
    });
    warn(this, 'handedOverSelectors', `${this.trailArn} is not of this app. Add the selectors of the output '${this.node.path}/SelectorsToAdd' to those that it has:`
      + " 'aws cloudtrail put-event-selectors' replaces them all, and ends what basic selectors record. Until then, the requests on the buckets are not recorded.");
  }

  private coverageOfArn(trailArn: string): Coverage {
    const isTrail = /^arn:[a-z-]+:cloudtrail:[a-z0-9-]+:\d{12}:trail\/[A-Za-z0-9._-]+$/.test(trailArn);
    refuseAll(this, 'NotATrail', isTrail ? [] : [{ problem: `'${trailArn}' is not the ARN of a trail.`, remedy: 'Pass arn:aws:cloudtrail:REGION:ACCOUNT:trail/NAME.' }]);
    const { account, region } = Arn.split(trailArn, ArnFormat.SLASH_RESOURCE_NAME);
    return { account: account!, region: region! };
  }

  private refuseUncovered(coverage: Coverage): void {
    refuseAll(this, 'NotRecorded', uncovered(this.buckets, coverage, TRAIL));
    undecidedCoverage(this.buckets, coverage, TRAIL).forEach((text) => warn(this, 'trailCoverageNotDecided', text));
  }
}

function coverageOf(trail: cloudtrail.CfnTrail): Coverage {
  const { account, region } = Stack.of(trail);
  return { account, region, isMultiRegion: settingOf(trail.isMultiRegionTrail), isOfOrganization: settingOf(trail.isOrganizationTrail) };
}

/** The L2 construct writes its list of basic selectors even if it is empty; one that gets any later still shows. */
function leaveOutIfEmpty(trail: cloudtrail.CfnTrail): void {
  const basic = trail.eventSelectors;
  if (Array.isArray(basic)) {
    trail.eventSelectors = Lazy.any({ produce: () => basic }, { omitEmptyArray: true });
  }
}

/** A setting of a trail; unknown where the template decides it. */
function settingOf(value: unknown): boolean | undefined {
  return Token.isUnresolved(value) ? undefined : value === true;
}

function ownBucket(bucket: s3.IBucket): Refusal {
  return {
    problem: `the trail delivers to the bucket '${bucket.node.path}': each log file that it writes there would be recorded in the next one.`,
    remedy: "Leave it out of 'buckets', or record it with another trail.",
  };
}

function tooMany(count: number): Refusal[] {
  return count <= MOST_VALUES ? [] : [{
    problem: `the selectors of the trail have ${count} values, and CloudTrail accepts ${MOST_VALUES}.`,
    remedy: 'Record the buckets with several trails, each by a BucketDataEvents of its own.',
  }];
}
