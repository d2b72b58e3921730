import { DeployedResource, DeployedStack } from '../../template/deployment';
import { keyTwiceText } from '../../template/mistake';
import { WrittenMember } from '../../template/template';
import { found, Rule } from '../finding';

const REMEDY = 'Leave one of them: two resources need two logical IDs, two tests of a condition with one operator stand in one object.';

export const duplicateKey: Rule = {
  id: 'DuplicateKey',
  requirement: 'No object of a template file has a key twice.',
  reason: 'CloudFormation takes the last of them without a word: a resource, a statement or a condition that somebody reads in the file is not deployed.',
  severity: 'medium',
  severityReason: 'What was written first is not deployed: it can be a layer.',
  guide: '3',
  see: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html',
  judgeAllWays: ({ deployment }) => deployment.stacks.flatMap((stack) => {
    const twice = stack.source.keysTwice ?? [];
    return twice.map((member) => found(resourceOf(member, stack), keyTwiceText(member), REMEDY));
  }),
};

/** The resource that a member of a template belongs to, or what stands for its section. */
function resourceOf({ path: [section, name] }: WrittenMember, stack: DeployedStack): DeployedResource {
  const logicalId = String(section === 'Resources' && name !== undefined ? name : section);
  return stack.deployment.resource(stack.name, logicalId) ?? new DeployedResource(stack, logicalId, {});
}
