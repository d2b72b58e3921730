import type * as nag from 'cdk-nag';
import { unscopedRefusal } from '../refusal';

/** What rule packs extend: `NagPack` of cdk-nag or, where cdk-nag is not installed, a class that says so as soon as somebody makes a pack. */
export const NagPack: typeof nag.NagPack = installed() ?? withoutNag();

function installed(): typeof nag.NagPack | undefined {
  try {
    return require('cdk-nag').NagPack; // eslint-disable-line @typescript-eslint/no-require-imports
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') {
      throw error;
    }
    return undefined;
  }
}

function withoutNag(): typeof nag.NagPack {
  class NagIsMissing {
    constructor() {
      throw unscopedRefusal('NagIsMissing', 'SecureBucketChecks', {
        problem: 'the rule pack needs cdk-nag, which is not installed.',
        remedy: "Run 'npm install cdk-nag', or judge what cdk synth has written with 'npx secure-bucket check': the same rules, without cdk-nag.",
      });
    }
  }
  return NagIsMissing as unknown as typeof nag.NagPack;
}
