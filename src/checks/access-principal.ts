import { Stack } from 'aws-cdk-lib';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import * as iam from 'aws-cdk-lib/aws-iam';
import { IConstruct } from 'constructs';

/** Somebody of whom an expectation speaks. */
export class AccessPrincipal {
  /** A role: a session of it whose name no policy mentions. */
  public static role(role: iam.IRole): AccessPrincipal {
    return new AccessPrincipal(role.node.path, role.roleArn, role);
  }

  /** A user. */
  public static user(user: iam.IUser): AccessPrincipal {
    return new AccessPrincipal(user.node.path, user.userArn, user);
  }

  /** The ARN of a role, of its session, of a user, or of the root user of an account. */
  public static arn(arn: string): AccessPrincipal {
    return new AccessPrincipal(arn, arn);
  }

  /**
   * An AWS service.
   *
   * @param name such as `logging.s3.amazonaws.com`
   * @param sourceArn the resource for which it calls
   */
  public static service(name: string, sourceArn?: string): AccessPrincipal {
    return new AccessPrincipal(name, name, undefined, sourceArn);
  }

  /** A CloudFront distribution, with origin access control. */
  public static distribution(distribution: cloudfront.IDistribution): AccessPrincipal {
    const arn = Stack.of(distribution).formatArn({ service: 'cloudfront', region: '', resource: 'distribution', resourceName: distribution.distributionId });
    return new AccessPrincipal(distribution.node.path, 'cloudfront.amazonaws.com', distribution, arn);
  }

  /** Somebody who does not sign. */
  public static anonymous(): AccessPrincipal {
    return new AccessPrincipal('an anonymous caller', 'anonymous');
  }

  /** @internal */
  public readonly _name: string;

  /** @internal */
  public readonly _principal: string;

  /** @internal */
  public readonly _site?: IConstruct;

  /** @internal */
  public readonly _sourceArn?: string;

  private constructor(name: string, principal: string, site?: IConstruct, sourceArn?: string) {
    this._name = name;
    this._principal = principal;
    this._site = site;
    this._sourceArn = sourceArn;
  }
}
