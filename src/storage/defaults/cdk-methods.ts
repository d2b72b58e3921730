import { Stack, Token, TokenComparison } from 'aws-cdk-lib';
import { ApplicationLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { leftOnSseS3 } from './cut-off';
import { injectionOf, leave } from './injected-bucket';
import { injectedKey, takeKeyBack } from './sse-s3';
import { Refusal, refusal } from '../../refusal';

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
    const why = bucket instanceof s3.Bucket && injectedKey(bucket) === this ? whyNotGranted(grantee, this) : undefined;
    if (why === undefined) {
      return original.call(this, grantee, ...actions);
    }
    takeKeyBack(bucket as s3.Bucket);
    leave(bucket as s3.Bucket, why);
    return iam.Grant.drop(grantee, `'${bucket!.node.path}' is left on SSE-S3, where nobody needs a key`);
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

/** Why somebody who is granted access to a bucket cannot be granted its key. */
function whyNotGranted({ grantPrincipal: principal }: iam.IGrantable, key: kms.Key): Refusal | undefined {
  if (!Construct.isConstruct(principal)) {
    return undefined;
  }
  const { node: { path } } = principal as Construct;
  if (isImmutable(principal)) {
    return leftOnSseS3(
      `'${path}' is granted access to its objects, and its policies are written elsewhere, so that nobody gives it a key`,
      "Have 'kms:Decrypt', for uploads 'kms:GenerateDataKey' besides, allowed there on the key of this bucket, and pass 'encryption' or 'encryptionKey'.",
    );
  }
  return isOfAnotherRegion(principal, key) ? leftOnSseS3(
    `'${path}', which is granted access to its objects, is of another Region, so that the policy of a key here would refer to it, and it to the bucket`,
    "Pass 'encryptionKey' with a key whose policy lets the principals of the account in, or make it a SecureBucket.",
  ) : undefined;
}

/** Whether the CDK writes nothing into the policies of a role: `mutable: false`, `withoutPolicyUpdates()`, roles of other accounts. It does not show that class. */
function isImmutable(principal: object): boolean {
  return (principal.constructor as { PROPERTY_INJECTION_ID?: string }).PROPERTY_INJECTION_ID === 'aws-cdk-lib.aws-iam.ImmutableRole';
}

/** Whether a principal of the app is of the key's account, and of another Region. */
function isOfAnotherRegion(principal: Construct, key: kms.Key): boolean {
  const isOther = (one: string, other: string) => Token.compareStrings(one, other) === TokenComparison.DIFFERENT;
  return isOther(Stack.of(principal).region, key.stack.region) && !isOther(Stack.of(principal).account, key.stack.account);
}

type Method = (this: any, ...args: any[]) => any;

/** Puts something around a method of the CDK, once a process. */
export function adapt<T extends object>(prototype: T, name: keyof T, around: (original: Method) => Method): void {
  const original = prototype[name] as Method & { [ADAPTED]?: boolean };
  if (original && !original[ADAPTED]) {
    prototype[name] = Object.assign(around(original), { [ADAPTED]: true }) as T[keyof T];
  }
}
