import { init } from 'z3-solver';
import { AskedStatement, AskedTest, decide, readStatement } from './language';
import * as world from './world';

/** Statements as JSON: a policy's, and descriptions of requests as guarantees have them. */
export interface Question {
  readonly policies: readonly { readonly Statement: readonly any[] }[];
  readonly breaches: readonly any[];

  /** What requests are made to; a bucket, if nothing else is said. */
  readonly world?: world.Kind;

  /** Whether every policy has to allow the request; otherwise none has to. */
  readonly needsAllow?: boolean;
}

/** Whether there is a request that a breach describes and that is let through. */
export type Answer = 'sat' | 'unsat' | 'unknown';

type Z3 = Awaited<ReturnType<typeof init>>;

/** Combines the entities of the solver's world by an SMT solver. */
export class Solver {
  public static async start(): Promise<Solver> {
    const z3 = await init();
    return new Solver(z3, z3.Z3.mk_context(z3.Z3.mk_config()));
  }

  private constructor(private readonly z3: Z3, private readonly context: ReturnType<Z3['Z3']['mk_context']>) {}

  public async satisfiable(question: Question): Promise<Answer> {
    const script = new Encoding(question).script;
    if (script === undefined) {
      return 'unknown';
    }
    const { Z3 } = this.z3;
    const solver = Z3.mk_solver(this.context);
    Z3.solver_inc_ref(this.context, solver);
    Z3.solver_from_string(this.context, solver, script); // read at once: what is handed to a worker as text may be gone before it is read
    const found = await Z3.solver_check(this.context, solver);
    Z3.solver_dec_ref(this.context, solver);
    return found === 1 ? 'sat' : found === -1 ? 'unsat' : 'unknown';
  }

  /** Ends the solver's workers. */
  public stop(): void {
    (this.z3.em as any).PThread.terminateAllThreads();
  }
}

const ORGANIZATION_KEYS: Readonly<Record<string, readonly [entity: 'caller' | 'source' | 'endpoint', part: 'id' | 'path']>> = {
  'aws:principalorgid': ['caller', 'id'],
  'aws:principalorgpaths': ['caller', 'path'],
  'aws:sourceorgid': ['source', 'id'],
  'aws:sourceorgpaths': ['source', 'path'],
  'aws:vpceorgid': ['endpoint', 'id'],
  'aws:vpceorgpaths': ['endpoint', 'path'],
};
const UNDOCUMENTED = ['aws:principalaccount', 'aws:principaltype', 'aws:userid'];
const ENTITY_OF: Readonly<Record<string, string>> = {
  'aws:principalarn': 'caller',
  'aws:principalaccount': 'caller',
  'aws:principaltype': 'caller',
  'aws:principalisawsservice': 'caller',
  'aws:principalservicename': 'caller',
  'aws:principalservicenameslist': 'caller',
  'aws:userid': 'caller',
  'aws:username': 'caller',
  'kms:calleraccount': 'caller',
  'aws:sourceaccount': 'source',
  'aws:sourcearn': 'source',
  'aws:viaawsservice': 'route',
  'aws:sourceip': 'address',
  'aws:vpcsourceip': 'private',
  'aws:calledvia': 'via',
  'aws:calledviafirst': 'via',
  'aws:calledvialast': 'via',
  'aws:sourcevpce': 'vpce',
  'aws:sourcevpc': 'vpc',
  'aws:vpceaccount': 'endpoint',
  'aws:securetransport': 'connection',
  's3:tlsversion': 'connection',
  's3:authtype': 'signing',
  's3:signatureversion': 'signing',
  's3:signatureage': 'signing',
  's3:dataaccesspointarn': 'point',
  's3:dataaccesspointaccount': 'point',
  's3:accesspointnetworkorigin': 'point',
  's3:x-amz-server-side-encryption': 'encryption',
  's3:x-amz-server-side-encryption-aws-kms-key-id': 'encryption',
  's3:x-amz-server-side-encryption-customer-algorithm': 'encryption',
  'aws:currenttime': 'time',
  'aws:epochtime': 'time',
};
const ROUTES = ['internet', 'endpoint', 'through-service', 'inside-aws'];
const REGIONS = ['eu-west-1', 'solver-1'];

