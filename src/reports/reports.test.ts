/** Golden texts of what people and CIs read. To renew them after a change that is meant: npx vitest run src/reports -u */
import { expect, it } from 'vitest';
import type { Finding, Form, Report, RuleResult } from '../../spec/formats/results.js';
import { rules } from '../../spec/rules/index.js';
import type { Event, Program } from '../../spec/vocabulary.js';
import { validate } from '../formats/validate.js';
import type { RenderOptions } from './format.js';
import { formats as loaders } from './index.js';

const formats = { pretty: await loaders.pretty(), json: await loaders.json(), junit: await loaders.junit() };

const PLAIN: RenderOptions = { colors: false };

/** Every rule passes, but for those that are given. */
function results(changed: readonly (Partial<RuleResult> & Pick<RuleResult, 'rule'>)[] = []): readonly RuleResult[] {
  return rules.map((rule, at) => {
    const untestable = rule.kind === 'untestable';
    return {
      rule: rule.id,
      verdict: untestable ? 'untestable' : 'pass',
      exposures: untestable ? 0 : 10 ** (at % 5) + 20,
      floor: untestable ? 0 : rule.floor,
      broken: 0,
      ...(untestable ? { reason: rule.reason } : {}),
      findings: [],
      ...changed.find((one) => one.rule === rule.id),
    };
  });
}

function reportOf(parts: Partial<Report> = {}): Report {
  return {
    format: 'irqbypass-spec/report/1',
    command: 'run',
    target: 'exec:./my manager',
    hello: {
      type: 'hello',
      protocol: 1,
      name: 'my-manager',
      version: '1.2',
      language: 'c',
      capabilities: ['null-token'],
      facts: { compiler: 'gcc 14' },
    },
    profile: 'core',
    rulesHash: '0123456789abcdef',
    seed: 42,
    tier: 'pr',
    random: 25000,
    volume: { programs: 12345, operations: 67890, events: 234567, notRun: 0, died: 0 },
    stored: null,
    certificate: {
      complete: true,
      scope: '2x2x2',
      nullToken: { producer: 'refused', consumer: 'refused' },
      states: { covered: 49, all: 49 },
      transitions: { covered: 1500, all: 1500 },
      pairs: { covered: 46160, all: 46160 },
      extraStates: 1,
      extraStatesAsked: 1,
      inseparable: 0,
      programs: { covered: 4958, all: 4958 },
      suites: [{ name: 'transition tour', programs: { covered: 71, all: 71 } }],
    },
    exit: 0,
    summary: 'exec:./my manager conforms to core: 48 rules held.',
    rules: results(),
    findings: [],
    known: [],
    stale: [],
    faults: [],
    undefinedSeen: [],
    seconds: 1.25,
    ...parts,
  };
}

function findingOf(rule: string, name: string, forms: readonly Form[], more: Partial<Finding> = {}): Finding {
  const key = 'unregistering what is not registered (its registration failed)';
  return {
    format: 'irqbypass-spec/finding/1',
    name,
    key,
    rule,
    forms,
    target: 'exec:./my manager',
    profile: 'core',
    ...more,
  };
}

const two: Program = {
  objects: [
    { id: 'c0', callbacks: ['stop', 'addProducer', 'delProducer', 'start'] },
    { id: 'p0', callbacks: ['addConsumer'], results: [-5] },
  ],
  lanes: [
    [
      { operation: 'registerConsumer', object: 'c0', token: 't0' },
      { operation: 'registerProducer', object: 'p0', token: 't0', irq: 33 },
      { operation: 'unregisterProducer', object: 'p0' },
    ],
  ],
};

const failed: readonly Event[] = [
  { type: 'call', operation: 'registerConsumer', object: 'c0', token: 't0' },
  { type: 'return', status: 0 },
  { type: 'call', operation: 'registerProducer', object: 'p0', token: 't0', irq: 33 },
  { type: 'enter', callback: 'stop', object: 'c0' },
  { type: 'leave', callback: 'stop', object: 'c0' },
  { type: 'enter', callback: 'addConsumer', object: 'p0', counterpart: 'c0' },
  { type: 'leave', callback: 'addConsumer', object: 'p0', result: -5 },
  { type: 'enter', callback: 'start', object: 'c0' },
  { type: 'leave', callback: 'start', object: 'c0' },
  { type: 'return', status: -5 },
];

const unregister: Event = { type: 'call', operation: 'unregisterProducer', object: 'p0' };

