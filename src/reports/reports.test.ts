/** Golden texts of what people and CIs read. To renew them after a change that is meant: npx vitest run src/reports -u */
import { expect, it } from 'vitest';
import type { Report } from '../../spec/formats/results.js';
import { validate } from '../formats/validate.js';
import {
  checked,
  crashed,
  cutOff,
  files,
  misordered,
  OUTLANDISH,
  outlandish,
  reportOf,
  stale,
  unsure,
} from './fixtures/reports.js';
import type { RenderOptions } from './format.js';
import { formats as loaders } from './index.js';

const formats = { pretty: await loaders.pretty(), json: await loaders.json(), junit: await loaders.junit() };

const PLAIN: RenderOptions = { colors: false };

const cases: readonly (readonly [string, Report, RenderOptions])[] = [
  ['all-pass', reportOf(), PLAIN],
  ['all-pass-every-rule', reportOf(), { ...PLAIN, width: 80, allRules: true }],
  ['crash', crashed, { ...PLAIN, findingFiles: files }],
  ['cut-off', cutOff, PLAIN],
  ['wrong-order', misordered, { ...PLAIN, width: 120 }],
  ['inconclusive', unsure, PLAIN],
  ['known-and-stale', stale, PLAIN],
  ['check', checked, PLAIN],
];

it.each(cases)('pretty: %s', async (name, report, options) => {
  const text = formats.pretty.render(report, options);
  const width = options.width ?? 100;
  expect(text.split('\n').filter((line) => line.length > width && !line.includes('irqbypass-spec '))).toEqual([]);
  expect(text).not.toMatch(/\t| \n/);
  await expect(text).toMatchFileSnapshot(`golden/${name}.txt`);
});

it('pretty: colours change no word', () => {
  const colored = formats.pretty.render(crashed, { colors: true, findingFiles: files });
  expect(colored).toContain('\u001b[31m');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are made of them
  const bare = colored.replace(/\u001b\[\d+m/g, '');
  expect(bare).toBe(formats.pretty.render(crashed, { colors: false, findingFiles: files }));
});

it.each([
  ['crash', crashed],
  ['inconclusive', unsure],
  ['known-and-stale', stale],
] as const)('junit: %s', async (name, report) => {
  await expect(formats.junit.render(report, { ...PLAIN, findingFiles: files })).toMatchFileSnapshot(
    `golden/${name}.xml`,
  );
});

it.each([
  ['markdown', 'md'],
  ['github', 'github'],
  ['tap', 'tap'],
  ['ktap', 'ktap'],
  ['sarif', 'sarif'],
] as const)('%s: a crash, and a baseline out of date', async (name, extension) => {
  const { render } = await loaders[name]();
  const options = { ...PLAIN, findingFiles: files };
  await expect(render(crashed, options)).toMatchFileSnapshot(`golden/crash.${extension}`);
  await expect(render(stale, options)).toMatchFileSnapshot(`golden/known-and-stale.${extension}`);
});

it('github: the summary of the job is the report as Markdown', async () => {
  const [{ beside }, { render }] = [await loaders.github(), await loaders.markdown()];
  expect(beside?.variable).toBe('GITHUB_STEP_SUMMARY');
  expect(beside?.render(crashed, PLAIN)).toBe(render(crashed, PLAIN));
});

it('json: gives back the report, and the report has its schema', () => {
  const read: unknown = JSON.parse(formats.json.render(crashed, PLAIN));
  expect(read).toEqual(crashed);
  expect(validate('report', read)).toEqual({ ok: true, value: crashed });
});

it('every format ends with one line break', async () => {
  for (const load of Object.values(loaders)) {
    const { render } = await load();
    expect(render(reportOf(), PLAIN)).toMatch(/[^\n]\n$/);
  }
});

it.each(OUTLANDISH)('%j does nothing in any format', async (text) => {
  for (const [name, load] of Object.entries(loaders)) {
    const output = (await load()).render(outlandish(text), { ...PLAIN, findingFiles: files });
    expect(output, name).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}]/u);
    expect(output, name).not.toMatch(/^irqbypass-spec: all conforms/m);
  }
});

it.each(OUTLANDISH)('%j does nothing to a terminal, to XML or to JSON, wherever it stands', (text, shown) => {
  const report = outlandish(text);
  const rendered = Object.values(formats).map(({ render }) => {
    const output = render(report, { ...PLAIN, findingFiles: files });
    return output;
  });
  const [pretty = '', json = '', junit = ''] = rendered;
  expect(pretty).toContain(shown);
  expect(JSON.parse(json)).toEqual(report);
  // As the five references stand for themselves, so must each be one of them.
  expect(junit.replaceAll(/&(amp|lt|gt|quot|apos);/g, '')).not.toContain('&');
  expect(junit).not.toMatch(/\uFFFF/);
  const message =
    /<testcase classname="irqbypass-spec.run" name="fault 1" time="0">\s*<error type="fault" message="([^"]*)"/.exec(
      junit,
    )?.[1];
  expect(unescaped(message ?? '').replaceAll('\uFFFD', '')).toBe(shown);
});

function unescaped(xml: string): string {
  const names: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
  return xml.replaceAll(/&(\w+);/g, (_, name: string) => names[name] ?? '?');
}
