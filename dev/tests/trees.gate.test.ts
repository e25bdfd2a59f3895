/**
 * Trees as people have them: Linux 6.12 and 7.3 written otherwise, which changes nothing, and managers of other designs.
 * The sources of Linux are fetched, changed here and thrown away.
 */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Report } from '../../spec/formats/results.js';
import type { Program } from '../../spec/vocabulary.js';
import { run } from '../../src/engine/run.js';
import { packageRoot } from '../../src/files/root.js';
import { readBaselineFile } from '../../src/formats/read.js';
import { manager } from '../../src/manager/manager.js';
import { AS_KERNEL } from '../../src/targets/linux-source/own-objects.js';
import { findTree } from '../../src/targets/linux-source/tree.js';
import { type OpenOptions, openTarget, profileNamed } from '../../src/targets/resolve.js';
import { extent } from './extent.js';

const FIXTURES = join(packageRoot, 'dev', 'tests', 'fixtures', 'trees');
const KINDS = join(packageRoot, 'dev', 'tests', 'fixtures', 'standins', 'kinds.c');
const SOURCE = 'virt/lib/irqbypass.c';
const HEADER = 'include/linux/irqbypass.h';

/** The files of a tree by their paths. */
type Files = Readonly<Record<string, string>>;

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'irqbypass-spec-trees-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function plant(name: string, files: Files): Promise<string> {
  const root = join(folder, name.replace(/\W+/g, '-'));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return root;
}

async function judge(
  root: string,
  baseline?: string,
  options: Pick<OpenOptions, 'includes' | 'patience'> = {},
): Promise<Report> {
  const target = await openTarget(`linux-source:${root}`, options);
  const file = join(packageRoot, 'conformance', 'baselines', `linux-${baseline}.json`);
  try {
    return await run(manager, {
      target,
      profile: profileNamed(target.hello.profile ?? 'core'),
      ...(baseline === undefined ? {} : { baseline: await readBaselineFile(file) }),
      rules: manager.rules,
      allRules: true,
      seed: 1,
      programs: 300,
      tier: null,
      now: () => 0,
    });
  } finally {
    await target.close();
  }
}

/** A tree of Debian's source whose two files are changed. */
async function edited(
  version: string,
  source: (text: string) => string,
  header = (text: string) => text,
): Promise<Files> {
  const tree = await findTree(`debian:${version}`);
  const files = { [SOURCE]: source(tree.source), [HEADER]: header(tree.header) };
  expect(files[SOURCE] + files[HEADER]).not.toBe(tree.source + tree.header);
  return files;
}

