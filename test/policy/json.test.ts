import { isObject, isScalar, jsonText } from '../../src/policy/json';

const SPEAKING = { toString: false };

test('an object of JSON is written as JSON, whatever its members are called', () => {
  expect([SPEAKING, [SPEAKING], null, undefined, 1, 'a'].map(jsonText)).toEqual(['{"toString":false}', '[{"toString":false}]', 'null', 'undefined', '1', 'a']);
});

test.each<[value: unknown, isAnObject: boolean, isAScalar: boolean]>([[{}, true, false], [SPEAKING, true, false], [[], false, false], [null, false, false], ['a', false, true], [0, false, true], [false, false, true]])('what %j is', (value, isAnObject, isAScalar) => {
  expect([isObject(value), isScalar(value)]).toEqual([isAnObject, isAScalar]);
});
