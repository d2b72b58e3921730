import { App, CfnCondition, CfnResource, Fn, IAspect, Stack, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { PRODUCER } from '../../support/apps';

/** An attempt to weaken what this package made, and what synthesis must say of it. */
export interface Attack<Site> {
  readonly how: string;
  readonly attack: (site: Site) => void;

  /** What the error says is wrong. */
  readonly says: RegExp;

  /** The construct that the error names, below the stack of the attempt; the one that is attacked, if it is not given. */
  readonly where?: string;
}

/** A change that takes no protection away. */
export interface HarmlessChange<Site> {
  readonly how: string;
  readonly change: (site: Site) => void;
}

/** A kind of things to attack: every attempt has a stack of its own with one of them. */
export interface Target<Site> {
  readonly what: string;

  /** The construct that errors name, below its stack. */
  readonly where: string;
  readonly build: (stack: Stack) => Site;
}

interface Attempt {
  readonly name: string;
  readonly run: (stack: Stack) => void;
  readonly says: RegExp;
  readonly where: string;
}

export function attempts<Site>(target: Target<Site>, attacks: readonly Attack<Site>[]): Attempt[] {
  return attacks.map(({ how, attack, says, where = target.where }) => ({ name: `${target.what}: ${how}`, run: (stack) => attack(target.build(stack)), says, where }));
}

export function changes<Site>(target: Target<Site>, harmless: readonly HarmlessChange<Site>[]): Pick<Attempt, 'name' | 'run'>[] {
  return harmless.map(({ how, change }) => ({ name: `${target.what}: ${how}`, run: (stack) => change(target.build(stack)) }));
}

const MOST_OF_AN_APP = 60; // stacks: what is judged of an app as a whole takes longer the larger it is

/** All attempts in a few apps, each in a stack of its own, and what their synthesis says of each. */
export class Attempts {
  private readonly apps: App[] = [];
  private readonly names: string[] = [];
  private report?: string[];

  public add(run: (stack: Stack) => void, region = PRODUCER.region): string {
    const name = `Attempt${String(this.names.length).padStart(3, '0')}`;
    if (this.names.length % MOST_OF_AN_APP === 0) {
      this.apps.push(new App({ analyticsReporting: false, context: { '@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy': true } }));
    }
    this.names.push(name);
    run(new Stack(this.apps.at(-1), name, { env: { ...PRODUCER, region } }));
    return name;
  }

  /** The errors that name a construct of a stack. */
  public errorsOf(name: string): string[] {
    this.report ??= this.apps.flatMap(errorLines);
    return this.report.filter((line) => line.includes(`'${name}/`));
  }

  /** The errors that name none of the stacks. */
  public get others(): string[] {
    this.report ??= this.apps.flatMap(errorLines);
    return this.report.filter((line) => !this.names.some((name) => line.includes(`'${name}/`)));
  }
}

/** What synthesis says, an error a line; none if it succeeds. */
export function errorLines(app: App): string[] {
  try {
    app.synth();
    return [];
  } catch (error) {
    const [first, ...lines] = (error as Error).message.split('\n');
    return first.startsWith('Validation failed') ? lines.map((line) => line.trim()) : [(error as Error).stack!];
  }
}

export function condition(stack: Stack): CfnCondition {
  return (stack.node.tryFindChild('Sometimes') as CfnCondition | undefined) ?? new CfnCondition(stack, 'Sometimes', { expression: Fn.conditionEquals('a', Fn.ref('AWS::Region')) });
}

/** A value that depends on a condition, as a template has it. */
export function sometimes(stack: Stack, value: unknown, otherwise: unknown = { Ref: 'AWS::NoValue' }): any {
  return { 'Fn::If': [stack.resolve(condition(stack).logicalId), stack.resolve(value), stack.resolve(otherwise)] };
}

/** The same as a token, for properties of constructs. */
export function sometimesToken(stack: Stack, value: unknown, otherwise: unknown = { Ref: 'AWS::NoValue' }): any {
  return Token.asAny(sometimes(stack, value, otherwise));
}

export function aspect(visit: (construct: IConstruct) => void): IAspect {
  return { visit };
}

export function resource<T extends CfnResource>(construct: IConstruct): T {
  return construct.node.defaultChild as T;
}
