/** Differences between two sides: complete on the scope, smallest, and none where there is none. */
import { describe, expect, test } from 'vitest';
import { type Difference, diff } from './diff.js';
import { renderDifferences } from './render.js';
import { openSide } from './side.js';

async function between(left: string, right: string, length = 4): Promise<readonly Difference[]> {
  const [a, b] = [await openSide(left, () => undefined), await openSide(right, () => undefined)];
  return diff(a.side, b.side, length, a.starves && b.starves);
}

const told = (differences: readonly Difference[]) =>
  differences.map(
    ({ about, program }) =>
      `${about}: ${program.lanes[0]?.map(({ operation, object }) => `${operation} ${object}`).join(', ')}`,
  );

describe('two profiles', () => {
  test('linux-4.7 and linux-6.17 differ in the null token and in registering twice, and in nothing else', async () => {
    expect(told(await between('linux-4.7', 'linux-6.17'))).toEqual([
      'null-token: registerProducer p0',
      'null-token: registerConsumer c0',
      'registered: registerProducer p0, registerProducer p0',
      'registered: registerProducer p0, registerProducer p0',
      'registered: registerConsumer c0, registerConsumer c0',
      'registered: registerConsumer c0, registerConsumer c0',
    ]);
  });

  test('linux-4.7 and linux-5.9 intend the same', async () => {
    expect(await between('linux-4.7', 'linux-5.9', 3)).toEqual([]);
  });
});

describe('a profile and a target', () => {
  test('the reference does what the model of its profile says', async () => {
    expect(await between('linux-4.7', 'reference:linux-4.7', 3)).toEqual([]);
  });

  test('linux-5.9 as it was: both defects, from either side, and what is left of them', async () => {
    const differences = await between('linux-4.7', 'mutant:linux-5.9', 2);
    expect(new Set(differences.map(({ about }) => about))).toEqual(new Set(['peer-waiting', 'connect-fails']));
    for (const { program } of differences) expect(program.lanes[0]).toHaveLength(2);
  });

  test('no program in the list contains another', async () => {
    const differences = await between('linux-4.7', 'mutant:rekey', 3);
    const lanes = differences.map(({ program }) => JSON.stringify([program.objects, program.lanes]));
    expect(new Set(lanes).size).toBe(lanes.length);
    expect(differences.length).toBeGreaterThan(0);
  });
});

test('the text marks the first difference', async () => {
  const [first] = await between('linux-4.7', 'linux-6.17', 1);
  expect(first && renderDifferences([first], 'linux-4.7', 'linux-6.17', 'pretty')).toMatchInlineSnapshot(`
    "the null token: 1 smallest program

      p0: no callbacks
      registerProducer p0 under the null token, irq 1
      linux-4.7                                          linux-6.17
      registerProducer p0 under the null token, irq 1    registerProducer p0 under the null token, irq 1
    >   returns -22 (-EINVAL)                              returns 0

    1 smallest programs tell linux-4.7 and linux-6.17 apart.
    "
  `);
});
