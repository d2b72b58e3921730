import { Stack, Token, TokenComparison } from 'aws-cdk-lib';
import { ApplicationLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { leftOnSseS3 } from './cut-off';
import { injectionOf, leave } from './injected-bucket';
import { injectedKey, takeKeyBack } from './sse-s3';
import { refusal } from '../../refusal';

const ADAPTED = Symbol.for('cdk-secure-bucket.adapted');

/**
 * Makes methods of the CDK aware of what the defaults have injected, once a process. Buckets that were not injected are treated as ever.
 *
 * The CDK looks at a bucket's key when a load balancer is told to deliver there, or somebody is granted access, which may be long after the bucket was made, and offers
 * no other place to learn of it in time.
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
  adapt(kms.Key.prototype, 'grant', (original) => function (this: kms.Key, grantee: iam.IGrantable, ...actions: string[]) {
    const { scope: bucket } = this.node;
    if (!(bucket instanceof s3.Bucket) || injectedKey(bucket) !== this || !isOfAnotherRegion(grantee, this)) {
      return original.call(this, grantee, ...actions);
    }
    const path = (grantee.grantPrincipal as unknown as Construct).node.path;
    takeKeyBack(bucket);
    leave(bucket, leftOnSseS3(
      `'${path}', which is granted access to its objects, is of another Region, so that the policy of a key here would refer to it, and it to the bucket`,
      "Pass 'encryptionKey' with a key whose policy lets the principals of the account in, or make it a SecureBucket.",
    ));
    return iam.Grant.drop(grantee, `'${bucket.node.path}' is left on SSE-S3, where nobody needs a key`);
  });
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

/** Whether a principal of the app is of the key's account, and of another Region. */
function isOfAnotherRegion({ grantPrincipal: principal }: iam.IGrantable, key: kms.Key): boolean {
  const isOther = (one: string, other: string) => Token.compareStrings(one, other) === TokenComparison.DIFFERENT;
  return Construct.isConstruct(principal) && isOther(Stack.of(principal).region, key.stack.region) && !isOther(Stack.of(principal).account, key.stack.account);
}

type Method = (this: any, ...args: any[]) => any;

function adapt<T extends object>(prototype: T, name: keyof T, around: (original: Method) => Method): void {
  const original = prototype[name] as Method & { [ADAPTED]?: boolean };
  if (original && !original[ADAPTED]) {
    prototype[name] = Object.assign(around(original), { [ADAPTED]: true }) as T[keyof T];
  }
}
