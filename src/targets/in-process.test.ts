/** Targets in this process. */
import { expect, test } from 'vitest';
import { createReferenceManager } from '../../reference/index.js';
import { core } from '../../spec/profiles/core.js';
import type { Program } from '../../spec/vocabulary.js';
import { objectWith, registering } from '../../spec/vocabulary.js';
import { play } from './in-process.js';

test('a callback that calls the manager without end is stopped at the same place, however large the stack is', () => {
  const inner = registering('c0', 't0', 1);
  const objects = [
    { ...objectWith('p0', ['stop']), reenters: [{ callback: 'stop', operation: inner }] },
    objectWith('c0', ['addProducer', 'delProducer']),
  ] as const;
  const program: Program = { objects, lanes: [[registering('p0', 't0', 1), inner]] };
  const events = play(program, (environment) => createReferenceManager(core, environment));
  expect(events.at(-1)).toEqual({ type: 'crash', detail: 'Error: callbacks call it from inside it, 16 deep' });
  expect(events.filter(({ type }) => type === 'call')).toHaveLength(1 + 16);
});
