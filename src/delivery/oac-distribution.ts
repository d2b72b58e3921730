import { Aspects, AspectPriority, CfnResource, Stack } from 'aws-cdk-lib';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct, IConstruct } from 'constructs';
import { whatWaitsFor } from '../dependencies';
import { DistributionAccessLogs, isLogged } from './distribution-access-logs';
import { OAC_DISTRIBUTION_PROPS } from './oac-distribution-prop-types';
import { OacDistributionProps } from './oac-distribution-props';
import { OacOrigin } from './oac-origin';
import { bucketStatements, keyStatements, OriginAccess, originPath } from './origin-access';
import { nameWithoutReference, originDomain } from './origin-bucket';
import { securityHeaders } from './security-headers';
import { distributionArnIn, NAME_BY_ID, Reach, reachOf } from './source-arn';
import { SourceByReference } from './source-by-reference';
import { Source, SourceStatement, sourceStatement, SourceStatementProps } from './source-statement';
import { exposedUploads, strictBehavior, weakBehavior } from './strict-behavior';
import { strictProps } from './strict-props';
import { weakenedDistribution } from './weakened-distribution';
import { GuardedBucket } from '../guardrails/guarded-bucket';
import { RequireTls } from '../guardrails/require-tls';
import { nothingLater } from '../later-values';
import { refuseWrongProps } from '../prop-types';
import { Refusal, refusal, sentenceOf } from '../refusal';
import { bucketArnIn, bucketResource } from '../sharing/names';
import { watchKeyPolicy } from '../sharing/shared-data';
import { handOver } from '../statements/hand-over';
import { keyBehindAlias } from '../storage/encryption-key';
import { warn } from '../warning';

/**
 * Serves the objects of a private bucket to the public, through CloudFront with origin access control (OAC). The bucket keeps all four
 * settings of Block Public Access.
 *
 * The policies of the bucket and of its key let CloudFront read for exactly this distribution. That needs a bucket whose name is known
 * at synthesis: a `bucketNamePrefix` in the account-regional namespace, or a `bucketName`. Elsewhere they let in the distributions of
 * this account, and a warning names the exact way.
 *
 * Viewers are served over HTTPS only, with security headers. Access is logged. It is a `cloudfront.Distribution`, whose props work as they
 * do there; those that would weaken it are refused.
 *
 * Guide, Section 4.4.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html
 */
export class OacDistribution extends cloudfront.Distribution {
  /** The bucket whose objects are served. */
  public readonly bucket: s3.IBucket;

  /** The bucket as an origin, for more behaviors: `addBehavior('assets/*', site.bucketOrigin)`. */
  public readonly bucketOrigin: cloudfront.IOrigin;

  /** What the bucket's policy must be made to allow by hand; empty if this app writes it. */
  public readonly bucketPolicy: iam.PolicyDocument;

  /** What the policy of the bucket's key must be made to allow by hand; empty if this app writes it. */
  public readonly keyPolicy: iam.PolicyDocument;

  private readonly props: OacDistributionProps;
  private readonly references: SourceByReference[] = [];

  /**
   * @throws ValidationError if a prop would weaken the distribution, CloudFront could not serve the bucket, or a policy cannot name
   * the distribution although `requireExactArn` says so
   */
  constructor(scope: Construct, id: string, props: OacDistributionProps) {
    refuseWrongProps(scope, id, props, OAC_DISTRIBUTION_PROPS);
    const origin = new OacOrigin(originDomain(props.bucket), props.originOptions);
    super(scope, id, strictProps(scope, id, props, origin));
    this.props = props;
    this.bucket = props.bucket;
    this.bucketOrigin = origin;

    this.addHeaders();
    Object.entries(props.additionalBehaviors ?? {}).forEach(([pathPattern, { origin: other, ...options }]) => this.addBehavior(pathPattern, other, options));
    this.bucketPolicy = this.admitToBucket();
    this.keyPolicy = this.admitToKey();
    this.logAccess();
    this.warnOfTls();
    this.settleReferences();

    Aspects.of(this).add({ visit: (node) => (node === this ? this.settle() : undefined) }, { priority: AspectPriority.READONLY });
    const headers = this.ownHeaders?.node.defaultChild as cloudfront.CfnResponseHeadersPolicy | undefined;
    const intent = { listing: this.access.listing, hasCertificate: props.certificate !== undefined, origin, headers };
    this.node.addValidation({
      validate: () => [...nothingLater(this, 'contentSecurityPolicy', props.contentSecurityPolicy), ...weakenedDistribution(this.cfnDistribution, intent)].map((problem) => sentenceOf(this.node.path, problem)),
    });
  }

