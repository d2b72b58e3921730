import { Mentions } from '../mentions';
import { Choice, present, ResourceFacts } from '../part';
import { ANY_TEXT, Patterns, TestedPattern } from '../texts';
import { widenedText } from '../variables';
import { BUCKET_ACTIONS, KEY_ACTIONS, OBJECT_ACTIONS } from '../../aws/actions';
import { mayCarry } from '../../aws/condition-keys';
import { Statement } from '../../policy/document';
import { actionApplies } from '../../policy/evaluate';
import { resourcePattern, textPattern } from '../../policy/pattern';

const ORDINARY_OBJECT_ACTIONS = ['GetObject', 'PutObject', ...OBJECT_ACTIONS];
const ORDINARY_BUCKET_ACTIONS = ['ListBucket', ...BUCKET_ACTIONS];
const ORDINARY_KEY_ACTIONS = ['Decrypt', 'GenerateDataKey', ...KEY_ACTIONS];

/** Each action of S3 on a bucket and its objects, as far as statements, and the keys that requests carry, tell them apart. */
export function bucketActions(mentions: Mentions): Choice[] {
  return [
    ...toldApart(mentions, ORDINARY_OBJECT_ACTIONS.map((name) => `s3:${name}`), 'object'),
    ...toldApart(mentions, ORDINARY_BUCKET_ACTIONS.map((name) => `s3:${name}`), 'bucket'),
  ];
}

/** Each action of AWS KMS on a key. */
export function keyActions(mentions: Mentions): Choice[] {
  return toldApart(mentions, ORDINARY_KEY_ACTIONS.map((name) => `kms:${name}`), 'bucket');
}

function toldApart(mentions: Mentions, actions: readonly string[], kind: string): Choice[] {
  const byJudgement = new Map<string, Choice>();
  for (const action of new Set(actions)) {
    const judgement = [action === 's3:PutObject', ...mentions.keys.map((key) => mayCarry(action, key)), ...mentions.statements.map((statement) => actionApplies(statement, { action }))].join();
    byJudgement.set(judgement, byJudgement.get(judgement) ?? { kind, action, context: present({}) });
  }
  return [...byJudgement.values()];
}

/** The bucket, and objects of every name that statements tell apart. */
export function resources(mentions: Mentions, { arn, objects }: ResourceFacts): Choice[] {
  const patterns = new Patterns(mentions.statements.map(({ resource }) => (resource?.members ?? []).flatMap(resourcePatterns)));
  const { texts, isExact } = patterns.reach(patterns.read(patterns.start(), objects), ANY_TEXT, ['any/object']);
  const ofObject = (resource: string): Choice => ({ kind: 'object', resource, context: present({}) });
  return [...texts.map(({ text }) => ofObject(objects + text)), { kind: 'bucket', resource: arn, context: present({}) }, ...(isExact ? [] : [{ ...ofObject(`${objects}any/object`), isOpen: true }])];
}

type ResourceMember = NonNullable<Statement['resource']>['members'][number];

/** Whether a `*` reaches over a colon is not always documented: both readings are told apart. */
function resourcePatterns({ pattern, text }: ResourceMember): TestedPattern[] {
  const own = pattern ?? resourcePattern(widenedText(text));
  return [own, ...(/[*?].*:/.test(own.text) ? [textPattern(own.text)] : [])].map((one) => ({ pattern: one, ignoresCase: false }));
}
