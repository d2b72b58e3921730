import { contextOf } from '../policy/context';
import { Statement } from '../policy/document';
import { PolicyRequest } from '../policy/request';
import { isUnknown, UNDETERMINED, widest } from '../policy/unknown-text';

/**
 * Condition keys that a delivery of a service does not carry: it comes through no endpoint and no access point, has no IAM identity, session or organization, and
 * sends no encryption header.
 */
const ABSENT = new RegExp(`^(?:${[
  's3:x-amz-server-side-encryption.*', 's3:dataaccesspoint.*', 's3:accesspointnetworkorigin',
  'aws:source(?:ip|vpce?|vpcarn|identity)', 'aws:vpcsourceip', 'aws:vpce.*', 'aws:calledvia.*',
  'aws:principal(?:arn|orgid|orgpaths|tag/.*)', 'aws:(?:username|federatedprovider|tokenissuetime|multifactorauth(?:present|age))',
].join('|')})$`);

/**
 * The ARN of a source, parts of which are not known, as a statement sees it: nothing is decided where it may be one that the statement means, and otherwise it is some
 * other one.
 */
export function sourceAsSeenBy({ conditions }: Statement, arn: string): string {
  const compared = conditions.filter(({ key }) => key === 'aws:sourcearn').flatMap(({ values }) => values.map(({ source }) => source));
  const open = widest(arn).replace(/\*(?!$)/g, PART); // names, accounts and Regions have no colon
  const mayBeMeant = compared.some((source) => mayBeAlike(widest(source), open));
  return isUnknown(arn) ? mayBeMeant ? UNDETERMINED : widest(arn).replaceAll('*', 'other') : arn;
}

/** A wildcard for a part of an ARN. */
const PART = '\uE00A';

/** Whether some text matches two patterns with wildcards. Variables of policies may be anything. */
function mayBeAlike(one: string, other: string): boolean {
  const [first, second] = [one, other].map((pattern) => pattern.replace(/\$\{[^}]*}/g, '*').replace(/\*+/g, '*'));
  const known = new Map<string, boolean>();
  const meet = (i: number, j: number): boolean => {
    const key = `${i} ${j}`;
    if (!known.has(key)) {
      known.set(key, meetAt(i, j));
    }
    return known.get(key)!;
  };
  const meetAt = (i: number, j: number): boolean => {
    const [a, b] = [first[i], second[j]];
    if (isWild(a) || isWild(b)) {
      return (isWild(a) && (meet(i + 1, j) || (takes(a, b) && meet(i, j + 1)))) || (isWild(b) && (meet(i, j + 1) || (takes(b, a) && meet(i + 1, j))));
    }
    return a === undefined || b === undefined ? a === b : (a === b || a === '?' || b === '?') && meet(i + 1, j + 1);
  };
  return meet(0, 0);
}

function isWild(character: string | undefined): boolean {
  return character === '*' || character === PART;
}

/** Whether a wildcard stands for a character among others. */
function takes(wildcard: string, character: string | undefined): boolean {
  return character !== undefined && !isWild(character) && (wildcard === '*' || character !== ':');
}

/**
 * An upload of a service as a statement sees it. What is not known of it may be anything.
 *
 * @param object the ARN of the object
 * @param known what is known of it beside the service; undefined says that it does not carry the key
 */
export function serviceUpload(service: string, object: string, known: Readonly<Record<string, string | undefined>>, { conditions }: Statement): PolicyRequest {
  const keys = conditions.map(({ key }) => key).filter((key) => !ABSENT.test(key));
  return {
    principal: { kind: 'service', service },
    action: 's3:PutObject',
    resource: object,
    context: contextOf({
      ...Object.fromEntries(keys.map((key) => [key, UNDETERMINED])),
      'aws:securetransport': 'true',
      'aws:principalisawsservice': 'true',
      'aws:principalservicename': service,
      'aws:principalservicenameslist': [service, UNDETERMINED], // other names of the service, too
      'aws:viaawsservice': 'false',
      ...known,
    }),
  };
}
