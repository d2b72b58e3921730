import { configureGlobal } from 'fast-check';

/**
 * Property-based tests draw the same values in each run, so that a run fails for what was changed. Other values, whichever:
 * `npx projen test:other-values`, which prints the seed of what fails.
 */
configureGlobal({ seed: process.env.PROPERTY_SEED ? Number(process.env.PROPERTY_SEED) : 1 });

export * from 'fast-check';
