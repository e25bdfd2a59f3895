/** What is seen at one look to be right is right by the schema and is the answer to its program. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { core } from '../../spec/profiles/core.js';
import { enact } from '../../spec/reading/enact.js';
import type { Event, Program } from '../../spec/vocabulary.js';
import { programs } from '../arbitrary.js';
import { validate } from '../formats/validate.js';
import { unfaithful } from './faithful.js';
import { isPlainAnswer } from './plain.js';

/** Whether the schema and the program allow a message. */
function isRight(program: Program, said: unknown): boolean {
  const message = validate('target-message', said);
  return message.ok && message.value.type === 'trace' && unfaithful(program, message.value.events) === undefined;
}

const answerTo = (program: Program) => ({ type: 'trace', id: 1, index: 0, events: enact(program, core).events });
const small = programs({
  profile: core,
  capabilities: new Set(['null-token', 'missing-mandatory', 'allocation-failure']),
});

test('the right answers to programs of one lane are seen to be right', () => {
  let seen = 0;
  fc.assert(
    fc.property(small, (program) => {
      const said = JSON.parse(JSON.stringify(answerTo(program))) as unknown;
      expect(isPlainAnswer(program, said)).toBe(isRight(program, said));
      seen += Number(isPlainAnswer(program, said));
    }),
    { numRuns: 300, seed: 1 },
  );
  expect(seen).toBeGreaterThan(200);
});

/** Something to put in the place of a value. */
const others = fc.constantFrom<unknown>(
  undefined,
  null,
  0,
  -16,
  0.5,
  2 ** 60,
  'p0',
  'c0',
  'c9',
  't1',
  'none',
  'stop',
  'addProducer',
  'return',
  'log',
  [],
  {},
  { type: 'return' },
  { type: 'crash', detail: 'it fell' },
  { type: 'leave', callback: 'stop', object: 'p0' },
);
const members = fc.constantFrom('type', 'operation', 'object', 'token', 'irq', 'memory', 'lane', 'callback', 'result');
const changes = fc.array(
  fc.oneof(
    fc.record({ at: fc.nat(30), put: others }),
    fc.record({
      at: fc.nat(30),
      member: fc.oneof(members, fc.constantFrom('status', 'counterpart', 'x')),
      put: others,
    }),
    fc.record({ at: fc.nat(30), take: fc.nat(2), again: fc.boolean() }),
    fc.record({ member: fc.constantFrom('id', 'index', 'log', 'fault', 'events', 'type'), put: others }),
  ),
  { minLength: 1, maxLength: 2 },
);

/** A message with one or two things wrong, most likely. */
function changed(said: ReturnType<typeof answerTo>, all: readonly object[]): unknown {
  const message = structuredClone(said) as { events: unknown } & Record<string, unknown>;
  for (const change of all as readonly {
    at?: number;
    member?: string;
    put?: unknown;
    take?: number;
    again?: boolean;
  }[]) {
    const { at, member, put, take, again } = change;
    const events = Array.isArray(message.events) ? (message.events as unknown[]) : [];
    const place = at === undefined || events.length === 0 ? 0 : at % events.length;
    if (at === undefined) message[member ?? ''] = put;
    else if (take !== undefined) {
      const gone = events.splice(place, take);
      if (again === true) events.push(...gone, ...gone);
    } else if (member === undefined) events.splice(place, 1, put);
    else events.splice(place, 1, { ...(events[place] as Event | undefined), [member]: put });
  }
  return JSON.parse(JSON.stringify(message));
}

test('what is wrong is never seen to be right, and what is not plain is left to those who judge it', () => {
  let wrong = 0;
  fc.assert(
    fc.property(small, changes, (program, all) => {
      const said = changed(answerTo(program), all);
      const right = isRight(program, said);
      wrong += Number(!right);
      if (isPlainAnswer(program, said)) expect(right).toBe(true);
    }),
    { numRuns: 2_000, seed: 1 },
  );
  expect(wrong).toBeGreaterThan(1_000);
});

test('answers to other programs are left to those who judge them', () => {
  const program: Program = {
    objects: [{ id: 'p0', callbacks: [] }],
    lanes: [[{ operation: 'registerProducer', object: 'p0', token: 't0', irq: 1 }]],
  };
  const said = answerTo(program);
  expect(isPlainAnswer(program, said)).toBe(true);
  expect(isPlainAnswer({ ...program, lanes: [...program.lanes, []] }, said)).toBe(false);
  expect(isPlainAnswer({ ...program, objects: [...program.objects, ...program.objects] }, said)).toBe(false);
  expect(isPlainAnswer({ ...program, lanes: [[]] }, said)).toBe(false);
});
