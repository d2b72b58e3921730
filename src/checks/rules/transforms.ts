import { DeployedResource } from '../../template/deployment';
import { Finding, Rule } from '../finding';

const REMEDY = "Judge what CloudFormation makes of it ('aws cloudformation get-template --template-stage Processed'), and the templates of nested stacks beside their parents. Write in the template what custom resources write (AWS::S3::BucketPolicy, for one).";

export const transforms: Rule = {
  id: 'Transforms',
  requirement: 'Everything that a template deploys can be seen: no macro, module, stack set, nested stack or custom resource adds or changes resources unseen.',
  reason: 'A bucket or a statement that nobody has seen is judged by nobody.',
  severity: 'high',
  severityReason: 'What is not seen can be of any severity.',
  guide: '10',
  see: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-macros.html',
  judgeDeployment: ({ deployment }) => deployment.stacks.flatMap((stack) => stack.unseen.map((problem): Finding => (
    { resource: new DeployedResource(stack, 'Transform', {}), problem, remedy: REMEDY, isDecided: false }))),
};
