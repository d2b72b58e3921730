import { ResourceFacts, Choice, Facet, once, present } from './facet';
import { Mentions } from './mentions';
import { actionApplies } from '../evaluate';
import { representatives } from '../representatives';
import { BUCKET_ACTIONS, OBJECT_ACTIONS } from '../vocabulary';

const LISTING_ACTIONS = ['ListBucket', 'ListBucketVersions'];
const ORDINARY_OBJECT_ACTIONS = ['GetObject', 'PutObject', ...OBJECT_ACTIONS];
const ORDINARY_BUCKET_ACTIONS = [...LISTING_ACTIONS, ...BUCKET_ACTIONS];

/** What may be done: each action of S3 on the bucket, and on objects of every name that policies tell apart. */
export function operations(mentions: Mentions, bucket: ResourceFacts): Facet {
  const objects = representatives(mentions.resources, 'any/object', bucket.objects);
  const actions = [...judgedAlike(mentions, ORDINARY_OBJECT_ACTIONS, kindOfObjectAction), ...judgedAlike(mentions, ORDINARY_BUCKET_ACTIONS, kindOfBucketAction)];
  return {
    name: 'operation',
    owns: () => false,
    choices: actions.flatMap((judged) => (judged.kind === 'bucket' || judged.kind === 'listing' ? [bucket.arn] : objects.values).map((resource) => actionOn(resource, judged))),
    goesWith: () => true,
    isExact: objects.isExact,
  };
}

/** An action that stands for others. */
export interface JudgedAction {
  readonly action: string;
  readonly kind: string;
  readonly alike: string[];
}

/** An action on a resource, and those that are judged alike. */
export function actionOn(resource: string, { action, kind, alike }: JudgedAction): Choice {
  const choice = { kind, action, resource, context: present({}) };
  return { ...choice, alike: once(() => alike.map((other) => ({ ...choice, action: other }))) };
}

function kindOfObjectAction(name: string): string {
  return name === 'PutObject' ? 'upload' : 'object';
}

function kindOfBucketAction(name: string): string {
  return LISTING_ACTIONS.includes(name) ? 'listing' : 'bucket';
}

/** One action of each kind for each set of statements that apply to it. */
export function judgedAlike(mentions: Mentions, names: readonly string[], kindOf: (name: string) => string, service = 's3'): JudgedAction[] {
  const byJudgement = new Map<string, JudgedAction>();
  for (const name of names) {
    const action = `${service}:${name}`;
    const kind = kindOf(name);
    const judgement = `${kind} ${mentions.statements.map((statement) => actionApplies(statement, { action })).join()}`;
    const known = byJudgement.get(judgement);
    if (!known) {
      byJudgement.set(judgement, { action, kind, alike: [] });
    } else if (action !== known.action) {
      known.alike.push(action);
    }
  }
  return [...byJudgement.values()];
}
