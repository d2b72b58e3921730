import { existsSync, mkdtempSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, StackProps } from 'aws-cdk-lib';
import { gatedApp } from './gate';
import { AccessEvaluator } from '../../src';
import { PRODUCER, warnings } from '../support/apps';

/** Where the stacks of the apps are deployed. */
export const HERE: StackProps = { env: PRODUCER };

/** A request that the app lives by. */
export interface Needed {
  /** A service, a construct path, or an ARN. */
  readonly who: string;
  readonly does: string;

  /** The path of a bucket, and a key in it. */
  readonly on: readonly [bucket: string, key?: string];

  /** Condition keys that the caller sends. A construct path in braces stands for the resource's name or id. */
  readonly sends?: Readonly<Record<string, string>>;

  /** The form of the app that sends it; both if it is left out. */
  readonly only?: 'as it was' | 'mended';
}

/** An app as people have it, and what becomes of it behind the gate. */
export interface AdoptedApp {
  /** Builds it as it was; or as a developer mends it after having read what the gate reports. */
  readonly build: (app: App, mended: boolean) => void;

  /** What the gate reports of it as it was: rule or warning, and construct. All of it is true. */
  readonly reported: readonly string[];

  /** What must work behind the gate, in both forms. */
  readonly needs: readonly Needed[];
}

/** What synthesis tells of an app. */
export interface Synthesized {
  readonly reported: readonly string[];
  readonly texts: string;
  readonly decide: (needed: Needed) => string;
}

const folder = mkdtempSync(join(tmpdir(), 'adoption-'));
export const cleanUp = () => rmSync(folder, { recursive: true, force: true });

/** Synthesizes an app behind README's gate. */
export function synthesize(name: string, { build }: AdoptedApp, mended: boolean): Synthesized {
  const { exitCode } = process;
  const app = gatedApp(folder, `${name.replace(/\W+/g, '-')}-${mended}`);
  try {
    build(app, mended);
    const { directory } = synthOnce(app);
    const findings = reportedBy(directory);
    const ofConstructs = app.node.findAll().flatMap((construct) => warnings(construct).filter((id) => id.startsWith('cdk-secure-bucket:')).map((id) => ({ id: id.replace('cdk-secure-bucket:', ''), path: construct.node.path, text: '' })));
    const all = [...findings, ...ofConstructs];
    const evaluator = AccessEvaluator.fromCloudAssembly(directory);
    return { reported: [...new Set(all.map(({ id, path }) => `${id} ${path}`))].sort(), texts: all.map(({ text }) => text).join('\n'), decide: (needed) => decide(evaluator, needed) };
  } finally {
    process.exitCode = exitCode;
  }
}

/** Newer versions of the CDK throw where a rule pack has findings, older ones set the exit code; the assembly is written in both. */
function synthOnce(app: App): { directory: string } {
  try {
    return app.synth();
  } catch (error) {
    if (!existsSync(join(app.outdir, 'validation-report.json'))) {
      throw error;
    }
    return { directory: app.outdir };
  }
}

function reportedBy(directory: string): { id: string; path: string; text: string }[] {
  const { pluginReports } = JSON.parse(readFileSync(join(directory, 'validation-report.json'), 'utf8'));
  return pluginReports.flatMap(({ violations }: any) => violations.filter(({ ruleName }: any) => !/^W\d/.test(ruleName)).flatMap( // style of templates, by the CDK itself
    ({ ruleName, description, violatingConstructs }: any) =>
      violatingConstructs.map(({ constructPath }: any) => ({ id: ruleName.replace('SecureBucket-', ''), path: constructPath, text: description }))));
}

function decide(evaluator: AccessEvaluator, { who, does, on: [bucket, key], sends = {} }: Needed): string {
  const identifier = (path: string) => {
    const [found] = evaluator.find(path);
    if (!found) {
      throw new Error(`nothing is called '${path}'`);
    }
    return found.identifier;
  };
  const sent = Object.fromEntries(Object.entries(sends).map(([name, value]) => [name, value.replace(/\{([^}]+)}/g, (_, path: string) => idOf(evaluator, path))]));
  const principal = who.includes('/') && !who.startsWith('arn:') ? identifier(who) : who;
  const arn = identifier(bucket);
  const decision = evaluator.decide({ principal, action: does, resource: key === undefined ? arn : `${arn}/${key}`, context: sent });
  return decision.outcome === 'allowed' ? 'allowed' : decision.toString();
}

/** The id that a resource will have: a stand-in, where AWS draws it. */
function idOf({ _model: { deployment } }: AccessEvaluator, path: string): string {
  return deployment.resources.find((resource) => resource.path === `${path}/Resource`)!.reference('Ref')!;
}
