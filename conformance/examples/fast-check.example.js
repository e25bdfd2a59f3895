// A property of one's own, over the programs of the kit: save it as properties.test.js, and run vitest.
import fc from 'fast-check';
import { play } from 'irqbypass-spec';
import { programs } from 'irqbypass-spec/fast-check';
import { createReferenceManager } from 'irqbypass-spec/reference';
import { findProfile } from 'irqbypass-spec/spec';
import { expect, test } from 'vitest';

const core = findProfile('core');
const createManager = (environment) => createReferenceManager(core, environment);

test('whoever stops starts again', () => {
  fc.assert(
    fc.property(programs({ profile: core, capabilities: new Set() }), (program) => {
      const entered = play(program, createManager).filter(({ type }) => type === 'enter');
      for (const { id, callbacks } of program.objects.filter((one) => one.callbacks.includes('start'))) {
        const times = (callback) => entered.filter((one) => one.object === id && one.callback === callback).length;
        if (callbacks.includes('stop')) expect(times('start')).toBe(times('stop'));
      }
    }),
  );
});
