/** A handful of mutants of the real sources. The whole matrix is `npm run kill-matrix:c`. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packageRoot } from '../../src/files/root.js';
import { findManager } from '../../src/targets/linux-source/index.js';
import { findTree } from '../../src/targets/linux-source/tree.js';
import { profileNamed } from '../../src/targets/resolve.js';
import { examineAmongCallers } from './callers/examine.js';
import { callersProblems } from './callers/gates.js';
import { applyEdit, type Edit, within } from './editor/edits.js';
import { call, word } from './editor/places.js';
import { essence } from './editor/tokens.js';
import { examine } from './examine.js';
import { MARK } from './marked.js';
import { type Original, prepareOriginal } from './original.js';
import { amongCallers, type CMutant, isVersion, table, type Version } from './table/index.js';

const versions = Object.keys(table).filter(isVersion);

const named = (version: Version, what: string): CMutant => {
  const found = table[version].find((mutant) => mutant.what === what);
  if (found === undefined) throw new Error(`there is no mutant "${what}" of Linux ${version}`);
  return found;
};
const madeUp = (edit: Edit): CMutant => ({ what: 'Made up.', mistake: 'a wrong name', edit });

describe('mutants of the real irqbypass.c', () => {
  let folder = '';
  const originals = new Map<Version, Original>();

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'irqbypass-spec-test-'));
    for (const version of versions) originals.set(version, await prepareOriginal(version, folder, () => undefined));
  }, 300_000);

  afterAll(() => rm(folder, { recursive: true, force: true }));

  const verdictOf = (version: Version, mutant: CMutant) => {
    const original = originals.get(version);
    if (original === undefined) throw new Error(`Linux ${version} was not prepared`);
    return examine(mutant, original, version, folder);
  };

  test.each<[Version, string, string]>([
    ['6.12', 'Connecting does not start the producer again.', 'BAL-1'],
    ['6.12', 'Registering a producer accepts a null token.', 'TOKEN-3'],
    ['6.12', 'Registering a producer does not take the lock.', 'LIFE-9'],
    ['7.3', 'Connecting starts the producer before the consumer.', 'CALL-1'],
    ['7.3', 'Registering a producer does not note its interrupt.', 'CALL-6'],
    ['7.3', 'A consumer that could not be connected is told that it was registered.', 'FAIL-3'],
  ])('of Linux %s: %s It is killed by %s', async (version, what, rule) => {
    expect(await verdictOf(version, named(version, what))).toMatchObject({ is: 'killed', rule });
  });

  test.each<[Version, string]>([
    ['6.12', 'Registering a consumer keeps the lock when it has succeeded.'],
    ['7.3', 'Unregistering a producer keeps the lock.'],
  ])('of Linux %s: %s It is killed because the next operation hangs', async (version, what) => {
    expect(await verdictOf(version, named(version, what))).toMatchObject({
      is: 'killed',
      text: expect.stringContaining('hung (lane 0 takes the lock that it holds)'),
    });
  });

  test('one that mends a known failure is killed, because the baseline is out of date for it', async () => {
    expect(
      await verdictOf('6.12', named('6.12', 'Unregistering a producer finds it by itself and not by its token.')),
    ).toMatchObject({ is: 'killed', rule: 'LIFE-2', text: expect.stringContaining('a known failure is gone') });
  });

  test('one that only callers at the same time can tell survives', async () => {
    const mutant = named('7.3', 'Registering a producer does not take the lock.');
    expect(mutant.survives?.because).toBe('several callers');
    expect(await verdictOf('7.3', mutant)).toEqual({ is: 'survived' });
  });

  const register = within('irq_bypass_register_producer');
  test.each<[string, Version, CMutant, RegExp]>([
    ['does not compile', '7.3', madeUp(register.change(word('lock'), 'no_such_lock')), /does not compile/],
    ['has no place for its edit', '7.3', madeUp(register.drop(call('list_add'))), /has 0 of call list_add/],
    ['is the same code', '6.12', madeUp(register.drop(call('might_sleep'))), /the same code/],
    ['is never run where it is changed', '6.12', madeUp(register.change(word('ENODEV'), 'EIO')), /was never run/],
  ])('one that %s is void', async (_what, version, mutant, text) => {
    expect(await verdictOf(version, mutant)).toEqual({ is: 'void', text: expect.stringMatching(text) });
  });
});

describe('changes of the locking, with several callers', () => {
  test.each<[Version, string]>([
    ['6.12', 'A second lock is taken after the first for a producer, and before it for a consumer.'],
    ['6.12', 'A second lock is taken around the first, everywhere.'],
    ['7.3', 'Unregistering a producer takes it out of the index before it takes the lock.'],
    ['7.3', 'Registering a producer notes its token once it has released the lock.'],
  ])('of Linux %s come to what the table says: %s', async (version, what) => {
    const mutant = amongCallers[version].find((one) => one.what === what);
    if (mutant === undefined) throw new Error(`there is no change "${what}"`);
    const { build, detected } = await findManager(`debian:${version}`);
    const examined = await examineAmongCallers(version, mutant, build, profileNamed(detected.profile));
    expect(callersProblems([{ version, examined: [examined] }]).slice(2)).toEqual([]);
  });
});

describe.each(versions)('the table beside the source of Linux %s', (version) => {
  test('every edit finds its place, and no two come to the same', async () => {
    const { source } = await findTree(`debian:${version}`);
    const mutants = new Set([...table[version], ...amongCallers[version]]);
    const made = [...mutants].map(({ edit }) => applyEdit(source, edit, MARK));
    expect(new Set(made.map(({ plain }) => essence(plain))).size).toBe(made.length);
    for (const { marked } of made) expect(marked).toContain(MARK);
  });

  test('no line of the source is in the page or in the table', async () => {
    const { source, header } = await findTree(`debian:${version}`);
    const page = await readFile(join(packageRoot, 'conformance', 'c-mutants.md'), 'utf8');
    const here = join(packageRoot, 'dev', 'c-mutants', 'table');
    const files = await Promise.all((await readdir(here)).map((name) => readFile(join(here, name), 'utf8')));
    const ours = [page, ...files].join('\n');
    const lines = `${source}\n${header}`
      .split('\n')
      .map((line) => line.replace(/[\s;{}*/]+$|^[\s*/]+/g, ''))
      .filter((line) => line.length > 15 && !/^#include|^irq_bypass_\w+$/.test(line));
    expect(lines.length).toBeGreaterThan(100);
    expect(lines.filter((line) => ours.includes(line))).toEqual([]);
  });
});

describe('the command', () => {
  const main = join(packageRoot, 'dist', 'dev', 'c-mutants', 'main.js');
  const start = (version: string, env = {}) =>
    spawnSync(process.execPath, [main, version], { encoding: 'utf8', env: { ...process.env, ...env } });

  test('ends with 2 where there is no compiler', () => {
    const { status, stderr, stdout } = start('7.3', { CC: '/there/is/no/compiler' });
    expect({ status, stdout, stderr }).toEqual({
      status: 2,
      stdout: '',
      stderr: expect.stringContaining('apt-get install gcc libjansson-dev'),
    });
  });

  test('ends with 64 for a version that it has no mutants of', () => {
    const { status, stderr } = start('5.9');
    expect({ status, stderr }).toEqual({
      status: 64,
      stderr: 'There are mutants of Linux 6.12 and 7.3, and not of 5.9.\n',
    });
  });
});
