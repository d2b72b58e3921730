import { addAll, and, Bits, bitsOf, bitsWith, intersects, isEmpty } from './bits';
import { coinciding, isUnknownCaller, ofUnknownCaller, principalCoinciding, withCoincidences } from './coincidences';
import { Mentions } from './mentions';
import { Choice, Link, Part } from './part';
import { LinkedParts, Pairing, solve } from './search';
import { resourceWhateverVariables, whateverVariables } from './variables';
import { World } from './world/requests';
import { Statement } from '../policy/document';
import { actionApplies } from '../policy/evaluate';
import { grouped } from '../policy/grouped';
import { PolicyRequest } from '../policy/request';
import { every, Truth } from '../policy/truth';

/** A way in which a request may be let through: statements that apply to it, and statements that do not. */
export interface Way {
  readonly must: readonly Statement[];
  readonly mustNot: readonly Statement[];
  readonly allowedBy?: Statement;
}

type Mode = 'surely' | 'perhaps';

/** A request, with the choices of which it is made. */
export interface Found {
  readonly request: PolicyRequest;
  readonly chosen: readonly (readonly [part: string, choice: Choice])[];
}

/** All requests of a world, and which of them statements apply to. */
export class Space {
  private readonly parts: readonly Part[];
  private readonly links: World['links'];
  private readonly truths = new Map<Statement, readonly (readonly Truth[] | undefined)[]>();
  private linked?: readonly LinkedParts[];
  private isOpen = false;

  constructor({ parts, links, owner }: World, statements: readonly Statement[]) {
    const mentioned = mentionedIn(statements, owner);
    this.parts = parts.map((part) => withCoincidences(part, statements, mentioned));
    this.links = links;
  }

  /** Whether all that was asked so far is decided for every choice. */
  public get isDecided(): boolean {
    return !this.isOpen && this.parts.every(({ choices }) => choices.every((choice) => !isPerhaps(choice)));
  }

  /** Whether single parts show already that there is no such request. Parts about which nothing has to be known for that are not even made. */
  public isImpossible(way: Way): boolean {
    const asked = (part: Part) => way.must.some((statement) => asksAbout(part, statement));
    const steps = [(part: Part) => FEW_CHOICES.has(part.name), (part: Part) => FEW_CHOICES.has(part.name) || part.name === 'caller', (part: Part) => FEW_CHOICES.has(part.name) || part.name === 'caller' || asked(part)];
    return steps.some((isLookedAt) => this.isImpossibleFor(way, isLookedAt));
  }

  /** Whether some parts have no choice that is as the statements ask which must apply, or one applies that must not, whatever is chosen. */
  private isImpossibleFor({ must, mustNot }: Way, isLookedAt: (part: Part) => boolean): boolean {
    const possible = new Map<Part, Bits>();
    for (const part of this.parts.filter(isLookedAt)) {
      const truths = must.map((statement) => knownTruths(part, statement));
      const domain = bitsOf(part.choices.length, (i) => truths.every((ofPart) => ofPart?.[i] !== false));
      if (isEmpty(domain)) {
        return true;
      }
      possible.set(part, domain);
    }
    const surelyApplies = (statement: Statement, part: Part) => {
      const domain = possible.get(part);
      const truths = domain && knownTruths(part, statement);
      return domain ? !truths || !intersects(domain, bitsOf(truths.length, (i) => truths[i] !== true)) : !asksAbout(part, statement);
    };
    return mustNot.some((statement) => this.parts.every((part) => surelyApplies(statement, part)));
  }

  /** A request to which the statements apply, surely or perhaps, that must, and those that must not do not. */
  public find({ must, mustNot }: Way, mode: Mode): Found | 'gave-up' | undefined {
    const domains = this.parts.map(({ choices }) => bitsOf(choices.length, (i) => mode === 'perhaps' ? !choices[i].isRough : !isPerhaps(choices[i])));
    for (const statement of must) {
      this.truthsOf(statement).forEach((truths, part) => {
        if (truths) {
          domains[part] = and(domains[part], bitsOf(truths.length, (i) => (mode === 'surely' ? truths[i] === true : truths[i] !== false)));
        }
      });
    }
    const clauses = mustNot.map((statement) => this.clauseOf(statement, mode));
    const solution = solve({ domains, clauses, links: this.linkedParts() });
    if (!solution || solution === 'gave-up') {
      return solution;
    }
    const chosen = this.parts.map(({ name, choices }, part) => [name, choices[solution[part]]] as const);
    return { request: requestOf(chosen.map(([, choice]) => choice)), chosen };
  }

  /** What keeps a statement from applying, by part. */
  private clauseOf(statement: Statement, mode: Mode): Map<number, Bits> {
    const clause = new Map<number, Bits>();
    this.truthsOf(statement).forEach((truths, part) => {
      if (truths) {
        clause.set(part, bitsOf(truths.length, (i) => (mode === 'surely' ? truths[i] === false : truths[i] !== true)));
      }
    });
    return clause;
  }

