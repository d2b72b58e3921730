afterEach(() => jest.resetModules());

function packageWhereNag(fails: Error): typeof import('../../src') {
  jest.doMock('cdk-nag', () => {
    throw fails;
  });
  return require('../../src'); // eslint-disable-line @typescript-eslint/no-require-imports
}

test('without cdk-nag, the package loads, and only making a rule pack is an error', () => {
  const { SecureBucket, SecureBucketChecks } = packageWhereNag(Object.assign(new Error("Cannot find module 'cdk-nag'"), { code: 'MODULE_NOT_FOUND' }));
  expect(SecureBucket.name).toBe('SecureBucket');
  expect(() => new SecureBucketChecks()).toThrow("SecureBucketChecks: the rule pack needs cdk-nag, which is not installed. Run 'npm install cdk-nag'");
});

test('a cdk-nag that cannot be loaded is not taken for one that is missing', () => {
  expect(() => packageWhereNag(new SyntaxError('Unexpected token'))).toThrow('Unexpected token');
});
