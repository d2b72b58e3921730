import * as cloudtrail from 'aws-cdk-lib/aws-cloudtrail';
import { TrailLogBucket } from '../storage/trail-log-bucket';

/** Properties of a trail that `AuditTrail.create` makes. */
export interface CreatedTrailProps {
  /**
   * The name of the trail. No two trails of an account have the same name, in whatever Region, once one of them is a multi-Region trail.
   *
   * @default - a name made of the path of the construct, or that of `logBucket`. Set one if the same stack is deployed in several Regions of an account
   */
  readonly trailName?: string;

  /**
   * The bucket that the trail delivers to. Make it yourself to set perimeters, a retention or an Object Lock.
   *
   * @default - a `TrailLogBucket` beside the trail
   */
  readonly logBucket?: TrailLogBucket;

  /**
   * The id of the organization whose accounts the trail records, such as `o-exampleorgid`. The trail is made in the management account, or by a delegated administrator.
   *
   * @default - the trail records its own account, or what `logBucket` takes
   */
  readonly organizationId?: string;

  /**
   * Whether the trail records all Regions of the account.
   *
   * @default true
   */
  readonly isMultiRegionTrail?: boolean;
}

/** Where the events of buckets are recorded: by a trail of their own, or by one that exists. */
export class AuditTrail {
  /**
   * A trail of its own, with log file validation and a key of its own, into a `TrailLogBucket`. An account has room for five trails a Region.
   *
   * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html
   */
  public static create(props: CreatedTrailProps = {}): AuditTrail {
    return new AuditTrail({ kind: 'created', props });
  }

  /** A trail of the app: its selectors get those of the buckets beside what they have. */
  public static fromTrail(trail: cloudtrail.Trail): AuditTrail {
    return new AuditTrail({ kind: 'ofApp', trail: trail.node.defaultChild as cloudtrail.CfnTrail });
  }

  /** A trail of the app that is written as an L1 construct. */
  public static fromCfnTrail(trail: cloudtrail.CfnTrail): AuditTrail {
    return new AuditTrail({ kind: 'ofApp', trail });
  }

  /**
   * A trail that is not of the app. What must be added to its selectors is handed over as an output, with a warning: nothing is recorded until somebody has added it.
   *
   * @param trailArn the ARN of the trail
   */
  public static fromTrailArn(trailArn: string): AuditTrail {
    return new AuditTrail({ kind: 'elsewhere', trailArn });
  }

  /** @internal */
  public readonly _source: TrailSource;

  private constructor(source: TrailSource) {
    this._source = source;
  }
}

/** The ways to come to a trail. */
export type TrailSource =
  | { readonly kind: 'created'; readonly props: CreatedTrailProps }
  | { readonly kind: 'ofApp'; readonly trail: cloudtrail.CfnTrail }
  | { readonly kind: 'elsewhere'; readonly trailArn: string };
