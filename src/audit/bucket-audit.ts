import { Stack } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { BucketAlarms } from './alarms/bucket-alarms';
import { AccessAnalysisOptions, BucketAccessAnalysis } from './analyzers/bucket-access-analysis';
import { AuditAlarms } from './audit-alarms';
import { AuditConfigRules } from './audit-config-rules';
import { AuditDataEvents } from './audit-data-events';
import { BucketDataEvents } from './bucket-data-events';
import { BUCKET, having, listOf, notEmpty, refuseWrongProps, required } from '../prop-types';
import { refuseAll } from '../refusal';
import { BucketConfigRules } from './config/bucket-config-rules';

/** Properties of `BucketAudit`. */
export interface BucketAuditProps extends AccessAnalysisOptions {
  /** The buckets that are audited. */
  readonly buckets: s3.IBucket[];

  /**
   * Who read and wrote which objects.
   *
   * @default AuditDataEvents.create()
   */
  readonly dataEvents?: AuditDataEvents;

  /**
   * Who changed what protects the buckets.
   *
   * @default AuditAlarms.create()
   */
  readonly alarms?: AuditAlarms;

  /**
   * Whether the buckets still have the settings that the app gives them. AWS Config must be set up for it.
   *
   * @default AuditConfigRules.none()
   */
  readonly configRules?: AuditConfigRules;
}

const PROPS = {
  buckets: required(notEmpty(listOf('buckets', BUCKET))),
  dataEvents: having('an AuditDataEvents', '_options'),
  alarms: having('an AuditAlarms', '_options'),
  configRules: having('an AuditConfigRules', '_options'),
  externalAccess: having('an AuditAnalyzer', '_source'),
  internalAccess: having('an AuditAnalyzer', '_source'),
};

/**
 * Audits buckets: records who read and wrote their objects, tells a topic when somebody weakens what protects them, and, where asked for, analyzes who has access to
 * them, and whether they still have their settings. Each part is a construct of its own, and can be left out, or work with what exists.
 *
 * What it makes by default is its own, so that an account may have any number of audits; only trails are limited, to five a Region.
 *
 * ```ts
 * const audit = new BucketAudit(this, 'Audit', { buckets: [orders, invoices] });
 * audit.alarms?.topic.addSubscription(new subscriptions.EmailSubscription('security@example.com'));
 * ```
 */
export class BucketAudit extends Construct {
  /** What records the requests on the buckets; undefined if that is left out. */
  public readonly dataEvents?: BucketDataEvents;

  /** What raises alarms; undefined if that is left out. */
  public readonly alarms?: BucketAlarms;

  /** What analyzes who has access to the buckets; undefined if that is left out. */
  public readonly access?: BucketAccessAnalysis;

  /** What has AWS Config look at the buckets; undefined if that is left out. */
  public readonly configRules?: BucketConfigRules;

  /** @throws ValidationError if nothing is left to audit, or a part cannot audit one of the buckets */
  constructor(scope: Construct, id: string, props: BucketAuditProps) {
    refuseWrongProps(scope, id, props, PROPS);
    super(scope, id);
    const { buckets, externalAccess, internalAccess } = props;
    const { dataEvents: { _options: dataEvents } = AuditDataEvents.create(), alarms: { _options: alarms } = AuditAlarms.create(), configRules } = props;
    refuseAll(this, 'NothingAudited', dataEvents || alarms || externalAccess || internalAccess || configRules?._options ? [] : [{ problem: 'every part of the audit is left out.', remedy: 'Leave one in, or do without the BucketAudit.' }]);
    if (dataEvents) {
      this.dataEvents = new BucketDataEvents(this, 'DataEvents', { ...dataEvents, buckets });
    }
    if (alarms) {
      this.alarms = new BucketAlarms(this, 'Alarms', { ...alarms, buckets: [...buckets, ...this.nearbyLogs()] });
    }
    if (externalAccess || internalAccess) {
      this.access = new BucketAccessAnalysis(this, 'Access', { buckets, externalAccess, internalAccess });
    }
    if (configRules?._options) {
      this.configRules = new BucketConfigRules(this, 'ConfigRules', { ...configRules._options, buckets });
    }
  }

  /** The bucket of the trail, which is worth as much as what is recorded there, where alarms see it. */
  private nearbyLogs(): s3.IBucket[] {
    const logs = this.dataEvents?.logBucket;
    const { account, region } = Stack.of(this);
    return logs && logs.env.account === account && logs.env.region === region ? [logs] : [];
  }
}
