/** The services that policies of an organization can be written for here: `s3:*` and so on. */
export enum ControlledService {
  /** Amazon S3. */
  S3 = 's3',

  /** AWS KMS. */
  KMS = 'kms',

  /** Amazon SQS. */
  SQS = 'sqs',

  /** AWS Secrets Manager. */
  SECRETS_MANAGER = 'secretsmanager',
}

/** Conditions by operator and key, all of which must hold. */
export type ControlConditions = Readonly<Record<string, Readonly<Record<string, string | number | readonly string[]>>>>;

/** A policy of an organization that denies by a guardrail. */
export interface ControlPolicy {
  /** `resource` binds all callers of the resources of accounts, AWS services too; `service` binds the users and roles of accounts, whatever they call. */
  readonly kind: 'resource' | 'service';
  readonly services: readonly ControlledService[];

  /** Accounts of AWS that deliver logs as themselves, and not as a service. */
  readonly loadBalancerAccounts: readonly string[];
}

/** A statement that denies actions on all resources. */
export interface Control {
  readonly sid: string;
  readonly actions: readonly string[];
  readonly conditions: ControlConditions;

  /** Whether callers can be exempted by role name or tag: from where they call, and from nothing else. */
  readonly isOfNetwork?: boolean;
}

/**
 * Who calls KMS on behalf of others, from networks of AWS: services with the credentials of their callers, and EC2 that attaches encrypted volumes.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_forward_access_sessions.html
 * @see https://github.com/aws-samples/data-perimeter-policy-examples
 */
const SPARED_BY_KMS: ControlConditions = {
  BoolIfExists: { 'aws:ViaAWSService': 'false' },
  ArnNotLike: { 'aws:PrincipalArn': ['arn:*:iam::*:role/aws:ec2-infrastructure'] },
};

/** A deny of all actions of the services. */
export function denyEverything({ services }: ControlPolicy, sid: string, conditions: ControlConditions): Control {
  return { sid, actions: services.map(allActionsOf), conditions };
}

/** The same, which spares those who call KMS on behalf of others. */
export function denyCallers(policy: ControlPolicy, sid: string, conditions: ControlConditions): Control[] {
  const others = policy.services.filter((service) => service !== ControlledService.KMS);
  return [
    ...(others.length > 0 ? [denyEverything({ ...policy, services: others }, sid, conditions)] : []),
    ...(others.length < policy.services.length ? [{ sid: `${sid}ForKms`, actions: [allActionsOf(ControlledService.KMS)], conditions: together(conditions, SPARED_BY_KMS) }] : []),
  ];
}

/** Whether a policy is about S3. */
export function isAboutS3({ services }: ControlPolicy): boolean {
  return services.includes(ControlledService.S3);
}

/** Conditions that hold together. Of the same operator and key, all values are listed: for operators that ask for none of them. */
export function together(...all: readonly ControlConditions[]): ControlConditions {
  const merged: Record<string, Record<string, string | number | readonly string[]>> = {};
  for (const [operator, keys] of all.flatMap((one) => Object.entries(one))) {
    for (const [key, value] of Object.entries(keys)) {
      const known = merged[operator]?.[key];
      const values = [...new Set([known ?? [], value].flat())] as string[];
      merged[operator] = { ...merged[operator], [key]: known === undefined ? value : values.length === 1 ? values[0] : values };
    }
  }
  return merged;
}

function allActionsOf(service: ControlledService): string {
  return `${service}:*`;
}