/** Unregistering what failed to connect crashes. */
const crash: Form = {
  key: 'unregisterProducer, not-registered: the return due, crash came',
  program: two,
  trace: {
    objects: two.objects,
    events: [
      ...failed,
      unregister,
      { type: 'crash', detail: 'SIGSEGV: \u001b[31mAddressSanitizer\u001b[0m: use after free' },
    ],
  },
  broken: [
    { rule: 'LIFE-4', text: 'p0 failed to connect, yet unregistering p0 crashed (SIGSEGV)' },
    { rule: 'LIFE-7', text: 'unregistering p0 crashed (SIGSEGV)' },
  ],
  difference: { at: 11, call: 2, expected: [{ type: 'return' }], allowed: [[unregister, { type: 'return' }]] },
  met: 7,
};

/** The consumer is started before the producer was asked. */
const order: Form = {
  key: 'registerProducer, peer-waiting: a callback due, a callback came',
  program: { ...two, lanes: [two.lanes[0]?.slice(0, 2) ?? []] },
  trace: {
    objects: two.objects,
    events: [
      ...failed.slice(0, 5),
      { type: 'enter', callback: 'addProducer', object: 'c0', counterpart: 'p0', irq: 33 },
      { type: 'leave', callback: 'addProducer', object: 'c0', result: 0 },
      { type: 'log', level: 'info', text: 'connected' },
      { type: 'return', status: 0 },
    ],
  },
  broken: [
    {
      rule: 'CALL-1',
      text: 'registering p0 under t0 must call c0.stop p0.addConsumer c0.start, but it called c0.stop c0.addProducer',
    },
  ],
  difference: {
    at: 5,
    call: 1,
    expected: [{ type: 'enter', callback: 'addConsumer', object: 'p0', counterpart: 'c0' }],
    allowed: [failed.slice(2)],
  },
  met: 1234,
};

const crashed = reportOf({
  exit: 1,
  summary: 'exec:./my manager does not conform to core: 2 rules broken, 1 finding.',
  volume: { programs: 12345, operations: 67890, events: 234567, notRun: 12, died: 9 },
  rules: results([
    { rule: 'LIFE-4', verdict: 'fail', broken: 9, findings: ['0123456789ab'] },
    { rule: 'LIFE-7', verdict: 'fail', broken: 9, findings: ['0123456789ab'] },
    { rule: 'TOKEN-3', verdict: 'not-applicable', reason: 'the target does not declare the capability null-token' },
  ]),
  findings: [
    findingOf(
      'LIFE-4',
      '0123456789ab',
      [crash, { ...crash, key: 'unregisterProducer, not-registered: the return due, a callback came', met: 2 }],
      {
        log: 'starting\n\u001b[1m=== ERROR: AddressSanitizer\u001b[0m\n',
      },
    ),
  ],
});

const files = new Map([['0123456789ab', '.irqbypass-spec/findings/0123456789ab.json']]);

const misordered = reportOf({
  exit: 1,
  summary: 'exec:./my manager does not conform to core: 1 rule broken, 1 finding.',
  rules: results([{ rule: 'CALL-1', verdict: 'fail', broken: 1234, findings: ['ba9876543210'] }]),
  findings: [findingOf('CALL-1', 'ba9876543210', [order])],
});

const unsure = reportOf({
  exit: 2,
  summary: 'exec:./my manager could not be judged: 1 rule met too rarely (FAIL-5). Raise --budget or --tier.',
  rules: results([{ rule: 'FAIL-5', verdict: 'inconclusive', exposures: 3 }]),
  faults: [{ text: 'The target sent a line that is not JSON: came "hello".', program: two }],
  undefinedSeen: [
    { what: 'unregisterProducer in addProducer', outcome: 'hang', times: 3 },
    { what: 'wipeObject', outcome: 'returned', times: 1 },
  ],
});

const stale = reportOf({
  exit: 1,
  summary: 'The baseline is out of date: 1 stored program of it no longer fails. Take it out, or write it anew.',
  rules: results([{ rule: 'LIFE-4', verdict: 'known', broken: 9, findings: ['0123456789ab'] }]),
  known: [
    {
      ...findingOf('LIFE-4', '0123456789ab', [crash]),
      reason: 'The entry is found by its token.',
      fixedIn: 'Linux 6.17',
    },
  ],
  stale: [
    {
      key: 'something is left behind by: null-token',
      form: 'registerConsumer, alone: the return due, the return came',
      is: 'gone',
      text: 'its program breaks no rule any more',
    },
  ],
});

