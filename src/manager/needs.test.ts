/** What a small failing program needs, and a common one does not. */
import { expect, test } from 'vitest';
import { core } from '../../spec/profiles/core.js';
import { follow } from '../../spec/reading/follow.js';
import type { Event, Operation, Trace } from '../../spec/vocabulary.js';
import { objectWith, registering, unregistering } from '../../spec/vocabulary.js';
import { needs } from './needs.js';

/** A trace in which nothing is called back, and the last operation ends with a status that it must not end with. */
function failing(operations: readonly Operation[]): Trace {
  const ids = [...new Set(operations.map(({ object }) => object))];
  const events = operations.flatMap((operation, at): readonly Event[] => {
    const status = at === operations.length - 1 ? 7 : 0;
    return [
      { type: 'call', ...operation },
      operation.operation.startsWith('register') ? { type: 'return', status } : { type: 'return' },
    ];
  });
  return { objects: ids.map((id) => objectWith(id, id[0] === 'p' ? [] : ['addProducer', 'delProducer'])), events };
}

const needsOf = (...operations: readonly Operation[]) => {
  const trace = failing(operations);
  return needs(trace, follow(trace, core));
};
const producer = (number: number, token = number) => registering(`p${number}`, `t${token}`, 1);
const producers = (count: number) => Array.from({ length: count }, (_, number) => producer(number));

test('a handful of objects is nothing out of the common', () => {
  expect(needsOf(...producers(4))).toEqual([]);
});

test('a crowd is, with the last operation and before it', () => {
  expect(needsOf(...producers(6))).toEqual([
    '6 producers at once',
    '6 objects at once',
    '5 producers at once',
    '5 objects at once',
  ]);
});

test('what has left again is no part of a crowd, and who is refused is none', () => {
  const leaving = producers(9).flatMap((one) => [one, unregistering(one.object)]);
  expect(needsOf(...leaving, producer(0))).toEqual([]);
  expect(needsOf(...producers(5), producer(5, 4))).toEqual(['5 producers at once', '5 objects at once']);
});

test('tokens of certain names are, where plain ones would do as well', () => {
  expect(needsOf(producer(0, 0), producer(1, 64))).toEqual(['the tokens t0, t64']);
  expect(needsOf(producer(0, 1), producer(1, 0))).toEqual([]);
});
