import { Stack, Token } from 'aws-cdk-lib';
import { Construct, IConstruct } from 'constructs';
import { pathOf, refuseAll } from '../refusal';

/** Throws if the app has a construct of a class in the same account already, as far as accounts are known. */
export function refuseAnother(scope: Construct, id: string, name: string, kind: new (...args: any[]) => IConstruct, problemOf: (path: string) => string): void {
  const { account } = Stack.of(scope);
  const same = scope.node.root.node.findAll().find((other) => other instanceof kind
    && Stack.of(other).account === account && (!Token.isUnresolved(account) || Stack.of(other) === Stack.of(scope)));
  refuseAll(scope, name, same ? [{ problem: problemOf(same.node.path), remedy: 'Keep one of them.' }] : [], pathOf(scope, id));
}
