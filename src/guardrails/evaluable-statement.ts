import { Stack, Token } from 'aws-cdk-lib';
import { canonical, isIntrinsic, settled } from './template-values';
import { cautiousStatement, parsePolicy, Statement } from '../policy/document';
import { jsonText } from '../policy/json';
import { StatementJson } from '../policy/public-allow';
import { UNDETERMINED, unknownText } from '../policy/unknown-text';

/** What references of a template stand for: texts by the reference, in `canonical` form. */
export type KnownReferences = ReadonlyMap<string, string>;

/**
 * A statement of a template such that requests can be judged by it, in whichever partition. What is known only at deployment may be anything.
 * A statement that AWS would refuse is none.
 */
export function evaluable(statement: StatementJson, stack: Stack, references: KnownReferences = new Map()): Statement | undefined {
  const known = new Map([...placeReferences(stack), ...references]);
  const filled = settled(statement, stack, (intrinsic) => known.get(canonical(intrinsic)));
  const json = JSON.parse(JSON.stringify(filled), (_, child) => (isIntrinsic(child) ? joinedText(child) ?? unknownText(canonical(child)) : child));
  const everything = 'NotResource' in json ? {} : { Resource: '*' };
  try {
    return cautiousStatement(parsePolicy({ Version: '2012-10-17', Statement: [{ ...everything, ...json }] }).statements[0]);
  } catch {
    return undefined;
  }
}

/** The account of a stack, in statements that are evaluable. */
export function accountIn({ account }: Stack): string {
  return Token.isUnresolved(account) ? unknownText('account', { kind: 'account' }) : account;
}

/** The value of a condition key that tells the account of a stack: an account that is not known may be any that conditions compare it with. */
export function accountValueIn({ account }: Stack): string {
  return Token.isUnresolved(account) ? UNDETERMINED : account;
}

function placeReferences(stack: Stack): KnownReferences {
  return new Map([['AWS::Partition', 'aws'], ['AWS::AccountId', accountIn(stack)]].map(([name, text]) => [canonical({ Ref: name }), text]));
}

function joinedText({ 'Fn::Join': join }: Record<string, any>): string | undefined {
  return Array.isArray(join?.[1]) ? join[1].map(jsonText).join(join[0]) : undefined; // what is inside has been filled in
}
