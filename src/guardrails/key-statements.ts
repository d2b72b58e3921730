import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { IConstruct } from 'constructs';
import { deployedResource, hasOverrides } from './deployed-resource';
import { alwaysHas } from './deployed-statements';
import { sentenceOf } from '../refusal';

const KEPT = new WeakMap<IConstruct, Map<iam.PolicyStatement, string>>();

/** Sees to it that a statement which a construct has written into the policy of a key stays as it is. */
export function keepInKeyPolicy(key: kms.CfnKey, statement: iam.PolicyStatement, writer: string): void {
  const kept = KEPT.get(key);
  if (kept) {
    kept.set(statement, writer);
    return;
  }
  const statements = new Map([[statement, writer]]);
  KEPT.set(key, statements);
  key.node.addValidation({ validate: () => lostStatements(key, statements) });
}

function lostStatements(key: kms.CfnKey, kept: Map<iam.PolicyStatement, string>): string[] {
  const stack = Stack.of(key);
  const document = hasOverrides(key) ? deployedResource(key).Properties.KeyPolicy : stack.resolve(key.keyPolicy);
  const lost = [...kept].filter(([statement]) => !alwaysHas(document, stack.resolve(statement.toStatementJson())));
  return lost.map(([{ sid }, writer]) => sentenceOf(key.node.path, {
    problem: `the statement '${sid}' of ${writer} is missing from the synthesized key policy, or was changed.`,
    remedy: 'Remove the override, aspect or edit that touches the policy.',
  }));
}
