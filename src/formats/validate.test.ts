import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import { expect, it } from 'vitest';
import { type Kind, kindNames, schemaFile, schemaFolder } from '../schemas/kinds.js';
import { describe as inWords } from './problems.js';
import { validate } from './validate.js';

/** What is said of a value that is not of a kind. */
function complaint(kind: Kind, value: unknown): string {
  const validated = validate(kind, value);
  return validated.ok ? 'valid' : inWords(validated.problems);
}

const objects = [
  { id: 'p0', callbacks: [] },
  { id: 'c0', callbacks: ['addProducer', 'delProducer'] },
];
const program = (...operations: readonly unknown[]) => ({ objects, lanes: [operations] });

it.each(kindNames)(
  'the schema of a %s passes the strict mode of ajv and the meta-schema, without any option',
  (kind) => {
    const ajv = new Ajv.Ajv({ strict: true });
    const schema = JSON.parse(readFileSync(join(schemaFolder, schemaFile(kind)), 'utf8'));
    expect(ajv.compile(schema)).toBeTypeOf('function');
  },
);

it('what is valid is given back as it is', () => {
  const value = program(
    { operation: 'registerProducer', object: 'p0', token: null, irq: 33, memory: 'none' },
    { operation: 'wipeObject', object: 'c0' },
  );
  const validated = validate('program', value);
  expect(validated.ok && validated.value).toBe(value);
});

it.each<readonly [Kind, string, unknown, string]>([
  ['program', 'nothing', null, 'expected an object; came null.'],
  ['program', 'no lanes', { objects: [] }, 'at lanes, expected a list; came nothing.'],
  [
    'program',
    'an operation that there is not',
    program({ operation: 'register', object: 'p0' }),
    'at lanes[0][0].operation, expected one of "registerProducer", "registerConsumer", "unregisterProducer", "unregisterConsumer", "overwriteToken", "wipeObject"; came "register".',
  ],
  [
    'program',
    'a producer id that is a consumer id',
    program({ operation: 'unregisterProducer', object: 'c0' }),
    'at lanes[0][0].object, expected a string such as p0; came "c0".',
  ],
  [
    'program',
    'an id with more than digits behind the letter',
    program({ operation: 'unregisterProducer', object: 'p1e3' }),
    'at lanes[0][0].object, expected a string such as p0; came "p1e3".',
  ],
  [
    'program',
    'a token that is a number',
    program({ operation: 'registerConsumer', object: 'c0', token: 4 }),
    'at lanes[0][0].token, expected a string such as t0 or null; came 4.',
  ],
  [
    'program',
    'a property too many',
    program({ operation: 'unregisterConsumer', object: 'c0', tokn: 't0' }),
    'at lanes[0][0].tokn, expected no such property (there are operation and object); came "t0".',
  ],
  [
    'program',
    'an object that is neither',
    { objects: [{ id: 'x0', callbacks: [] }], lanes: [] },
    'at objects[0].id, expected a string such as p0 or c0; came "x0".',
  ],
  [
    'program',
    'a callback of the other role',
    { objects: [{ id: 'p0', callbacks: ['addProducer'] }], lanes: [] },
    'at objects[0].callbacks[0], expected one of "stop", "start", "addConsumer", "delConsumer"; came "addProducer".',
  ],
  [
    'target-message',
    'a message that there is not',
    { type: 'result' },
    'at type, expected one of "hello", "trace", "event", "error"; came "result".',
  ],
  ['target-message', 'a text', 'ready', 'expected an object; came "ready".'],
  [
    'target-message',
    'a status in quotes',
    { type: 'trace', id: 1, index: 0, events: [{ type: 'return', status: '0' }] },
    'at events[0].status, expected a whole number; came "0".',
  ],
  [
    'target-message',
    'a call without its operation',
    { type: 'trace', id: 1, index: 0, events: [{ type: 'call', object: 'p0' }] },
    'at events[0].operation, expected one of "registerProducer", "registerConsumer", "unregisterProducer", "unregisterConsumer", "overwriteToken", "wipeObject"; came nothing.',
  ],
  [
    'hello',
    'several mistakes',
    { type: 'hello', protocol: 2, name: 'm', version: 1, language: 'c', capabilities: ['fast'], facts: { a: 1 } },
    'at protocol, expected 1; came 2; at version, expected a string; came 1; at capabilities[0], expected one of "allocation-failure", "null-token", "missing-mandatory", "object-memory", "reentry", "lanes", "data-races", "producer", "consumer", "irq-actions", "emulated-irqchip"; came "fast"; and 1 more.',
  ],
])('%s with %s', (kind, _, value, text) => {
  expect(complaint(kind, value)).toBe(text);
});

it('a long value is cut off', () => {
  expect(complaint('program', 'x'.repeat(500))).toMatch(/^expected an object; came "x{76}\.\.\.\.$/);
});
