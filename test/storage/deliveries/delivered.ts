import { App, Stack } from 'aws-cdk-lib';
import { AccessEvaluator, AccessLogBucket, AccessOutcome, DeliverySource, EncryptionEnforcement, SecureBucket, SecureBucketProps } from '../../../src';
import { deliveryOf, filledIn, principalIn, ServiceCaller } from '../../../src/aws/services';
import { synthesizedTemplates } from '../../../src/checks/app-templates';
import { PRODUCER } from '../../support/apps';

export const ORGANIZATION = 'o-exampleorgid';
export const STRANGER = '777788889999';
export const BUCKET_NAME = 'aws-waf-logs-central';
export const BUCKET_ARN = `arn:aws:s3:::${BUCKET_NAME}`;

export const PERIMETERS: SecureBucketProps = {
  bucketName: BUCKET_NAME,
  network: { vpcEndpointIds: ['vpce-0abc123def4567890'] },
  organization: { organizationIds: [ORGANIZATION] },
};
export const STRICT: SecureBucketProps = { ...PERIMETERS, encryptionEnforcement: EncryptionEnforcement.REQUIRE_HEADER };

/** An app with one bucket to which a service delivers. */
export class DeliveredApp {
  public readonly bucket: SecureBucket | AccessLogBucket;
  private readonly app = new App({ analyticsReporting: false });

  constructor(source: DeliverySource, props: SecureBucketProps | 'access-logs') {
    const stack = new Stack(this.app, 'Stack', { env: PRODUCER });
    this.bucket = props === 'access-logs' ? new AccessLogBucket(stack, 'Logs', { bucketName: BUCKET_NAME }) : new SecureBucket(stack, 'Logs', props);
    this.bucket.allowDelivery(source);
    this.app.synth();
  }

  /** The ARN of the bucket's key, as it will be deployed. */
  public get keyArn(): string {
    const evaluator = AccessEvaluator._of(this.templates());
    return evaluator._model.deployment.ofType('AWS::KMS::Key')[0].reference('Arn')!;
  }

  /** Decides an upload, perhaps after the statements that let services in were taken out of the policy of the bucket or of the key. */
  public decide(upload: Upload, without?: 'AWS::S3::BucketPolicy' | 'AWS::KMS::Key'): AccessOutcome {
    return AccessEvaluator._of(this.templates(without)).decide({
      principal: upload.service,
      action: upload.action ?? 's3:PutObject',
      resource: upload.key === undefined ? BUCKET_ARN : `${BUCKET_ARN}/${upload.key}`,
      context: { ...upload.source, ...upload.headers },
    }).outcome;
  }

  private templates(without?: string): any[] {
    const changed = (_: string, value: any) => (without !== undefined && value?.Type === without ? withoutServices(value) : value);
    return synthesizedTemplates(this.app).map((template) => JSON.parse(JSON.stringify(template), changed));
  }
}

function withoutServices(resource: any): any {
  const name = resource.Properties.KeyPolicy ? 'KeyPolicy' : 'PolicyDocument';
  const document = resource.Properties[name];
  const Statement = document.Statement.filter(({ Effect, Principal }: any) => Effect === 'Deny' || Principal?.Service === undefined);
  return { ...resource, Properties: { ...resource.Properties, [name]: { ...document, Statement } } };
}

/** A request of a service. */
export interface Upload {
  readonly service: string;
  readonly action?: string;

  /** The key of the object; the bucket itself if there is none. */
  readonly key?: string;
  readonly source: Record<string, unknown>;
  readonly headers: Record<string, string | null>;
}

export const ASKS_FOR_NOTHING = { 's3:x-amz-server-side-encryption': null };
export const ASKS_FOR_SSE_S3 = { 's3:x-amz-server-side-encryption': 'AES256' };
export const asksFor = (keyArn: string) => ({ 's3:x-amz-server-side-encryption': 'aws:kms', 's3:x-amz-server-side-encryption-aws-kms-key-id': keyArn });

/** What the row of a service says that it sends, one upload for each way of asking for encryption. */
export function uploadsOf(id: string, keyArn: string | undefined, account: string = PRODUCER.account): (Upload & { readonly name: string })[] {
  const { caller, objects, source, sendsAcl, files, keyContext } = deliveryOf(id);
  const region = PRODUCER.region;
  const values = { partition: 'aws', region, account, organization: ORGANIZATION, prefix: '', beginning: 'reports/', logs: `AWSLogs/${account}/`, name: 'example' };
  const arn = source.arn && filledIn(source.arn, values).replace('*', 'example');
  const headers = files.flatMap(({ name, encryption, asksFor: algorithms = [] }) => [
    ...(encryption === 'own' ? [] : [{ name: `${name}, asking for nothing`, headers: ASKS_FOR_NOTHING }]),
    ...(encryption === 'own' && algorithms.includes('AES256') ? [{ name: `${name}, asking for SSE-S3`, headers: ASKS_FOR_SSE_S3 }] : []),
    ...(algorithms.includes('aws:kms') && keyArn !== undefined ? [{ name: `${name}, asking for the key`, headers: asksFor(keyArn) }] : []),
  ]);
  return headers.map((one) => ({
    name: one.name,
    service: principalIn(caller as ServiceCaller, region),
    key: filledIn(objects[0], values).replaceAll('*', 'example'),
    source: {
      'aws:SourceAccount': account,
      'aws:SourceOrgID': account === PRODUCER.account ? ORGANIZATION : null,
      'aws:SourceArn': arn ?? null,
      ...(keyContext === 'cloudtrail' ? { 'kms:EncryptionContext:aws:cloudtrail:arn': arn } : {}),
    },
    headers: { ...one.headers, 's3:x-amz-acl': sendsAcl ? 'bucket-owner-full-control' : null },
  }));
}
