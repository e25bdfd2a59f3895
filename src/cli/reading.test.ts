/** What is handed to us as a file and is none, or not the one that is meant: a sentence, and exit status 2. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { filesIn, readBaselineFile, readFindingFile, readFoundFile } from '../formats/read.js';
import { readEvidence } from '../recording/files.js';
import { exitCodeOf } from './exit.js';

const folder = mkdtempSync(join(tmpdir(), 'irqbypass-spec-'));
afterAll(() => rmSync(folder, { recursive: true }));

let count = 0;
/** A new path in the folder. */
function path(name = `file-${count++}`): string {
  return join(folder, name);
}

/** A new file with these contents. */
function file(contents: string | Uint8Array): string {
  const made = path();
  writeFileSync(made, contents);
  return made;
}

function pipe(): string {
  const made = path();
  expect(spawnSync('mkfifo', [made]).status).toBe(0);
  return made;
}

function sized(bytes: number): string {
  const made = file('{');
  truncateSync(made, bytes);
  return made;
}

function circle(): string {
  const made = path('circle');
  symlinkSync(made, made);
  return made;
}

const inUtf16 = (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le');

/** Finding files that are none: the fault, how it is made, what is said of it behind its name. */
const FAULTS: readonly (readonly [string, () => string, string])[] = [
  ['a folder', () => folder, ': expected a finding file; it is a folder.'],
  ['nothing', path, ': expected a finding file; there is no such file.'],
  ['an empty name', () => '', "'': expected a finding file; there is no such file."],
  ['below a file', () => join(file('{}'), 'below'), ': expected a finding file; there is no such file.'],
  ['a name of 300 letters', () => path('x'.repeat(300)), ': expected a finding file; the name is too long for one.'],
  ['links in a circle', circle, ': expected a finding file; its links lead in a circle.'],
  ['an empty file', () => file(''), ': expected a finding file; it is empty.'],
  ['a byte order mark alone', () => file('\uFEFF'), ':1:1: expected JSON; the file ends.'],
  ['600 MB', () => sized(600 * 2 ** 20), ': expected a finding file of at most 64 MB; it has 600 MB.'],
  ['a device without end', () => '/dev/zero', ': expected a finding file of at most 64 MB; more came.'],
  ['a device with nothing in it', () => '/dev/null', ': expected a finding file; it is empty.'],
  ['a pipe that nobody writes to', pipe, ': expected a finding file; it is a pipe that nobody writes to.'],
  ['UTF-16', () => file(inUtf16('{}')), ': expected a finding file; it is in UTF-16: save it in UTF-8.'],
  [
    'UTF-16 without a mark',
    () => file(inUtf16('{}').subarray(2)),
    ': expected a finding file; it is no text in UTF-8.',
  ],
  [
    'a packed file',
    () => file(new Uint8Array([0x1f, 0x8b, 8])),
    ': expected a finding file; it is compressed: unpack it with gzip -d.',
  ],
  ['5,000 brackets', () => file('['.repeat(5_000)), ':1:101: expected JSON of at most 100 levels; came more.'],
  [
    '5,000 brackets that close',
    () => file(`${'['.repeat(5_000)}${']'.repeat(5_000)}`),
    ': not a finding: expected an object; came [[[',
  ],
  [
    'a million brackets',
    () => file(`\n${'[{"a":'.repeat(500_000)}`),
    ':2:301: expected JSON of at most 100 levels; came more.',
  ],
  [
    'brackets in a string',
    () => file(`"${'[\\"'.repeat(500_000)}"`),
    ': not a finding: expected an object; came "[\\"[',
  ],
  ['a string of 5 MB', () => file(`"${'x'.repeat(5e6)}"`), ': not a finding: expected an object; came "xxx'],
  ['a string of 5 MB without an end', () => file(`"${'x'.repeat(5e6)}`), ':1:1: expected JSON; came "\\"xxx'],
  [
    'a format of 5 MB',
    () => file(`{"format": "irqbypass-spec/${'x'.repeat(5e6)}"}`),
    ': expected a finding; the file says that it holds "irqbypass-spec/xxx',
  ],
  [
    'a property of 5 MB',
    () => file(`{"${'x'.repeat(5e6)}": 1}`),
    ': not a finding: at format, expected "irqbypass-spec/finding/1"; came nothing; ',
  ],
  [
    'a million mistakes',
    () => file(`{"forms": [${'0,'.repeat(1e6)}0]}`),
    ': not a finding: at format, expected "irqbypass-spec/finding/1"; came nothing.',
  ],
  ['Windows line ends', () => file('{\r\n  "a": oops\r\n}'), ':2:8: expected JSON; came "oops\\r\\n}".'],
  ['escapes', () => file('[\u001b[31m\u202E]'), ':1:2: expected JSON; came "\\u001b[31m\\u202e]".'],
  [
    'escapes in a value',
    () => file('"\u009b31m\u202E"'),
    ': not a finding: expected an object; came "\\u009b31m\\u202e".',
  ],
];

it.each(FAULTS)('a finding file that is %s', (_, make, said) => {
  const made = make();
  const { line, status } = refusal(() => readFindingFile(made));
  expect(line.slice(0, said.startsWith("'") ? undefined : made.length + said.length)).toBe(
    said.startsWith("'") ? said : `${made}${said}`,
  );
  expect(line.length).toBeLessThan(1_000);
  expect(status).toBe(2);
});

it('a name cannot do anything to a terminal either', () => {
  expect(refusal(() => readBaselineFile('\u001b[31mx\nno\u202E\u009b')).line).toBe(
    'x\\nno\\u202e\\u009b: expected a baseline file; there is no such file.',
  );
});

it('a store that is a file', () => {
  const made = file('');
  expect(refusal(() => filesIn(made)).line).toBe(`${made}: expected a folder of findings; it is a file.`);
});

it('a recording in UTF-16, and a trace that is none', () => {
  const made = file(inUtf16('# tracer: nop\n'));
  expect(refusal(() => readEvidence([made])).line).toContain('it is in UTF-16');
  expect(refusal(() => readEvidence([file(`${' '.repeat(100_000)}x`)])).line).toContain(':1:100001: expected JSON;');
});

it('what comes through a pipe is looked at as often as need be', () => {
  const trace = '{"objects": [], "events": []}';
  const made = pipe();
  spawnSync('sh', ['-c', `printf '%s' '${trace}' > ${made} &`], { stdio: 'ignore' });
  expect(refusal(() => readFoundFile(made)).line).toContain('not a finding');
  expect(refusal(() => readFindingFile(made)).line).toContain('not a finding');
  expect(readEvidence([made]).traces).toHaveLength(1);
});

it('a mark, Windows line ends and a recording are read', () => {
  expect(readEvidence([file('\uFEFF{"objects": [],\r\n"events": []}\r\n')]).traces).toHaveLength(1);
  expect(readEvidence([file('# tracer: nop\r\n#\r\n')]).recordings).toHaveLength(1);
});

/** The first line with which reading is refused, and the exit status. */
function refusal(read: () => unknown): { readonly line: string; readonly status: number | undefined } {
  try {
    read();
    return { line: 'accepted', status: 0 };
  } catch (error) {
    return { line: (error as Error).message.split('\n')[0] ?? '', status: exitCodeOf(error) };
  }
}

it('a store has the files of its folder; none where there is no folder', () => {
  const store = path('store');
  expect(filesIn(store)).toEqual([]);
  mkdirSync(join(store, 'b.json'), { recursive: true });
  writeFileSync(join(store, 'a.json'), '');
  writeFileSync(join(store, '.gitignore'), '');
  expect(filesIn(store)).toEqual([join(store, 'a.json'), join(store, 'b.json')]);
});
