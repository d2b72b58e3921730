import { Stack } from 'aws-cdk-lib';
import { patchManagerBuckets } from './patch-manager-buckets';
import { unscopedRefusal } from '../refusal';
import { known } from '../sharing/names';

/**
 * Buckets of AWS's own from which machines in a VPC are fed: packages, container layers, agents. They belong to no
 * organization of yours, so an endpoint policy must name them.
 */
export class PlatformRepository {
  /**
   * Packages of Amazon Linux 2023.
   *
   * @see https://docs.aws.amazon.com/linux/al2023/ug/managing-repos-os-updates.html
   */
  public static readonly AMAZON_LINUX_2023 = new PlatformRepository(['al2023-repos-REGION-de612dc2']);

  /**
   * Packages of Amazon Linux 2.
   *
   * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/amazon-linux-2-virtual-machine.html
   */
  public static readonly AMAZON_LINUX_2 = new PlatformRepository(['amazonlinux-2-repos-REGION', 'amazonlinux.REGION.DOMAIN']);

  /**
   * Layers of the container images in Amazon ECR.
   *
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html#ecr-setting-up-s3-gateway
   */
  public static readonly ECR_LAYERS = new PlatformRepository(['prod-REGION-starport-layer-bucket']);

  /**
   * Packages, documents and patch baselines of AWS Systems Manager. The names of some buckets for patching differ from Region to
   * Region: they are among them where the stack's Region is known and AWS lists it.
   *
   * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/ssm-agent-technical-details.html
   */
  public static readonly SYSTEMS_MANAGER = new PlatformRepository([
    'aws-ssm-REGION',
    'amazon-ssm-REGION',
    'amazon-ssm-packages-REGION',
    'REGION-birdwatcher-prod',
    'aws-ssm-distributor-file-REGION',
    'aws-ssm-document-attachments-REGION',
    'aws-windows-downloads-REGION',
    'patch-baseline-snapshot-REGION',
  ], patchManagerBuckets);

  /**
   * Other buckets from which everybody in the VPC may read.
   *
   * @param bucketNames the names of the buckets
   * @throws UnscopedValidationError if there is none, or one with a wildcard or a slash
   */
  public static ofBuckets(...bucketNames: string[]): PlatformRepository {
    const unusable = bucketNames.find((name) => known(name) !== undefined && !/^[a-z0-9][a-z0-9.-]+[a-z0-9]$/.test(name));
    if (bucketNames.length === 0 || unusable !== undefined) {
      throw unscopedRefusal('UnusableRepository', 'PlatformRepository', {
        problem: unusable === undefined ? 'no bucket is named.' : `'${unusable}' is no name of a bucket.`,
        remedy: 'Name buckets, such as my-package-mirror.',
      });
    }
    return new PlatformRepository(bucketNames);
  }

  private constructor(private readonly bucketNames: string[], private readonly moreIn: (region: string) => string[] = () => []) {}

  /**
   * What may be read, as a stack's Region has it.
   *
   * @internal
   */
  public _objectArns(stack: Stack): string[] {
    const names = this.bucketNames.map((name) => name.replace('REGION', stack.region).replace('DOMAIN', stack.urlSuffix));
    return [...names, ...this.moreIn(stack.region)].map((name) => stack.formatArn({ service: 's3', region: '', account: '', resource: name, resourceName: '*' }));
  }
}
