/** Differences between two sides: complete on the scope, smallest, and none where there is none. */
import { describe, expect, test } from 'vitest';
import { diff, Worlds } from '../../src/diff/diff.js';
import { renderDifferences } from '../../src/diff/render.js';
import { openSide } from '../../src/diff/side.js';
import { between, told } from './differences.js';
import { extent } from './extent.js';

/** The longest programs: three operations show most, and four all that is known. */
const LONGEST = extent(3, 3, 4);

describe('two profiles', () => {
  test('linux-4.7 and linux-6.17 differ in the null token and in registering twice, and in nothing else', async () => {
    const differences = await between('linux-4.7', 'linux-6.17', LONGEST);
    expect(told(differences.filter(({ follows }) => !follows))).toEqual([
      'null-token: register p0 null',
      'null-token: register c0 null',
      'registered: register p0 t0, register p0 t0',
      'registered: register p0 t0, register p0 t1',
      'registered: register c0 t0, register c0 t0',
      'registered: register c0 t0, register c0 t1',
      'registered: register p0 t0, register p0 t0 without memory',
      'registered: register c0 t0, register c0 t0 without memory',
    ]);
    // What follows is about the null token that one accepts, and breaks no rule.
    for (const { program, broken } of differences.filter(({ follows }) => follows)) {
      expect(JSON.stringify(program.lanes)).not.toContain('"t0"');
      expect(broken).toEqual({ left: [], right: [] });
    }
  });

  test('linux-4.7 and linux-5.9 intend the same', async () => {
    expect(await between('linux-4.7', 'linux-5.9', 3)).toEqual([]);
  });
});

describe('a profile and a target', () => {
  test('the reference does what the model of its profile says', async () => {
    expect(await between('linux-4.7', 'reference:linux-4.7', 3)).toEqual([]);
  });

  test('linux-5.9 as it was: both defects, by rule, from either side', async () => {
    const differences = await between('linux-4.7', 'mutant:linux-5.9', 2);
    expect(new Set(differences.map(({ about }) => about))).toEqual(new Set(['peer-waiting', 'connect-fails']));
    expect(new Set(differences.map(({ broken }) => broken.right[0]))).toEqual(new Set(['BAL-1', 'BAL-2']));
    for (const { program, broken } of differences) {
      expect(program.lanes[0]).toHaveLength(2);
      expect(broken.left).toEqual([]);
    }
  });

  test('what is hidden behind a refusal with another status is found: it re-keys the entry', async () => {
    const differences = await between('linux-6.17', 'mutant:rekey', LONGEST);
    expect(differences.some(({ broken }) => broken.right.includes('TOKEN-7'))).toBe(true);
  });

  test('no program stands in the list twice', async () => {
    const programs = (await between('linux-4.7', 'mutant:rekey', 3)).map(({ program }) => JSON.stringify(program));
    expect(new Set(programs).size).toBe(programs.length);
    expect(programs.length).toBeGreaterThan(0);
  });
});

test('the text marks the first difference', async () => {
  const differences = await between('linux-4.7', 'linux-6.17', 1);
  const one = differences.filter(({ about }) => about === 'null-token').slice(0, 1);
  expect(renderDifferences(one, { left: 'linux-4.7', right: 'linux-6.17' }, 'pretty')).toMatchInlineSnapshot(`
    "A choice, the null token: 1

      p0: no callbacks
      registerProducer p0 under the null token, irq 1
      linux-4.7                                          linux-6.17
      registerProducer p0 under the null token, irq 1    registerProducer p0 under the null token, irq 1
    >   returns -22 (-EINVAL)                              returns 0

    1 smallest program tells linux-4.7 and linux-6.17 apart.
    "
  `);
});

test('the text says by whom a rule is broken', async () => {
  const differences = await between('linux-4.7', 'mutant:linux-5.9', 2);
  const text = renderDifferences(differences, { left: 'linux-4.7', right: 'mutant:linux-5.9' }, 'markdown');
  expect(text).toContain('## BAL-1, connecting that fails, broken by mutant:linux-5.9 (');
});

test('whoever looks at the worlds, the differences are the same', async () => {
  const names = ['linux-4.7', 'mutant:rekey', 'linux-4.7', 'mutant:rekey'];
  const [left, right, otherLeft, otherRight] = await Promise.all(names.map((name) => openSide(name, () => undefined)));
  if (left === undefined || right === undefined || otherLeft === undefined || otherRight === undefined) throw Error();
  const worlds = new Worlds(otherLeft, otherRight, 2);
  const numbers: number[] = [];
  const helper = {
    run: (piece: undefined, number: number) => {
      numbers.push(number);
      return worlds.run(piece, number);
    },
  };
  const together = await diff(left, right, 2, () => undefined, [helper]);
  expect(numbers.length).toBeGreaterThan(0);
  expect(JSON.stringify(together)).toBe(JSON.stringify(await between('linux-4.7', 'mutant:rekey', 2)));
});
