import { Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { admittedServices, refersToResource } from './admitted-services';
import { DeliverySource } from './delivery-source';
import { undecidedDelivery, undeliverable } from './undeliverable';
import { filledIn, principalIn, ServiceCaller, ServiceDelivery } from '../../aws/services';
import { GuardedBucket } from '../../guardrails/guarded-bucket';
import { keepStatement } from '../../guardrails/kept-statements';
import { refuseAll } from '../../refusal';
import { bucketArnByName, knownBucketName } from '../../sharing/names';
import { bucketStatements, DeliveryPlace, keyStatements } from '../../statements/delivery-statements';
import { freeSid } from '../../statements/free-sid';
import { handOverWithWarning } from '../../statements/hand-over';
import { warn } from '../../warning';
import { keyBehindAlias } from '../encryption-key';
import { statementsIn } from '../own-key';

const WRITER = 'allowDelivery';

type Written = Map<string, iam.PolicyStatement>;

/** What was written into the policy of a key, for whichever of its buckets. */
const WRITTEN_IN_KEYS = new WeakMap<kms.CfnKey, Written>();

/** Lets AWS services deliver to a bucket: its policy, that of its key, and its guardrails say the same. */
export class BucketDeliveries {
  private readonly written: Written = new Map();
  private readonly handedOver: Written = new Map();
  private keyPolicyByHand?: iam.PolicyDocument;

  constructor(private readonly bucket: s3.Bucket) {}

  /** @throws ValidationError if the service cannot deliver to the bucket */
  public allow(source: DeliverySource): void {
    refuseAll(this.bucket, 'Undeliverable', undeliverable(source._row, source._details, this.resource));
    undecidedDelivery(source._row, this.resource).forEach((text) => warn(this.bucket, 'deliveryNotDecided', text));
    this.writeBucketPolicy(source);
    this.writeKeyPolicy(source);
    this.spare(source);
  }

  /**
   * Lets services use the key whom a statement lets write into the bucket, and which write with its default encryption: what the CDK or somebody
   * sets up by itself would be dropped without a word. Deliveries of CloudFront are those of a distribution, which lets it use the key.
   */
  public align(statement: iam.PolicyStatement): void {
    const isOurs = [...this.written.values()].includes(statement);
    const admitted = this.key === undefined || isOurs ? [] : admittedServices(statement, this.stack);
    for (const { row, ...place } of admitted.filter(({ row: { id } }) => id !== 'cloudfront-uploads')) {
      this.allowKeyUse(row, place, place.sourceAccounts);
      const { partition } = this.stack;
      const accounts = place.sourceAccounts.length > 0 ? place.sourceAccounts : ['*'];
      const sources = place.sourceArns.length > 0 ? place.sourceArns : accounts.map((account) => filledIn(row.source.arn!, { partition, account }));
      GuardedBucket.of(this.resource).spare({ services: place.services, sourceArns: sources, mayAskForNothing: true, mayAskForSseS3: false });
    }
  }

  private get resource(): s3.CfnBucket {
    return this.bucket.node.defaultChild as s3.CfnBucket;
  }

  private get stack(): Stack {
    return Stack.of(this.bucket);
  }

  private get key(): kms.IKey | undefined {
    return keyBehindAlias(this.bucket.encryptionKey) ?? this.bucket.encryptionKey;
  }

  private get keyResource(): kms.CfnKey | undefined {
    const resource = this.key?.node.defaultChild;
    return kms.CfnKey.isCfnKey(resource) ? resource : undefined;
  }

  private get writtenInKey(): Written {
    const { keyResource } = this;
    const written = (keyResource && WRITTEN_IN_KEYS.get(keyResource)) ?? (keyResource ? new Map() : this.handedOver);
    if (keyResource) {
      WRITTEN_IN_KEYS.set(keyResource, written);
    }
    return written;
  }

  private writeBucketPolicy(source: DeliverySource): void {
    const place = { ...this.placeOf(source, this.stack), bucketArn: this.bucket.bucketArn, objectArns: this.keysOf(source).map((key) => this.bucket.arnForObjects(key)) };
    newOnes(this.written, statementsIn(this.bucket.policy?.document), this.stack, bucketStatements(source._row, place)).forEach((statement) => {
      this.bucket.addToResourcePolicy(statement);
      keepStatement(this.bucket, statement, WRITER);
    });
  }

  private writeKeyPolicy(source: DeliverySource): void {
    if (this.key !== undefined) {
      this.allowKeyUse(source._row, this.placeOf(source, Stack.of(this.key)), this.accountsOf(source));
    }
  }

  private allowKeyUse(row: ServiceDelivery, place: DeliveryPlace, accounts: readonly string[]): void {
    const key = this.key!;
    const stack = Stack.of(key);
    const arn = knownBucketName(this.bucket) === undefined ? undefined : bucketArnByName(stack, this.bucket);
    const statements = newOnes(this.writtenInKey, statementsIn(this.keyResource?.keyPolicy), stack, keyStatements(row, {
      ...place,
      sourceArns: place.sourceArns.filter((sourceArn) => !refersToResource(sourceArn, this.stack)), // the policy of a key that refers to what uses the key would be a circle
      encryptionContexts: arn === undefined ? [anyBucket(stack)] : [arn, `${arn}/*`],
      trails: accounts.map((account) => filledIn('arn:{partition}:cloudtrail:*:{account}:trail/*', { partition: stack.partition, account })),
    }));
    this.handOver(key, statements.filter((statement) => !this.addToKey(key, statement)));
    if (statements.length > 0 && row.keyContext === 's3' && arn === undefined && !this.isOwnKey(key)) {
      warn(this.bucket, 'deliveryKeyNotConfined', `the name of the bucket is known at deployment only, so that the policy of the key '${key.node.path}' lets ${row.title} encrypt for all buckets of its sources. Set 'bucketName', or 'bucketNamePrefix' in the account-regional namespace.`);
    }
  }

  /** The bucket's own key encrypts nothing else. */
  private isOwnKey(key: kms.IKey): boolean {
    return key.node.scope === this.bucket;
  }

  private addToKey(key: kms.IKey, statement: iam.PolicyStatement): boolean {
    const { statementAdded } = key.addToResourcePolicy(statement);
    if (statementAdded) {
      keepStatement(key, statement, WRITER);
    }
    return statementAdded;
  }

  /** One output for all deliveries: whoever owns the key adds them together. */
  private handOver(key: kms.IKey, statements: iam.PolicyStatement[]): void {
    if (statements.length > 0 && this.keyPolicyByHand === undefined) {
      this.keyPolicyByHand = new iam.PolicyDocument();
      handOverWithWarning(this.bucket, 'DeliveryKeyPolicy', this.keyPolicyByHand, `the policy of key '${key.node.path}'`, 'handedOverKeyPolicy');
    }
    this.keyPolicyByHand?.addStatements(...statements);
  }

  /** What the upload guardrail denies to others: SSE-S3, and uploads without the header where it is required. */
  private spare(source: DeliverySource): void {
    const { files } = source._row;
    const { services, sourceArns } = this.placeOf(source, this.stack);
    const [mayAskForSseS3, mayAskForNothing] = [
      files.some(({ encryption, asksFor = [] }) => encryption === 'own' && asksFor.includes('AES256')),
      files.some(({ encryption }) => encryption !== 'own'),
    ];
    if (sourceArns.length > 0 && this.key !== undefined) {
      GuardedBucket.of(this.resource).spare({ services, sourceArns, mayAskForNothing, mayAskForSseS3 });
    }
  }

  /** For whom the service delivers, as the templates of a stack write it. */
  private placeOf(source: DeliverySource, stack: Stack): DeliveryPlace {
    const { _row: { caller, source: { hasAccount } }, _details: { sourceRegions = [this.stack.region] } } = source;
    return {
      services: unique(sourceRegions.map((region) => principalIn(caller as ServiceCaller, region))),
      sourceAccounts: hasAccount ? this.accountsOf(source) : [],
      sourceArns: unique(this.sourceArnsOf(source, stack)),
    };
  }

  private sourceArnsOf(source: DeliverySource, { partition }: Stack): string[] {
    const { _row: { source: { arn }, demands, keyContext }, _details: { sourceArns, sourceBuckets, sourceRegions, ruleSet, names = ['*'] } } = source;
    if (sourceArns !== undefined || sourceBuckets !== undefined) {
      return [...(sourceArns ?? []), ...(sourceBuckets ?? []).map((bucket) => this.sourceArn(bucket))];
    }
    const isHere = demands.region === 'same' || keyContext === 'cloudtrail';
    const regions = sourceRegions ?? [isHere ? this.stack.region : '*'];
    const sources = this.accountsOf(source).flatMap((account) => regions.flatMap((region) => names.map((name) => ({ partition, account, region, ruleSet, name }))));
    return arn === undefined ? [] : sources.map((values) => filledIn(arn, values));
  }

  /** The ARN of a source bucket by its name, or of any: to refer to it would often be a circle, for it is told to deliver here. */
  private sourceArn(bucket: s3.IBucket): string {
    return knownBucketName(bucket) === undefined ? anyBucket(this.stack) : bucketArnByName(this.stack, bucket);
  }

  /** A bucket on which S3 reports belongs to the account of its stack; stacks without an account are deployed to that of this one. */
  private accountsOf({ _details: { sourceAccounts, sourceBuckets } }: Pick<DeliverySource, '_details'>): string[] {
    const ofBuckets = sourceBuckets?.map(({ env: { account } }) => (Token.isUnresolved(account) ? this.stack.account : account));
    return sourceAccounts ?? unique(ofBuckets ?? [this.stack.account]);
  }

  private keysOf(source: DeliverySource): string[] {
    const { prefix = '', organizationId: organization } = source._details;
    const folder = prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
    const isOfOrganization = (pattern: string) => pattern.includes('{organization}');
    const patterns = source._row.objects.filter((pattern) => organization !== undefined || !isOfOrganization(pattern));
    return unique(this.accountsOf(source).flatMap((account) => {
      const values = { prefix: folder, beginning: prefix, logs: prefix === '' ? `AWSLogs/${account}/` : prefix, account, organization };
      return patterns.map((pattern) => filledIn(pattern, values));
    }));
  }
}

/** Statements that a policy does not have yet. Two deliveries may need the same, and one may be asked for twice. */
function newOnes(written: Written, present: readonly iam.PolicyStatement[], stack: Stack, statements: iam.PolicyStatementProps[]): iam.PolicyStatement[] {
  return statements.flatMap((props) => {
    const { Sid, ...content } = stack.resolve(new iam.PolicyStatement(props).toStatementJson());
    const identity = JSON.stringify(content);
    if (written.has(identity)) {
      return [];
    }
    const statement = new iam.PolicyStatement({ ...props, sid: freeSid(Sid, [...written.values(), ...present].map(({ sid }) => sid)) });
    written.set(identity, statement);
    return [statement];
  });
}

function anyBucket(stack: Stack): string {
  return stack.formatArn({ service: 's3', region: '', account: '', resource: '*' });
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}
