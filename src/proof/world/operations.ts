import { BUCKET_ACTIONS, KEY_ACTIONS, OBJECT_ACTIONS } from '../../aws/actions';
import { ConditionKey, conditionKey, mayCarry } from '../../aws/condition-keys';
import { Statement } from '../../policy/document';
import { actionApplies } from '../../policy/evaluate';
import { resourcePattern, textPattern } from '../../policy/pattern';
import { Truth } from '../../policy/truth';
import { Mentions } from '../mentions';
import { Choice, present, ResourceFacts } from '../part';
import { ANY_TEXT, Patterns, TestedPattern } from '../texts';
import { widenedText } from '../variables';

const OBJECT = prefixed('s3', ['GetObject', 'PutObject', ...OBJECT_ACTIONS]);
const BUCKET = prefixed('s3', ['ListBucket', ...BUCKET_ACTIONS]);
const KEY = prefixed('kms', ['Decrypt', 'GenerateDataKey', ...KEY_ACTIONS]);

/** Each action of S3 on a bucket and its objects, as far as statements, and the keys that requests carry, tell them apart. */
export function bucketActions(mentions: Mentions): Choice[] {
  return [...toldApart(mentions, OBJECT, 'object'), ...toldApart(mentions, BUCKET, 'bucket')];
}

/** Each action of AWS KMS on a key. */
export function keyActions(mentions: Mentions): Choice[] {
  return toldApart(mentions, KEY, 'bucket');
}

function toldApart(mentions: Mentions, actions: readonly string[], kind: string): Choice[] {
  const views = [
    actions.map((action) => action === 's3:PutObject'),
    ...mentions.keys.filter((key) => conditionKey(key) !== undefined).map((key) => carriers(actions, key)),
    ...mentions.statements.map((statement) => appliesTo(statement, actions)),
  ];
  const distinct = [...new Set(views)];
  const byJudgement = new Map<string, Choice>();
  actions.forEach((action, i) => {
    const judgement = distinct.map((view) => view[i]).join();
    byJudgement.set(judgement, byJudgement.get(judgement) ?? { kind, action, context: present({}) });
  });
  return [...byJudgement.values()];
}

/** For each action, something about it. */
type View = readonly Truth[];

const EVERYWHERE = new WeakMap<readonly string[], View>();
const CARRIERS = new WeakMap<readonly string[], WeakMap<ConditionKey, View>>();
const APPLICATIONS = new WeakMap<readonly string[], WeakMap<Statement['action'], View>>();

/** Whether requests for each action carry a key. */
function carriers(actions: readonly string[], key: string): View {
  const row = conditionKey(key)!;
  const known = CARRIERS.get(actions) ?? new WeakMap<ConditionKey, View>();
  CARRIERS.set(actions, known);
  const view = known.get(row) ?? everywhere(actions, actions.map((action) => mayCarry(action, key)));
  known.set(row, view);
  return view;
}

/** Whether a statement is about each action. */
function appliesTo(statement: Statement, actions: readonly string[]): View {
  const known = APPLICATIONS.get(actions) ?? new WeakMap<Statement['action'], View>();
  APPLICATIONS.set(actions, known);
  const view = known.get(statement.action) ?? everywhere(actions, actions.map((action) => actionApplies(statement, { action })));
  known.set(statement.action, view);
  return view;
}

/** Views that are true of all actions are one view: most are. */
function everywhere(actions: readonly string[], view: View): View {
  if (view.includes(false) || view.includes(undefined)) {
    return view;
  }
  const known = EVERYWHERE.get(actions) ?? view;
  EVERYWHERE.set(actions, known);
  return known;
}

function prefixed(service: string, names: readonly string[]): readonly string[] {
  return [...new Set(names.map((name) => `${service}:${name}`))];
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
