import type { ClassOf } from './construct-tree';
import type { OpenStatements } from './open-statements';

/** A CloudFormation template with what is known of where it will be deployed. */
export interface StackTemplate {
  /** The name of the stack, unique among the templates at hand. */
  readonly name: string;

  /** What CloudFormation calls the stack, if that is another name: stages deploy a stack of one name to several places. */
  readonly deployedName?: string;

  /** Whether the stack is only taken to have its name, because nobody says one. */
  readonly isNameAssumed?: boolean;

  /** Undefined where it is not known before deployment. */
  readonly account?: string;
  readonly region?: string;
  readonly template: Template;

  /** The file that the template was read from. */
  readonly file?: string;

  /** Values of parameters, where they are known before deployment. */
  readonly parameters?: Readonly<Record<string, unknown>>;

  /** What conditions are taken to be, where that is not known before deployment. */
  readonly conditions?: Readonly<Record<string, boolean>>;

  /** Which statements are taken to be there that depend on conditions of which nothing else is taken. */
  readonly openStatements?: OpenStatements;

  /** What other values are taken to be that are not known before deployment, by the names that stand for them. */
  readonly values?: Readonly<Record<string, string>>;

  /** What AWS called resources that have been deployed, by logical ID; other attributes that it drew, by logical ID and attribute (`Role.RoleId`). */
  readonly physicalIds?: Readonly<Record<string, string>>;

  /** What stands for names and ids that AWS draws, by logical ID, where policies tell the usual stand-ins from all that AWS may draw. */
  readonly drawnNames?: Readonly<Record<string, string>>;

  /** What policies that stand elsewhere compare. */
  readonly comparedElsewhere?: readonly ComparedText[];

  /** The stack that has this one as a resource, for nested stacks. */
  readonly nestedIn?: { readonly stack: string; readonly logicalId: string };

  /** The ARN of the role with which CloudFormation deploys the stack, as a template would say it, where it is known. */
  readonly executionRoleArn?: unknown;

  /** Whether the template stands for one policy that was read from AWS: nothing else is known. */
  readonly isDeployedPolicy?: boolean;

  /** What the CDK records of the constructs of the stack, by path with a slash in front, in a cloud assembly. */
  readonly constructMetadata?: Readonly<Record<string, unknown>>;

  /** The construct path of a resource, where it is known otherwise than from the template. */
  readonly pathOf?: (logicalId: string) => string | undefined;

  /** The class of a construct, by its path, where that is known. */
  readonly classOf?: ClassOf;

  /** The parameters whose defaults decided what the template became, once its transforms have run. */
  readonly assumedDefaults?: Map<string, string>;

  /** Members whose key the same object has before, in the file that the template was read from: CloudFormation takes the last of them. */
  readonly keysTwice?: readonly WrittenMember[];

  /** What the stack will have that is not in the template, and is not looked at, in sentences. */
  readonly unseen?: readonly string[];

  /** The beginnings of the logical IDs of resources that transforms make, and that the template does not have: they do not store data. */
  readonly madeByTransforms?: readonly string[];
}

/** A member of a template in the file that it was read from. */
export interface WrittenMember {
  /** Keys, and places in lists, from the outside in. */
  readonly path: readonly (string | number)[];
  readonly line: number;
  readonly column: number;
}

/** A text that a policy compares. */
export interface ComparedText {
  readonly text: string;
  readonly ignoresCase: boolean;
}

export interface Template {
  readonly Transform?: unknown;
  readonly Resources?: Readonly<Record<string, TemplateResource>>;
  readonly Parameters?: Readonly<Record<string, unknown>>;
  readonly Mappings?: Readonly<Record<string, unknown>>;
  readonly Outputs?: Readonly<Record<string, any>>;
  readonly Conditions?: Readonly<Record<string, unknown>>;
  readonly Metadata?: Readonly<Record<string, unknown>>;
}

export interface TemplateResource {
  readonly Type?: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly Condition?: string;
  readonly DeletionPolicy?: unknown;
  readonly UpdateReplacePolicy?: unknown;
  readonly Metadata?: Readonly<Record<string, unknown>>;
}
