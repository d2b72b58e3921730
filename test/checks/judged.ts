import { declared } from './declared';
import { Templates } from './secure-templates';
import { judge } from '../../src/checks/judge';
import { deploymentOf } from '../../src/template/deployment-of';

/** What the rules say of templates: a line a finding. */
export function judged({ producer, consumer }: Templates): string[] {
  const deployment = deploymentOf([
    { name: 'Producer', account: '111122223333', region: 'us-east-1', template: declared(producer) },
    { name: 'Consumer', account: '444455556666', region: 'us-east-1', template: declared(consumer) },
  ]);
  return judge(deployment).map(({ rule, isDecided, resource, problem }) => `${rule.id}${isDecided ? '' : '-NotDecided'} ${resource.logicalId}: ${problem}`);
}
