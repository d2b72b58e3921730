import { AccessAssumption } from './access-decision';
import { BucketFacts } from './bucket-facts';
import { Caller } from './caller';
import { keyFacts } from './context-keys';
import { AccessPointFacts, Model } from './model';
import { PermissionRequest } from './permission-request';
import { Target } from './target';
import { ContextValues } from '../policy/context';
import { Statement } from '../policy/document';
import { UNDETERMINED } from '../policy/unknown-text';

/** Condition keys, in lower case, that requests through VPC endpoints alone carry. */
export const OF_ENDPOINTS = ['aws:sourcevpc', 'aws:sourcevpcarn', 'aws:vpceaccount', 'aws:vpceorgid', 'aws:vpceorgpaths', 'aws:vpcsourceip'];

/** A request with everything that its decision needs, and what was assumed on the way. */
export class Question {
  /** What decisions take for granted, each once. */
  public readonly assumed = new Map<string, AccessAssumption>();

  /** Where condition keys that are not known can be given. */
  public readonly unknownKeys = new Map<string, string>();

  /** @param given the condition keys of the request, in lower case; an empty list says that the request does not carry the key */
  constructor(
    public readonly model: Model,
    public readonly request: PermissionRequest,
    public readonly caller: Caller,
    public readonly target: Target,
    public readonly bucket: BucketFacts,
    public readonly accessPoint: AccessPointFacts | undefined,
    public readonly given: ReadonlyMap<string, readonly string[]>,
  ) {}

  /** The VPC endpoint through which the request comes. */
  public get endpointId(): string | undefined {
    return this.given.get('aws:sourcevpce')?.[0];
  }

  /**
   * Whether the request comes through a VPC endpoint, be it one that it does not name: no other request carries these keys.
   *
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourcevpc
   */
  public get isThroughEndpoint(): boolean {
    return this.endpointId !== undefined || (!this.given.has('aws:sourcevpce') && OF_ENDPOINTS.some((key) => (this.given.get(key)?.length ?? 0) > 0));
  }

  /** Takes something for granted. */
  public assume(sentence: string, givenBy: string): void {
    this.assumed.set(sentence, { sentence, givenBy });
  }

  /** The same question about something else: what is assumed there is assumed here. */
  public value(key: string): string | undefined {
    return this.contextFor([], {}, [key]).get(key)?.[0];
  }

  /**
   * The condition keys of the request, as far as statements ask for them.
   *
   * @param extra keys in lower case that this call carries besides, or otherwise
   */
  public contextFor(statements: readonly Statement[], extra: Readonly<Record<string, readonly string[] | undefined>> = {}, others: readonly string[] = []): ContextValues {
    const context = new Map(this.given);
    for (const key of new Set([...statements.flatMap(keysOf), ...others])) {
      if (!context.has(key) && !Object.hasOwn(extra, key)) {
        const fact = keyFacts(this, key);
        context.set(key, fact.values ?? []);
        if (fact.values?.[0] === UNDETERMINED) {
          this.unknownKeys.set(key, fact.givenBy ?? `context ${key}`);
        } else if (fact.sentence) {
          this.assume(fact.sentence, fact.givenBy ?? `context ${key}`);
        }
      }
    }
    Object.entries(extra).forEach(([key, values]) => context.set(key, values ?? []));
    return new Map([...context].filter(([, values]) => values.length > 0));
  }
}

/** The condition keys that a statement asks for. */
export function keysOf({ conditions, resource }: Statement): string[] {
  return [
    ...conditions.flatMap(({ key, values }) => [key, ...values.flatMap(({ variables }) => variables)]),
    ...(resource?.members ?? []).flatMap(({ text }) => text.variables),
  ];
}
