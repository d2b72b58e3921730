import { ArnFormat, CfnResource, Names, Stack } from 'aws-cdk-lib';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct, IConstruct } from 'constructs';
import { SourceStatement, sourceStatement, SourceStatementProps } from './source-statement';
import { deployedAtTimes, deployedResource, displaced, propertiesOf, REMOVE_CHANGE } from '../guardrails/deployed-resource';
import { byHand } from '../guardrails/imported-bucket';
import { canonical } from '../guardrails/template-values';
import { BUCKET, having, refuseWrongProps, required, TEXT, TypesOf, YES_OR_NO } from '../prop-types';
import { orRemoved, Refusal, refuseAll, sentenceOf } from '../refusal';
import { bucketArnIn, known } from '../sharing/names';
import { AccessLogBucket } from '../storage/access-log-bucket';
import { injectedKey, takeKeyBack } from '../storage/defaults/sse-s3';
import { acknowledgeRules } from '../storage/nag-acknowledgments';
import { warn } from '../warning';

const LOGS_REGION = 'us-east-1';
const LONGEST_NAME = 60; // characters, of delivery sources and destinations

/** What a record of an access log says; cookies are asked for. */
const RECORD_FIELDS = [
  'date', 'time', 'x-edge-location', 'sc-bytes', 'c-ip', 'cs-method', 'cs(Host)', 'cs-uri-stem', 'sc-status', 'cs(Referer)', 'cs(User-Agent)', 'cs-uri-query',
  'x-edge-result-type', 'x-edge-request-id', 'x-host-header', 'cs-protocol', 'cs-bytes', 'time-taken', 'x-forwarded-for', 'ssl-protocol', 'ssl-cipher',
  'x-edge-response-result-type', 'cs-protocol-version', 'fle-status', 'fle-encrypted-fields', 'c-port', 'time-to-first-byte', 'x-edge-detailed-result-type',
  'sc-content-type', 'sc-content-len', 'sc-range-start', 'sc-range-end',
];

/** Where logs come from, and where they go. */
const GUARDED = ['Name', 'LogType', 'ResourceArn', 'DestinationResourceArn', 'DeliverySourceName', 'DeliveryDestinationArn'];

/** What has been changed of a resource that delivers logs, since it was made. */
function asMade(resource: CfnResource, distribution: cloudfront.IDistribution): () => Refusal[] {
  const made = { ...propertiesOf(resource) };
  return () => {
    const deployed = deployedResource(resource);
    const problem = displaced(resource, resource.cfnResourceType, deployed) ?? deployedAtTimes(resource, deployed, { what: 'distribution', condition: () => conditionOf(distribution) });
    const changed = GUARDED.filter((property) => {
      const name = property[0].toLowerCase() + property.slice(1);
      return canonical(deployed.Properties[property]) !== canonical(resource.stack.resolve(made[name]));
    });
    return problem ? [problem] : changed.map((property) => ({
      problem: `'${property}' of '${resource.node.path}' is not what it was made with, so that access logs are not delivered where they should be.`, remedy: REMOVE_CHANGE,
    }));
  };
}

function conditionOf({ node: { defaultChild } }: cloudfront.IDistribution): string | undefined {
  return CfnResource.isCfnResource(defaultChild) ? deployedResource(defaultChild).Condition : undefined;
}

const LOGGED = new WeakSet<IConstruct>();

/** Whether the app delivers the access logs of a distribution. */
export function isLogged(distribution: IConstruct): boolean {
  return LOGGED.has(distribution);
}

/** Properties of `DistributionAccessLogs`. */
export interface DistributionAccessLogsProps {
  /** The distribution whose access is logged. */
  readonly distribution: cloudfront.IDistribution;

  /**
   * The bucket for access logs, in any Region, encrypted with SSE-S3.
   *
   * @default - the stack's `AccessLogBucket`
   */
  readonly logBucket?: s3.IBucket;

  /**
   * What the names of access logs begin with, behind `AWSLogs/<account>/CloudFront/`.
   *
   * @default - nothing
   */
  readonly logFilePrefix?: string;

  /**
   * Whether access logs contain cookies.
   *
   * @default false
   */
  readonly logIncludesCookies?: boolean;
}

const TYPES: TypesOf<DistributionAccessLogsProps> = {
  distribution: required(having('a distribution', 'distributionArn', 'node')),
  logBucket: BUCKET,
  logFilePrefix: TEXT,
  logIncludesCookies: YES_OR_NO,
};

/**
 * Delivers the access logs of a CloudFront distribution by standard logging (v2), which needs no ACL.
 *
 * It works in us-east-1 only, wherever the log bucket is. `OacDistribution` makes it by itself in a stack of that Region. From
 * another Region, put it into a stack of us-east-1 and set `crossRegionReferences` on both stacks.
 *
 * Guide, Sections 9.2 and 10.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging.html
 */
