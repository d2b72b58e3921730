export const BUCKET_POLICY_QUOTA = 20_480; // bytes, https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html

// The shortest text that can stand for a value which is known only at deployment.
const SHORTEST_PARTITION = 'aws';
const SHORTEST_REGION = 'sa-east-1';
const ACCOUNT = '111122223333';
const SHORTEST_ARN = 'arn:aws:s3:::abc';
const SHORTEST_VALUE = 'a';

/** How many bytes a policy takes at least. Exact if the policy has no value that is known only at deployment. */
export function smallestPolicySize(policy: unknown): number {
  return Buffer.byteLength(JSON.stringify(shortest(policy)));
}

/** The value with the shortest possible text in place of each intrinsic function. */
function shortest(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(shortest);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const entries = Object.entries(value);
  const [[name, argument]] = entries.length === 1 ? entries : [['', undefined]];
  return isIntrinsic(name) ? shortestIntrinsic(name, argument) : Object.fromEntries(entries.map(([key, child]) => [key, shortest(child)]));
}

function isIntrinsic(name: string): boolean {
  return name === 'Ref' || name.startsWith('Fn::');
}

function shortestIntrinsic(name: string, argument: any): unknown {
  if (name === 'Fn::Join') {
    return argument[1].map(shortest).join(argument[0]);
  }
  if (name === 'Fn::GetAtt' && argument[1] === 'Arn') {
    return SHORTEST_ARN;
  }
  const pseudoParameters: Record<string, string> = {
    'AWS::Partition': SHORTEST_PARTITION,
    'AWS::Region': SHORTEST_REGION,
    'AWS::AccountId': ACCOUNT,
  };
  return pseudoParameters[argument] ?? SHORTEST_VALUE;
}
