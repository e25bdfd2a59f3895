/** Where a text can go and where it cannot: a file as a whole or not at all, everything else as it is. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checkOutput, namedTwice } from '../formats/place.js';
import { ensureIgnored, writeJsonFile, writeTextFile } from '../formats/write.js';
import { exitCodeOf } from './exit.js';
import { runIn } from './fixtures/command-line.js';
import { emptyFolder } from './fixtures/empty-folder.js';

const { path } = emptyFolder();

function file(name: string, text = 'before'): string {
  writeFileSync(path(name), text);
  return path(name);
}

function pipe(name: string): string {
  expect(spawnSync('mkfifo', [path(name)]).status).toBe(0);
  return path(name);
}

function link(name: string, target: string): string {
  symlinkSync(target, path(name));
  return path(name);
}

/** Places that cannot be written: the place, how it is made, what is said behind its name. */
const FAULTS: readonly (readonly [string, () => string, string])[] = [
  ['an empty name', () => '', 'the name is empty'],
  ['a folder', () => path(), 'it is a folder'],
  ['a link to a folder', () => link('link', path()), 'it is a folder'],
  ['below a file', () => join(file('a'), 'b'), 'FOLDER/a is a file, not a folder'],
  ['deep below a file', () => join(file('a'), 'b', 'c'), 'FOLDER/a is a file, not a folder'],
  ['a name of 256 letters', () => path('x'.repeat(256)), 'the name is too long for one'],
  ['links in a circle', () => link('circle', path('circle')), 'its links lead in a circle'],
  ['a pipe that nobody reads', () => pipe('pipe'), 'it is a pipe that nobody reads'],
  ['a full disk', () => '/dev/full', 'there is no room left for it'],
  ['a link to a full disk', () => link('full', '/dev/full'), 'there is no room left for it'],
  ['no folder that there can be', () => '/proc/nothing/here', 'its folder is not there'],
  ['a descriptor that is not open', () => '/dev/fd/987', 'it is not open for writing'],
];

it.each(FAULTS)('%s cannot be written', (_, make, told) => {
  const place = make();
  const before = readdirSync(path());
  const { message, status } = refusal(() => writeTextFile(place, 'after'));
  const reason = told.replace('FOLDER', path());
  expect(message).toBe(`${place === '' ? "''" : place} cannot be written: ${reason}.`);
  expect(status).toBe(2);
  expect(readdirSync(path())).toEqual(before);
});

it.each(FAULTS.filter(([name]) => !/disk|nobody|not open|can be/.test(name)))(
  '%s is refused before the work is done',
  (_, make, reason) => {
    expect(refusal(() => checkOutput(make())).message).toContain(reason.replace('FOLDER', path()));
  },
);

it('a file that may not be written stays, and so does what is in its folder', () => {
  const place = file('kept');
  chmodSync(place, 0o444);
  // Root may write anything; and somebody may not read everything, so that is loaded before.
  const asSomebody = `const { writeTextFile } = await import(${JSON.stringify(join(process.cwd(), 'dist/src/formats/write.js'))}); process.setuid?.(65534);`;
  chmodSync(path(), 0o777);
  const { stdout } = spawnSync(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `${asSomebody} try { writeTextFile(${JSON.stringify(place)}, 'x') } catch (e) { console.log(e.message) }`,
    ],
    { encoding: 'utf8' },
  );
  expect(stdout).toBe(`${place} cannot be written: it, or its folder, may not be written.\n`);
  expect(readFileSync(place, 'utf8')).toBe('before');
  expect(readdirSync(path())).toEqual(['kept']);
});

it('a file is replaced as a whole, keeps its mode, and nothing is left beside it', () => {
  writeJsonFile(path('deep', 'out.json'), { a: 1 });
  chmodSync(path('deep', 'out.json'), 0o640);
  writeJsonFile(path('deep', 'out.json'), { a: 2 });
  expect(readFileSync(path('deep', 'out.json'), 'utf8')).toBe('{"a": 2}\n');
  expect(statSync(path('deep', 'out.json')).mode & 0o777).toBe(0o640);
  expect(readdirSync(path('deep'))).toEqual(['out.json']);
});

