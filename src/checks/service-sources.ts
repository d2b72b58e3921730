import { textsOf } from './perimeter-intent';
import { Statement } from '../policy/document';
import { arnSegments } from '../policy/pattern';
import { Guarantee } from '../policy/prove';
import { Choice, ResourceFacts, valueIn } from '../policy/space/facet';
import { MentionedKeys } from '../policy/space/mentions';

export const CLOUDFRONT = 'cloudfront.amazonaws.com';
const STRANGE_ACCOUNT = '999988887777';

/** Services that call for an account and a resource which a statement does not name. */
export function namedSource(statement: Statement, { account, partition }: ResourceFacts): { isUnnamed: (caller: Choice) => boolean; mentions: MentionedKeys } {
  const arns = mentioned(statement, 'aws:sourcearn');
  const accounts = new Set([account, ...mentioned(statement, 'aws:sourceaccount'), ...arns.map((arn) => arnSegments(arn)[4])].filter((text) => text && !/[*?]/.test(text)));
  const isNamed = (arn: string | undefined) => arn !== undefined && (arns.includes(arn) || accounts.has(arnSegments(arn)[4]));
  return {
    isUnnamed: (caller) => caller.kind === 'service'
      && !accounts.has(valueIn(caller, 'aws:sourceaccount') ?? '')
      && !isNamed(valueIn(caller, 'aws:sourcearn'))
      && valueIn(caller, 'aws:sourceorgid') === undefined,
    mentions: { 'aws:sourceaccount': [{ kind: 'text', text: STRANGE_ACCOUNT }], 'aws:sourcearn': [{ kind: 'arn', text: `arn:${partition}:any:eu-west-1:${STRANGE_ACCOUNT}:resource` }] },
  };
}

/** No distribution is let in that a statement does not name, of this account or of another. */
export function onlyNamedDistributions(statement: Statement, { account, partition }: ResourceFacts): Guarantee {
  const arns = mentioned(statement, 'aws:sourcearn');
  const strangers = [account, STRANGE_ACCOUNT].map((owner) => `arn:${partition}:cloudfront::${owner}:distribution/ENAMEDBYNOBODY`);
  const likeNamed = arns.filter((arn) => /[*?]/.test(arn)).map((arn) => arn.replace(/:\*:/g, `:${account}:`).replace(/\*/g, 'NAMEDBYNOBODY').replace(/\?/g, 'N'));
  const others = [...strangers, ...likeNamed];
  return {
    sentence: 'Only distributions that the policy names are let in.',
    needsAllow: () => true,
    breaches: [{
      'caller': (choice) => valueIn(choice, 'aws:principalservicename') === CLOUDFRONT && !arns.includes(valueIn(choice, 'aws:sourcearn') ?? 'any'),
      'access-point': ({ kind }) => kind === 'direct', // behind an access point, the access point's own policy decides too
    }],
    mentions: { 'aws:sourcearn': others.map((text) => ({ kind: 'arn', text } as const)), 'aws:sourceaccount': [{ kind: 'text', text: account }] },
  };
}

function mentioned({ conditions }: Statement, key: string): string[] {
  return conditions.filter((test) => test.key === key).flatMap(textsOf);
}
