import { Lazy, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { deliverers, exemptionOf, PerimeterExemption, SERVICES_PASS } from './exemptions/perimeter-exemption';
import { GuardedBucket } from './guarded-bucket';
import { Guardrail, TextsOf } from './guardrail';
import { problemsOf, textsAtEnd } from './known-values';
import { Control, ControlPolicy, denyEverything } from './organization-control';
import { warnOfOtherOrganizations } from './other-organizations';
import { typed } from './typed-props';
import { GuardrailProps } from './unenforceable-behavior';
import { insideOrganizations } from '../guarantees/organization';
import { ACCOUNT_ID, malformed, ORGANIZATION_ID } from '../policy/identifiers';
import { Guarantee } from '../proof/guarantee';
import { OBJECT, TEXTS, TypesOf, wrongType, wrongTypes } from '../prop-types';
import { byProp, PropRefusal, Refusal, refuseAllUnscoped, sentenceOf, underProp } from '../refusal';

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

const PERIMETER_TYPES: TypesOf<OrganizationPerimeter> = { organizationIds: TEXTS, trustedAccounts: TEXTS };

/** Properties of `RestrictToOrganization`. */
export interface RestrictToOrganizationProps extends OrganizationPerimeter, GuardrailProps {}

/**
 * Denies every principal outside the organization, so that no grant, made by mistake or on purpose, reaches one.
 *
 * The bucket's own account is never outside: an organization id with a mistake locks nobody out who could correct it. AWS services come without an
 * organization and are exempt; a service that acts for an account outside the organization is denied (the confused deputy).
 *
 * In a `ResourceControlPolicy` it holds wholly, for every resource: AWS services and the accounts named are exempt as here; own accounts are inside by their
 * organization alone, so that an id with a mistake locks all of them out. CloudFront with an origin access identity is stopped (use `OacDistribution`). In a
 * `ServiceControlPolicy` it is refused: that binds principals of the organization only.
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
    super(typed('RestrictToOrganization', props, PERIMETER_TYPES));
    refuseAllUnscoped('UnusableOrganizationPerimeter', this.name, byProp(unusableOrganizationPerimeter(props)));
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
          ...noneOf('aws:PrincipalOrgID', organizationIds, 'aws:PrincipalAccount', trustedAccounts, (others) => ownAccounts(bucket, others)),
          BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' }, // an anonymous request does not carry the key, and is outside
        },
      },
      {
        ...everything,
        sid: 'DenyServicesForOutsideOrg',
        conditions: {
          ...noneOf('aws:SourceOrgID', organizationIds, 'aws:SourceAccount', trustedAccounts, (others) => [bucket.account, ...others]),
          Null: { 'aws:SourceAccount': 'false' }, // a service that acts for nobody in particular carries no account
          Bool: { 'aws:PrincipalIsAWSService': 'true' },
        },
      },
    ];
  }

  /** @internal */
  public _controls(policy: ControlPolicy): Control[] | Refusal {
    if (policy.kind === 'service') {
      return { problem: 'a service control policy binds principals of the organization only, and none from outside.', remedy: 'Use it in a ResourceControlPolicy.' };
    }
    const { organizationIds, trustedAccounts = [] } = this.perimeter;
    return [
      denyEverything(policy, 'DenyOutsideOrg', {
        ...noneOf('aws:PrincipalOrgID', organizationIds, 'aws:PrincipalAccount', trustedAccounts, (others) => [...policy.loadBalancerAccounts, ...others]),
        BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' }, // as above
      }),
      denyEverything(policy, 'DenyServicesForOutsideOrg', {
        ...noneOf('aws:SourceOrgID', organizationIds, 'aws:SourceAccount', trustedAccounts, (others) => others),
        Null: { 'aws:SourceAccount': 'false' },
        Bool: { 'aws:PrincipalIsAWSService': 'true' },
      }),
    ];
  }

  /** @internal */
  public _guarantees({ account, deliveringAccounts }: GuardedBucket, textsOf: TextsOf): Guarantee[] {
    const { organizationIds, trustedAccounts = [] } = this.perimeter;
    return [insideOrganizations(textsOf(organizationIds), textsOf(trustedAccounts), textsOf([account])[0], deliveringAccounts)];
  }

  /** @internal */
  public _exemptions({ account, deliveringAccounts }: GuardedBucket): PerimeterExemption[] {
    return [
      SERVICES_PASS,
      { arn: account, reason: "it is the bucket's own account, and AWS services may call for it" },
      ...(this.perimeter.trustedAccounts ?? []).map((arn) => ({ arn, reason: "it is one of the 'trustedAccounts'" })),
      ...deliverers(deliveringAccounts),
    ].map((exempt) => exemptionOf(this.name, exempt));
  }

  /** @internal */
  public _organizationIds(): readonly string[] {
    return this.perimeter.organizationIds;
  }

  /** @internal */
  public _problems({ stack, site }: GuardedBucket): string[] {
    warnOfOtherOrganizations(site, this.perimeter.organizationIds);
    const { organizationIds, trustedAccounts } = this.perimeter;
    const atEnd = { organizationIds: textsAtEnd(organizationIds, stack) ?? [], trustedAccounts: textsAtEnd(trustedAccounts, stack) };
    return underProp(this.name, unusableOrganizationPerimeter(atEnd)).map((problem) => sentenceOf(site.node.path, problem));
  }
}

/** One token for each list, so that equal guardrails are seen to be equal. */
const OWN_ACCOUNTS = new WeakMap<GuardedBucket, Map<string, string[]>>();

/** The bucket's own account, the accounts of AWS that are let deliver logs while the app is built, and others. */
function ownAccounts(bucket: GuardedBucket, others: string[]): string[] {
  const known = OWN_ACCOUNTS.get(bucket) ?? new Map<string, string[]>();
  OWN_ACCOUNTS.set(bucket, known);
  const key = JSON.stringify(others);
  const accounts = known.get(key) ?? Lazy.uncachedList({ produce: () => [bucket.account, ...bucket.deliveringAccounts, ...others] });
  known.set(key, accounts);
  return accounts;
}

/**
 * Conditions that a request belongs to none of some organizations and accounts. A list that is known only later takes no more elements: the
 * own accounts stand beside it.
 *
 * @param own the own accounts, with others
 */
function noneOf(
  organizationKey: string, organizationIds: string[], accountKey: string, trusted: string[], own: (others: string[]) => string[],
): Record<string, Record<string, string[]>> {
  const isLater = Token.isUnresolved(trusted);
  const beside = isLater ? own([]) : [];
  const accounts = isLater ? trusted : own(trusted);
  return {
    StringNotEquals: { [organizationKey]: organizationIds, ...(accounts.length > 0 ? { [accountKey]: accounts } : {}) },
    ...(beside.length > 0 ? { StringNotLike: { [accountKey]: beside } } : {}),
  };
}

/** Says what is wrong with an organization perimeter; nothing if it can be enforced. */
export function unusableOrganizationPerimeter(perimeter: OrganizationPerimeter): PropRefusal[] {
  const wrong = [...wrongType(perimeter, OBJECT), ...wrongTypes(perimeter ?? {}, PERIMETER_TYPES)];
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