  /**
   * Adds a behavior, which serves over HTTPS and with security headers as all of them.
   *
   * @throws ValidationError if an option would weaken the distribution, or let anybody upload to the bucket
   */
  public addBehavior(pathPattern: string, origin: cloudfront.IOrigin, behaviorOptions: cloudfront.AddBehaviorOptions = {}): void {
    const isOwn = origin === this.bucketOrigin;
    const problem = weakBehavior(pathPattern, behaviorOptions) ?? (isOwn ? exposedUploads(pathPattern, behaviorOptions, this.props.allowUploads ?? false) : undefined);
    if (problem) {
      throw refusal(this, 'WeakenedDistribution', problem);
    }
    super.addBehavior(pathPattern, origin, strictBehavior({ ...behaviorOptions, responseHeadersPolicy: behaviorOptions.responseHeadersPolicy ?? this.ownHeaders }));
  }

  private get cfnDistribution(): cloudfront.CfnDistribution {
    return this.node.defaultChild as cloudfront.CfnDistribution;
  }

  private get key(): kms.IKey | undefined {
    const key = this.props.encryptionKey ?? this.bucket.encryptionKey;
    return keyBehindAlias(key) ?? key;
  }

  private get access(): OriginAccess {
    const { originOptions, allowListing = false, allowUploads = false } = this.props;
    return { path: originPath(originOptions?.originPath), listing: allowListing, uploads: allowUploads };
  }

  private get ownHeaders(): cloudfront.ResponseHeadersPolicy | undefined {
    return this.node.tryFindChild('Headers') as cloudfront.ResponseHeadersPolicy | undefined;
  }

  /** Headers of its own, for a content security policy: the managed ones have none. */
  private addHeaders(): void {
    const { contentSecurityPolicy } = this.props;
    if (contentSecurityPolicy !== undefined) {
      const { responseHeadersPolicyId } = securityHeaders(this, contentSecurityPolicy);
      this.cfnDistribution.addPropertyOverride('DistributionConfig.DefaultCacheBehavior.ResponseHeadersPolicyId', responseHeadersPolicyId);
    }
  }

  private admitToBucket(): iam.PolicyDocument {
    const { bucket } = this;
    const statements = (stack: Stack) => bucketStatements(bucketArnIn(stack, bucket), this.access);
    return this.admit('BucketPolicy', bucket, statements, () => bucket.policy?.node.defaultChild as CfnResource | undefined);
  }

  private admitToKey(): iam.PolicyDocument {
    const { key } = this;
    if (key === undefined) {
      return new iam.PolicyDocument();
    }
    watchKeyPolicy(key);
    return this.admit('KeyPolicy', key, () => keyStatements(this.access), () => key.node.defaultChild as CfnResource | undefined);
  }

  /** Writes statements into the policy of the bucket or the key, and returns those that are not this app's to write. */
  private admit(id: string, resource: s3.IBucket | kms.IKey, statementsIn: (stack: Stack) => SourceStatementProps[], policyOf: () => CfnResource | undefined): iam.PolicyDocument {
    const reach = reachOf(resource, this, this.props.deployedDistributionId);
    const source = this.sourceFor(resource, reach, policyOf);
    const isWritten = source !== undefined
      && statementsIn(Stack.of(resource)).map((statement) => SourceStatement.admit(resource, source, statement)).every(({ statementAdded }) => statementAdded);
    const handedOver = isWritten ? [] : statementsIn(this.stack).map((statement) => sourceStatement(statement, [{ arn: this.handedOverArn, isPattern: false }]));
    const document = new iam.PolicyDocument({ statements: handedOver });
    if (!isWritten) {
      this.handOver(id, resource, document, reach);
    } else if (source instanceof SourceByReference) {
      this.references.push(source);
    } else if (source.isPattern) {
      this.fallBack(resource, (reach as { readonly why: Refusal }).why);
    }
    return document;
  }

  private sourceFor(resource: s3.IBucket | kms.IKey, reach: Reach, policyOf: () => CfnResource | undefined): Source | undefined {
    switch (reach.kind) {
      case 'literal': return { arn: reach.arn, isPattern: false };
      case 'reference': return new SourceByReference(this.distributionArn, distributionArnIn(Stack.of(resource), this.stack, '*'), resource, policyOf);
      case 'out-of-reach': return { arn: distributionArnIn(Stack.of(resource), this.stack, '*'), isPattern: true };
      case 'other-account': return undefined;
    }
  }

  private get handedOverArn(): string {
    const { deployedDistributionId } = this.props;
    return deployedDistributionId === undefined ? this.distributionArn : distributionArnIn(this.stack, this.stack, deployedDistributionId);
  }

