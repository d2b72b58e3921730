import { Validations } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/** Why a bucket does not follow a rule of the cdk-nag packs; a rule without a reason stays in force. */
export interface NagReasons {
  readonly accessLogs?: string;
  readonly kmsEncryption?: string;
  readonly replication?: string;
}

const RULES: Record<keyof NagReasons, string[]> = {
  accessLogs: [
    'AwsSolutions-S1',
    'HIPAA.Security-S3BucketLoggingEnabled',
    'NIST.800.53.R4-S3BucketLoggingEnabled',
    'NIST.800.53.R5-S3BucketLoggingEnabled',
    'PCI.DSS.321-S3BucketLoggingEnabled',
  ],
  kmsEncryption: ['HIPAA.Security-S3DefaultEncryptionKMS', 'NIST.800.53.R5-S3DefaultEncryptionKMS', 'PCI.DSS.321-S3DefaultEncryptionKMS'],
  replication: [
    'HIPAA.Security-S3BucketReplicationEnabled',
    'NIST.800.53.R4-S3BucketReplicationEnabled',
    'NIST.800.53.R5-S3BucketReplicationEnabled',
    'PCI.DSS.321-S3BucketReplicationEnabled',
  ],
};

/**
 * Acknowledges the rules of the cdk-nag packs that a bucket departs from on purpose.
 *
 * One entry under the key that `Validations.acknowledge` writes to: it would write one for each rule, each with a stack
 * trace of its own, and cost as much as the bucket's policy.
 */
export function acknowledgeNagRules(bucket: IConstruct, reasons: NagReasons): void {
  const acknowledged = Object.entries(reasons)
    .filter(([, reason]) => reason !== undefined)
    .flatMap(([topic, reason]) => RULES[topic as keyof NagReasons].map((id) => [id, reason]));
  acknowledge(bucket, acknowledged);
}

/** Acknowledges rules of other constructs in the same way. */
export function acknowledgeRules(construct: IConstruct, rules: string[], reason: string): void {
  acknowledge(construct, rules.map((id) => [id, reason]));
}

function acknowledge(construct: IConstruct, reasons: string[][]): void {
  if (reasons.length > 0) {
    construct.node.addMetadata(Validations.ACKNOWLEDGED_RULES_METADATA_KEY, Object.fromEntries(reasons.map(([id, reason]) => [`Annotation::${id}`, reason])));
  }
}
