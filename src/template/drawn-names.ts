import { comparedTexts } from './compared-texts';
import { DeployedResource, Deployment } from './deployment';
import { openName } from './physical-names';
import { ComparedText, StackTemplate } from './template';
import { DRAWN_IDS, DrawnId } from '../aws/drawn-ids';
import { textKind, textKinds, TextTest, textTest } from '../policy/text-kinds';
import { TextLanguage } from '../policy/text-language';
import { isUnknown, namesBeforeWildcards, unknownNames, widest } from '../policy/unknown-text';

/** Names and ids that AWS draws, as far as policies can tell them apart. */
export interface DrawnNames {
  /** One name of each kind that AWS may draw; undefined where nobody knows, or there are too many. */
  readonly kindsOf: (resource: DeployedResource) => ReadonlyMap<string, string> | undefined;

  /** Of which kind a name is. */
  readonly kindOf: (name: string) => string;
}

const ALL = new WeakMap<Deployment, DrawnNames>();

/** The kinds of names in a deployment, told apart by its policies and those beside it. */
export function drawnNamesIn(deployment: Deployment): DrawnNames {
  const known = ALL.get(deployment) ?? drawnNames(deployment, []);
  ALL.set(deployment, known);
  return known;
}

/** The same, where policies of a request tell names apart, too. */
export function drawnNamesBeside(deployment: Deployment, policies: unknown): DrawnNames {
  const own = comparedTexts(policies);
  return own.length === 0 ? drawnNamesIn(deployment) : drawnNames(deployment, own);
}

/**
 * Templates in which a name stands for one that AWS draws which AWS may draw: the usual stand-ins will do unless policies tell them from all such names.
 *
 * @param policies those that stand elsewhere, in a value of JSON
 */
export function withPossibleNames(deployment: Deployment, policies?: unknown): readonly StackTemplate[] | undefined {
  const comparedElsewhere = comparedTexts(policies);
  const { kindsOf, kindOf } = drawnNames(deployment, comparedElsewhere);
  const drawn = DRAWN_IDS.flatMap((row) => (row.language ? [{ row, resources: deployment.ofType(row.type).filter((resource) => isDrawn(resource, row)) }] : []));
  const impossible = drawn.filter(({ row, resources }) => {
    const names = resources.map((resource) => resource.reference(row.attribute)!);
    return resources.some((resource, i) => kindsOf(resource)?.has(kindOf(names[i])) === false) || isBeginningCompared(deployment, names);
  });
  const named = impossible.flatMap(({ resources }) => resources.map((resource) => ({ resource, name: [...kindsOf(resource)?.values() ?? []][0] })));
  const isIn = (stack: string) => (one: { resource: DeployedResource; name?: string }) => one.name !== undefined && one.resource.stack.name === stack;
  const namesOf = (stack: string) => Object.fromEntries(named.filter(isIn(stack)).map(({ resource, name }) => [resource.logicalId, name]));
  return named.length === 0 && comparedElsewhere.length === 0 ? undefined
    : deployment.stacks.map(({ name, source }) => ({ ...source, drawnNames: namesOf(name), comparedElsewhere }));
}

/** Whether AWS draws an attribute of a resource, as far as nothing else is given. */
export function isDrawn({ propertyNames, stack, logicalId }: DeployedResource, { givenBy, attribute }: DrawnId): boolean {
  return !givenBy.some((property) => propertyNames.includes(property)) && !Object.hasOwn(stack.source.physicalIds ?? {}, keyOf(logicalId, attribute));
}

/** The name of an id among those that are given: the logical ID, and the attribute if it is another than `Ref`. */
export function keyOf(logicalId: string, attribute: string): string {
  return attribute === 'Ref' ? logicalId : `${logicalId}.${attribute}`;
}

function drawnNames(deployment: Deployment, beside: readonly ComparedText[]): DrawnNames {
  const texts = [...ownTexts(deployment).others, ...beside, ...deployment.stacks[0]?.source.comparedElsewhere ?? []];
  const tests = testsOf(texts);
  const known = new Map<DeployedResource, ReadonlyMap<string, string> | undefined>();
  const salts = new Map<string, number>();
  const kindsOf = (resource: DeployedResource) => {
    if (!known.has(resource)) {
      known.set(resource, kindsOfResource(resource, tests, salts));
    }
    return known.get(resource);
  };
  const kinds = new Map<string, string>(); // each request asks for the same names again
  const kindOf = (name: string) => {
    const kind = kinds.get(name) ?? textKind(name, tests);
    kinds.set(name, kind);
    return kind;
  };
  return { kindsOf, kindOf };
}

