import { assertAccountIn, assertService } from './request-words';
import { AccessEvaluator, NamedResource } from '../access/access-evaluator';
import { accessGrants } from '../access/access-grants-facts';
import { arnOfAccessPoint } from '../access/multi-region-facts';
import { didYouMean, nearest } from '../policy/did-you-mean';
import { literalPattern } from '../policy/literal-pattern';
import { isUnknown, readable } from '../policy/unknown-text';
import { DeployedResource } from '../template/deployment';
import { WrongInputError } from '../template/wrong-input';

/** The properties by which functions, state machines and others say as which role they act. */
const ROLE_PROPERTIES = ['Role', 'RoleArn', 'ExecutionRoleArn', 'ServiceRole'];

const SERVICE = /\.amazonaws\.com(?:\.cn)?$/;

const ACCESS_POINTS = ['AWS::S3::AccessPoint', 'AWS::S3::MultiRegionAccessPoint'];

const KINDS = {
  principal: { types: ['AWS::IAM::Role', 'AWS::IAM::User'], what: 'role or user', isIdentifier: (name: string) => /^arn:|^\*$|^anonymous$/.test(name) || SERVICE.test(name) },
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
    if (found.length === 0 && kind === 'principal') {
      this.assertActsAsNobody(name);
    }
    if (found.length !== 1) {
      const others = found.map(({ constructPath }) => constructPath).join(', ');
      throw new WrongInputError(found.length === 0
        ? `There is no ${what} '${name}' in the templates.${this.objectIn(name, kind) ?? didYouMean(name, this.namesOf(types))} Name it by its construct path, its logical ID or its ARN.`
        : `'${name}' may be any of ${others}. Name one by its construct path.`);
    }
    return found[0];
  }

  /** The one access grant that somebody means: the grant itself, or the construct around it. */
  public accessGrant(name: string): DeployedResource {
    const grants = accessGrants(this.evaluator._model.deployment);
    const found = grants.filter(({ logicalId, path, stack }) => [logicalId, `${stack.name}/${logicalId}`, path, path.replace(/\/[^/]+$/, '')].includes(name));
    if (found.length !== 1) {
      throw new WrongInputError(found.length === 0
        ? `There is no access grant '${name}' in the templates.${didYouMean(name, grants.flatMap(({ logicalId, path }) => [logicalId, path]))} Name it by its construct path or its logical ID.`
        : `'${name}' may be any of ${found.map(({ path }) => path).join(', ')}. Name one by its construct path.`);
    }
    return found[0];
  }

  /** How to say what looks like an object in a bucket. */
  private objectIn(name: string, kind: keyof typeof KINDS): string | undefined {
    const isNamed = (before: string) => this.evaluator.find(before).some(({ type }) => KINDS[kind].types.includes(type));
    const end = kind === 'resource' ? Array.from(name.matchAll(/\//g), ({ index }) => index!).reverse().find((at) => isNamed(name.slice(0, at))) : undefined;
    return end === undefined ? undefined : ` For the object in that bucket or behind that access point, write '--resource ${name.slice(0, end)} --key ${name.slice(end + 1)}'.`;
  }

  /**
   * Makes sure that a name is not that of a function, or of what else acts as a role.
   *
   * @throws WrongInputError if it is
   */
  private assertActsAsNobody(name: string): void {
    const { deployment } = this.evaluator._model;
    const named = deployment.resources.filter(({ logicalId, path, stack }) => [logicalId, `${stack.name}/${logicalId}`, path, path.replace(/\/Resource$/, '')].includes(name));
    const roles = named.flatMap((resource) => ROLE_PROPERTIES.map((property) => resource.property(property)));
    const role = deployment.ofType('AWS::IAM::Role').find((one) => roles.includes(one.reference('Arn')));
    if (role) {
      throw new WrongInputError(`'${name}' is not a role or user: it acts as the role '${role.path.replace(/\/Resource$/, '')}'. Name that one.`);
    }
  }

  private namesOf(types: readonly string[]): string[] {
    return types.flatMap((type) => this.evaluator._model.deployment.ofType(type)).flatMap(({ path, logicalId }) => [logicalId, path.replace(/\/Resource$/, '')]);
  }

  /**
   * Makes sure that a role or user is none of the templates whose name is misspelt. Those that are elsewhere are in no template.
   *
   * @throws WrongInputError if it looks like that
   */
  public assertPrincipal(principal: string): void {
    const { deployment, given } = this.evaluator._model;
    if (SERVICE.test(principal)) {
      assertService(principal, this.evaluator._model);
    }
    const [account, name] = partsOf(principal);
    const roles = KINDS.principal.types.flatMap((type) => deployment.ofType(type)).map((resource) => resource.reference('Arn')!);
    const known = [...roles, ...Object.keys(given.principals ?? {})].map(partsOf);
    const there = known.filter(([of]) => of === account).map(([, named]) => named);
    const others = there.filter((other): other is string => other !== undefined && withoutDigits(other) !== withoutDigits(name ?? ''));
    const meant = name === undefined || there.includes(name) ? undefined : nearest(name, others);
    if (meant !== undefined) {
      throw new WrongInputError(`No template has '${principal}'. Did you mean '${meant}'? If it is elsewhere, say so in the file of --assume: 'principals.${principal}'.`);
    }
  }

  /**
   * Makes sure that something is known of a bucket or access point.
   *
   * @throws WrongInputError if no template has it, and nothing is given of it
   */
  public assertResource(arn: string): void {
    const { deployment, given } = this.evaluator._model;
    const [, point] = /^(arn:[^:]*:s3:(?:[^:]+:[^:]*|:[^:]+):accesspoint\/[^/]+)/.exec(arn) ?? [];
    const [, bucket] = /^arn:[^:]*:s3:::([^/]+)/.exec(arn) ?? [];
    const made = deployment.ofType('AWS::S3::Bucket').filter((resource) => bucket !== undefined && resource.reference('Ref') === bucket);
    if (new Set(made.map(({ stack }) => stack)).size > 1) {
      throw new WrongInputError(`The bucket '${bucket}' is made by ${made.map(({ path }) => path).join(' and ')}, which cannot both be deployed. Name the templates of one deployment.`);
    }
    if (point !== undefined) {
      const accessPoints = ACCESS_POINTS.flatMap((type) => deployment.ofType(type));
      const points = [...accessPoints.map(arnOfAccessPoint), ...Object.keys(given.accessPoints ?? {})];
      this.assertThere('access point', point, points, `'accessPoints.${point}'`);
    } else if (bucket !== undefined && !this.evaluator._model.bucket(bucket).isKnown) {
      this.assertThere('bucket', bucket, [...deployment.ofType('AWS::S3::Bucket').map((resource) => resource.reference('Ref')!), ...Object.keys(given.buckets ?? {})], `'buckets.${bucket}'`);
    }
  }

  private assertThere(what: string, name: string, known: readonly string[], givenBy: string): void {
    if (known.some(isUnknown)) {
      throw new WrongInputError(`Whether '${name}' is ${known.filter(isUnknown).map(readable).join(' or ')} is not known before deployment. Name it by its construct path or logical ID, or provide what its name depends on: --parameters, --account.`);
    }
    if (!known.includes(name)) {
      throw new WrongInputError(`There is no ${what} '${name}' in the templates.${didYouMean(name, known)} Name one by its construct path or logical ID; if it is elsewhere, say what is known of it in the file of --assume: ${givenBy}.`);
    }
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
  assertAccountIn(name, `--${kind}`);
  return KINDS[kind].isIdentifier(name) ? name : names.find(name, kind).identifier;
}

/** The account and the name of a role or user, whatever its path and session. */
function partsOf(arn: string): [account?: string, name?: string] {
  const [, account, role, other] = /^arn:[^:]*:(?:iam|sts)::([^:]*):(?:assumed-role\/([^/]+)\/.*|(?:role|user)\/(?:.*\/)?([^/]+))$/s.exec(arn) ?? [];
  return [account, role ?? other];
}

function withoutDigits(name: string): string {
  return name.replace(/\d/g, '');
}

const DRAWN_END = '-[A-Za-z0-9]{8,14}';

function inArn(arn: string, type: string, name: string): string | undefined {
  const before: Record<string, string> = {
    'AWS::S3::Bucket': 'arn:[^:]*:s3:::',
    'AWS::IAM::Role': 'arn:[^:]*:(?:iam::[^:]*:role/(?:.*/)?|sts::[^:]*:assumed-role/)',
    'AWS::IAM::User': 'arn:[^:]*:iam::[^:]*:user/(?:.*/)?',
  };
  const match = new RegExp(`^(${before[type]})${literalPattern(name)}${DRAWN_END}((?:/.*)?)$`, 's').exec(arn);
  return match ? `${match[1]}${name}${match[2]}` : undefined;
}