const afterIncludes = (text: string, added: string) => text.replace(/^(#include .*\n)(?!#include)/m, `$1${added}`);

/** The fields of each struct, the last first. */
const reversed = (header: string) =>
  header.replace(/(struct irq_bypass_\w+ \{)([\s\S]*?)\n\};/g, (_, begin: string, fields: string) => {
    const each = fields.replace(/\/\*[\s\S]*?\*\//g, '').split(';');
    return `${begin}${each.slice(0, -1).reverse().join(';')};\n};`;
  });

describe('Linux, written otherwise', () => {
  const same = (text: string) => text;
  const crlf = (text: string) => text.replace(/\n/g, '\r\n');
  const noIrq = (text: string) => text.replace(/,\s*int irq\)/g, ')');
  const voidToken = (text: string) => text.replace(/struct eventfd_ctx \*/g, 'void *').replace(/\beventfd\b/g, 'token');

  const rows: readonly (readonly [string, string, (text: string) => string, (text: string) => string])[] = [
    ['6.12', 'with the line ends of another system', crlf, crlf],
    ['6.12', 'with null spelled out', (text) => text.replace(/!(\w+->token)/g, '$1 == NULL'), same],
    [
      '6.12',
      'with the null check in a function of its own',
      (text) =>
        afterIncludes(
          text.replace(/!(\w+->token)/g, 'lacks($1)'),
          'static bool lacks(const void *it) { return it == 0; }\n',
        ),
      same,
    ],
    [
      '6.12',
      'with other names of parameters',
      (text) => text.replace(/\b(producer|consumer|prod|cons)\b/g, '$1_here'),
      (text) => text.replace(/\*(prod|cons)\b/g, '*$1_here'),
    ],
    ['6.12', 'with its fields in another order', same, reversed],
    ['7.3', 'with its fields in another order', same, reversed],
    [
      '7.3',
      'with an eventfd and no interrupt as arguments',
      (text) => noIrq(text).replace(/^.*->irq = irq;\n/m, ''),
      noIrq,
    ],
    ['7.3', 'with a void pointer as the argument', voidToken, voidToken],
  ];

  // Each takes a compiler some seconds.
  test.each(
    extent(
      rows.filter((_, at) => at % 3 === 0),
      rows,
    ),
  )('%s %s keeps its verdict', async (version, what, source, header) => {
    const report = await judge(await plant(`${version} ${what}`, await edited(version, source, header)), version);
    expect([report.exit, report.faults, report.findings.map(({ rule }) => rule)]).toEqual([0, [], []]);
  });

  test('6.1 that connects as 5.9 to 5.12 did has both of their defects, and those of 6.1', async () => {
    const source = (text: string) =>
      text
        .replace('if (ret && prod->del_consumer)', 'if (prod->del_consumer)')
        .replace(/if \((cons|prod)->start\)/, 'if (!ret && $1->start)')
        .replace(/(if \(!ret && cons->start\)[^;]*;\s+)if \(prod->start\)/, '$1if (!ret && prod->start)');
    const { exit, faults, findings, known } = await judge(await plant('5.9', await edited('6.1', source)), '6.1');
    expect([exit, faults, known.length]).toEqual([1, [], 2]);
    expect(findings.map(({ rule, key }) => [rule, key])).toEqual([
      ['BAL-2', 'peer-waiting: wrong callbacks'],
      ['BAL-1', 'connect-fails: wrong callbacks'],
    ]);
  });

  // As between two changes of 2025: the manager owns the token, and still keeps lists.
  test.each(extent<readonly string[]>([], ['void *'], ['struct eventfd_ctx *', 'void *']))(
    '6.12 that takes %stoken as an argument, and keeps it in its lists, has none of the defects of 6.12',
    async (type) => {
      const taken = (text: string) =>
        text.replace(/(irq_bypass_register_(?:producer|consumer)\(struct \w+ \*\w*)\)/g, `$1, ${type}token)`);
      const source = (text: string) =>
        taken(text)
          .replace(
            /if \(!(producer|consumer)->token([^)]*)\)\s+return -EINVAL;/g,
            (_, one: string, or: string) => `if (WARN_ON_ONCE(${one}->token) || !token${or})\n\t\treturn -EINVAL;`,
          )
          .replace(/tmp->token == (producer|consumer)->token/g, 'tmp->token == token')
          .replace(/->token == (?:producer|consumer)->token\) \{(\s+ret = )/g, '->token == token) {$1')
          .replace(/tmp->token != producer->token/, 'tmp != producer')
          .replace(/list_add\(&(\w+)->node/g, '$1->token = token;\n\t$&')
          .replace(/list_del\(&(\w+)->node\);/g, '$&\n\t\t$1->token = NULL;');
      const header = (text: string) => `struct eventfd_ctx;\n${taken(text).replace('void *token;', `${type}token;`)}`;
      const report = await judge(await plant(`owns ${type}`, await edited('6.12', source, header)));
      expect([report.exit, report.faults, report.findings.map(({ rule }) => rule)]).toEqual([0, [], []]);
      expect(report.hello?.facts?.['caller:']).toMatch(/^registering takes the token as an argument/);
    },
  );

  test('6.12 with its header elsewhere keeps its verdict', async () => {
    const files = await edited('6.12', (text) => text.replace('linux/irqbypass.h', 'virt/bypass.h'));
    const { [HEADER]: header = '', ...others } = files;
    const report = await judge(await plant('elsewhere', { ...others, 'include/virt/bypass.h': header }), '6.12');
    expect([report.exit, report.faults]).toEqual([0, []]);
  });

  test('6.12 that includes what the kit does not have is judged with --include', async () => {
    const files = await edited('6.12', (text) =>
      afterIncludes(text, '#include <vendor/odd.h>\nint odd(void) { return ODD; }\n'),
    );
    const root = await plant('vendor', { ...files, 'elsewhere/vendor/odd.h': '#define ODD 1\n' });
    await expect(judge(root)).rejects.toThrow(/includes <vendor\/odd\.h>, for which there is none.*--include/);
    expect((await judge(root, '6.12', { includes: [join(root, 'elsewhere')] })).exit).toBe(0);
  });

  test('6.12 that uses what a header of the kit does not have is judged with --include', async () => {
    const files = await edited('6.12', (text) => text.replace(/(mutex_lock\(&lock\);)/g, '$1\n\tvendor_mark(7);'));
    const root = await plant('vendor function', {
      ...files,
      'more/standins.h': 'static inline void vendor_mark(int value)\n{\n\t(void)value;\n}\n',
    });
    await expect(judge(root)).rejects.toThrow(
      /have no vendor_mark: define what is missing .* standins\.h.*--include DIR/,
    );
    expect((await judge(root, '6.12', { includes: [join(root, 'more')] })).exit).toBe(0);
  });

  test('6.12 that takes the null token is what 4.4 was', async () => {
    const files = await edited('6.12', (text) => text.replace(/!\w+->token( \|\|)?/g, (_, or) => (or ? '' : 'false')));
    const { hello } = await judge(await plant('takes null', files));
    expect(hello?.profile).toBe('linux-4.4');
    expect(hello?.facts?.['profile:']).toMatch(/^null token accepted; /);
  });
});

describe('Linux 6.12 that never returns', () => {
  const places = [
    ['unregisterConsumer', /irq_bypass_unregister_consumer\([\s\S]*?(?=mutex_lock)/],
    ['registerProducer', /irq_bypass_register_producer\([\s\S]*?(?=ret = __connect)/],
  ] as const;
  const ways = [
    ['waits', 'for (;;) { extern int pause(void); pause(); }\n'],
    // The watchdog goes by the clock, so it takes as much time of a processor as there are hangs.
    ['loops', 'for (;;);\n'],
  ] as const;
  const rows = ways.flatMap(([how, never]) => places.map(([operation, before]) => ({ how, never, operation, before })));

  // A wait for each finding, and none for each of the programs that hang. By day a loop in C is that of a role (roles.gate.test.ts).
  test.concurrent.each(extent(rows, rows.slice(0, places.length), rows))(
    'and $how in $operation: that it hangs is a finding, and what was not run for it is said',
    async (row) => {
      const { how, never, operation, before } = row;
      const files = await edited('6.12', (text) => text.replace(before, (found) => `${found}${never}`));
      const { exit, faults, findings } = await judge(await plant(`${how} ${operation}`, files), undefined, {
        patience: 2_000,
      });
      expect(exit).toBe(1);
      // What could not be made small any more is said once, and it is no second finding of the hang.
      const tooOften = /^\S+ died or hung so often while .* So \d+ failing programs? could not be made small/;
      expect(faults.filter(({ text }) => !tooOften.test(text))).toEqual([]);
      expect(faults.length).toBeLessThanOrEqual(1);
      const ends = findings.flatMap(({ forms }) => forms.map(({ trace }) => trace?.events ?? []));
      const hung = ends.filter((events) => events.at(-1)?.type === 'hang');
      const called = hung.map((events) => events.findLast((event) => event.type === 'call'));
      expect(called).toContainEqual(expect.objectContaining({ operation }));
      const [shortest] = hung
        .map((events) => events.filter(({ type }) => type === 'call').length)
        .sort((a, b) => a - b);
      expect(shortest).toBeLessThanOrEqual(4);
    },
  );
});

test('the stand-ins for trees, bits, counts and lists do what they are there for', async () => {
  const program = join(folder, 'kinds');
  await execa('gcc', ['-std=gnu11', '-fsanitize=address,undefined', ...AS_KERNEL, '-o', program, KINDS]);
  expect((await execa(program, { reject: false, all: true })).all).toBe('');
});

describe('managers of other designs', () => {
  async function own(name: string): Promise<string> {
    const names = await readdir(FIXTURES);
    const all = await Promise.all(
      names.map(async (one) => [one, await readFile(join(FIXTURES, one), 'utf8')] as const),
    );
    const texts = new Map(all);
    return plant(name, {
      ...Object.fromEntries(all.map(([one, text]) => [`virt/lib/${one}`, text])),
      [SOURCE]: texts.get(`${name}.c`) ?? '',
      [HEADER]: texts.get('objects.h') ?? '',
    });
  }

  test.each(['arrays', 'tables', 'deferred'])('%s: right, and lack of memory is tried', async (name) => {
    const { exit, faults, findings, hello, rules } = await judge(await own(name));
    expect([exit, faults, findings.map(({ rule }) => rule)]).toEqual([0, [], []]);
    expect(hello?.profile).toBe('linux-4.7');
    expect(hello?.facts?.['memory:']).toBe('each registration allocates');
    expect(rules.find(({ rule }) => rule === 'FAIL-7')?.verdict).toBe('pass');
  });

  test('late: a pair that is joined and not kept breaks FAIL-7', async () => {
    const { exit, findings, hello } = await judge(await own('late'));
    expect([exit, findings.map(({ rule }) => rule)]).toEqual([1, ['FAIL-7']]);
    expect(hello?.profile).toBe('linux-4.7');
  });

  test('spares: who does without memory is not charged with accepting for lack of it', async () => {
    const { exit, faults, findings, hello, rules } = await judge(await own('spares'));
    expect([exit, faults, findings.map(({ rule }) => rule)]).toEqual([0, [], []]);
    expect(hello?.facts?.['memory:']).toMatch(/does without where there is no memory/);
    expect(rules.find(({ rule }) => rule === 'FAIL-7')?.verdict).toBe('not-applicable');
  });

  test('mixes: a callback that is passed an object of the other side is a crash of the manager', async () => {
    const { exit, faults, findings } = await judge(await own('mixes'));
    expect([exit, faults]).toEqual([1, []]);
    const events = findings.flatMap(({ forms }) => forms.flatMap(({ trace }) => trace?.events ?? []));
    expect(events).toContainEqual({ type: 'crash', detail: 'a callback is passed a producer that there is not' });
  });

  test('tables: an interrupt that is a field is not written for one lane while another sees it', async () => {
    const program: Program = {
      objects: [
        { id: 'c0', callbacks: ['start', 'addProducer', 'delProducer'] },
        { id: 'p1', callbacks: ['stop'] },
      ],
      lanes: [
        [
          { operation: 'registerConsumer', object: 'c0', token: 't0' },
          { operation: 'unregisterConsumer', object: 'c0' },
          { operation: 'registerConsumer', object: 'c0', token: 't0' },
        ],
        [
          { operation: 'registerProducer', object: 'p1', token: 't0', irq: 1 },
          { operation: 'registerProducer', object: 'p1', token: 't0', irq: 38 },
        ],
      ],
      gates: [{ at: 'callback', object: 'c0', callback: 'start', lane: 1, operation: 1, until: 'returned' }],
    };
    const target = await openTarget(`linux-source:${await own('tables')}`);
    const traces = await target.run(Array.from({ length: 50 }, () => program));
    await target.close();
    const seen = traces.flatMap(({ events }) =>
      events.flatMap((one) => ('irq' in one && one.type === 'enter' ? [one.irq] : [])),
    );
    expect(new Set(seen)).toEqual(new Set([1]));
  });

  test('saves: what the kit does not know is named', async () => {
    const { exit, hello } = await judge(await own('saves'));
    expect(exit).toBe(0);
    expect(hello?.facts?.['not judged:']).toBe('irq_bypass_save_consumer');
  });
});