it('a name as long as names can be', () => {
  writeTextFile(path('x'.repeat(255)), 'text');
  expect(readdirSync(path())).toEqual(['x'.repeat(255)]);
});

it.each([
  ['a file', () => file('target')],
  ['nothing yet', () => path('target')],
])('a link to %s stays a link', (_, target) => {
  target();
  link('one', 'target');
  link('two', path('one'));
  writeTextFile(path('two'), 'after');
  expect(lstatSync(path('two')).isSymbolicLink()).toBe(true);
  expect(lstatSync(path('one')).isSymbolicLink()).toBe(true);
  expect(readFileSync(path('target'), 'utf8')).toBe('after');
});

it('a device stays one', () => {
  writeTextFile('/dev/null', 'text');
  expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
});

it('a pipe gets the text and stays a pipe', () => {
  const place = pipe('pipe');
  const reader = openSync(place, constants.O_RDONLY | constants.O_NONBLOCK);
  writeTextFile(place, 'text');
  const buffer = Buffer.alloc(10);
  expect(buffer.toString('utf8', 0, readSync(reader, buffer))).toBe('text');
  closeSync(reader);
  expect(lstatSync(place).isFIFO()).toBe(true);
});

it.each([
  ['a pipe', 'cat'],
  ['a socket', undefined],
])('standard output by its name, where it is %s', (_, reader) => {
  const script = `const { writeTextFile } = await import(${JSON.stringify(join(process.cwd(), 'dist/src/formats/write.js'))}); process.stdout.write('one\\n'); writeTextFile('/dev/stdout', 'two\\n'); process.stdout.write('three\\n');`;
  const node = [process.execPath, '--input-type=module', '-e', script] as const;
  const { stdout } =
    reader === undefined
      ? spawnSync(node[0], node.slice(1), { encoding: 'utf8' })
      : spawnSync('sh', ['-c', '"$@" | cat', 'sh', ...node], { encoding: 'utf8' });
  expect(stdout).toBe('one\ntwo\nthree\n');
});

it('the same file under two names is named twice', () => {
  file('a');
  link('b', 'a');
  link('here', '.');
  const twice = (...names: readonly string[]) =>
    namedTwice(names.map((name) => (name.startsWith('/') ? name : path(name))));
  expect(twice('a', 'c')).toBeUndefined();
  expect(twice('a', 'b')).toBe(path('b'));
  expect(twice('new/x', 'c', 'here/new/x')).toBe(path('here/new/x'));
  expect(namedTwice([path('new'), `${path()}/./new`])).toBe(`${path()}/./new`);
  expect(twice('/dev/null', '/dev/null')).toBeUndefined();
});

it('a .gitignore of the user stays, and none is made where other things lie', () => {
  ensureIgnored(path('findings'));
  expect(readFileSync(path('findings', '.gitignore'), 'utf8')).toBe('*\n');
  writeFileSync(path('findings', '.gitignore'), 'mine\n');
  ensureIgnored(path('findings'));
  expect(readFileSync(path('findings', '.gitignore'), 'utf8')).toBe('mine\n');
  mkdirSync(path('project'));
  writeFileSync(path('project', 'main.c'), '');
  ensureIgnored(path('project'));
  expect(existsSync(path('project', '.gitignore'))).toBe(false);
  expect(refusal(() => ensureIgnored(file('taken'))).status).toBe(2);
});

function refusal(act: () => unknown): { readonly message: string; readonly status: number | undefined } {
  try {
    act();
    return { message: 'accepted', status: 0 };
  } catch (error) {
    return { message: (error as Error).message, status: exitCodeOf(error) };
  }
}

it('a CI that names a file for its summary finds the report there, after what it has', () => {
  const summary = file('summary.md', 'before\n');
  const { status, stdout } = runIn(path(), ['run', '--tier', 'smoke', '--rules', 'BAL-1', '--report', 'github'], {
    GITHUB_STEP_SUMMARY: summary,
  });
  expect(status).toBe(0);
  expect(stdout).toBe('::notice title=It conforms::reference conforms to core: 1 rule held.\n');
  expect(readFileSync(summary, 'utf8')).toMatch(/^before\n## ✓ `reference`: it conforms\n/);
});
