import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { pathToFileURL } from 'url';
import type { AxeResults } from 'axe-core';
import { Browser, BrowserContextOptions, chromium, Page } from 'playwright-core';
import { reportPage } from '../../src/cli/report/page';
import { SAMPLE } from '../cli/report/sample';

// In a real browser: CHROMIUM names it. Not part of "npx projen test": "npx projen test:browser" installs and runs it.

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const PHONE = { width: 360, height: 740 };
const NARROW = { width: 320, height: 640 };
const DESK = { width: 1280, height: 900 };

let browser: Browser;
let directory: string;
let url: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'report-'));
  const file = join(directory, 'report.html');
  writeFileSync(file, reportPage(SAMPLE));
  url = pathToFileURL(file).href;
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
}, 60_000);

afterAll(async () => {
  await browser?.close();
  rmSync(directory, { recursive: true, force: true });
});

async function opened<T>(options: BrowserContextOptions, use: (page: Page, requested: string[]) => Promise<T>): Promise<T> {
  const context = await browser.newContext(options);
  try {
    const page = await context.newPage();
    const requested: string[] = [];
    page.on('request', (request) => requested.push(request.url()));
    await page.goto(url);
    return await use(page, requested);
  } finally {
    await context.close();
  }
}

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const results: AxeResults = await page.evaluate('axe.run(document, { resultTypes: ["violations"] })');
  expect(results.passes.length).toBeGreaterThan(10); // axe has looked at something
  return results.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

test.each<[string, BrowserContextOptions]>([
  ['on a desk, light', { viewport: DESK, colorScheme: 'light' }],
  ['on a desk, dark', { viewport: DESK, colorScheme: 'dark' }],
  ['on a phone, light', { viewport: PHONE, colorScheme: 'light', isMobile: true }],
  ['on a phone, dark', { viewport: PHONE, colorScheme: 'dark', isMobile: true }],
])('axe finds no violations %s', (_, options) => opened(options, async (page) => {
  expect(await violations(page)).toEqual([]);
}));

test('light and dark are really two', async () => {
  const background = (colorScheme: 'light' | 'dark') => opened({ colorScheme }, (page) => page.evaluate('getComputedStyle(document.body).backgroundColor'));
  expect(await background('light')).toBe('rgb(255, 255, 255)');
  expect(await background('dark')).toBe('rgb(20, 23, 28)');
});

test('asks the network for nothing', () => opened({}, async (page, requested) => {
  await page.waitForLoadState('networkidle');
  expect(requested).toEqual([url]);
}));

test('shows what a template says as text, and runs none of it', () => opened({}, async (page) => {
  expect(await page.title()).toMatch(/^Who can reach the data of cdk\.out/);
  expect(await page.locator('script').evaluateAll((scripts) => scripts.map(({ textContent }) => textContent!.includes('data-searched')))).toEqual([true]);
  expect(await page.locator('img, [onerror]').count()).toBe(0);
  expect(await page.locator('h1').innerText()).toContain('<script>document.title = "owned"</script>');
}));

test.each([['a phone', PHONE], ['a narrow phone', NARROW]])('needs no scrolling sideways on %s', (_, viewport) => opened({ viewport }, async (page) => {
  const [needed, there] = await page.evaluate('[document.documentElement.scrollWidth, document.documentElement.clientWidth]') as number[];
  expect(needed).toBeLessThanOrEqual(there);
}));

test('labels in the picture can be read on a phone', () => opened({ viewport: PHONE }, async (page) => {
  const { height } = (await page.locator('.picture .label').first().boundingBox())!;
  expect(height).toBeGreaterThanOrEqual(10); // pixels
}));

test('the keyboard reaches every arrow, and an arrow leads to the statement that allows it', () => opened({ viewport: DESK }, async (page) => {
  const reached: string[] = [];
  for (let step = 0; step < 60; step++) {
    await page.keyboard.press('Tab');
    reached.push(String(await page.evaluate('document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent')));
  }
  expect(reached[0]).toBe('Skip to the content');
  const arrows = await page.locator('a.arrow').evaluateAll((links) => links.map((link) => link.getAttribute('aria-label')));
  expect(arrows).toHaveLength(5);
  expect(reached).toEqual(expect.arrayContaining(arrows));
  await page.locator('a.arrow').first().focus();
  await page.keyboard.press('Enter');
  expect(await page.evaluate('location.hash')).toBe('#b1-s1');
  expect(await page.locator(':target').isVisible()).toBe(true); // a link unfolds what it leads to
  expect(await page.locator('details:has(> :target) > summary').innerText()).toMatch(/^ShareRead /);
}));

test('the search leaves what has all its words, and says how many buckets have them', () => opened({}, async (page) => {
  await page.getByLabel('Search').fill('appROLE  write');
  expect(await page.locator('section[data-searched="bucket"]:visible h2').allInnerTexts()).toEqual(['Producer/Dataset']);
  expect(await page.getByRole('status').innerText()).toBe('1 of 2 buckets have it.');
  await page.getByLabel('Search').fill('no such thing');
  expect(await page.locator('[data-searched]:visible').count()).toBe(0);
  await page.getByLabel('Search').fill('');
  expect(await page.locator('section[data-searched="bucket"]:visible').count()).toBe(2);
}));

test('without scripts, buckets of which nothing has to be looked at can be left out, and nothing is missing but the search', () => opened({ javaScriptEnabled: false }, async (page) => {
  expect(await page.getByLabel('Search').isVisible()).toBe(false);
  expect(await page.locator('section.fine:visible').count()).toBe(1);
  await page.getByRole('checkbox').check();
  expect(await page.locator('section.fine:visible, li.fine:visible, tr.fine:visible').count()).toBe(0);
  expect(await page.locator('section.worth-a-look:visible').count()).toBe(1);
}));

test('all links lead somewhere in the page', () => opened({}, async (page) => {
  const targets = await page.locator('a').evaluateAll((links) => links.map((link) => link.getAttribute('href')!));
  expect(targets.length).toBeGreaterThan(10);
  const ids = new Set(await page.locator('[id]').evaluateAll((elements) => elements.map(({ id }) => `#${id}`)));
  expect(targets.filter((target) => !ids.has(target))).toEqual([]);
}));

test('is complete on paper', () => opened({}, async (page) => {
  await page.emulateMedia({ media: 'print' });
  expect(await page.locator('nav').isVisible()).toBe(false);
  expect(await page.locator('.statement pre').evaluateAll((all) => all.every((element) => element.getBoundingClientRect().height > 0))).toBe(true);
  const pages = (await page.pdf({ format: 'A4' })).toString('latin1').match(/\/Type\s*\/Page\b/g) ?? [];
  expect(pages.length).toBeGreaterThanOrEqual(2);
}));
