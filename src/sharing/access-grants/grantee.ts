import { Stack, Stage } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { DatasetAccessGrants } from './dataset-access-grants';
import { DirectoryGrantee } from './directory-grantee';
import { Refusal, refusedBy } from '../../refusal';
import { ConsumerIdentity, consumerIdentity } from '../consumer';
import { known } from '../names';
import { canFollow } from '../stack-order';
import { canName } from '../verify-consumer';

/** Somebody to whom access can be granted. */
export interface VerifiedGrantee {
  readonly granteeType: 'IAM' | 'DIRECTORY_USER' | 'DIRECTORY_GROUP';

  /** The ARN, or the id in the directory. */
  readonly identifier: string;

  /** What tells them from others: the same at every synthesis. */
  readonly mark: string;

  /** The role or user; undefined for somebody of the directory. */
  readonly consumer?: ConsumerIdentity;

  /** Their account, if it is another one than that of the instance. */
  readonly foreignAccount?: string;
}

/** Finds out who a grantee is, and why access cannot be granted. */
export function verifiedGrantee(site: Construct, grantee: iam.IGrantable, accessGrants: DatasetAccessGrants): { problems: Refusal[]; verified?: VerifiedGrantee } {
  if (grantee instanceof DirectoryGrantee) {
    const { _granteeType: granteeType, _directoryId: identifier } = grantee;
    return { problems: withoutDirectory(accessGrants), verified: { granteeType, identifier, mark: identifier } };
  }
  const bad = refusedBy(() => consumerIdentity(site, grantee));
  if (bad.length > 0) {
    return { problems: bad };
  }
  const consumer = consumerIdentity(site, grantee);
  const { arn, account, resource } = consumer;
  const problems = consumerProblems(site, consumer, accessGrants);
  return problems.length > 0 ? { problems } : {
    problems,
    verified: { granteeType: 'IAM', identifier: arn!, mark: resource?.node.addr ?? arn!, consumer, foreignAccount: account === accessGrants.env.account ? undefined : account },
  };
}

function withoutDirectory({ identityCenterArn, node }: DatasetAccessGrants): Refusal[] {
  return identityCenterArn === undefined ? [{
    name: 'NoIdentityCenter',
    problem: `users and groups of a directory are not known to the instance: '${node.path}' is associated with no IAM Identity Center.`,
    remedy: "Pass its 'identityCenterArn'.",
  }] : [];
}

function consumerProblems(site: Construct, consumer: ConsumerIdentity, accessGrants: DatasetAccessGrants): Refusal[] {
  const { name, arn, account, isGroup, resource } = consumer;
  if (arn === undefined || isGroup) {
    return [{
      name: 'UnusableGrantee', problem: `'${name}' is ${isGroup ? 'an IAM group' : 'a whole account'}, and access is granted to roles, users and members of the directory only.`, remedy: 'Name a role.',
    }];
  }
  const owner = accessGrants.env.account;
  if (account !== owner && [account, owner].some((id) => known(id) === undefined)) {
    return [{
      name: 'UnknownAccount', problem: `it is not known whether '${name}' is of another account than the instance of S3 Access Grants.`, remedy: "Set 'env' on both stacks, or name the role by Consumer.roleArn, written out.",
    }];
  }
  const here = Stack.of(site);
  const isTooLate = resource !== undefined && Stage.of(resource) === Stage.of(site) && account === owner && !canFollow(here, Stack.of(resource));
  return [
    ...(canName(here, consumer) ? [] : [{
      name: 'UnnamedConsumer', problem: `the grant cannot name '${name}' of account ${account}, which gets its name at deployment.`, remedy: "Give it a physical name: 'roleName', or PhysicalName.GENERATE_IF_NEEDED.",
    }]),
    ...(isTooLate ? [{
      name: 'ConsumerTooLate', problem: `the stack of '${name}' is deployed after that of the grant, which refers to it.`, remedy: "Make the grant in the other stack, or in a later one, with 'new AccessGrant(…)'.",
    }] : []),
  ];
}

/**
 * Lets somebody ask an instance for credentials, find it by a prefix, and see what they are granted.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-grants-credentials.html
 */
export function requestPolicy(instanceArn: string, sid?: string): iam.PolicyStatement {
  return new iam.PolicyStatement({ sid, actions: ['s3:GetDataAccess', 's3:GetAccessGrantsInstanceForPrefix', 's3:ListCallerAccessGrants'], resources: [instanceArn] });
}
