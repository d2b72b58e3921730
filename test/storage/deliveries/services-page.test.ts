import { readFileSync } from 'fs';
import { DeliverySource } from '../../../src';
import { SERVICE_DELIVERIES } from '../../../src/aws/services';
import { SOURCE_METHODS } from '../../../src/storage/deliveries/source-calls';
import { SERVICES_PAGE, servicesPage } from '../../support/services-page';

test('docs/services.md says what the table says (npx projen docs:services)', () => {
  expect(readFileSync(SERVICES_PAGE, 'utf8')).toBe(servicesPage());
});

test('what to write exists, for rows of the table', () => {
  const ids = SERVICE_DELIVERIES.map(({ id }) => id);
  for (const [id, method] of Object.entries(SOURCE_METHODS)) {
    expect(ids).toContain(id);
    expect(typeof DeliverySource[method]).toBe('function');
  }
});

test('every method of DeliverySource is on the page', () => {
  const methods = Object.getOwnPropertyNames(DeliverySource).filter((name) => !['length', 'name', 'prototype'].includes(name) && typeof (DeliverySource as any)[name] === 'function');
  expect(methods.filter((method) => !servicesPage().includes(`DeliverySource.${method}(`))).toEqual(['cloudFrontLegacyLogs']); // where it says that it is not possible
});
