import { Lazy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { IConstruct } from 'constructs';
import { keepStatement } from '../guardrails/kept-statements';
import { freeSid } from '../statements/free-sid';

type ResourceWithPolicy = IConstruct & Pick<iam.IResourceWithPolicy, 'addToResourcePolicy'>;

/** For what a service calls. It may change until policies are rendered. */
export interface Source {
  readonly arn: string;

  /** Whether the ARN has wildcards. */
  readonly isPattern: boolean;
}

/** What a service may do for certain of its resources. */
export interface SourceStatementProps {
  readonly sid: string;
  readonly service: string;
  readonly actions: string[];
  readonly resources: string[];

  /** Conditions beside the source, all under StringEquals. */
  readonly alike?: Record<string, string>;
}

const WRITER = 'the distribution or its logs';
const STATEMENTS = new WeakMap<IConstruct, Map<string, SourceStatement>>();

/**
 * A statement for a service, confined by `aws:SourceArn`. All sources for which a resource's policy says the same share one
 * statement: another source is another value in it.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
 */
export class SourceStatement {
  /** Lets a service work on a resource for a source. Returns the outcome of adding the statement to the resource's policy. */
  public static admit(resource: ResourceWithPolicy, source: Source, props: SourceStatementProps): iam.AddToResourcePolicyResult {
    const statements = STATEMENTS.get(resource) ?? new Map<string, SourceStatement>();
    STATEMENTS.set(resource, statements);
    const identity = JSON.stringify(props);
    const shared = statements.get(identity) ?? new SourceStatement(resource, { ...props, sid: freeSid(props.sid, [...statements.values()].map(({ sid }) => sid)) });
    statements.set(identity, shared);
    shared.sources.push(source);
    return shared.result;
  }

  public readonly sid: string;
  private readonly sources: Source[] = [];
  private readonly result: iam.AddToResourcePolicyResult;

  private constructor(resource: ResourceWithPolicy, props: SourceStatementProps) {
    const statement = sourceStatement(props, this.sources);
    this.sid = props.sid;
    this.result = resource.addToResourcePolicy(statement);
    if (this.result.statementAdded) {
      keepStatement(resource, statement, WRITER);
    }
  }
}

/** A statement for a service, confined to sources. Those with wildcards are compared as patterns, and all others beside them. */
export function sourceStatement({ sid, service, actions, resources, alike = {} }: SourceStatementProps, sources: readonly Source[]): iam.PolicyStatement {
  const arns = () => {
    const values = [...new Set(sources.map(({ arn }) => arn))];
    return { 'aws:SourceArn': values.length === 1 ? values[0] : values };
  };
  const hasPattern = () => sources.some(({ isPattern }) => isPattern);
  return new iam.PolicyStatement({
    sid,
    principals: [new iam.ServicePrincipal(service)],
    actions,
    resources,
    conditions: {
      StringEquals: Lazy.uncachedAny({ produce: () => (hasPattern() ? nonEmpty(alike) : { ...alike, ...arns() }) }) as any,
      ArnLike: Lazy.uncachedAny({ produce: () => (hasPattern() ? arns() : undefined) }) as any,
    },
  });
}

function nonEmpty(conditions: Record<string, string>): Record<string, string> | undefined {
  return Object.keys(conditions).length > 0 ? conditions : undefined;
}
