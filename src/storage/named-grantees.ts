import * as s3 from 'aws-cdk-lib/aws-s3';
import { IConstruct } from 'constructs';
import { having, required, wrongType } from '../prop-types';
import { refuseAll } from '../refusal';

const GRANTEE = required(having('a principal, such as a Role, a User or a Function', 'grantPrincipal'));
const GRANTS = ['read', 'write', 'put', 'putAcl', 'delete', 'readWrite', 'actionsOnObjectKeys', 'actionsOnBucketAndObjectKeys', 'replicationPermission'] as const;

/** The same grants, which refuse a grantee that is none before the CDK looks into it. */
export function withNamedGrantees(bucket: IConstruct, grants: s3.BucketGrants): s3.BucketGrants {
  const checked = GRANTS.map((name) => [name, (grantee: any, ...rest: any[]) => {
    refuseAll(bucket, 'WrongType', wrongType(grantee, GRANTEE).map((mistake) => ({ ...mistake, problem: `'${name}' is granted to something that is not a principal.` })));
    return (grants[name] as (...args: any[]) => unknown).call(grants, grantee, ...rest);
  }]);
  return Object.assign(Object.create(grants), Object.fromEntries(checked));
}
