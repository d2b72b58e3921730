import { AssumptionsJson, checkAssumptions } from './assumptions-format';
import { readJson, shallow } from '../template/read-json';

/**
 * What is true of the world around the templates: policies and settings that stand elsewhere.
 *
 * The format is a JSON object; every part of it may be left out:
 *
 * - `version`: 1.
 * - `environment`: `account` and `region` of stacks which do not say where they are deployed.
 * - `parameters`: values of template parameters, by stack name and parameter name.
 * - `physicalIds`: what AWS called resources that are deployed already, by stack name and logical ID. Without them, names that
 *   AWS draws are stand-ins, which no request from outside the templates knows.
 * - `accounts`, by account id: `organizationId` (`null`: none), `organizationPath` (`o-…/r-…/ou-…/`), `isManagementAccount`,
 *   `serviceControlPolicies` and `resourceControlPolicies` (policy documents, or one list of them a level from the root of the
 *   organization down to the account), `blockPublicAccess`. A policy is also what `aws organizations describe-policy` prints, a level
 *   what `aws organizations list-policies-for-target` prints.
 * - `organizationPolicies`: a list of what `aws organizations describe-policy` prints, for the policies that such levels name.
 * - `principals`, by ARN of a role or user: `identityPolicies`, `permissionsBoundary` (`null`: none), `tags`.
 * - `managedPolicies`, by ARN: the policy document.
 * - `endpoints`, by VPC endpoint id: `policy` (`null`: full access), `vpc`, `account`, `type` (`Gateway` or `Interface`).
 * - `buckets`, by name: `account`, `region`, `policy` (`null`: none), `blockPublicAccess`, `objectOwnership`, `acl`, `encryption`
 *   (`algorithm`, `key`, `bucketKeyEnabled`), `objectAcls` (`private`: no object has an access control list that lets others in).
 *   Of a bucket that is in the templates too, only what the template does not say is taken.
 * - `accessPoints`, by ARN: `bucket` (`buckets` of a multi-Region access point), `bucketAccount`, `policy` (`null`: none), `vpc`, `blockPublicAccess`.
 * - `keys`, by ARN: `policy`.
 */
export class AccessAssumptions {
  /**
   * Assumptions that stand in a JSON file.
   *
   * @throws Error if the file cannot be read, or its content has not the format; the message says where
   */
  public static fromFile(path: string): AccessAssumptions {
    return new AccessAssumptions(checkAssumptions(readJson(path), path), path);
  }

  /**
   * Assumptions as parsed JSON.
   *
   * @throws Error if it has not the format; the message says where
   */
  public static fromJson(json: any): AccessAssumptions {
    return new AccessAssumptions(checkAssumptions(shallow(json, 'assumptions'), 'assumptions'));
  }

  /**
   * Assumptions whose format was looked at already.
   *
   * @internal
   */
  public static _of(json: AssumptionsJson, file?: string): AccessAssumptions {
    return new AccessAssumptions(json, file);
  }

  /** @internal */
  public readonly _json: AssumptionsJson;

  /** @internal */
  public readonly _file?: string;

  private constructor(json: AssumptionsJson, file?: string) {
    this._json = json;
    this._file = file;
  }
}
