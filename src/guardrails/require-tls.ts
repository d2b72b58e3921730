import { Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { GuardedBucket } from './guarded-bucket';
import { Guardrail } from './guardrail';
import { Control, ControlPolicy, denyCallers, isAboutS3 } from './organization-control';
import { typed } from './typed-props';
import { GuardrailProps } from './unenforceable-behavior';
import { HTTPS_ONLY, tlsFloor } from '../guarantees/transport';
import { Guarantee } from '../proof/guarantee';
import { Refusal, unscopedRefusal } from '../refusal';

/** Properties of `RequireTls`. */
export interface RequireTlsProps extends GuardrailProps {
  /**
   * The lowest TLS version that a request may use: 1.2 or 1.3.
   *
   * @default 1.2
   */
  readonly minimumTLSVersion?: number;
}

/**
 * Denies every request over plain HTTP, and every request over a TLS version below the floor.
 *
 * In a `ResourceControlPolicy` or `ServiceControlPolicy` it holds wholly: plain HTTP for all services of the policy, the TLS version for S3, which alone tells it.
 *
 * Guide, Section 7.1. Sids: `DenyInsecureTransport`, `DenyOutdatedTls`.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html#example-object-tls-version
 */
export class RequireTls extends Guardrail {
  public readonly name = 'RequireTls';
  public readonly requirement: string;
  /** @internal */
  public readonly _minimumVersion: number;

  /** @throws UnscopedValidationError if `minimumTLSVersion` is a version that S3 does not offer or that is no longer safe */
  constructor(props: RequireTlsProps = {}) {
    super(typed('RequireTls', props, {}));
    this._minimumVersion = props.minimumTLSVersion ?? 1.2;
    const problem = unusableTlsVersion(this._minimumVersion);
    if (problem) {
      throw unscopedRefusal('UnusableTlsVersion', this.name, problem);
    }
    this.requirement = `Requests use TLS ${this._minimumVersion} or newer.`;
  }

  /** @internal */
  public _statements(bucket: GuardedBucket): iam.PolicyStatementProps[] {
    const everything = { actions: ['s3:*'], resources: [bucket.bucketArn, bucket.objectsArn] };
    return [
      { ...everything, sid: 'DenyInsecureTransport', conditions: INSECURE_TRANSPORT },
      { ...everything, sid: 'DenyOutdatedTls', conditions: this.outdated },
    ];
  }

  /** @internal */
  public _controls(policy: ControlPolicy): Control[] {
    return [
      ...denyCallers(policy, 'DenyInsecureTransport', INSECURE_TRANSPORT),
      ...(isAboutS3(policy) ? [{ sid: 'DenyOutdatedTls', actions: ['s3:*'], conditions: this.outdated }] : []),
    ];
  }

  /** @internal */
  public _guarantees(): Guarantee[] {
    return [HTTPS_ONLY, tlsFloor(this._minimumVersion)];
  }

  private get outdated() {
    return { NumericLessThan: { 's3:TlsVersion': this._minimumVersion } };
  }
}

const INSECURE_TRANSPORT = { Bool: { 'aws:SecureTransport': 'false' } };

/** Says what is wrong with a TLS floor; nothing if S3 can hold it. */
export function unusableTlsVersion(version: number): Refusal | undefined {
  if (Token.isUnresolved(version)) {
    return { problem: "'minimumTLSVersion' is not known at synthesis.", remedy: 'Use 1.2 or 1.3, written out.' };
  }
  if (typeof version !== 'number') {
    return { problem: "'minimumTLSVersion' is not a number.", remedy: 'Use 1.2 or 1.3, written as a number.' };
  }
  return version === 1.2 || version === 1.3 ? undefined : { problem: `'minimumTLSVersion' is ${version}.`, remedy: 'Use 1.2 or 1.3: older versions are broken, newer ones S3 does not offer.' };
}
