import { Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import { known } from './names';
import { jsonText } from '../policy/json';
import { textPattern } from '../policy/pattern';

/**
 * Whether the policies of a key's own account can allow actions on it, because the key's policy leaves that to the account. Of a key
 * that is not made here it is taken for granted.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
 */
export function trustsItsAccount(key: kms.IKey, actions: readonly string[]): boolean {
  const resource = key.node.defaultChild;
  if (!kms.CfnKey.isCfnKey(resource)) {
    return true;
  }
  const statements: any[] = [Stack.of(key).resolve(resource.keyPolicy)?.Statement ?? []].flat();
  const root = known(key.env.account) === undefined ? /:root"/ : new RegExp(`:${key.env.account}:root"|"${key.env.account}"`);
  return actions.every((action) => statements.some(({ Effect, Principal, Action = [], Condition }) =>
    Effect === 'Allow' && Condition === undefined && root.test(JSON.stringify(Principal) ?? '') && [Action].flat().some((pattern) => textPattern(jsonText(pattern)).matches(action) === true)));
}
