import { AccessEvaluator, NamedResource } from '../access/access-evaluator';
import { DeployedResource } from '../template/deployment';
import { WrongInputError } from '../template/wrong-input';

const KINDS = {
  principal: { types: ['AWS::IAM::Role', 'AWS::IAM::User'], what: 'role or user', isIdentifier: (name: string) => /^arn:|^\*$|^anonymous$|\.amazonaws\.com(?:\.cn)?$/.test(name) },
  resource: { types: ['AWS::S3::Bucket', 'AWS::S3::AccessPoint'], what: 'bucket or access point', isIdentifier: (name: string) => name.startsWith('arn:') },
  endpoint: { types: ['AWS::EC2::VPCEndpoint'], what: 'VPC endpoint', isIdentifier: (name: string) => name.startsWith('vpce-') },
};

/** What resources of templates are called, before deployment and after. */
export class Names {
  private readonly drawn: readonly { readonly resource: DeployedResource; readonly name: string }[];

  constructor(public readonly evaluator: AccessEvaluator) {
    const { deployment } = evaluator._model;
    const named = [['AWS::S3::Bucket', 'BucketName'], ['AWS::IAM::Role', 'RoleName'], ['AWS::IAM::User', 'UserName']];
    this.drawn = named.flatMap(([type, property]) => deployment.ofType(type)
      .filter((resource) => resource.property(property) === undefined && resource.property('BucketNamePrefix') === undefined)
      .map((resource) => ({ resource, name: resource.reference('Ref')! })));
  }

  /** The one resource that somebody means by a construct path, a logical ID or a name. */
  public find(name: string, kind: keyof typeof KINDS): NamedResource {
    const { types, what } = KINDS[kind];
    const found = this.evaluator.find(name).filter(({ type }) => types.includes(type));
    if (found.length !== 1) {
      const others = found.map(({ constructPath }) => constructPath).join(', ');
      throw new WrongInputError(found.length === 0 ? `There is no ${what} '${name}' in the templates. Name it by its construct path, its logical ID or its ARN.` : `'${name}' may be any of ${others}. Name one by its construct path.`);
    }
    return found[0];
  }

  /**
   * An ARN with the name that AWS has drawn at deployment, as the templates know it: CloudFormation draws names which begin with the
   * names of the stack and of the resource. Other ARNs stay as they are, and so do those which might be of several resources.
   *
   * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html
   */
  public deployedAs(arn: string): string {
    const found = this.drawn.flatMap((drawn) => inArn(arn, drawn.resource.type, drawn.name) ?? []);
    return found.length === 1 ? found[0] : arn;
  }

  /** Whether an endpoint may be one of those in the templates, whose ids AWS draws. */
  public hasUnnamedEndpoints(id: string): boolean {
    return this.evaluator.find(id).length === 0 && this.evaluator._model.deployment.ofType('AWS::EC2::VPCEndpoint').length > 0;
  }
}

/** The identifier that a name on the command line stands for. */
export function identifierOf(names: Names, name: string, kind: keyof typeof KINDS): string {
  return KINDS[kind].isIdentifier(name) ? name : names.find(name, kind).identifier;
}

const DRAWN_END = '-[A-Za-z0-9]{8,14}';

function inArn(arn: string, type: string, name: string): string | undefined {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const before: Record<string, string> = {
    'AWS::S3::Bucket': 'arn:[^:]*:s3:::',
    'AWS::IAM::Role': 'arn:[^:]*:(?:iam::[^:]*:role/(?:.*/)?|sts::[^:]*:assumed-role/)',
    'AWS::IAM::User': 'arn:[^:]*:iam::[^:]*:user/(?:.*/)?',
  };
  const match = new RegExp(`^(${before[type]})${escaped}${DRAWN_END}((?:/.*)?)$`, 's').exec(arn);
  return match ? `${match[1]}${name}${match[2]}` : undefined;
}
