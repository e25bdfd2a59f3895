/** The mark of a mutant, and what a warning quotes of the source: neither gets into a trace that is judged. */
import { expect, test } from 'vitest';
import type { Event } from '../../spec/vocabulary.js';
import type { Target } from '../../src/targets/target.js';
import { MARK, MarkedTarget } from './marked.js';

const text = MARK.slice(MARK.indexOf('"') + 1, MARK.lastIndexOf('"'));
const call: Event = { type: 'call', operation: 'unregisterProducer', object: 'p0' };

/** A target that answers every program with the same events. */
function answering(...events: readonly Event[]): Target {
  return {
    address: 'made up',
    hello: { type: 'hello', protocol: 1, name: 'made up', version: '1', language: 'none', capabilities: [] },
    run: async (programs) => programs.map(() => ({ events })),
    close: async () => undefined,
  };
}

const program = { objects: [], lanes: [[]] };

test('a mark tells that the changed place was run, and is taken out', async () => {
  const target = new MarkedTarget(answering(call, { type: 'log', level: 'info', text }, { type: 'return' }));
  expect(target.reached).toBe(false);
  expect(await target.run([program])).toEqual([{ events: [call, { type: 'return' }] }]);
  expect(target.reached).toBe(true);
});

test('a warning stays, without what it quotes', async () => {
  const target = new MarkedTarget(
    answering(call, { type: 'log', level: 'warning', text: 'WARN_ON(sow(bed, 3) != (int)seed) in garden' }),
  );
  expect(await target.run([program])).toEqual([
    { events: [call, { type: 'log', level: 'warning', text: 'WARN_ON in garden' }] },
  ]);
  expect(target.reached).toBe(false);
});
