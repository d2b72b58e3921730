import { Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { textsAtEnd } from './known-values';
import { partitionOf } from '../aws/regions';
import { CONSTRUCTS, wrongType } from '../prop-types';
import { Refusal } from '../refusal';

const REMEDY = 'Name roles or users: a Role, or an ArnPrincipal such as arn:aws:iam::111122223333:role/BreakGlass.';

/** The ARNs by which a policy recognizes administrators; `*` and `?` stand for a part of a role's or user's name. */
export function administratorArns(administrators: iam.IPrincipal[] = []): string[] {
  return administrators.flatMap((principal) => [principal.policyFragment.principalJson.AWS ?? []].flat()).flatMap(inAnyRegion);
}

/**
 * A permission set of AWS IAM Identity Center in whatever Region: where that is us-east-1, the path of its roles names none.
 *
 * @see https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
 */
function inAnyRegion(arn: string): string[] {
  const withoutRegion = arn.replace(/(:role\/aws-reserved\/sso\.amazonaws\.com)\/\*(\/AWSReservedSSO_)/, '$1$2');
  return [...new Set([arn, withoutRegion])];
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
  return administrators.flatMap((principal) => unusableExempt('administrator', principal, atEnd)).map((refusal) => ({ name: 'UnusableAdministrator', ...refusal }));
}

/**
 * What is wrong with somebody whom a perimeter is to let through; nothing if policies can name them.
 *
 * @param called what people call them, such as 'administrator'
 */
export function unusableExempt(called: string, principal: iam.IPrincipal | undefined, atEnd?: Stack): Refusal[] {
  const problem = unusable(called, principal, atEnd);
  return problem === undefined ? [] : [{ problem, remedy: REMEDY }];
}

/** Roles of people in AWS IAM Identity Center: their path is reserved, so that nobody else can make such a role. */
const PERMISSION_SET = /^role\/aws-reserved\/sso\.amazonaws\.com(?:\/[^/]+)?\/\*?AWSReservedSSO_[^*?/]+_[*?]+$/;

/**
 * The patterns among ARNs that also match roles or users which somebody may make for it.
 *
 * @see https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
 */
export function widePatterns(arns: readonly unknown[], atEnd: Stack): string[] {
  const texts = textsAtEnd(arns.filter((arn) => typeof arn === 'string'), atEnd)!;
  return texts.filter((arn) => !Token.isUnresolved(arn) && /[*?]/.test(arn) && !PERMISSION_SET.test(arn.split(':').slice(5).join(':')));
}

/** The same of those whom somebody named by their ARNs, once the app is complete. */
export function unusableExemptArns(called: string, arns: readonly unknown[], stack: Stack): Refusal[] {
  const texts = textsAtEnd(arns.filter((arn) => typeof arn === 'string'), stack)!;
  return texts.flatMap((arn) => unusableArn(called, arn, partitionAt(stack)) ?? []).map((problem) => ({ problem, remedy: REMEDY }));
}

function unusable(called: string, principal: iam.IPrincipal | undefined, atEnd?: Stack): string | undefined {
  if (!principal) {
    return `${/^[aeiou]/.test(called) ? 'an' : 'a'} ${called} is missing.`;
  }
  if (!principal.policyFragment) {
    return `the ${called} '${principal}' is not a principal.`;
  }
  const { principalJson, conditions } = principal.policyFragment;
  const kinds = Object.keys(principalJson);
  const written = [principalJson.AWS ?? []].flat();
  const arns = atEnd ? textsAtEnd(written, atEnd)! : written;
  return arns.map((arn) => unusableArn(called, arn, atEnd && partitionAt(atEnd))).find(Boolean)
    ?? (kinds.some((kind) => kind !== 'AWS') || arns.length === 0 ? `the ${called} ${principal} is no role or user.` : undefined)
    ?? (principal instanceof iam.AccountPrincipal ? `the ${called} is the whole account ${principal.accountId}.` : undefined)
    ?? (Object.keys(conditions).length > 0 ? `the ${called} has conditions, which a perimeter cannot take over.` : undefined);
}

/** The partition of a stack, unless its Region is known at deployment only. */
function partitionAt({ region }: Stack): string | undefined {
  return Token.isUnresolved(region) ? undefined : partitionOf(region);
}

/** Says why an ARN would exempt nobody, or nearly everybody. */
function unusableArn(called: string, arn: string, here?: string): string | undefined {
  if (Token.isUnresolved(arn)) {
    return undefined;
  }
  const [, partition, service, , account, ...name] = arn.split(':');
  if (here !== undefined && partition !== here && arn.startsWith('arn:')) {
    return `the ${called} '${arn}' is of the partition '${partition}': in '${here}' it is nobody's ARN.`;
  }
  if (service === 'sts') {
    return `the ${called} '${arn}' is a session: requests carry the ARN of its role.`;
  }
  if (service === 'iam' && name.join(':') === 'root') {
    return `the ${called} is the whole account ${account}, or its root user, who may repair the policy without an exemption.`;
  }
  const isPrecise = service === 'iam' && /^\d{12}$/.test(account) && /^(?:role|user)\/.*[^*?/].*$/.test(name.join(':'));
  return isPrecise ? undefined : `the ${called} '${arn}' is too wide, or the ARN of no role or user.`;
}