function kindsOfResource(resource: DeployedResource, tests: readonly TextTest[], salts: Map<string, number>): ReadonlyMap<string, string> | undefined {
  const row = DRAWN_IDS.find(({ type, language }) => type === resource.type && language !== undefined);
  const { stack, logicalId } = resource;
  const { pattern, ordinary } = row!.language!({ stack: stack.source.nestedIn ? undefined : stack.deployedName, logicalId, property: (name) => resource.property(name) });
  const language = languageOf(pattern);
  const salt = salts.get(pattern) ?? 0; // no two names are the same
  salts.set(pattern, salt + 1);
  const characters = ordinary.slice(0, -4) + String(salt).padStart(4, '0');
  return language && textKinds(language, tests, (at, allowed) => (allowed.includes(characters[at]) ? characters[at] : allowed[(at + salt) % allowed.length]));
}

const LANGUAGES = new Map<string, TextLanguage | undefined>();

/** Ids of one kind are of one language. */
function languageOf(pattern: string): TextLanguage | undefined {
  if (!LANGUAGES.has(pattern)) {
    LANGUAGES.set(pattern, TextLanguage.ofPattern(pattern));
  }
  return LANGUAGES.get(pattern);
}

const WITH_POLICIES = /^AWS::(?:S3|KMS|IAM|EC2::VPCEndpoint|Organizations::Policy)/;
const POLICY = /^(?:Policy|Policies|PolicyDocument|KeyPolicy|Content)$/;

/** What the policies of a deployment compare with names that AWS draws. */
interface OwnTexts {
  /** Texts that do not refer to such a name. */
  readonly others: readonly ComparedText[];

  /** Texts that refer to one. */
  readonly referring: readonly string[];
}

const OWN_TEXTS = new WeakMap<Deployment, OwnTexts>();

function ownTexts(deployment: Deployment): OwnTexts {
  const known = OWN_TEXTS.get(deployment) ?? readTexts(deployment);
  OWN_TEXTS.set(deployment, known);
  return known;
}

/** The texts where no name that AWS draws is known. */
function readTexts({ stacks }: Deployment): OwnTexts {
  const open = new Deployment(stacks.map(({ source }) => source), openName); // to read everything makes no default one that decides
  const named = DRAWN_IDS.flatMap(({ type, attribute, language }) => (language ? open.ofType(type).flatMap((resource) => unknownNames(resource.reference(attribute) ?? '')) : []));
  const names = new Set(named);
  const texts = open.resources.filter(({ type }) => WITH_POLICIES.test(type)).flatMap(textsOf);
  const isReferring = ({ text }: ComparedText) => isUnknown(text) && unknownNames(text).some((name) => names.has(name));
  return { others: texts.filter((text) => !isReferring(text)), referring: texts.filter(isReferring).map(({ text }) => text) };
}

function textsOf(resource: DeployedResource): ComparedText[] {
  return Object.keys(resource.definition.Properties ?? {}).flatMap((name) => {
    const bucket = name === 'Bucket' ? resource.property(name) : undefined;
    return POLICY.test(name) ? comparedTexts(resource.property(name)) : typeof bucket === 'string' ? [{ text: bucket, ignoresCase: false }] : [];
  });
}

/** Whether a name with a wildcard right behind it is compared that others begin with: they do so only until AWS draws their ends. */
function isBeginningCompared(deployment: Deployment, names: readonly string[]): boolean {
  const beginnings = new Set(ownTexts(deployment).referring.flatMap((text) => namesBeforeWildcards(text)).map((name) => name.toLowerCase()));
  const all = names.map((name) => name.toLowerCase());
  return all.some((name) => beginnings.has(name) && all.some((other) => other !== name && other.startsWith(name)));
}

function testsOf(texts: readonly ComparedText[]): TextTest[] {
  const different = new Map(texts.filter(({ text }) => text !== '*').map((one) => [JSON.stringify(one), one]));
  return [...different.values()].map(({ text, ignoresCase }) => textTest(widest(text), ignoresCase));
}
