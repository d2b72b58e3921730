import { Inventory } from '../../access/inventory';
import { untriedConditions, untriedSentence } from '../../template/possibilities';
import { Finding, notDecided, Rule } from '../finding';
import { unboundedFor, untriedFor } from '../ways';

export const openValues: Rule = {
  id: 'OpenValues',
  requirement: 'So few values are left to deployment that rules can try all ways in which they may turn out.',
  reason: 'What was not tried is not known to be clean.',
  severity: 'high',
  severityReason: 'What was not tried can be of any severity.',
  guide: '10',
  see: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html',
  judgeAllWays: untriedValues,
};

/** Says of which buckets not all ways were tried in which values may turn out. */
function untriedValues(inventory: Inventory): Finding[] {
  return inventory.allBuckets.flatMap((bucket) => {
    const [open, conditions] = [untriedFor(inventory, bucket), unboundedFor(inventory, bucket)];
    return [
      ...(open.length > 0 ? [`What the rules say of the bucket may depend on ${untriedSentence(open)}.`] : []),
      ...(conditions.length > 0 ? [`What the rules about perimeters say of the bucket is not decided: ${untriedConditions(conditions)}.`] : []),
    ].map((problem) => ({ ...notDecided(bucket.site, problem), remedy: 'Use values that are known at synthesis, provide them, or judge fewer stacks at once.' }));
  });
}
