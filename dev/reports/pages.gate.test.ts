/** Every page in a real browser: nothing on the console, nothing asked of anybody, nothing in anybody's way. */
import { afterAll, describe, expect, it } from 'vitest';
import { makeBook } from '../../src/book/book.js';
import { run } from '../../src/engine/run.js';
import { matrixOf } from '../../src/gathered/matrix.js';
import { matrixFormats } from '../../src/gathered/matrix-text.js';
import { manager } from '../../src/manager/manager.js';
import { managerTiers } from '../../src/manager/tiers.js';
import { checked, crashed, outlandish, reportOf, unsure } from '../../src/reports/fixtures/reports.js';
import { openTarget, profileNamed } from '../../src/targets/resolve.js';
import { Browser, barriers, keepPicture, VIEWS, type View } from './browser.js';
import { render } from './reports.js';

const browser = new Browser();
afterAll(() => browser.close());
const [desk] = VIEWS;

/** A run that finds something, and does not cover everything. */
async function realReport() {
  const target = await openTarget('mutant:linux-5.9');
  try {
    return await run(manager, {
      target,
      profile: profileNamed('linux-5.9'),
      rules: manager.rules,
      allRules: true,
      seed: 1,
      programs: 200,
      coverage: managerTiers.smoke.coverage,
      tier: 'smoke',
      failFast: false,
      undefined: false,
      now: () => 0,
    });
  } finally {
    await target.close();
  }
}

const real = await realReport();
const book = makeBook('2026-05-01');
/** Reports are seen in every way; of the pages of the book, which are all alike, each in one. */
const pages: readonly (readonly [string, string, readonly View[]])[] = [
  ['a report with findings', await render('html', real), VIEWS],
  ['a report with a crash', await render('html', crashed), VIEWS],
  ['a report that is unsure', await render('html', unsure), [desk]],
  [
    'a matrix',
    matrixFormats.html.write(matrixOf([reportOf(), crashed, checked].map((report) => ({ file: 'r', report })))),
    VIEWS,
  ],
  ...[...book]
    .filter(([name]) => name.endsWith('.html'))
    .map(([name, text], at) => [`the book, ${name}`, text, VIEWS.slice(at % VIEWS.length).slice(0, 1)] as const),
];

describe.each(pages)('%s', (name, html, views) => {
  it.each(views)('$name', async (view) => {
    const { page, events } = await browser.open(html, view);
    await keepPicture(page, `${name} ${view.name}`);
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
    expect(await barriers(page)).toEqual([]);
    expect(events).toEqual([]);
  });
});

it('whoever steps through a finding learns who is registered and paired', async () => {
  const { page } = await browser.open(await render('html', real), desk);
  const figure = page.locator('.sequence').first();
  await expect.poll(() => figure.locator('.where').textContent()).toContain('The first difference');
  await figure.getByRole('button', { name: 'First', exact: true }).focus();
  await page.keyboard.press('Home');
  expect(await figure.locator('.where').textContent()).toContain('Event 1 of');
  const steps = await figure.locator('.step').count();
  for (let at = 0; at < steps; at++) await page.keyboard.press('ArrowRight');
  expect(await figure.locator('.where').textContent()).toContain(`Event ${steps} of ${steps}`);
  expect((await figure.locator('tbody tr').allTextContents()).join(' ')).toMatch(/[pc]0t0/);
});

/** What somebody might send to whoever opens a report. */
const HOSTILE = [
  '<script>globalThis.pwned = 1</script>',
  '</script><script>globalThis.pwned = 1</script>',
  '</style><script>globalThis.pwned = 1</script><style>',
  '"><img src="http://a.example/x" onerror="globalThis.pwned = 1">',
  "' onmouseover='globalThis.pwned = 1' autofocus onfocus='globalThis.pwned = 1",
  'javascript:globalThis.pwned=1',
  '<svg onload=globalThis.pwned=1>',
  '<meta http-equiv="refresh" content="0;url=http://a.example/">',
  '<base href="http://a.example/"><link rel="stylesheet" href="x.css">',
];

it.each(HOSTILE)('%j is shown and does nothing', async (text) => {
  for (const html of [
    await render('html', outlandish(text)),
    matrixFormats.html.write(matrixOf([{ file: text, report: outlandish(text) }])),
  ]) {
    const { page, events } = await browser.open(html, desk);
    for (const element of await page.locator('summary').all()) await element.click();
    await page.mouse.move(300, 300);
    expect(events).toEqual([]);
    expect(await page.evaluate("'pwned' in globalThis")).toBe(false);
    expect(await page.locator('script').count()).toBe(1);
    expect(await page.locator('img, base, link[rel=stylesheet], [onload], [onerror], [onfocus]').count()).toBe(0);
    expect(await page.locator('meta[http-equiv]').count()).toBe(1);
    expect(await page.locator('body').textContent()).toContain(text);
  }
});
