import { accounts, STRANGE_CALLER } from './accounts';
import { REGION, regionTexts } from './regions';
import { own } from '../../own';
import { Few } from '../few';
import { Mentions } from '../mentions';
import { Choice, present, ResourceFacts } from '../part';
import { Language, Patterns } from '../texts';

/** The ARNs of what a caller runs on, behind the account. */
interface Form {
  readonly service: string;
  readonly begin: string;
  readonly language: Language;
  readonly ordinary: string;
}

const NAME: Language = { ordinary: 'xzqjwkyvX0179_', allows: (character) => /[\w-]/.test(character), shortest: 1, longest: 64 };
const HEX: Language = { ordinary: 'fedcba9876543210', allows: (character) => /[0-9a-f]/.test(character), shortest: 17, longest: 17 };
const INSTANCE: Form = { service: 'ec2', begin: 'instance/i-', language: HEX, ordinary: '0ffffffffffffffff' };
const BUILD: Language = { ...NAME, allows: (character, before) => NAME.allows(character, before, 0) || (character === ':' && before !== ''), longest: Infinity };

const FORMS: Readonly<Record<string, Form>> = {
  'lambda:sourcefunctionarn': { service: 'lambda', begin: 'function:', language: NAME, ordinary: 'another' },
  'ec2:sourceinstancearn': INSTANCE,
  'ssm:sourceinstancearn': INSTANCE,
  'codebuild:buildarn': { service: 'codebuild', begin: 'build/', language: BUILD, ordinary: 'another:0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0' },
  'codebuild:projectarn': { service: 'codebuild', begin: 'project/', language: NAME, ordinary: 'another' },
};

const MOST_PLATFORMS = 1000; // accounts, Regions and names multiply

/** Whether a key, in lower case, tells what a caller runs on. */
export function isOfPlatforms(key: string): boolean {
  return own(FORMS, key) !== undefined;
}

/**
 * What a role runs on: functions, instances and builds of its own account. A role is never passed to those of another one.
 *
 * @see https://repost.aws/knowledge-center/iam-passrole-error
 */
export function platforms(key: string, mentions: Mentions, facts: ResourceFacts): Choice[] {
  const { service, begin, language, ordinary } = FORMS[key];
  const tests = mentions.testsOf(key);
  const patterns = new Patterns(mentions.patternsOf(key));
  const regions = patterns.reach(patterns.read(patterns.start(), `arn:${facts.partition}:${service}:`), REGION, regionTexts(facts.partition)).texts;
  const few = new Few(MOST_PLATFORMS);
  return few.of(accounts(mentions, facts, STRANGE_CALLER).all, ({ id: account }) => {
    const byJudgement = new Map<string, Choice>();
    for (const region of regions) {
      for (const { text } of patterns.reach(patterns.read(region.places, `${account}:${begin}`), language, [ordinary]).texts) {
        const choice: Choice = { kind: 'present', account, context: present({ [key]: `arn:${facts.partition}:${service}:${region.text}${account}:${begin}${text}` }) };
        const judgement = tests.map(({ holds }) => holds(choice.context)).join();
        byJudgement.set(judgement, byJudgement.get(judgement) ?? choice);
      }
    }
    return [...byJudgement.values()];
  });
}
