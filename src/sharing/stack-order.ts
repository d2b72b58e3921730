import { Stack, Stage } from 'aws-cdk-lib';

/** Whether one stack can be deployed after another. */
export function canFollow(stack: Stack, other: Stack): boolean {
  const [late, early] = [deployedWith(stack), deployedWith(other)];
  return late === early || (Stage.of(late) === Stage.of(early) && !dependsOn(early, late));
}

/** Deploys one stack after another. Within one stack, references order its resources. */
export function follow(stack: Stack, other: Stack, reason: string): void {
  const [late, early] = [deployedWith(stack), deployedWith(other)];
  if (late !== early) {
    deployAfter(late, early, reason);
  }
}

/** `addDependency` has another name in newer versions of the CDK, which warn of the old one. */
function deployAfter(late: Stack & { addStackDependency?(target: Stack, reason?: string): void }, early: Stack, reason: string): void {
  if (late.addStackDependency) {
    late.addStackDependency(early, reason);
  } else {
    late.addDependency(early, reason);
  }
}

/** Nested stacks are deployed with the stack around them. */
function deployedWith(stack: Stack): Stack {
  return stack.nestedStackParent ? deployedWith(stack.nestedStackParent) : stack;
}

function dependsOn(stack: Stack, other: Stack, seen = new Set<Stack>()): boolean {
  seen.add(stack);
  return stack.dependencies.some((dependency) => dependency === other || (!seen.has(dependency) && dependsOn(dependency, other, seen)));
}
