/** However a command ends, it ends soon, with the right status, and leaves nothing half done. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { Finding } from '../../spec/formats/results.js';
import { makeFolder } from '../files/folder.js';
import { packageRoot } from '../files/root.js';
import { SHORT } from './fixtures/command-line.js';
import { emptyFolder } from './fixtures/empty-folder.js';

const { path, spec } = emptyFolder();
const short = SHORT.split(' ');
const MAIN = join(packageRoot, 'dist', 'cli', 'main.js');

/** Between two looks at what another process does. */
const moment = () => setTimeout(10);

describe('a signal ends what never waits, within a second:', () => {
  const lasting = [
    ['explore', '--scope', '3x3x3', '--yes'],
    ['explore', '--profile', 'all', '--scope', '2x2x3'],
    ['diff', 'linux-4.7', 'linux-6.17', '--length', '6'],
    ['run', '--scope', '3x3x3', '--tier', 'smoke', '--yes'],
    ['check', 'long.trace'],
  ] as const;
  const cases = lasting.map((args, at) => [at % 2 === 0 ? 'SIGINT' : 'SIGTERM', args] as const);

  test.each(cases)('%s, %j', async (signal, args) => {
    if (args[0] === 'check') makeLongRecording();
    const child = spawn(process.execPath, [MAIN, ...args], {
      cwd: path(),
      stdio: 'ignore',
    });
    const ended = new Promise<readonly [number | null, string | null]>((resolve) => {
      child.once('exit', (code, by) => resolve([code, by]));
    });
    await busy(child.pid ?? 0);
    const began = performance.now();
    child.kill(signal);
    const [code, by] = await ended;
    expect(performance.now() - began).toBeLessThan(1_000);
    expect(by === signal || code === { SIGINT: 130, SIGTERM: 143 }[signal]).toBe(true);
  });

  /** Wait until a process has computed for so long that it is in the midst of its work. */
  async function busy(pid: number): Promise<void> {
    const hundredths = () => {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
      return Number(fields[11]) + Number(fields[12]);
    };
    while (hundredths() < 60) await moment();
  }

  function makeLongRecording(): void {
    const text = readFileSync(join(packageRoot, 'src/recording/fixtures/linux-6.1.trace'), 'utf8');
    const [facts = '', ...lines] = text.trimEnd().split('\n');
    let at = 0;
    const round = () => `${lines.map((line) => line.replace(/\d+: (?=\w+: )/, () => `${++at}: `)).join('\n')}\n`;
    writeFileSync(path('long.trace'), `${facts}\n${Array.from({ length: 2_000 }, round).join('')}`);
  }
});

describe('a replay runs nothing that only the file of a finding names:', () => {
  let own: Finding | undefined;
  const find = (): Finding => {
    spec('run', 'mutant:no-roll-back', ...short, '--findings', 'found');
    const [name = ''] = readdirSync(path('found')).filter((one) => one.endsWith('.json'));
    return JSON.parse(readFileSync(path('found', name), 'utf8')) as Finding;
  };
  const foreign = (target: string): string => {
    own ??= find();
    writeFileSync(path('finding.json'), JSON.stringify({ ...own, target }));
    return 'finding.json';
  };

  test.each(['exec:touch ran', 'module:./ran.mjs', 'linux-source:./tree', 'linux:debian:6.1', ' exec:touch ran'])(
    '%s: exit status 64, and the line to type',
    (target) => {
      writeFileSync(path('ran.mjs'), `import { writeFileSync } from 'node:fs'; writeFileSync('ran', '');`);
      const { status, stdout, stderr } = spec('replay', foreign(target));
      expect(stderr).toContain(`irqbypass-spec replay finding.json --target '${target}'`.replace(/'(\S*)'$/, '$1'));
      expect({ status, stdout, ran: existsSync(path('ran')) }).toEqual({ status: 64, stdout: '', ran: false });
    },
  );

  test('what is of this kit is run, and what the command line names', () => {
    expect(spec('replay', foreign('mutant:no-roll-back')).status).toBe(1);
    expect(spec('replay', foreign('exec:touch ran'), '--target', 'reference').status).toBe(0);
    expect(existsSync(path('ran'))).toBe(false);
  });
});

