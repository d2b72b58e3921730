import { Lazy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { GuardedBucket } from './guarded-bucket';
import { Guardrail, TextsOf } from './guardrail';
import { problemsOf, textsAtEnd } from './known-values';
import { OBJECT, TEXTS, wrongType, wrongTypes } from './prop-types';
import { GuardrailProps } from './unenforceable-behavior';
import { insideOrganizations } from '../guarantees/organization';
import { ACCOUNT_ID, malformed, ORGANIZATION_ID } from '../policy/identifiers';
import { Guarantee } from '../proof/guarantee';
import { PropRefusal, refuseAllUnscoped, sentenceOf, underProp } from '../refusal';

/**
 * The organizations whose principals may use a bucket.
 *
 * Guide, Section 7.4.
 */
export interface OrganizationPerimeter {
  /** The ids of the organizations, at least one, such as `o-exampleorgid`. */
  readonly organizationIds: string[];

  /**
   * Ids of accounts outside these organizations whose principals may use the bucket too.
   *
   * @default - none
   */
  readonly trustedAccounts?: string[];
}

/** Properties of `RestrictToOrganization`. */
export interface RestrictToOrganizationProps extends OrganizationPerimeter, GuardrailProps {}

/**
 * Denies every principal outside the organization, so that no grant, made by mistake or on purpose, reaches one.
 *
 * AWS services come without an organization and are exempt; a service that acts for an account outside the
 * organization is denied (the confused deputy).
 *
 * Guide, Section 7.4. Sids: `DenyOutsideOrg`, `DenyServicesForOutsideOrg`.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_data-perimeters.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
 */
export class RestrictToOrganization extends Guardrail {
  public readonly name = 'RestrictToOrganization';
  public readonly requirement: string;
  private readonly perimeter: OrganizationPerimeter;

  /** @throws UnscopedValidationError if an id is malformed, or no organization is named */
  constructor(props: RestrictToOrganizationProps) {
    super(props);
    refuseAllUnscoped('UnusableOrganizationPerimeter', this.name, unusableOrganizationPerimeter(props));
    this.perimeter = props;
    this.requirement = `Callers belong to ${[...props.organizationIds, ...(props.trustedAccounts ?? [])].join(' or ')}.`;
  }

  /** @internal */
  public _statements(bucket: GuardedBucket): iam.PolicyStatementProps[] {
    const everything = { actions: ['s3:*'], resources: [bucket.bucketArn, bucket.objectsArn] };
    const { organizationIds, trustedAccounts = [] } = this.perimeter;
    return [
      {
        ...everything,
        sid: 'DenyOutsideOrg',
        conditions: {
          StringNotEquals: { 'aws:PrincipalOrgID': organizationIds, 'aws:PrincipalAccount': withDelivering(trustedAccounts, bucket) },
          BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' }, // an anonymous request does not carry the key, and is outside
        },
      },
      {
        ...everything,
        sid: 'DenyServicesForOutsideOrg',
        conditions: {
          StringNotEquals: { 'aws:SourceOrgID': organizationIds, ...unlessEmpty('aws:SourceAccount', trustedAccounts) },
          Null: { 'aws:SourceAccount': 'false' }, // a service that acts for nobody in particular carries no account
          Bool: { 'aws:PrincipalIsAWSService': 'true' },
        },
      },
    ];
  }

  /** @internal */
  public _guarantees({ deliveringAccounts }: GuardedBucket, textsOf: TextsOf): Guarantee[] {
    return [insideOrganizations(textsOf(this.perimeter.organizationIds), textsOf(this.perimeter.trustedAccounts ?? []), deliveringAccounts)];
  }

  /** @internal */
  public _problems({ stack, site }: GuardedBucket): string[] {
    const { organizationIds, trustedAccounts } = this.perimeter;
    const atEnd = { organizationIds: textsAtEnd(organizationIds, stack) ?? [], trustedAccounts: textsAtEnd(trustedAccounts, stack) };
    return underProp(this.name, unusableOrganizationPerimeter(atEnd)).map((problem) => sentenceOf(site.node.path, problem));
  }
}

/** One token for each list, so that equal guardrails are seen to be equal. */
const WITH_DELIVERING = new WeakMap<GuardedBucket, Map<string, string[]>>();

/** Accounts that deliver logs are let in while the app is built. */
function withDelivering(trustedAccounts: string[], bucket: GuardedBucket): string[] {
  const known = WITH_DELIVERING.get(bucket) ?? new Map<string, string[]>();
  WITH_DELIVERING.set(bucket, known);
  const key = JSON.stringify(trustedAccounts);
  const accounts = known.get(key) ?? Lazy.list({ produce: () => [...trustedAccounts, ...bucket.deliveringAccounts] }, { omitEmpty: true });
  known.set(key, accounts);
  return accounts;
}

/** Says what is wrong with an organization perimeter; nothing if it can be enforced. */
export function unusableOrganizationPerimeter(perimeter: OrganizationPerimeter): PropRefusal[] {
  const wrong = [...wrongType(perimeter, OBJECT), ...wrongTypes(perimeter ?? {}, { organizationIds: TEXTS, trustedAccounts: TEXTS })];
  if (wrong.length > 0) {
    return wrong;
  }
  const { organizationIds = [], trustedAccounts = [] } = perimeter;
  if (organizationIds.length === 0) {
    return [{ problem: "the perimeter names no organization in 'organizationIds', so it would deny everyone.", remedy: 'Name at least one.' }];
  }
  const ofProp = (prop: string, problems: string[]) => problems.map((problem) => ({ prop, problem, remedy: 'Correct it: as it stands it matches no caller.' }));
  return [
    ...ofProp('organizationIds', problemsOf(organizationIds, (id) => malformed(id, ORGANIZATION_ID))),
    ...ofProp('trustedAccounts', problemsOf(trustedAccounts, (id) => malformed(id, ACCOUNT_ID))),
  ];
}

function unlessEmpty(conditionKey: string, values: string[]): Record<string, string[]> {
  return values.length > 0 ? { [conditionKey]: values } : {};
}
