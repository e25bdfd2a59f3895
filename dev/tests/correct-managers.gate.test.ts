/** The soak, which says that no rule finds fault with a right manager, can tell when one does. */
import { expect, test } from 'vitest';
import type { Design } from '../../conformance/correct/index.js';
import { designs } from '../../conformance/correct/index.js';
import { findMutant } from '../../conformance/mutants/index.js';
import { soak } from '../soak/soak.js';

test('a manager that is wrong raises the alarm, and ends the soak', async () => {
  const mutant = findMutant('loses-fifth-producer');
  if (mutant === undefined) throw new Error('there is no such mutant');
  const wrong: Design = { ...mutant, capabilities: [] };
  const ends = [];
  for await (const { design, alarm } of soak([...designs.slice(0, 1), wrong], 20_000)) {
    ends.push([design.name, alarm?.exit]);
  }
  expect(ends).toEqual([
    [designs[0]?.name, undefined],
    [mutant.name, 1],
  ]);
});
