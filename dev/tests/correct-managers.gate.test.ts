/** No false alarm: managers that are right conform, however they are built; and the soak that says so can tell. */
import { describe, expect, test } from 'vitest';
import { type Design, designs } from '../../conformance/correct/index.js';
import { findMutant } from '../../conformance/mutants/index.js';
import { type Soaked, soak } from '../soak/soak.js';

/** Two and a half million operations in all. `npm run soak` goes on to a hundred million. */
const OPERATIONS = 500_000;

describe('no rule finds fault with a right manager', () => {
  test.each(designs.map((design) => [design.name, design.summary, design] as const))(
    '%s: %s',
    async (_, __, design) => {
      const { operations, alarm } = await soaked(design, OPERATIONS);
      expect(alarm?.summary).toBeUndefined();
      expect(operations).toBeGreaterThanOrEqual(OPERATIONS);
    },
    600_000,
  );
});

test('a manager that is wrong raises the alarm', async () => {
  const mutant = findMutant('loses-fifth-producer');
  if (mutant === undefined) throw new Error('there is no such mutant');
  const wrong: Design = { ...mutant, capabilities: [] };
  const { alarm } = await soaked(wrong, 20_000);
  expect(alarm?.exit).toBe(1);
});

/** What came of the last run of a soak. */
async function soaked(design: Design, least: number): Promise<Soaked> {
  let last: Soaked | undefined;
  for await (const one of soak([design], least)) last = one;
  if (last === undefined) throw new Error('nothing was run');
  return last;
}
