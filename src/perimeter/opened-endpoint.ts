import { CfnResource, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { IConstruct } from 'constructs';
import { openStatement } from './open-statement';
import { deployedResource, displaced, REMOVE_CHANGE } from '../guardrails/deployed-resource';
import { statementsToJudge } from '../guardrails/deployed-statements';
import { isIntrinsic, variants } from '../guardrails/template-values';
import { isObject } from '../policy/json';
import { StatementJson } from '../policy/public-allow';
import { Refusal, sentenceOf } from '../refusal';

/** Sees to it that an endpoint leads nowhere but to what is named, whatever is added to its policy. */
export function guardEndpoint(endpoint: IConstruct): void {
  const resource = endpoint.node.defaultChild as CfnResource;
  endpoint.node.addValidation({ validate: () => problemsOf(resource).map((problem) => sentenceOf(endpoint.node.path, problem)) });
}

function problemsOf(endpoint: CfnResource): Refusal[] {
  const deployed = deployedResource(endpoint);
  const problem = displaced(endpoint, ec2.CfnVPCEndpoint.CFN_RESOURCE_TYPE_NAME, deployed);
  const { PolicyDocument: document } = deployed.Properties;
  if (problem) {
    return [problem];
  }
  if (document === undefined || (isObject(document) && variants({ document })?.some((form: any) => form.document === undefined))) {
    return [{ problem: 'it has no policy, or not always one, in the synthesized template, and leads everywhere without one.', remedy: REMOVE_CHANGE }];
  }
  const statements = statementsToJudge(document, Stack.of(endpoint));
  if (!Array.isArray(statements)) {
    return [statements];
  }
  const problems = statements.flatMap((statement) => openStatement(inTexts(statement) as StatementJson) ?? []);
  return [...new Map(problems.map((refusal) => [refusal.problem, refusal])).values()];
}

const SOME_VALUE = 'token'; // what is known only at deployment is one value

/** A statement with texts in place of intrinsic functions. */
function inTexts(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(inTexts);
  }
  if (isIntrinsic(value)) {
    return text(value);
  }
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([name, child]) => [name, inTexts(child)])) : value;
}

function text(value: unknown): string {
  if (!isIntrinsic(value)) {
    return String(value);
  }
  const { 'Fn::Join': join, 'Fn::Sub': substitution } = value as Record<string, any>;
  if (Array.isArray(join?.[1])) {
    return join[1].map(text).join(join[0]);
  }
  const template = [substitution].flat()[0];
  return typeof template === 'string' ? template.replace(/\$\{[^!}][^}]*}/g, SOME_VALUE) : SOME_VALUE;
}
