import { AccessDecision } from './access-decision';
import { AccessRequest } from './access-request';
import { AccessTemplate, stackTemplates } from './access-template';
import { AccessAssumptions } from './assumptions';
import { decideRequest } from './decide-request';
import { Model } from './model';
import { assemblyTemplates } from '../template/cloud-assembly';
import { StackTemplate } from '../template/template';

/** A resource that somebody can name in a request. */
export interface NamedResource {
  /** Its ARN as it will be deployed; the id of a VPC endpoint. Where AWS draws a name or an id, it is a stand-in for the one that AWS will draw. */
  readonly identifier: string;

  /** The type, such as `AWS::S3::Bucket`. */
  readonly type: string;
  readonly constructPath: string;
  readonly stack: string;
  readonly logicalId: string;
}

/**
 * Decides requests to S3 before anything is deployed: what each layer of the authorization of S3 says, and which one decides.
 *
 * Guide, Sections 2 and 9.3.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/how-s3-evaluates-access-control.html
 */
export class AccessEvaluator {
  /**
   * Decides by the templates in a cloud assembly, the folder `cdk.out`.
   *
   * @throws Error if the folder is no cloud assembly, or a file of it cannot be read
   */
  public static fromCloudAssembly(directory: string, assumptions?: AccessAssumptions): AccessEvaluator {
    return new AccessEvaluator(assemblyTemplates(directory), assumptions);
  }

  /**
   * Decides by templates that are deployed together.
   *
   * @throws Error if one is no object, or two have the same name
   */
  public static fromTemplates(templates: AccessTemplate[], assumptions?: AccessAssumptions): AccessEvaluator {
    return new AccessEvaluator(stackTemplates(templates), assumptions);
  }

  /**
   * Decides by templates as the engine takes them.
   *
   * @internal
   */
  public static _of(templates: readonly StackTemplate[], assumptions?: AccessAssumptions): AccessEvaluator {
    return new AccessEvaluator(templates, assumptions);
  }

  /** @internal */
  public readonly _model: Model;

  private constructor(templates: readonly StackTemplate[], assumptions: AccessAssumptions = AccessAssumptions.fromJson({})) {
    this._model = new Model(templates, assumptions);
  }

  /**
   * Decides a request.
   *
   * @throws Error if the request names nobody, nothing, or no action of S3; the message says which
   */
  public decide(request: AccessRequest): AccessDecision {
    return decideRequest(this._model, request);
  }

  /** The roles, users, buckets, access points and VPC endpoints that a construct path, a logical id or a physical name stands for. */
  public find(name: string): NamedResource[] {
    return this._model.find(name).map(({ resource, identifier }) => ({
      identifier,
      type: resource.type,
      constructPath: resource.path,
      stack: resource.stack.name,
      logicalId: resource.logicalId,
    }));
  }
}