/** A trace exposes few rules; that the others were not is nothing to worry about. */
const checked = reportOf({
  command: 'check',
  certificate: null,
  target: 'trace:host.json',
  hello: null,
  seed: null,
  tier: null,
  exit: 1,
  summary: 'trace:host.json does not conform to core: 1 rule broken, 1 finding.',
  volume: { programs: 1, operations: 2, events: 9, notRun: 0, died: 0 },
  rules: results([
    ...rules
      .filter(({ kind }) => kind !== 'untestable')
      .map(({ id }): Partial<RuleResult> & Pick<RuleResult, 'rule'> =>
        ['PAIR-1', 'CALL-5'].includes(id)
          ? { rule: id, exposures: 1, floor: 1 }
          : id === 'CALL-1'
            ? { rule: id, verdict: 'fail', exposures: 1, floor: 1, broken: 1, findings: ['ba9876543210'] }
            : { rule: id, verdict: 'inconclusive', exposures: 0, floor: 1 },
      ),
  ]),
  findings: [findingOf('CALL-1', 'ba9876543210', [order])],
});

/** A run that ended at its first failure did not come to most rules. */
const cutOff = reportOf({
  exit: 1,
  summary: 'exec:./my manager does not conform to core: 1 rule broken, 1 finding.',
  volume: { programs: 3, operations: 72, events: 228, notRun: 2568, died: 0 },
  rules: results([
    { rule: 'CALL-1', verdict: 'fail', broken: 1, exposures: 1, findings: ['ba9876543210'] },
    { rule: 'CALL-2', verdict: 'inconclusive', exposures: 3 },
    { rule: 'TOKEN-1', verdict: 'inconclusive', exposures: 0 },
  ]),
  findings: [findingOf('CALL-1', 'ba9876543210', [order])],
});

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

/** What a target, or a file of somebody else's, may write anywhere, and how that is shown. */
const OUTLANDISH: readonly (readonly [string, string])[] = [
  ['a\u001b[2Jb', 'ab'],
  ['a\u0007b\u009c', 'a\\u0007b\\u009c'],
  ['x\n\nirqbypass-spec: all conforms', 'x\\n\\nirqbypass-spec: all conforms'],
  ['\u202Econforms\u200B', '\\u202econforms\\u200b'],
  ['&b; &#0; &amp; &lt;', '&b; &#0; &amp; &lt;'],
  ['<a b="c">]]>\'', '<a b="c">]]>\''],
  ['\u0000\uD800\uFFFF', '\\u0000\\ud800'],
];

it.each(OUTLANDISH)('%j does nothing to a terminal, to XML or to JSON, wherever it stands', (text, shown) => {
  const form: Form = {
    ...crash,
    key: text,
    broken: [{ rule: 'BAL-1', text }],
    trace: { ...crash.trace, events: [...crash.trace.events, { type: 'log', level: 'error', text }] },
  };
  const hello = { ...reportOf().hello, name: text, version: text, language: text, facts: { [text]: text } };
  const report = reportOf({
    ...crashed,
    target: text,
    hello: hello as Report['hello'],
    summary: text,
    faults: [{ text }],
    stale: [{ key: text, form: text, is: 'gone', text }],
    findings: crashed.findings.map((one) => ({ ...one, key: text, log: text, forms: [form] })),
    rules: crashed.rules.map((one, at) => (at === 0 ? { ...one, verdict: 'not-applicable', reason: text } : one)),
  });
  const rendered = Object.entries(formats).map(([name, { render }]) => {
    const output = render(report, { ...PLAIN, findingFiles: files });
    expect(output, name).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}]/u);
    expect(output, name).not.toMatch(/^irqbypass-spec: all conforms/m);
    return output;
  });
  const [pretty = '', json = '', junit = ''] = rendered;
  expect(pretty).toContain(shown);
  expect(JSON.parse(json)).toEqual(report);
  // As the five references stand for themselves, so must each be one of them.
  expect(junit.replaceAll(/&(amp|lt|gt|quot|apos);/g, '')).not.toContain('&');
  expect(junit).not.toMatch(/\uFFFF/);
  const message = /<testcase classname="irqbypass-spec.run" name="fault 1">\s*<error message="([^"]*)"/.exec(
    junit,
  )?.[1];
  expect(unescaped(message ?? '').replaceAll('\uFFFD', '')).toBe(shown);
});

function unescaped(xml: string): string {
  const names: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
  return xml.replaceAll(/&(\w+);/g, (_, name: string) => names[name] ?? '?');
}