  private handOver(id: string, resource: s3.IBucket | kms.IKey, document: iam.PolicyDocument, reach: Reach): void {
    handOver(this, id, document, [`the policy of '${resource.node.path}'`]);
    const way = reach.kind === 'other-account' ? ` Or ${NAME_BY_ID}: this app then writes it.` : '';
    warn(this, `handedOver${id}`, `the policy of '${resource.node.path}' ${reach.kind === 'other-account' ? `is of account ${resource.env.account}, where CloudFormation does not know this distribution` : "is not this app's to write"}. Add the statements of the output '${this.node.path}/${id}' to it.${way}`);
  }

  private logAccess(): void {
    const { logBucket, logFilePrefix, logIncludesCookies } = this.props;
    if (this.stack.region === 'us-east-1') {
      new DistributionAccessLogs(this, 'AccessLogs', { distribution: this, logBucket, logFilePrefix, logIncludesCookies });
    }
  }

  /** @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/secure-connections-supported-viewer-protocols-ciphers.html */
  private warnOfTls(): void {
    if (this.props.certificate === undefined) {
      warn(this, 'tlsByCloudFront', "without a certificate of your own, CloudFront lets viewers use TLS 1.0 and newer. Pass 'certificate' and 'domainNames' to hold them to TLS 1.2 or newer.");
    }
  }

  /** What is decided when the app is complete. */
  private settle(): void {
    this.settleReferences();
    this.warnOfOriginTls();
    if (!isLogged(this)) {
      warn(this, 'noAccessLogs', "nothing logs who is served. CloudFront's access logs are set up in us-east-1: use a stack with that 'env.region', or make DistributionAccessLogs in such a stack.");
    }
  }

  /** @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/secure-connections-supported-ciphers-cloudfront-to-origin.html */
  private warnOfOriginTls(): void {
    const resource = bucketResource(this.bucket);
    const asksForMore = resource && GuardedBucket.of(resource).guardrails.some((guardrail) => guardrail instanceof RequireTls && guardrail._minimumVersion > 1.2);
    if (asksForMore) {
      warn(this, 'originTls', `the bucket '${this.bucket.node.path}' takes requests over TLS 1.3 only, and that CloudFront speaks it to S3 is not documented. If viewers get 403, let 'minimumTLSVersion' of the bucket be 1.2.`);
    }
  }

  /** Policies cannot refer to a distribution that is deployed after them. */
  private settleReferences(): void {
    this.references.forEach((source) => {
      const policy = source.policyOf();
      const because = policy && !source.isPattern ? whatWaitsFor(policy, this.cfnDistribution) : [];
      if (because.length > 0) {
        source.isPattern = true;
        this.fallBack(source.resource, this.whyItWaits(because));
      }
    });
  }

  private whyItWaits(because: IConstruct[]): Refusal {
    const isOrigin = because.includes(this.cfnDistribution) || because.includes(this.bucket.node.defaultChild!);
    if (isOrigin && nameWithoutReference(this.bucket) === undefined) {
      return {
        problem: `the bucket '${this.bucket.node.path}' gets its name at deployment, so that the distribution refers to it, and a policy that refers back would be a cycle.`,
        remedy: `Give the bucket a 'bucketNamePrefix' in the account-regional namespace or a 'bucketName', or ${NAME_BY_ID}.`,
      };
    }
    const paths = [...new Set(because.map((element) => inStack(element).node.path))].sort().map((path) => `'${path}'`).join(', ');
    const isOneStack = Stack.of(this.bucket) === this.stack;
    return {
      problem: `the distribution waits for it because of ${paths}, so that a policy that refers back would be a cycle.`,
      remedy: `${isOneStack ? "Let the distribution not refer to the bucket or its key (as an origin, use 'bucketOrigin')" : "Move that into the bucket's stack or one of its own"}, or ${NAME_BY_ID}.`,
    };
  }

  /** Any distribution of this account is let in, where this one cannot be named. */
  private fallBack(resource: s3.IBucket | kms.IKey, why: Refusal): void {
    const problem = { problem: `the policy of '${resource.node.path}' cannot name this distribution, and would let in every distribution of the account: ${why.problem}`, remedy: why.remedy };
    if (this.props.requireExactArn) {
      throw this.refusal('InexactArn', problem);
    }
    const what = resource === this.bucket ? 'Bucket' : 'Key';
    warn(this, `anyDistributionIn${what}Policy`, `${problem.problem.replace('would let in', 'lets in')} ${problem.remedy}`);
  }

  private refusal(name: string, problem: Refusal) {
    return refusal(this, name, problem);
  }
}

/** The construct of a stack to which an element belongs. */
function inStack(element: IConstruct): IConstruct {
  const { scopes } = element.node;
  return scopes[Stack.of(element).node.scopes.length] ?? element;
}
