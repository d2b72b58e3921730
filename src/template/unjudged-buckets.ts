import { DeployedResource, Deployment } from './deployment';

/** What holds data as buckets do, and is no general purpose bucket. */
const KINDS: Readonly<Record<string, string>> = {
  'AWS::S3Express::DirectoryBucket': 'directory bucket',
  'AWS::S3Tables::TableBucket': 'table bucket',
  'AWS::S3Vectors::VectorBucket': 'vector bucket',
  'AWS::S3Files::FileSystem': 'file system of S3 Files',
  'AWS::S3Outposts::Bucket': 'bucket on Outposts',
};

/** The resources that hold data, and of which only policies are judged; those of a template together. */
export function unjudgedBuckets({ resources, stacks }: Deployment): DeployedResource[][] {
  const unjudged = resources.filter(({ type, isDeployed }) => Object.hasOwn(KINDS, type) && isDeployed !== false);
  return stacks.map((stack) => unjudged.filter((resource) => resource.stack === stack)).filter((ofStack) => ofStack.length > 0);
}

/**
 * What is said of them, in a sentence.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingBucket.html
 */
export function unjudgedText(buckets: readonly DeployedResource[]): string {
  const named = buckets.map(({ type, logicalId }) => `the ${KINDS[type]} '${logicalId}'`).join(', ');
  return `Not judged: ${named}. The rules and guarantees are about general purpose buckets; of other kinds, only policies that let everybody in are found.`;
}
