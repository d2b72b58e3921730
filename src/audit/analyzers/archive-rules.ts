import * as accessanalyzer from 'aws-cdk-lib/aws-accessanalyzer';
import { Member } from '../../sharing/merged-statement';

/** Of an analyzer by default, https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-quotas.html */
export const MOST_RULES = 100;

const MOST_VALUES = 20; // of a criterion, same page

/** Somebody with whom a resource is shared on purpose. */
export interface IntendedAccess {
  /** The bucket or the key, as findings name it. */
  readonly resourceArn: string;

  /** The path of its construct, which never changes: its ARN is resolved to one thing or another, by the phase of synthesis. */
  readonly path: string;
  readonly member: Member;
}

type Rule = accessanalyzer.CfnAnalyzer.ArchiveRuleProperty;
type Filter = accessanalyzer.CfnAnalyzer.FilterProperty;

/**
 * The archive rules for what is shared on purpose: each archives findings about one resource and the principals that its shares name, and never public access.
 *
 * @param nameOf how a rule is called, by its place among those of its resource
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-filter-keys.html
 */
export function archiveRules(intended: readonly IntendedAccess[], nameOf: (path: string, place: number) => string): Rule[] {
  const resources = new Set(intended.map(({ resourceArn }) => resourceArn));
  return [...resources].flatMap((resourceArn) => {
    const ofResource = intended.filter((access) => access.resourceArn === resourceArn);
    const members = ofResource.map(({ member }) => member);
    const criteria = KINDS.flatMap((criteriaOf) => criteriaOf(members));
    return criteria.map((filters, place): Rule => ({
      ruleName: nameOf(ofResource[0].path, place),
      filter: [equalTo('resource', [resourceArn]), equalTo('isPublic', ['false']), ...filters],
    }));
  });
}

/** What a finding says of those whom shares name, in each of the ways in which they name them. */
const KINDS: ((members: readonly Member[]) => Filter[][])[] = [
  (members) => {
    const named = members.flatMap((member) => (member.kind === 'principal' ? [member.arn] : []));
    return inParts(named).map((arns) => [equalTo('principal.AWS', arns)]);
  },
  (members) => {
    const accounts = members.flatMap((member) => (member.kind === 'account' ? [member.account] : []));
    return inParts(accounts).map((ids) => [equalTo('principal.AWS', ids)]);
  },
  (members) => {
    const accounts = new Set(members.flatMap((member) => (member.kind === 'arn-in-account' ? [member.account] : [])));
    return [...accounts].flatMap((account) => {
      const arns = members.flatMap((member) => (member.kind === 'arn-in-account' && member.account === account ? [member.arn] : []));
      return inParts(arns).map((part) => [equalTo('principal.AWS', [account]), equalTo('condition.aws:PrincipalArn', part)]);
    });
  },
  (members) => {
    const organizations = members.flatMap((member) => (member.kind === 'organization' ? member.ids : []));
    return inParts(organizations).map((ids) => [equalTo('condition.aws:PrincipalOrgID', ids)]);
  },
];

function inParts(values: readonly string[]): string[][] {
  const all = [...new Set(values)];
  return Array.from({ length: Math.ceil(all.length / MOST_VALUES) }, (_, at) => all.slice(at * MOST_VALUES, (at + 1) * MOST_VALUES));
}

function equalTo(property: string, values: readonly string[]): Filter {
  return { property, eq: [...values] };
}
