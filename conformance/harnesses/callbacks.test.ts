/** The harnesses in C name the callbacks of the table, each once, with its type, and no other. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { callbackTable, wholeCallbacks } from '../../spec/callbacks.js';
import type { CallbackName } from '../../spec/vocabulary.js';

const ROLES = ['producer', 'consumer'] as const;
const read = (path: string) => readFileSync(join(import.meta.dirname, path), 'utf8');
const rowsOf = (role: (typeof ROLES)[number]) => wholeCallbacks[role].map((name: CallbackName) => callbackTable[name]);
const kinds = rowsOf('producer').map(({ kind }) => kind.toUpperCase());

/** Each callback of each role: whose it is, its row, and what is called when it is made. */
const rows = ROLES.flatMap((role) =>
  rowsOf(role).map((row) => ({ role, row, adapter: row.roles.length > 1 ? `${role}_${row.c}` : row.c })),
);

/** The groups of every match of a pattern. */
const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, ...groups]) => groups);

describe('irqbypass_adapter.h', () => {
  const header = read('c/irqbypass_adapter.h');

  test('has a bit for each kind, in the order of the table', () => {
    const bits = all(header, /^\tADAPTER_([A-Z]+) = 1 << (\d+),$/gm);
    expect(bits).toEqual(kinds.map((kind, index) => [kind, String(index)]));
  });

  test('has a function for each callback, with what it is passed and what it returns', () => {
    const declared = all(header, /^(\w+) adapter_(\w+)\(struct adapter_(\w+) \*\w+(?:, struct adapter_(\w+) \*\w+)?/gm);
    const expected = rows.map(({ role, row, adapter }) => {
      const other = role === 'producer' ? 'consumer' : 'producer';
      return [row.fallible ? 'int' : 'void', adapter, role, row.passesCounterpart ? other : undefined];
    });
    expect(declared.sort()).toEqual(expected.sort());
  });
});

describe('the library for adapters', () => {
  test('counts the kinds in the order of the table, and so does the agent in the kernel', () => {
    const library = all(read('c/library/internal.h'), /\bCALLBACK_([A-Z]+)\b/g).flat();
    const agent = all(read('linux-kernel/agent/agent.h'), /\bAGENT_(STOP|START|ADD|DEL)\b/g).flat();
    expect(library).toEqual(kinds);
    expect(agent).toEqual(kinds);
  });

  test('writes and reads them by their names', () => {
    const table = /callback_names\[2\]\[CALLBACKS\] = \{([\s\S]*?)^\};/m.exec(read('c/library/output.c'))?.[1] ?? '';
    expect(all(table, /"(\w+)"/g).flat()).toEqual([...wholeCallbacks.consumer, ...wholeCallbacks.producer]);
  });
});

describe.each(['linux-source/caller.c', 'linux-kernel/agent/player.c', 'c/example/manager.c'])('%s', (path) => {
  const text = read(path);

  test('sets the fields of the two structures, and no other', () => {
    const fields = all(text, /\b(producer|consumer)\.(\w+) = callbacks & /g);
    expect(fields.sort()).toEqual(rows.map(({ role, row }) => [role, row.c]).sort());
  });

  test('has a function behind each that returns what it must', () => {
    const functions = all(text, /^static (int|void) on_(\w+)\(struct /gm);
    expect(functions.sort()).toEqual(rows.map(({ row, adapter }) => [row.fallible ? 'int' : 'void', adapter]).sort());
  });
});
