import { arnPattern, literalPattern, textPattern } from '../../src/policy/pattern';
import { unknownText } from '../../src/policy/unknown-text';
import { toldApart } from '../../src/proof/texts';

const KEY = `arn:aws:kms:eu-west-1:111122223333:key/${unknownText('Key.Arn')}`;
const OTHERS = 'arn:aws:kms:eu-west-1:111122223333:key/*';

test('a value that is not known is told apart as a whole, and not by how it begins', () => {
  expect(toldApart([literalPattern(KEY), textPattern(OTHERS)], 'alias/another')).toEqual({
    values: ['alias/another', OTHERS.replace('*', ''), OTHERS.replace('*', 'x'), KEY],
    isExact: true,
  });
});

test('no single character of a pattern is a value that is not known', () => {
  const { values } = toldApart([literalPattern(KEY), arnPattern(OTHERS.replace('*', '?'))], 'alias/another');
  expect(values.filter((value) => value.startsWith(OTHERS.slice(0, -1)) && value !== KEY)).toHaveLength(1);
});
