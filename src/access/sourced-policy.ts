import type { DecidingStatement } from './access-decision';
import { parsePolicy, Policy, PolicySyntaxError, Statement, statementJson } from '../policy/document';
import { Truth } from '../policy/truth';
import { readable } from '../policy/unknown-text';
import { DeployedResource } from '../template/deployment';

/** A policy that takes part in a decision, and where it stands: in a template, or in the assumptions. */
export interface SourcedPolicy {
  readonly policy?: Policy;

  /** Why there is no policy: IAM would refuse the document, or parts of it are not known. */
  readonly refusal?: PolicySyntaxError;
  readonly unknown?: string;

  /** Where the document stands: a property of the resource, or a path in the assumptions. */
  readonly property: string;
  readonly resource?: DeployedResource;
  readonly file?: string;

  /** Whether it is not known that the policy belongs where it is looked at. */
  readonly mayBelongElsewhere?: boolean;

  /** One statement as JSON. */
  readonly textOf: (statement: Statement) => string;
}

/** The same policy, where it is not known that it belongs there. */
export function possibly(source: SourcedPolicy): SourcedPolicy {
  const { policy, refusal, unknown, property, resource, file } = source;
  return { policy, refusal, unknown, property, resource, file, textOf: (statement) => source.textOf(statement), mayBelongElsewhere: true };
}

/** A policy that stands in the assumptions, or in the request. */
export class GivenPolicy implements SourcedPolicy {
  public readonly policy: Policy;

  constructor(private readonly document: any, public readonly property: string, public readonly file?: string) {
    this.policy = parsePolicy(document);
  }

  public textOf(statement: Statement): string {
    return JSON.stringify(statementJson(this.document, statement));
  }
}

/** Whether a policy is there at all: its resource may be conditional. */
export function isThere({ resource, mayBelongElsewhere }: SourcedPolicy): Truth {
  const isMade = resource ? resource.isDeployed : true;
  return mayBelongElsewhere && isMade !== false ? undefined : isMade;
}

/** A statement with the place where it stands. */
export function decidingStatement(source: SourcedPolicy, statement: Statement): DecidingStatement {
  const { resource, property, file } = source;
  return {
    ...(statement.sid ? { sid: statement.sid } : {}),
    effect: statement.effect,
    path: statement.path,
    property,
    ...(resource ? { constructPath: resource.path, logicalId: resource.logicalId, stack: resource.stack.name } : {}),
    ...(file ?? resource?.stack.source.file ? { file: file ?? resource?.stack.source.file } : {}),
    json: readable(source.textOf(statement)),
  };
}
