import { CfnResource, Stack } from 'aws-cdk-lib';
import { CfnPolicy } from 'aws-cdk-lib/aws-organizations';
import { IConstruct } from 'constructs';
import { ControlPolicyKind } from './control-policy-kind';
import { PolicyTarget } from './policy-target';
import { sentenceOf } from '../refusal';

/** Says which targets of a construct get more policies by the app than can be attached to them, as far as the app shows. */
export function attachments(site: IConstruct, { type, attached }: ControlPolicyKind, targets: readonly PolicyTarget[]): string[] {
  const policies = site.node.root.node.findAll().filter((construct): construct is CfnPolicy => isPolicy(construct) && construct.type === type);
  return targets.flatMap(({ targetId }) => {
    const written = JSON.stringify(Stack.of(site).resolve(targetId));
    const number = policies.filter((policy) => targetIdsOf(policy).includes(written)).length;
    return number <= attached ? [] : [sentenceOf(site.node.path, {
      problem: `the app attaches ${number} policies of type ${type} to ${written}, and a target takes ${attached} beside the one of AWS.`,
      remedy: 'Put their guardrails and statements into one construct, or attach a part of them to another level.',
    })];
  });
}

function targetIdsOf(policy: CfnPolicy): string[] {
  const ids: unknown = Stack.of(policy).resolve(policy.targetIds);
  return Array.isArray(ids) ? ids.map((id) => JSON.stringify(id)) : [];
}

function isPolicy(construct: IConstruct): construct is CfnPolicy {
  return CfnResource.isCfnResource(construct) && construct.cfnResourceType === CfnPolicy.CFN_RESOURCE_TYPE_NAME;
}
