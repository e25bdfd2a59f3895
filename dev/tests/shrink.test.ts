/** Making programs small: to the end, in one spelling, and by no more than is asked. */
import { expect, test } from 'vitest';
import { generateProgram } from '../../conformance/generators/program.js';
import { bitsFrom } from '../../conformance/generators/random.js';
import { core } from '../../spec/profiles/core.js';
import type { Program } from '../../spec/vocabulary.js';
import { shrink as shrinkOf } from '../../src/engine/shrink.js';
import { manager } from '../../src/manager/manager.js';
import type { ManagerShape } from '../../src/manager/shape.js';

const shrink = (...given: Parameters<typeof shrinkOf<ManagerShape>> extends [unknown, ...infer Rest] ? Rest : never) =>
  shrinkOf<ManagerShape>(manager, ...given);

const capabilities = new Set(['null-token', 'missing-mandatory', 'allocation-failure'] as const);

/** Programs in which a consumer is registered twice under a token: found in many, and small in one way only. */
const registersTwice = (program: Program): boolean => {
  const seen = new Set<string>();
  return program.lanes.some((lane) =>
    lane.some(
      (operation) =>
        operation.operation === 'registerConsumer' &&
        operation.token !== null &&
        (seen.has(operation.object) || !seen.add(operation.object)),
    ),
  );
};

test('every program that fails for one reason becomes the same smallest one', async () => {
  const bits = bitsFrom(1);
  const smallest = new Set<string>();
  for (let tried = 0; tried < 60; ) {
    const program = generateProgram(bits, { profile: core, capabilities });
    if (!registersTwice(program)) continue;
    tried++;
    smallest.add(JSON.stringify(await shrink(program, async (programs) => programs.map(registersTwice))));
  }
  expect([...smallest]).toEqual([
    JSON.stringify({
      objects: [{ id: 'c0', callbacks: ['addProducer', 'delProducer'] }],
      lanes: [
        [
          { operation: 'registerConsumer', object: 'c0', token: 't0' },
          { operation: 'registerConsumer', object: 'c0', token: 't0' },
        ],
      ],
    }),
  ]);
});

test('a program from which nothing can be taken is left as it is', async () => {
  const program: Program = {
    objects: [{ id: 'p0', callbacks: [] }],
    lanes: [[{ operation: 'registerProducer', object: 'p0', token: 't0', irq: 1 }]],
  };
  expect(await shrink(program, async (programs) => programs.map(() => false))).toEqual(program);
});
