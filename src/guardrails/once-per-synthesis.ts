import { Stage } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/**
 * What the construct tree shows, found out once for all that is synthesized together, at the first question. A stage is validated before its
 * stacks, and begins anew then.
 */
export class OncePerSynthesis<T> {
  private readonly stages = new WeakSet<IConstruct>();
  private readonly known = new WeakMap<IConstruct, T>();

  /** @param find what the tree below a root shows */
  constructor(private readonly find: (root: IConstruct) => T) {}

  /** Answers around a construct, to be asked in one phase of synthesis alone, in which the tree does not change: while it is prepared, or while it is validated. */
  public around(construct: IConstruct): () => T {
    const stage = Stage.of(construct) ?? construct.node.root;
    if (!this.stages.has(stage)) {
      this.stages.add(stage);
      stage.node.addValidation({ validate: () => this.forget(stage) });
    }
    return () => {
      const known = this.known.get(stage) ?? this.find(construct.node.root);
      this.known.set(stage, known);
      return known;
    };
  }

  private forget(stage: IConstruct): string[] {
    this.known.delete(stage);
    return [];
  }
}

/** The same in each of two phases, between which the tree changes. */
export class OncePerPhase<T> {
  private readonly prepared: OncePerSynthesis<T>;
  private readonly validated: OncePerSynthesis<T>;

  /** @param find what the tree below a root shows */
  constructor(find: (root: IConstruct) => T) {
    this.prepared = new OncePerSynthesis(find);
    this.validated = new OncePerSynthesis(find);
  }

  /** What is there while the CDK prepares the app, which is complete then. */
  public whenPrepared(construct: IConstruct): () => T {
    return this.prepared.around(construct);
  }

  /** What is there while the CDK validates the app. */
  public whenValidated(construct: IConstruct): () => T {
    return this.validated.around(construct);
  }
}