export class DistributionAccessLogs extends Construct {
  /** The bucket to which access logs are delivered. */
  public readonly logBucket: s3.IBucket;

  /** @throws ValidationError if the stack is of another Region, or logs could not be delivered to the bucket */
  constructor(scope: Construct, id: string, props: DistributionAccessLogsProps) {
    refuseWrongProps(scope, id, props, TYPES);
    super(scope, id);
    this.verify(props);
    this.logBucket = props.logBucket ?? AccessLogBucket._ofStack(this);
    takeKeyBack(this.logBucket);
    const source = new logs.CfnDeliverySource(this, 'Source', {
      name: Names.uniqueResourceName(this, { maxLength: LONGEST_NAME, separator: '-' }),
      logType: 'ACCESS_LOGS',
      resourceArn: props.distribution.distributionArn,
    });
    const destination = new logs.CfnDeliveryDestination(this, 'Destination', {
      name: Names.uniqueResourceName(this, { maxLength: LONGEST_NAME, separator: '-' }),
      destinationResourceArn: bucketArnIn(Stack.of(this), this.logBucket),
    });
    const delivery = new logs.CfnDelivery(this, 'Delivery', {
      deliverySourceName: source.name,
      deliveryDestinationArn: destination.attrArn,
      recordFields: [...RECORD_FIELDS, ...(props.logIncludesCookies ? ['cs(Cookie)'] : [])],
      s3SuffixPath: props.logFilePrefix && `${props.logFilePrefix}{DistributionId}/{yyyy}/{MM}/{dd}/{HH}`,
    });
    delivery.node.addDependency(source); // by name, which is no reference
    this.allowDelivery(source.name, delivery);
    LOGGED.add(props.distribution);
    const made = [source, destination, delivery].map((resource) => asMade(resource, props.distribution));
    this.node.addValidation({ validate: () => made.flatMap((changes) => changes()).map((problem) => sentenceOf(this.node.path, problem)) });
    acknowledgeRules(props.distribution, ['AwsSolutions-CFR3'], 'Access logs are delivered by standard logging (v2), which is no property of the distribution.');
  }

  private verify({ distribution, logBucket, logFilePrefix }: DistributionAccessLogsProps): void {
    const { region, account } = Stack.of(this);
    const problems: [unknown, Refusal][] = [
      [region !== LOGS_REGION, {
        problem: `CloudFront's access logs are set up in ${LOGS_REGION}, and the stack's Region is ${known(region) ?? 'not known'}.`,
        remedy: `Put it into a stack with env.region '${LOGS_REGION}'.`,
      }],
      [logBucket?.encryptionKey !== undefined && !injectedKey(logBucket), { problem: `'logBucket' is '${logBucket?.node.path}', which is encrypted with KMS.`, remedy: 'Leave it out, or pass an AccessLogBucket.' }],
      [known(account) && known(logBucket?.env.account) && account !== logBucket?.env.account, {
        problem: `'logBucket' is in account ${logBucket?.env.account}, and the logs come from ${account}.`,
        remedy: 'Deliver to a bucket of the same account, and replicate from there.',
      }],
      [isLogged(distribution), { problem: `access logs of '${distribution.node.path}' are delivered already.`, remedy: 'Keep one of the two.' }],
      [logFilePrefix?.startsWith('/'), { problem: "'logFilePrefix' begins with a slash, which would lead out of the folder that CloudFront may write to.", remedy: 'Leave the slash out.' }],
    ];
    orRemoved(this, () => refuseAll(this, 'LogsNotDeliverable', problems.flatMap(([isSo, problem]) => (isSo ? [problem] : []))));
  }

  /**
   * AWS would write a statement into the bucket's policy by itself, and the next deployment would take it out again: so it is there first.
   *
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-V2-S3.html
   */
  private allowDelivery(sourceName: string, delivery: logs.CfnDelivery): void {
    const { account } = Stack.of(this);
    const stack = Stack.of(this.logBucket);
    const arn = stack.formatArn({ service: 'logs', region: LOGS_REGION, account, resource: 'delivery-source', resourceName: sourceName, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
    const props: SourceStatementProps = {
      sid: 'AllowDistributionLogDelivery',
      service: 'delivery.logs.amazonaws.com',
      actions: ['s3:PutObject'],
      resources: [this.logBucket.arnForObjects(`AWSLogs/${account}/CloudFront/*`)],
      alike: { 's3:x-amz-acl': 'bucket-owner-full-control', 'aws:SourceAccount': account },
    };
    const source = { arn, isPattern: false };
    const { statementAdded, policyDependable } = SourceStatement.admit(this.logBucket, source, props);
    if (policyDependable) {
      delivery.node.addDependency(policyDependable);
    }
    if (!statementAdded) {
      warn(this, 'logDeliveryNotGranted', `the policy of the imported log bucket '${this.logBucket.node.path}' cannot be changed here. Make sure that it has this statement:${byHand(this, [sourceStatement(props, [source])])}`);
    }
  }
}
