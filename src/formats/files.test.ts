import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { BadInput } from './errors.js';
import { placeOf, syntaxErrorAt } from './json.js';
import { layOut } from './layout.js';
import { readBaselineFile, readFindingFile, readTraceFile } from './read.js';

const folder = mkdtempSync(join(tmpdir(), 'irqbypass-spec-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The message with which a text is refused, without the name of the folder. */
function refusal(read: (path: string) => unknown, text: string | undefined): string {
  const path = join(folder, 'file.json');
  rmSync(path, { force: true });
  if (text !== undefined) writeFileSync(path, text);
  try {
    read(path);
    return 'accepted';
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    return error.message.replaceAll(`${folder}/`, '');
  }
}

it('a missing file', () => {
  expect(refusal(readTraceFile, undefined)).toBe('file.json: expected a trace file; there is no such file.');
});

it('a file that is not JSON: with line and column', () => {
  expect(refusal(readBaselineFile, '{\n  "format": oops\n}')).toBe(
    [
      'file.json:2:13: expected JSON; came "oops\\n}".',
      'A baseline file is written by "irqbypass-spec baseline".',
    ].join('\n'),
  );
});

it('a file that breaks off', () => {
  expect(refusal(readFindingFile, '{"format": [1, 2')).toBe(
    ['file.json:1:17: expected JSON; the file ends.', 'A finding file is written by "irqbypass-spec run".'].join('\n'),
  );
});

it('a file that holds something else', () => {
  expect(refusal(readTraceFile, '{"objects": [], "events": [{"type": "leave", "object": "p0"}]}')).toBe(
    [
      'file.json: not a trace: at events[0].callback, expected one of "stop", "start", "addConsumer", "delConsumer", "addProducer", "delProducer"; came nothing.',
      'A trace file is written by a recorder or taken from a finding (forms[].trace).',
      'See spec/schemas/trace.schema.json and spec/vocabulary.ts.',
    ].join('\n'),
  );
});

it('a file that says that it is something else', () => {
  expect(refusal(readTraceFile, '{"format": "irqbypass-spec/finding/1", "name": "0123456789ab"}')).toBe(
    [
      'file.json: expected a trace; the file says that it holds "irqbypass-spec/finding/1".',
      'A trace file is written by a recorder or taken from a finding (forms[].trace).',
      'See spec/schemas/trace.schema.json and spec/vocabulary.ts.',
    ].join('\n'),
  );
});

it('a trace is read', () => {
  expect(refusal(readTraceFile, '\uFEFF{"objects": [], "events": []}')).toBe('accepted');
});

it.each([
  '',
  '{',
  '[1,]',
  '{"a":1,}',
  '{"a" 1}',
  '{1:2}',
  '[1 2]',
  '[1}',
  'nul',
  '"a\nb"',
  '"\\x"',
  '01',
  '1 1',
  ']',
  ',',
  '{"a":}',
  '[,1]',
  '-',
])('JSON.parse refuses %j, and there is a place for it', (text) => {
  expect(() => JSON.parse(text)).toThrow();
  const at = syntaxErrorAt(text);
  // Everything before the place can be the beginning of JSON; with the character there it no longer can.
  expect(at === text.length || syntaxErrorAt(text.slice(0, at + 1)) === at).toBe(true);
  expect(syntaxErrorAt(text.slice(0, at))).toBe(at);
});

it.each(['{"a":[1,-2.5e3,true,null,"\\u00e9\\n"],"b":{}}', ' [ ] ', '0', '""'])('%j has no wrong place', (text) => {
  expect(JSON.parse(text)).toBeDefined();
  expect(syntaxErrorAt(text)).toBe(text.length);
});

it('places are counted from 1', () => {
  expect(placeOf('ab\ncd', 0)).toEqual({ line: 1, column: 1 });
  expect(placeOf('ab\ncd', 4)).toEqual({ line: 2, column: 2 });
});

it('an operation is a line, and what is undefined is left out', () => {
  const call = { operation: 'registerProducer', object: 'p0', token: null, irq: 33 };
  const value = { format: 'x', none: undefined, empty: [], lanes: [[call, call, call]] };
  expect(layOut(value)).toBe(
    [
      '{',
      '  "format": "x",',
      '  "empty": [],',
      '  "lanes": [',
      '    [',
      '      {"operation": "registerProducer", "object": "p0", "token": null, "irq": 33},',
      '      {"operation": "registerProducer", "object": "p0", "token": null, "irq": 33},',
      '      {"operation": "registerProducer", "object": "p0", "token": null, "irq": 33}',
      '    ]',
      '  ]',
      '}',
      '',
    ].join('\n'),
  );
  expect(JSON.parse(layOut(value))).toEqual(JSON.parse(JSON.stringify(value)));
});
