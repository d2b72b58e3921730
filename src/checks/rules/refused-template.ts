import { DeployedResource } from '../../template/deployment';
import { mistakesIn } from '../../template/mistakes';
import { found, Rule } from '../finding';

const REMEDY = 'Correct it: CloudFormation refuses the template. Until then, what depends on it is not decided.';

export const refusedTemplate: Rule = {
  id: 'RefusedTemplate',
  requirement: 'Every reference leads to something that the template has and deploys, and no logical ID is used twice.',
  reason: 'CloudFormation refuses a template that refers to nothing, and nobody knows what was meant.',
  severity: 'medium',
  severityReason: 'CloudFormation deploys none of it, the layers that it adds included.',
  guide: '3',
  see: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html',
  judgeAllWays: ({ deployment }) => deployment.stacks.flatMap((stack) => mistakesIn(stack).map(({ logicalId, problem }) => (
    found(deployment.resource(stack.name, logicalId) ?? new DeployedResource(stack, logicalId, {}), problem, REMEDY)))),
};