  /** For each part that a statement asks about, and each of its choices, whether it is as the statement asks. */
  private truthsOf(statement: Statement): readonly (readonly Truth[] | undefined)[] {
    const known = this.truths.get(statement);
    if (known) {
      return known;
    }
    const truths = this.parts.map((part) => knownTruths(part, statement));
    this.isOpen ||= truths.some((ofPart) => ofPart?.includes(undefined));
    this.truths.set(statement, truths);
    return truths;
  }

  private linkedParts(): readonly LinkedParts[] {
    this.linked ??= this.links().map((link) => {
      const [one, other] = link.parts.map((name) => this.parts.findIndex((part) => part.name === name));
      const [ones, others] = [viewsOf(this.parts[one], link.views[0]), viewsOf(this.parts[other], link.views[1])];
      const forward = pairings(ones, others, this.parts[other].choices.length, link.fits);
      const backward = pairings(others, ones, this.parts[one].choices.length, (view, otherView) => link.fits(otherView, view));
      return { one, other, forward, backward };
    });
    return this.linked;
  }
}

/** Whether statements mention a text, in any letter case, alone or as a part of another; or it is the owner's account. */
function mentionedIn(statements: readonly Statement[], owner: string): (text: string) => boolean {
  let texts: Set<string> | undefined;
  return (text) => {
    texts ??= new Set([owner, ...[...new Mentions(statements).texts].flatMap((one) => [one, ...one.split(/[:/]/), ...prefixesOf(one)]).map((one) => one.toLowerCase())]);
    return texts.has(text.toLowerCase());
  };
}

/** What stands before each slash, slash included: units of an organization. */
function prefixesOf(text: string): string[] {
  return Array.from(text.matchAll(/\//g), ({ index }) => text.slice(0, index + 1));
}

/** Choices that may not be there, or not be as they seem. */
function isPerhaps({ isOpen, coincidences, contingency, doubt: why }: Choice): boolean {
  return isOpen === true || coincidences !== undefined || contingency !== undefined || why !== undefined;
}

/** Parts that are looked at first. */
const FEW_CHOICES = new Set(['action', 'resource', 'connection']);

const TRUTHS = new WeakMap<Part, Map<Statement, readonly Truth[] | undefined>>();

/** Parts that several guarantees share are asked about each statement once. */
function knownTruths(part: Part, statement: Statement): readonly Truth[] | undefined {
  const known = TRUTHS.get(part) ?? new Map<Statement, readonly Truth[] | undefined>();
  TRUTHS.set(part, known);
  if (!known.has(statement)) {
    known.set(statement, truthsIn(part, statement));
  }
  return known.get(statement);
}

function truthsIn(part: Part, statement: Statement): readonly Truth[] | undefined {
  const tests = testsIn(part, statement);
  return tests.length === 0 ? undefined : part.choices.map((choice) => (choice.isOpen ? undefined : every(tests, (test) => test(choice))));
}

function asksAbout(part: Part, statement: Statement): boolean {
  return testsIn(part, statement).length > 0;
}

function isAboutEveryone({ isInverted, members }: NonNullable<Statement['principal']>): boolean {
  return !isInverted && members.some(({ isEveryone }) => isEveryone);
}

/** What a statement asks about a part of a request. */
function testsIn({ name, owns }: Part, statement: Statement): ((choice: Choice) => Truth)[] {
  const conditions = statement.conditions.filter(({ key }) => owns(key)).map((test) =>
    (choice: Choice) => (isUnknownCaller(test, choice) ? ofUnknownCaller(test, choice)
      : test.isSelfContained || !choice.context.has(test.key) ? coinciding(test, choice)(choice.context) : whateverVariables(test, choice.context)));
  switch (name) {
    case 'caller': return statement.principal && !isAboutEveryone(statement.principal) ? [(choice) => principalCoinciding(statement, choice), ...conditions] : conditions;
    case 'action': return [({ action }) => actionApplies(statement, { action: action! })];
    case 'resource': return statement.resource ? [({ resource }) => resourceWhateverVariables(statement, resource!)] : [];
    default: return conditions;
  }
}

function viewsOf({ choices }: Part, view: (choice: Choice) => string): Map<string, Bits> {
  const byView = grouped(choices.keys(), (i) => view(choices[i]));
  return new Map(Array.from(byView, ([seen, members]) => [seen, bitsWith(choices.length, members)]));
}

function pairings(ones: ReadonlyMap<string, Bits>, others: ReadonlyMap<string, Bits>, count: number, fits: Link['fits']): Pairing[] {
  return Array.from(ones, ([view, members]) => {
    const partners = bitsOf(count, () => false);
    for (const [otherView, bits] of others) {
      if (fits(view, otherView)) {
        addAll(partners, bits);
      }
    }
    return { members, partners };
  });
}

function requestOf(chosen: readonly Choice[]): PolicyRequest {
  const part = <K extends 'principal' | 'action' | 'resource'>(key: K) => chosen.find((choice) => choice[key] !== undefined)![key]!;
  return { principal: part('principal'), action: part('action'), resource: part('resource'), context: new Map(chosen.flatMap(({ context }) => [...context])) };
}
