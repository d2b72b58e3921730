import { Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { textsAtEnd } from './known-values';
import { CONSTRUCTS, wrongType } from '../prop-types';
import { Refusal } from '../refusal';

const REMEDY = 'Name roles or users: a Role, or an ArnPrincipal such as arn:aws:iam::111122223333:role/BreakGlass.';

/** The ARNs by which a policy recognizes administrators; `*` and `?` stand for a part of a role's or user's name. */
export function administratorArns(administrators: iam.IPrincipal[] = []): string[] {
  return administrators.flatMap((principal) => [principal.policyFragment.principalJson.AWS ?? []].flat());
}

/**
 * What is wrong with administrators; nothing if policies can name them.
 *
 * @param atEnd the stack of the policies, once the app is complete: what is known later than the administrators are named is judged then
 */
export function unusableAdministrators(administrators: iam.IPrincipal[] = [], atEnd?: Stack): Refusal[] {
  if (!Array.isArray(administrators)) {
    return wrongType(administrators, CONSTRUCTS);
  }
  return administrators.flatMap((principal) => unusable(principal, atEnd) ?? []).map((problem) => ({ name: 'UnusableAdministrator', problem, remedy: REMEDY }));
}

/** Roles of people in AWS IAM Identity Center: their path is reserved, so that nobody else can make such a role. */
const PERMISSION_SET = /^role\/aws-reserved\/sso\.amazonaws\.com(?:\/[^/]+)?\/AWSReservedSSO_[^*?/]+_[*?]+$/;

/**
 * The patterns among ARNs that also match roles or users which somebody may make for it.
 *
 * @see https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
 */
export function widePatterns(arns: readonly unknown[], atEnd: Stack): string[] {
  const texts = textsAtEnd(arns.filter((arn) => typeof arn === 'string'), atEnd)!;
  return texts.filter((arn) => !Token.isUnresolved(arn) && /[*?]/.test(arn) && !PERMISSION_SET.test(arn.split(':').slice(5).join(':')));
}

function unusable(principal: iam.IPrincipal | undefined, atEnd?: Stack): string | undefined {
  if (!principal) {
    return 'an administrator is missing.';
  }
  if (!principal.policyFragment) {
    return `the administrator '${principal}' is not a principal.`;
  }
  const { principalJson, conditions } = principal.policyFragment;
  const kinds = Object.keys(principalJson);
  const written = [principalJson.AWS ?? []].flat();
  const arns = atEnd ? textsAtEnd(written, atEnd)! : written;
  return arns.map(unusableArn).find(Boolean)
    ?? (kinds.some((kind) => kind !== 'AWS') || arns.length === 0 ? `the administrator ${principal} is no role or user.` : undefined)
    ?? (principal instanceof iam.AccountPrincipal ? `the administrator is the whole account ${principal.accountId}.` : undefined)
    ?? (Object.keys(conditions).length > 0 ? 'an administrator has conditions, which a perimeter cannot take over.' : undefined);
}

/** Says why an ARN would exempt nobody, or nearly everybody. */
function unusableArn(arn: string): string | undefined {
  if (Token.isUnresolved(arn)) {
    return undefined;
  }
  const [, , service, , account, ...name] = arn.split(':');
  if (service === 'sts') {
    return `the administrator '${arn}' is a session: requests carry the ARN of its role.`;
  }
  const isPrecise = service === 'iam' && /^\d{12}$/.test(account) && /^(?:root|(?:role|user)\/.*[^*?/].*)$/.test(name.join(':'));
  return isPrecise ? undefined : `the administrator '${arn}' is too wide, or the ARN of no role or user.`;
}