/** One question in SMT-LIB: a number for each entity, which says which of its values it takes. */
class Encoding {
  public readonly script: string | undefined;
  private readonly mentioned: world.Mentioned;
  private readonly entities = new Map<string, readonly world.Value[]>();
  private readonly places: readonly { id: string; path: string }[];
  private readonly lines: string[] = [];
  private isDocumented = true;

  constructor({ policies, breaches, needsAllow, world: kind = 'bucket' }: Question) {
    const read = policies.map(({ Statement }) => Statement.map(readStatement));
    const described = breaches.map(readStatement);
    this.mentioned = new world.Mentioned([...read.flat(), ...described], kind);
    this.places = this.mentioned.organizations();
    this.declare();
    this.relate();
    const denies = read.flat().filter(({ effect }) => effect === 'Deny');
    this.assert(or(described.map((breach) => this.applies(breach))));
    denies.forEach((deny) => this.assert(not(this.applies(deny))));
    if (needsAllow) {
      read.forEach((statements) => this.assert(or(statements.filter(({ effect }) => effect === 'Allow').map((allow) => this.applies(allow)))));
    }
    this.script = this.isDocumented ? this.lines.join('\n') : undefined;
  }

  private declare(): void {
    const { mentioned } = this;
    const connection = [...['1.0', '1.1', '1.2', '1.3'].map((version) => ({ kind: 'https', keys: { 'aws:securetransport': ['true'], 's3:tlsversion': [version] } })), { kind: 'http', keys: { 'aws:securetransport': ['false'] } }];
    const entities: Record<string, readonly world.Value[]> = {
      caller: world.callers(mentioned),
      service: world.undocumented(mentioned),
      source: world.sources(mentioned),
      route: ROUTES.map((kind) => ({ kind, keys: { 'aws:viaawsservice': [String(kind === 'through-service')] } })),
      address: world.addresses(mentioned, 'aws:sourceip'),
      private: world.addresses(mentioned, 'aws:vpcsourceip'),
      via: world.lists(mentioned),
      vpce: world.named(mentioned, 'aws:sourcevpce', 'vpce-solver'),
      vpc: world.named(mentioned, 'aws:sourcevpc', 'vpc-solver').concat([...new Set(mentioned.values('aws:sourcevpcarn').map((arn) => arn.split('/').at(-1)!.replace('*', 'vpc-0')))].map((id) => ({ keys: { 'aws:sourcevpc': [id] } }))),
      endpoint: mentioned.accounts.map((account) => ({ account, keys: { 'aws:vpceaccount': [account] } })),
      region: REGIONS.map((region) => ({ kind: region, keys: {} })),
      connection,
      signing: world.signings(mentioned),
      point: world.accessPoints(mentioned),
      operation: world.operations(mentioned),
      encryption: world.encryptions(mentioned),
      time: world.times(mentioned),
    };
    Object.entries(entities).forEach(([name, values]) => this.entity(name, values));
    mentioned.keys.filter((key) => !(key in ENTITY_OF) && !(key in ORGANIZATION_KEYS) && key !== 'aws:sourcevpcarn').forEach((key) => this.entity(`|${key}|`, world.free(mentioned, key)));
    mentioned.accounts.forEach((account) => this.lines.push(`(declare-const org${account} Int)`, `(assert (and (<= 0 org${account}) (<= org${account} ${this.places.length})))`)); // 0 is no organization
    ['tellsOrgId', 'tellsOrgPath', 'tellsAddress'].forEach((name) => this.lines.push(`(declare-const ${name} Bool)`));
  }

