import { describe, expect, test } from 'vitest';
import { core } from '../../spec/profiles/core.js';
import { rules } from '../../spec/rules/index.js';
import type { Event, ProgramObject, Trace } from '../../spec/vocabulary.js';
import { Judge } from './judge.js';
import { inOneLane } from './order.js';

const objects: readonly ProgramObject[] = [
  { id: 'p0', callbacks: [] },
  { id: 'p1', callbacks: [] },
  { id: 'c0', callbacks: ['addProducer', 'delProducer'] },
  { id: 'c1', callbacks: ['addProducer', 'delProducer'] },
];

const producer = (object: `p${number}`, lane: number, token: `t${number}` = 't0'): Event => ({
  type: 'call',
  lane,
  operation: 'registerProducer',
  object,
  token,
  irq: 7,
});
const consumer = (object: `c${number}`, lane: number, token: `t${number}` = 't0'): Event => ({
  type: 'call',
  lane,
  operation: 'registerConsumer',
  object,
  token,
});
const returns = (lane: number, status?: number): Event => ({
  type: 'return',
  lane,
  ...(status === undefined ? {} : { status }),
});
const enter = (object: `c${number}`, counterpart: `p${number}`, lane: number): Event => ({
  type: 'enter',
  lane,
  callback: 'addProducer',
  object,
  counterpart,
  irq: 7,
});
const leave = (object: `c${number}`, lane: number): Event => ({
  type: 'leave',
  lane,
  callback: 'addProducer',
  object,
  result: 0,
});

/** The operations in the order found, or why there is none, and the rules broken in it. */
function judged(events: readonly Event[]): { readonly order: readonly string[]; readonly broken: readonly string[] } {
  const trace: Trace = { objects, events };
  const ordered = inOneLane(trace, core);
  if ('unordered' in ordered) return { order: [ordered.unordered], broken: [] };
  const order = ordered.trace.events.flatMap((event) => (event.type === 'call' ? [event.object] : []));
  const { breaches } = new Judge(core, rules, true).judge(ordered.trace);
  return { order, broken: [...new Set(breaches.map(({ rule }) => rule))] };
}

describe('the order in which the calls of several lanes took effect', () => {
  test('is that of the callbacks, whichever was called first', () => {
    const events = [
      consumer('c1', 1, 't1'),
      producer('p0', 0),
      consumer('c0', 2),
      returns(0, 0),
      enter('c0', 'p0', 2),
      leave('c0', 2),
      returns(2, 0),
      returns(1, 0),
    ];
    expect(judged(events)).toEqual({ order: ['p0', 'c0', 'c1'], broken: [] });
  });

  test('is, for calls without callbacks, one that explains their statuses', () => {
    const events = [producer('p0', 0), producer('p1', 1), returns(0, -16), returns(1, 0)];
    expect(judged(events)).toEqual({ order: ['p1', 'p0'], broken: [] });
  });

  test('never puts a call before one that had returned when it was called', () => {
    const events = [producer('p0', 0), returns(0, -16), producer('p1', 1), returns(1, 0)];
    expect(judged(events)).toMatchObject({ order: ['p0', 'p1'], broken: expect.arrayContaining(['PAIR-2']) });
  });

  test('does not excuse two that were both accepted under one token', () => {
    const events = [producer('p0', 0), producer('p1', 1), returns(0, 0), returns(1, 0)];
    expect(judged(events).broken).toContain('TOKEN-1');
  });

  test('does not excuse a pair that was not made', () => {
    const events = [producer('p0', 0), consumer('c0', 1), returns(0, 0), returns(1, 0)];
    expect(judged(events).broken).toContain('PAIR-1');
  });

  test('does not excuse callbacks that were mixed: CALL-8', () => {
    const events = [
      producer('p0', 0),
      returns(0, 0),
      producer('p1', 0, 't1'),
      returns(0, 0),
      consumer('c0', 0),
      consumer('c1', 1, 't1'),
      enter('c0', 'p0', 0),
      enter('c1', 'p1', 1),
      leave('c0', 0),
      leave('c1', 1),
      returns(0, 0),
      returns(1, 0),
    ];
    expect(judged(events).broken).toContain('CALL-8');
  });

  test('is not looked for where a lane breaks off', () => {
    expect(judged([producer('p0', 0), producer('p1', 1), returns(0, 0)]).order).toEqual([
      'the operation of lane 1 does not return',
    ]);
  });
});
