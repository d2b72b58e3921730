import { AccessRequest } from './access-request';

/** A request that asks for one permission: what the layers decide. */
export interface PermissionRequest extends AccessRequest {
  readonly action: string;

  /** What S3 does with the key of the object, where it is not what always follows from the action. */
  readonly keyActions?: readonly string[];
}