  private entity(name: string, values: readonly world.Value[]): void {
    this.entities.set(name, values);
    this.lines.push(`(declare-const ${name} Int)`, `(assert (and (<= 0 ${name}) (< ${name} ${values.length})))`);
  }

  /** What goes with what. */
  private relate(): void {
    const service = this.where('caller', ({ kind }) => kind === 'service');
    const anonymous = this.where('caller', ({ kind }) => kind === 'anonymous');
    const iam = not(or([service, anonymous]));
    const through = not(this.where('point', ({ kind }) => kind === 'direct'));
    const unsigned = this.where('signing', ({ kind }) => kind === 'none');
    const version4 = this.where('signing', ({ kind }) => kind!.includes('AWS4'));
    const upload = this.where('operation', ({ action }) => action === 's3:PutObject');
    this.assert(`(= ${service} ${this.where('route', ({ kind }) => kind === 'inside-aws')})`);
    this.assert(implies(this.where('route', ({ kind }) => kind === 'through-service'), iam));
    if (this.mentioned.kind === 'key') {
      this.assert(not(anonymous));
    } else {
      this.assert(`(= ${anonymous} ${unsigned})`);
      this.assert(implies(service, this.where('signing', ({ kind }) => kind!.startsWith('REST-HEADER AWS4'))));
    }
    this.assert(implies(this.where('signing', ({ kind }) => kind!.startsWith('POST')), upload));
    this.assert(this.mentioned.kind === 'access-point' ? and([through, not(anonymous)]) : implies(through, not(anonymous)));
    this.assert(implies(this.where('encryption', ({ keys }) => 's3:x-amz-server-side-encryption-customer-algorithm' in keys), this.where('connection', ({ kind }) => kind === 'https')));
    this.assert(implies(through, and([version4, this.where('connection', ({ kind }) => kind === 'https')])));
    this.assert(implies(this.where('point', ({ kind }) => kind === 'VPC'), this.where('route', ({ kind }) => kind === 'endpoint')));
    this.assert(implies(not(this.where('encryption', ({ kind }) => kind === 'none')), this.where('operation', ({ action }) => world.mayEncrypt(action!))));
    for (const name of [...this.entities.keys()].filter((key) => key.startsWith('|'))) {
      const key = name.slice(1, -1);
      this.assert(implies(not(this.where(name, ({ keys }) => keys[key] === undefined)), and([this.where('operation', ({ action }) => world.mayCarry(key, action!)), world.isOfIam(key) ? iam : 'true'])));
      if (world.isTagOfCaller(key)) {
        this.assert(implies(not(this.where(name, ({ keys }) => keys[key] === undefined)), not(this.where('caller', ({ kind }) => kind === 'root'))));
      }
      if (key === 'kms:viaservice') {
        this.assert(implies(not(this.where(name, ({ keys }) => keys[key] === undefined)), this.where('route', ({ kind }) => kind === 'through-service')));
      }
    }
  }

  private applies(statement: AskedStatement): string {
    const { principals, actions, resources, tests } = statement;
    return and([
      this.where('operation', ({ action, resource }) => world.scopeHolds({ ...actions, patterns: actions.patterns.map((text) => text.toLowerCase()) }, action!.toLowerCase()) && (!resources || world.scopeHolds(resources, resource!))),
      principals ? this.where('caller', ({ names }) => principals.names.some(([kind, text]) => text === '*' || names!.some(([other, name]) => other === kind && name === text)) !== principals.isInverted) : 'true',
      ...tests.map((test) => this.holds(test)),
    ]);
  }

