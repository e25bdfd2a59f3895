/** The messages that spec/protocol.md shows are those that the schemas know. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../files/root.js';
import { validate } from './validate.js';

const page = readFileSync(join(packageRoot, 'spec', 'protocol.md'), 'utf8');

/** The messages of the page: `>` is said by the kit and `<` by a target; a line that goes on is indented further. */
const shown = [...page.matchAll(/^ {4}([<>]) (.*(?:\n {7}.*)*)/gm)].map(([, who = '', text = '']) => ({
  kind: who === '>' ? ('request' as const) : ('target-message' as const),
  message: JSON.parse(text) as unknown,
}));

test('each message of the page is valid', () => {
  for (const { kind, message } of shown) {
    expect(validate(kind, message), JSON.stringify(message)).toEqual({ ok: true, value: message });
  }
  expect(shown.length).toBeGreaterThanOrEqual(4);
});

test('the page names every operation', () => {
  const schema = readFileSync(join(packageRoot, 'spec', 'schemas', 'program.schema.json'), 'utf8');
  const named = /"const": "((?:un)?register\w+|overwrite\w+|wipe\w+)"/g;
  const operations = new Set([...schema.matchAll(named)].map(([, name = '']) => name));
  expect(operations.size).toBe(6);
  for (const operation of operations) expect(page, operation).toContain(`\`${operation}\``);
});
