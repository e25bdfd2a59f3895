/** A trace that cannot be a record of anything is refused as such: nobody is charged, and the spec is not blamed. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { callbackNames, isAdd, passesCounterpart, showsIrq } from '../../spec/callbacks.js';
import type { Report } from '../../spec/formats/results.js';
import type { Profile } from '../../spec/profile.js';
import { core } from '../../spec/profiles/core.js';
import { profiles } from '../../spec/profiles/index.js';
import { enact } from '../../spec/reading/enact.js';
import { rules } from '../../spec/rules/index.js';
import type { CallbackName, Event, ObjectId, ProgramObject, Trace } from '../../spec/vocabulary.js';
import { objectWith, roleOf } from '../../spec/vocabulary.js';
import { check } from './check.js';

function judge(trace: Trace, profile: Profile = core): Report {
  const heading = { command: 'check', target: 'trace', hello: null, seed: null } as const;
  return check({ traces: [{ name: 'trace', trace }], recordings: [] }, profile, rules, true, () => 0, heading);
}

const good: Trace = enact(
  {
    objects: [objectWith('p0', ['addConsumer', 'delConsumer']), objectWith('c0', ['addProducer', 'delProducer'])],
    lanes: [
      [
        { operation: 'registerProducer', object: 'p0', token: 't0', irq: 33 },
        { operation: 'registerConsumer', object: 'c0', token: 't0' },
        { operation: 'unregisterConsumer', object: 'c0' },
      ],
    ],
  },
  core,
);

const crash: Event = { type: 'crash', detail: 'BUG' };
const without = (...places: readonly number[]): Trace => ({
  ...good,
  events: good.events.filter((_, at) => !places.includes(at)),
});
const withEvent = (at: number, ...events: readonly Event[]): Trace => ({
  ...good,
  events: [...good.events.slice(0, at), ...events, ...good.events.slice(at)],
});
const place = (type: Event['type'], count = 0) =>
  good.events.flatMap((event, at) => (event.type === type ? [at] : []))[count] ?? -1;

describe('refused, and nobody is charged:', () => {
  test('the trace that the others are made from is not', () => {
    expect(judge(good)).toMatchObject({ exit: 0, faults: [] });
  });

  test.each<[string, Trace, RegExp]>([
    [
      'a return before any call',
      withEvent(0, { type: 'return', status: 0 }),
      /events\[0\], a call returns that was not made/,
    ],
    ['a crash before any call', withEvent(0, crash), /events\[0\], a crash comes before any call/],
    ['a callback before any call', withEvent(0, { type: 'enter', callback: 'stop', object: 'c0' }), /before any call/],
    [
      'a call inside a callback, which is undefined',
      withEvent(place('enter') + 1, good.events[0] ?? crash),
      /undefined/,
    ],
    ['events after a crash', withEvent(2, crash), /events\[3\], it comes after the crash in events\[2\]/],
    [
      'events after a hang',
      withEvent(2, { type: 'hang', detail: '' }),
      /events\[3\], it comes after the hang in events\[2\]/,
    ],
    ['two calls without a return', without(place('return')), /registerConsumer is called inside registerProducer/],
    ['a leave without an enter', without(place('enter')), /is left, and was not entered/],
    ['an enter without a leave', without(place('leave')), /is entered inside|a call returns inside/],
    ['a call that does not return', without(good.events.length - 1), /does not return: unregisterConsumer of events/],
    ['an object that there is not', { ...good, objects: good.objects.slice(1) }, /there is no object p0/],
    ['an object twice', { ...good, objects: [...good.objects, ...good.objects] }, /have p0 twice/],
    [
      'a registration without its status',
      { ...good, events: good.events.map((event): Event => (event.type === 'return' ? { type: 'return' } : event)) },
      /registerProducer returns without its status/,
    ],
  ])('%s', (_, trace, text) => {
    const report = judge(trace);
    expect(report.faults[0]?.text).toMatch(text);
    expect(report).toMatchObject({ exit: 2, findings: [] });
  });

  test('a trace cut behind any of its events', () => {
    for (let to = 0; to < good.events.length; to++) {
      expect([to, judge({ ...good, events: good.events.slice(0, to) }).findings]).toEqual([to, []]);
    }
  });

  test('a trace without any one of its events', () => {
    // What is left without a whole call, or a whole callback, could be; here it is one event.
    for (let at = 0; at < good.events.length; at++) expect([at, judge(without(at)).exit]).toEqual([at, 2]);
  });
});

test('whatever a trace holds, it is judged or refused; that the spec contradicts itself is never said', () => {
  const ids: readonly ObjectId[] = ['p0', 'p1', 'c0', 'c1'];
  const objects = ids.map(
    (id): ProgramObject =>
      objectWith(
        id,
        callbackNames.filter((name) => isOf(name, id)),
      ),
  );
  const choices = fc.array(fc.nat(), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(choices, fc.constantFrom(...profiles), (numbers, profile) => {
      const events = someEvents(numbers, ids);
      const texts = judge({ objects, events }, profile).faults.map(({ text }) => text);
      expect(texts.filter((text) => text.includes('contradicts'))).toEqual([]);
    }),
    { numRuns: 3_000, seed: 1 },
  );
});

function isOf(callback: CallbackName, object: ObjectId): boolean {
  const isProducers = callback === 'addConsumer' || callback === 'delConsumer';
  const isConsumers = callback === 'addProducer' || callback === 'delProducer';
  return roleOf(object) === 'producer' ? !isConsumers : !isProducers;
}

/** Events that mostly can follow one another, and sometimes cannot. */
function someEvents(numbers: readonly number[], ids: readonly ObjectId[]): readonly Event[] {
  const events: Event[] = [];
  let rest = [...numbers];
  const take = (most: number): number => {
    const [first = 0, ...others] = rest;
    rest = others;
    return first % most;
  };
  let call: Event | undefined;
  let entered: (Event & { type: 'enter' }) | undefined;
  while (rest.length > 0) {
    const isOdd = take(40) === 0;
    const object = ids[take(ids.length)] ?? 'p0';
    if ((call === undefined) !== isOdd) {
      call = someCall(object, take);
      events.push(call);
    } else if (entered !== undefined && !isOdd) {
      const { callback } = entered;
      const result = isAdd(callback) ? { result: take(3) === 0 ? -5 : 0 } : {};
      events.push({ type: 'leave', callback, object: entered.object, ...result });
      entered = undefined;
    } else if (take(2) === 0) {
      const callbacks = callbackNames.filter((name) => isOf(name, object));
      const callback = callbacks[take(callbacks.length)] ?? 'stop';
      const others = ids.filter((id) => roleOf(id) !== roleOf(object));
      const counterpart = passesCounterpart(callback) ? { counterpart: others[take(2)] ?? 'c0' } : {};
      entered = { type: 'enter', callback, object, ...counterpart, ...(showsIrq(callback) ? { irq: take(3) } : {}) };
      events.push(entered);
    } else {
      const registers = call?.type === 'call' && call.operation.startsWith('register');
      events.push(
        take(30) === 0 ? crash : { type: 'return', ...(registers ? { status: [0, 0, -16, -22][take(4)] ?? 0 } : {}) },
      );
      call = undefined;
    }
  }
  return events;
}

function someCall(object: ObjectId, take: (most: number) => number): Event {
  const token = (['t0', 't1', null] as const)[take(3)] ?? null;
  const registers = take(2) === 0;
  if (object.startsWith('p')) {
    const producer = object as `p${number}`;
    return registers
      ? { type: 'call', operation: 'registerProducer', object: producer, token, irq: take(3) }
      : { type: 'call', operation: 'unregisterProducer', object: producer };
  }
  const consumer = object as `c${number}`;
  return registers
    ? { type: 'call', operation: 'registerConsumer', object: consumer, token }
    : { type: 'call', operation: 'unregisterConsumer', object: consumer };
}