  private holds(test: AskedTest): string {
    const { key } = test;
    const truth = (given: readonly string[] | undefined) => {
      const decided = decide(test, given);
      this.isDocumented &&= decided !== undefined;
      return decided === true;
    };
    const absent = truth(undefined);
    if (key in ORGANIZATION_KEYS) {
      return this.ofOrganization(test, truth);
    }
    if (key === 'aws:sourcevpcarn') {
      const arns = this.entities.get('vpc')!.flatMap(({ keys }, vpc) => this.entities.get('endpoint')!.flatMap(({ account }, endpoint) => REGIONS.map((region, i) => ({ text: `arn:aws:ec2:${region}:${account}:vpc/${keys['aws:sourcevpc']![0]}`, at: `(and (= vpc ${vpc}) (= endpoint ${endpoint}) (= region ${i}))` }))));
      return ite(this.onEndpoint, or(arns.filter(({ text }) => truth([text])).map(({ at }) => at)), String(absent));
    }
    const entity = ENTITY_OF[key] ?? `|${key}|`;
    const table = this.where(entity, ({ keys }) => truth(keys[key]));
    const isService = this.where('caller', ({ kind }) => kind === 'service');
    const onRoute = (route: string) => this.where('route', ({ kind }) => kind === route);
    switch (entity) {
      case 'caller': return UNDOCUMENTED.includes(key) ? ite(isService, this.where('service', ({ keys }) => truth(keys[key])), table) : table;
      case 'source': return ite(isService, table, String(absent));
      case 'address': return ite(or([onRoute('internet'), and([onRoute('through-service'), 'tellsAddress'])]), table, String(absent));
      case 'private': case 'vpce': case 'vpc': case 'endpoint': return ite(this.onEndpoint, table, String(absent));
      case 'via': return ite(onRoute('through-service'), table, String(absent));
      default: return table;
    }
  }

  private ofOrganization({ key }: AskedTest, truth: (given: readonly string[] | undefined) => boolean): string {
    const [entity, part] = ORGANIZATION_KEYS[key];
    const absent = String(truth(undefined));
    const inPlace = (account: string) => or([...(truth(undefined) ? [`(= org${account} 0)`] : []), ...this.places.flatMap((place, i) => (truth([place[part]]) ? [`(= org${account} ${i + 1})`] : []))]);
    const byAccount = or(this.mentioned.accounts.map((account) => and([this.where(entity, (value) => value.account === account), inPlace(account)])));
    switch (entity) {
      case 'caller': return ite(this.where('caller', ({ account }) => account !== undefined), byAccount, absent);
      case 'source': return ite(and([this.where('caller', ({ kind }) => kind === 'service'), part === 'id' ? 'tellsOrgId' : 'tellsOrgPath']), byAccount, absent);
      case 'endpoint': return ite(this.onEndpoint, byAccount, absent);
    }
  }

  private get onEndpoint(): string {
    return this.where('route', ({ kind }) => kind === 'endpoint');
  }

  /** That an entity takes one of the values for which something is true, as ranges of numbers. */
  private where(entity: string, isSo: (value: world.Value) => boolean): string {
    const values = this.entities.get(entity)!;
    const ranges: string[] = [];
    for (let i = 0; i < values.length; i++) {
      if (isSo(values[i])) {
        const first = i;
        while (i + 1 < values.length && isSo(values[i + 1])) {
          i++;
        }
        ranges.push(first === i ? `(= ${entity} ${i})` : `(and (<= ${first} ${entity}) (<= ${entity} ${i}))`);
      }
    }
    return or(ranges);
  }

  private assert(formula: string): void {
    this.lines.push(`(assert ${formula})`);
  }
}

function and(formulas: readonly string[]): string {
  return formulas.length === 0 ? 'true' : `(and ${formulas.join(' ')})`;
}

function or(formulas: readonly string[]): string {
  return formulas.length === 0 ? 'false' : `(or ${formulas.join(' ')})`;
}

function not(formula: string): string {
  return `(not ${formula})`;
}

function implies(one: string, other: string): string {
  return `(=> ${one} ${other})`;
}

function ite(condition: string, then: string, otherwise: string): string {
  return `(ite ${condition} ${then} ${otherwise})`;
}