describe('what is written', () => {
  test('a verdict is told where its findings cannot be written: one sentence, and the status of the verdict', () => {
    writeFileSync(path('taken'), '');
    const { status, stdout, stderr } = spec('run', 'mutant:no-roll-back', ...short, '--findings', 'taken/found');
    expect(stdout).toContain('does not conform to core');
    expect(stderr).toMatch(/^irqbypass-spec: taken\S* cannot be written: .*\n$/);
    expect(status).toBe(1);
  });

  test.each(['reference', 'mutant:no-roll-back'])('a report of %s that finds no room: exit status 2', (target) => {
    const { status, stdout, stderr } = spec('run', target, ...short, '--report', 'json=/dev/full');
    expect(stdout).toContain('to core');
    expect(stderr).toBe('irqbypass-spec: /dev/full cannot be written: there is no room left for it.\n');
    expect(status).toBe(2);
    expect(statSync('/dev/full').isCharacterDevice()).toBe(true);
  });

  test("the user's .gitignore stays", () => {
    writeFileSync(path('.gitignore'), '*.o\n');
    expect(spec('run', 'mutant:no-roll-back', ...short, '--findings', '.').status).toBe(1);
    expect(readFileSync(path('.gitignore'), 'utf8')).toBe('*.o\n');
  });

  test.each([
    [['run', 'exec:./not-there']],
    [['run', '--role', 'producer', 'exec:./not-there']],
    [['run', '--baseline', 'not-there.json']],
    [['check', 'not-there.trace']],
  ])('%j: no report of an earlier run stays', (args) => {
    for (const name of ['r.json', 'r.xml']) writeFileSync(path(name), 'green');
    const { status, stdout, stderr } = spec(...args, '--report', 'json=r.json', '--report', 'junit=r.xml');
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain('not-there');
    expect(JSON.parse(readFileSync(path('r.json'), 'utf8'))).toMatchObject({
      exit: 2,
      faults: [{ text: expect.stringContaining('not-there') }],
    });
    expect(readFileSync(path('r.xml'), 'utf8')).toContain('not-there');
  });

  test('a baseline of a target that cannot be started, or that dies in every program, is none: what is there stays', () => {
    writeFileSync(path('nonsense.sh'), NONSENSE);
    spec('baseline', 'mutant:no-roll-back', '--tier', 'smoke', '--seed', '1', '--output', 'known.json');
    const before = readFileSync(path('known.json'), 'utf8');
    for (const target of ['exec:./not-there', 'exec:sh nonsense.sh'])
      for (const output of ['known.json', 'new.json']) {
        expect(spec('baseline', target, '--tier', 'smoke', '--seed', '1', '--output', output).status).toBe(2);
      }
    expect(readFileSync(path('known.json'), 'utf8')).toBe(before);
    expect(existsSync(path('new.json'))).toBe(false);
  });
});

/** Greets, and answers what is none, at every start of it: a shell has started at once. */
const NONSENSE = `while read -r line; do
  case $line in
    *hello*) echo '{"type":"hello","protocol":1,"name":"x","version":"1","language":"sh","capabilities":[]}' ;;
    *) echo 'what?' ;;
  esac
done
`;

describe('a folder of the cache', () => {
  const place = () => path('cache', 'abc');
  let made = 0;
  const make = () =>
    makeFolder(place(), async (unfinished) => {
      made++;
      mkdirSync(join(unfinished, 'deep'));
      writeFileSync(join(unfinished, 'deep', 'file'), 'text');
    });

  test.each<[string, (file: string) => void]>([
    ['altered', (file) => writeFileSync(file, 'texT')],
    ['emptied', (file) => writeFileSync(file, '')],
    ['cut', (file) => writeFileSync(file, 'te')],
    ['taken away', (file) => rmSync(file)],
    ['added to', (file) => writeFileSync(`${file}2`, '')],
    ['told wrongly', () => writeFileSync(join(place(), '.contents.json'), 'null')],
    [
      'a file',
      () => {
        rmSync(place(), { recursive: true });
        writeFileSync(place(), '');
      },
    ],
  ])('that was %s is made anew', async (_, harm) => {
    made = 0;
    await make();
    await make();
    expect(made).toBe(1);
    harm(join(place(), 'deep', 'file'));
    await make();
    await make();
    expect(made).toBe(2);
    expect(readFileSync(join(place(), 'deep', 'file'), 'utf8')).toBe('text');
    expect(readdirSync(join(place(), 'deep'))).toEqual(['file']);
    expect(readdirSync(path('cache'))).toEqual(['abc']);
  });

  test.each(['SIGINT', 'SIGTERM'] as const)(
    'that is half made goes at %s, and so does a compiler with all it started',
    async (signal) => {
      // Stands in for a compiler: it starts another, and tells of it.
      const compiler = path('cc');
      writeFileSync(
        compiler,
        `#!/bin/sh\n[ "$1" != --version ] || { echo cc; exit; }\nsleep 1000 &\necho $! >${path('child')}\nwait\n`,
        { mode: 0o755 },
      );
      const tree = path('tree');
      for (const name of ['virt/lib', 'include/linux']) mkdirSync(join(tree, name), { recursive: true });
      const register = 'int irq_bypass_register_producer(struct irq_bypass_producer *producer)';
      writeFileSync(join(tree, 'virt/lib/irqbypass.c'), `${register}\n{\n}\n`);
      writeFileSync(
        join(tree, 'include/linux/irqbypass.h'),
        `struct irq_bypass_producer { void *token; };\n${register};\n`,
      );
      const child = spawn(process.execPath, [MAIN, 'run', `linux-source:${tree}`], {
        cwd: path(),
        env: { ...process.env, CC: compiler, IRQBYPASS_SPEC_CACHE: path('cache') },
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      let said = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        said += text;
      });
      const ended = new Promise((resolve) => child.once('exit', resolve));
      while (!existsSync(path('child')) || readFileSync(path('child'), 'utf8') === '') {
        if (child.exitCode !== null) throw new Error(said);
        await moment();
      }
      child.kill(signal);
      await ended;
      expect(readdirSync(path('cache', 'build')).filter((name) => name.startsWith('.'))).toEqual([]);
      expect(isRunning(Number(readFileSync(path('child'), 'utf8')))).toBe(false);
    },
  );

  /** Whether a process runs; one that was ended may still wait for its parent to notice. */
  function isRunning(pid: number): boolean {
    const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
    return stdout.trim() !== '' && !stdout.startsWith('Z');
  }
});
