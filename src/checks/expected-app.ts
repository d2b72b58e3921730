import { Stack, Tokenization } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { IConstruct } from 'constructs';
import type { AccessEvaluator } from '../access/access-evaluator';
import type { Model } from '../access/model';
import { isUnknownBesideIds } from '../policy/unknown-text';
import { resolveValue } from '../template/intrinsics';
import { Choice } from '../template/possibilities';

/** The app of which expectations speak, as it will be deployed. */
export class ExpectedApp {
  constructor(public readonly evaluator: AccessEvaluator, public readonly model: Model = evaluator._model) {}

  /** The same app, if values that are not known turn out in one way. */
  public with(choices: readonly Choice[]): ExpectedApp {
    return new ExpectedApp(this.evaluator, this.model.with(choices));
  }

  /** The same app for proofs: ids that AWS draws are not known. */
  public get provable(): ExpectedApp {
    return new ExpectedApp(this.evaluator, this.model.provable);
  }

  /**
   * A text of the app as it will be deployed; undefined if it is not known before.
   *
   * @param site a construct of the stack in which the text makes sense
   */
  public text(value: string, site: IConstruct | undefined): string | undefined {
    const targets = Tokenization.reverseString(value).tokens.flatMap((token) => ('target' in token ? [(token as unknown as { target: IConstruct }).target] : []));
    const scope = targets[0] ?? site;
    if (!scope) {
      return Tokenization.reverseString(value).tokens.length === 0 ? value : undefined;
    }
    const stack = Stack.of(scope);
    const deployed = this.model.deployment.stack(stack.node.path);
    const text = deployed && resolveValue(stack.resolve(value), deployed);
    return typeof text === 'string' && !isUnknownBesideIds(text) ? text : undefined;
  }

  public bucketName(bucket: s3.IBucket): string | undefined {
    return this.text(bucket.bucketName, bucket);
  }
}
