import { expect, it } from 'vitest';
import type { FirstDifference } from '../../spec/formats/results.js';
import type { Event } from '../../spec/vocabulary.js';
import { managerDescription, objectText, operationText, programText, statusText, traceText } from './format.js';
import { clip, grouped, shellWord, wrap } from './text.js';

it('statuses have the names that Linux gives them', () => {
  expect([0, -5, -16, -22, 7, -999].map(statusText)).toEqual([
    '0',
    '-5 (-EIO)',
    '-16 (-EBUSY)',
    '-22 (-EINVAL)',
    '7',
    '-999',
  ]);
});

it('operations read as they are called', () => {
  expect(operationText({ operation: 'registerProducer', object: 'p0', token: 't0', irq: 33 })).toBe(
    'registerProducer p0 under t0, irq 33',
  );
  expect(operationText({ operation: 'registerConsumer', object: 'c0', token: null, memory: 'none' })).toBe(
    'registerConsumer c0 under the null token, without memory',
  );
  expect(operationText({ operation: 'overwriteToken', object: 'p0', token: 't1' })).toBe('overwriteToken p0 with t1');
});

it('objects say what they have, what they return and what they call', () => {
  expect(objectText({ id: 'p0', callbacks: [], results: [0, 0] })).toBe('p0: no callbacks');
  expect(
    objectText({
      id: 'c0',
      callbacks: ['addProducer'],
      results: [-5, 7],
      reenters: [{ callback: 'addProducer', operation: { operation: 'unregisterProducer', object: 'p0' } }],
    }),
  ).toBe('c0: addProducer; addProducer returns -5 (-EIO), then 7, then 0; addProducer calls unregisterProducer p0');
});

it('several lanes have headings', () => {
  const unregister = { operation: 'unregisterProducer', object: 'p0' } as const;
  expect(programText({ objects: [], lanes: [[unregister], [unregister]] })).toEqual([
    'lane 0',
    '1  unregisterProducer p0',
    'lane 1',
    '1  unregisterProducer p0',
  ]);
});

const call: Event = { type: 'call', operation: 'unregisterProducer', object: 'p0' };
const enter: Event = { type: 'enter', callback: 'stop', object: 'p0' };
const leave: Event = { type: 'leave', callback: 'stop', object: 'p0' };
const done: Event = { type: 'return' };

it('a callback is one line, unless something happens inside it', () => {
  expect(traceText([call, enter, leave, done]).map(({ text }) => text)).toEqual([
    'unregisterProducer p0',
    '  p0.stop()',
    '  returns',
  ]);
  expect(traceText([call, enter, { ...call, lane: 1 }, leave]).map(({ text }) => text)).toEqual([
    '[0] unregisterProducer p0',
    '[0]   p0.stop() ...',
    '                    [1] unregisterProducer p0',
    '[0]   p0.stop returns',
  ]);
});

/** The rows as texts. */
function rows(events: readonly Event[], difference?: FirstDifference): readonly string[] {
  const trace = { objects: [], events };
  return managerDescription
    .beside(difference === undefined ? { trace } : { trace, difference })
    .map(({ happened, allowed, marked }) =>
      allowed === undefined ? happened : `${happened} ${marked ? '<--' : '|'} ${allowed}`,
    );
}

it('a trace that ends too early', () => {
  const difference = { at: 2, call: 0, expected: [leave], allowed: [[call, enter, leave, done]] };
  expect(rows([call, enter], difference)).toEqual([
    'unregisterProducer p0',
    '  p0.stop() ...',
    '  (the trace ends) <--   returns',
  ]);
});

it('something where nothing more was allowed', () => {
  const difference = { at: 1, call: -1, expected: [], allowed: [] };
  expect(rows([{ type: 'log', level: 'info', text: 'hello' }, done], difference)).toEqual([
    '  logs a line: hello',
    '  returns <--   (nothing more)',
  ]);
});

it('of several ways, the one that was followed furthest; and the alternatives at the difference', () => {
  const start: Event = { type: 'enter', callback: 'start', object: 'p0' };
  const started: Event = { type: 'leave', callback: 'start', object: 'p0' };
  const ways = [
    [call, { type: 'return', status: -22 } as const],
    [call, enter, leave, start, started, done],
  ];
  expect(rows([call, enter, leave, done], { at: 3, call: 0, expected: [start], allowed: ways })).toEqual([
    'unregisterProducer p0',
    '  p0.stop()',
    '  returns <--   p0.start()',
    ' |   returns',
  ]);
  const statuses = [-16, -22].map((status): Event => ({ type: 'return', status }));
  expect(
    rows([call, done], { at: 1, call: 0, expected: statuses, allowed: [[call, ...statuses.slice(0, 1)]] }),
  ).toEqual(['unregisterProducer p0', '  returns <--   returns -16 (-EBUSY) or returns -22 (-EINVAL)']);
});

it('texts are fitted', () => {
  expect([clip('abcdef', 6), clip('abcdef', 4)]).toEqual(['abcdef', 'abc…']);
  expect(wrap('a bb ccc dddddddd', 5)).toEqual(['a bb', 'ccc', 'dddddddd']);
  expect([7, 999, 1000, 1234567].map(grouped)).toEqual(['7', '999', '1,000', '1,234,567']);
  expect(['exec:./a', "it's here"].map(shellWord)).toEqual(['exec:./a', "'it'\\''s here'"]);
});
