import { Names, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct, IConstruct } from 'constructs';
import { ConsumerIdentity } from './consumer';
import { known } from './names';
import { canFollow, follow } from './stack-order';
import { fingerprint } from './values';
import { canName } from './verify-consumer';
import { warn } from '../warning';

/** Adds statements to the policies of a role, user or group. Returns whether that was this app's to do. */
export function addToConsumer({ principal, account }: ConsumerIdentity, statementsIn: (stack: Stack) => iam.PolicyStatement[]): boolean {
  if (principal === undefined || isImportedElsewhere(principal, account)) {
    return false;
  }
  const results = statementsIn(Stack.of(principal)).map((statement) => principal.addToPrincipalPolicy(statement));
  // An imported role of another account takes statements and drops them: it has no policy that anything could depend on.
  return results.every(({ statementAdded, policyDependable }) => statementAdded && (isMade(principal) || Construct.isConstruct(policyDependable)));
}

/**
 * Gives a role, user or group of the app a policy from another stack of its account, whatever the Region: for statements that its own stack
 * cannot write. Returns whether that was possible: by its name, and after it.
 */
export function attachToConsumer(site: Construct, consumer: ConsumerIdentity, statements: iam.PolicyStatement[]): boolean {
  const { principal, name } = consumer;
  if (!isMade(principal)) {
    return false;
  }
  const [here, there] = [Stack.of(site), Stack.of(principal)];
  if (!canFollow(here, there) || !canName(here, consumer)) {
    warn(site, 'consumerNotReached', `the ARN of the access point is known in its stack only, and no policy can be attached to '${name}' from there: ${
      canFollow(here, there) ? 'it gets its name at deployment. Give it a physical name' : 'its stack is deployed later, or in another stage. Change the order'
    }, or add the statements of the output '${site.node.path}/ConsumerPolicy' to its policies.`);
    return false;
  }
  follow(here, there, `'${site.node.path}' attaches a policy to a role, user or group of it`);
  const id = `Policy${fingerprint(principal.node.addr)}`;
  if (site.node.tryFindChild(id)) {
    return true; // a consumer that is named twice
  }
  const policyName = `${Names.uniqueResourceName(site, { maxLength: 100, separator: '-' })}-${id}`; // other stacks may attach policies to it, too
  principal.attachInlinePolicy(new iam.Policy(site, id, { policyName, statements }));
  return true;
}

/** Whether the stack of an imported role or user is of another account: there, its policies would be given to somebody of the same name. */
function isImportedElsewhere(principal: IConstruct, account: string | undefined): boolean {
  const here = known(Stack.of(principal).account);
  return here !== undefined && known(account) !== undefined && here !== account;
}

function isMade(principal?: IConstruct): principal is IConstruct & iam.IIdentity {
  return [iam.Role, iam.LazyRole, iam.User, iam.Group].some((kind) => principal instanceof kind);
}
