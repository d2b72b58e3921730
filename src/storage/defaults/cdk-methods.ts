import { ApplicationLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { injectionOf } from './injected-bucket';
import { takeKeyBack } from './sse-s3';
import { refusal } from '../../refusal';

const ADAPTED = Symbol.for('cdk-secure-bucket.adapted');

/**
 * Makes methods of the CDK aware of what the defaults have injected, once a process. Buckets that were not injected are treated as ever.
 *
 * The CDK looks at a bucket's key when a load balancer is told to deliver there, which may be long after the bucket was made, and offers no
 * other place to learn of it in time.
 */
export function adaptCdkMethods(): void {
  for (const method of ['logAccessLogs', 'logConnectionLogs'] as const) {
    adapt(ApplicationLoadBalancer.prototype, method, (original) => function (this: ApplicationLoadBalancer, bucket: s3.IBucket, ...rest: any[]) {
      if (bucket instanceof s3.Bucket) {
        takeKeyBack(bucket);
      }
      return original.call(this, bucket, ...rest);
    });
  }
  adapt(s3.BucketGrants.prototype, 'publicAccess', (original) => function (this: s3.BucketGrants, ...args: any[]) {
    const { bucket } = this as unknown as { bucket: s3.Bucket };
    if (injectionOf(bucket)?.sets.publicAccessBlock && bucket.disallowPublicAccess) {
      throw refusal(bucket, 'PublicAccess', {
        problem: "SecureBucketDefaults has set 'blockPublicAccess' on this bucket, and a construct grants public access to it.",
        remedy: "Serve the objects through CloudFront with origin access control (OacDistribution), or pass 'blockPublicAccess' to the bucket.",
      });
    }
    return original.apply(this, args);
  });
}

type Method = (this: any, ...args: any[]) => any;

function adapt<T extends object>(prototype: T, name: keyof T, around: (original: Method) => Method): void {
  const original = prototype[name] as Method & { [ADAPTED]?: boolean };
  if (original && !original[ADAPTED]) {
    prototype[name] = Object.assign(around(original), { [ADAPTED]: true }) as T[keyof T];
  }
}
