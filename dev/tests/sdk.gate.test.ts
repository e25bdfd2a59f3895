/**
 * The adapter libraries, each with the same manager in its language, and with the same mistakes made in it: whatever the
 * language, the right one conforms, and each mistake gives the same findings, by name.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { packageRoot } from '../../src/files/root.js';
import { manager } from '../../src/manager/manager.js';
import { openTarget, profileNamed } from '../../src/targets/resolve.js';
import { extent } from './extent.js';
import { judgeManager } from './judge-manager.js';

const folder = mkdtempSync(join(tmpdir(), 'irqbypass-spec-sdk-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A mistake: what is written, and what is written instead. */
type Edit = readonly [string, string];

type Mistake =
  | 'rolls nothing back'
  | 'starts the producer first'
  | 'never deletes the producer'
  | 'leaves both stopped after a failure'
  | 'does not show the interrupt';

interface Sdk {
  /** The file that holds the manager. */
  readonly manager: string;
  /** Build it in its folder, and say what its target is. */
  readonly build: (at: string) => string;
  readonly mistakes: Readonly<Record<Mistake, Edit>>;
}

const sdks: Readonly<Record<string, Sdk>> = {
  c: {
    manager: 'example/manager.c',
    build: (at) => {
      execFileSync('make', ['-s', `BUILD=${at}/build`, `${at}/build/example-manager`], { cwd: at });
      return `exec:${at}/build/example-manager`;
    },
    mistakes: {
      'rolls nothing back': ['if (status && producer->del_consumer)', 'if (0)'],
      'starts the producer first': [
        '\tif (consumer->start)\n\t\tconsumer->start(consumer);\n\tif (producer->start)\n\t\tproducer->start(producer);\n',
        '\tif (producer->start)\n\t\tproducer->start(producer);\n\tif (consumer->start)\n\t\tconsumer->start(consumer);\n',
      ],
      'never deletes the producer': ['\tconsumer->del_producer(consumer, producer);\n', ''],
      'leaves both stopped after a failure': [
        '\tstart(producer, consumer);\n\tif (!status) {',
        '\tif (!status) {\n\t\tstart(producer, consumer);',
      ],
      'does not show the interrupt': ['\tproducer->irq = irq;\n', ''],
    },
  },
  python: {
    manager: 'example/manager.py',
    build: (at) => `exec:python3 ${at}/example/adapter.py`,
    mistakes: {
      'rolls nothing back': ['if status and producer.del_consumer:', 'if False:'],
      'starts the producer first': [
        '    if consumer.start:\n        consumer.start()\n    if producer.start:\n        producer.start()\n',
        '    if producer.start:\n        producer.start()\n    if consumer.start:\n        consumer.start()\n',
      ],
      'never deletes the producer': ['    consumer.del_producer(producer)\n', ''],
      'leaves both stopped after a failure': [
        '    resume(producer, consumer)\n    return status',
        '    if not status:\n        resume(producer, consumer)\n    return status',
      ],
      'does not show the interrupt': ['        producer.irq = irq\n', ''],
    },
  },
  rust: {
    manager: 'examples/manager.rs',
    build: (at) => {
      execFileSync('cargo', ['build', '--quiet', '--offline', '--example', 'manager', '--target-dir', `${at}/target`], {
        cwd: at,
      });
      return `exec:${at}/target/debug/examples/manager`;
    },
    mistakes: {
      'rolls nothing back': ['(status != 0, &producer.del_consumer)', '(false, &producer.del_consumer)'],
      'starts the producer first': [
        '    if let Some(start) = &consumer.start {\n        start();\n    }\n    if let Some(start) = &producer.start {',
        '    if let Some(start) = &producer.start {\n        start();\n    }\n    if let Some(start) = &consumer.start {',
      ],
      'never deletes the producer': [
        '    if let Some(del) = &consumer.del_producer {\n        del(producer);\n    }\n',
        '',
      ],
      'leaves both stopped after a failure': [
        '    resume(producer, consumer);\n    if status == 0 {',
        '    if status == 0 {\n        resume(producer, consumer);',
      ],
      'does not show the interrupt': ['        producer.irq.set(irq);\n', '        let _ = irq;\n'],
    },
  },
  go: {
    manager: 'example/main.go',
    build: (at) => {
      execFileSync('go', ['build', '-o', 'manager', './example'], { cwd: at });
      return `exec:${at}/manager`;
    },
    mistakes: {
      'rolls nothing back': ['if status != 0 && p.DelConsumer != nil {', 'if false {'],
      'starts the producer first': [
        '\tif c.Start != nil {\n\t\tc.Start()\n\t}\n\tif p.Start != nil {\n\t\tp.Start()\n\t}\n',
        '\tif p.Start != nil {\n\t\tp.Start()\n\t}\n\tif c.Start != nil {\n\t\tc.Start()\n\t}\n',
      ],
      'never deletes the producer': ['\tc.DelProducer(p)\n', ''],
      'leaves both stopped after a failure': [
        '\tresume(p, c)\n\treturn status',
        '\tif status == 0 {\n\t\tresume(p, c)\n\t}\n\treturn status',
      ],
      'does not show the interrupt': ['\tp.Irq = irq\n', ''],
    },
  },
};

const all = manager.tiers.smoke.coverage;
const small = { ...all, scope: { producers: 2, consumers: 1, tokens: 2 } };
const names = Object.keys(sdks);
const mistakes = Object.keys(sdks.c?.mistakes ?? {}) as readonly Mistake[];

/** Judge the manager of a language, with a mistake or without. @returns the exit status and the names of the findings */
async function judge(language: string, mistake?: Mistake): Promise<readonly [number, readonly string[]]> {
  const sdk = sdks[language];
  if (sdk === undefined) throw new Error(`there is no ${language}`);
  const at = join(folder, language);
  cpSync(join(packageRoot, 'conformance', 'harnesses', language), at, { recursive: true });
  if (mistake !== undefined) {
    const file = join(at, sdk.manager);
    const [from, to] = sdk.mistakes[mistake];
    const text = readFileSync(file, 'utf8');
    expect(text.split(from), `${language}: ${from}`).toHaveLength(2);
    writeFileSync(
      file,
      text.replace(from, () => to),
    );
  }
  const target = await openTarget(sdk.build(at));
  try {
    const report = await judgeManager(target, {
      profile: profileNamed('core'),
      programs: 400,
      // A mistake shows in a smaller scope; by night, in all that a manager is asked.
      coverage: mistake === undefined ? all : extent(small, small, all),
      // Without a tier nothing is asked in lanes, which takes longer than all the rest.
      tier: mistake === undefined ? 'smoke' : null,
    });
    expect(report.faults).toEqual([]);
    return [report.exit, report.findings.map(({ name }) => name).sort()];
  } finally {
    await target.close();
  }
}

// Each takes a compiler a second or two, and some runs.
describe('in each language', () => {
  test.each(names)('%s: the manager conforms', async (language) => {
    expect(await judge(language)).toEqual([0, []]);
  });

  // By day each mistake is made in C and in one of the others, in turn.
  const [first, ...others] = names;
  const told = mistakes.map((mistake, at) => [mistake, others.slice(at % others.length).slice(0, 1)] as const);
  const rows = extent(
    told,
    told,
    mistakes.map((mistake) => [mistake, others] as const),
  );
  test.each(rows)('a manager that %s has the same findings', async (mistake, beside) => {
    const expected = await judge(first ?? '', mistake);
    expect([expected[0], expected[1].length > 0]).toEqual([1, true]);
    for (const language of beside) expect(await judge(language, mistake), language).toEqual(expected);
  });
});
