/** Differences between two sides: complete on the scope, smallest, and none where there is none. */
import { describe, expect, test } from 'vitest';
import type { Difference } from '../../src/diff/compare.js';
import { diff } from '../../src/diff/diff.js';
import { renderDifferences } from '../../src/diff/render.js';
import { openSide } from '../../src/diff/side.js';
import { extent } from './extent.js';
import { unavailable } from './needs.js';

/** The longest programs: three operations show most, and four all that is known. */
const LONGEST = extent(3, 4);

async function between(left: string, right: string, length = LONGEST): Promise<readonly Difference[]> {
  const [a, b] = [await openSide(left, () => undefined), await openSide(right, () => undefined)];
  try {
    return await diff(a, b, length);
  } finally {
    await Promise.all([a.close(), b.close()]);
  }
}

const NAMES: Readonly<Record<string, string>> = {
  registerProducer: 'register',
  registerConsumer: 'register',
  unregisterProducer: 'unregister',
  unregisterConsumer: 'unregister',
};

const told = (differences: readonly Difference[]) =>
  differences.map(({ about, program }) => {
    const operations = (program.lanes[0] ?? []).map((one) => {
      const token = 'token' in one ? ` ${one.token}` : '';
      const memory = 'memory' in one ? ' without memory' : '';
      return `${NAMES[one.operation] ?? one.operation} ${one.object}${token}${memory}`;
    });
    return `${about}: ${operations.join(', ')}`;
  });

describe('two profiles', () => {
  test('linux-4.7 and linux-6.17 differ in the null token and in registering twice, and in nothing else', async () => {
    const differences = await between('linux-4.7', 'linux-6.17');
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
    const differences = await between('linux-6.17', 'mutant:rekey');
    expect(differences.some(({ broken }) => broken.right.includes('TOKEN-7'))).toBe(true);
  });

  test('no program stands in the list twice', async () => {
    const programs = (await between('linux-4.7', 'mutant:rekey', 3)).map(({ program }) => JSON.stringify(program));
    expect(new Set(programs).size).toBe(programs.length);
    expect(programs.length).toBeGreaterThan(0);
  });
});

const missing = await unavailable('linux-source');

describe.skipIf(missing !== undefined)(`Linux 6.12 and 7.3 (${missing ?? 'their sources are here'})`, () => {
  test('differ in every scenario of the known ones that tells them apart, with the rule that it breaks', async () => {
    const differences = await between('linux-source:debian:6.12', 'linux-source:debian:7.3', 4);
    const lines = told(differences);
    const rulesOf = (line: string) => differences[lines.indexOf(line)]?.broken;
    expect(lines).toContain('no-memory: register p0 t0 without memory');
    expect(lines).toContain('registered: register p0 t0, register p0 t0');
    expect(lines).toContain('null-token: register p0 null, register p1 null');
    expect(lines).toContain('null-token: register p0 null, register c0 null');
    // A duplicate that is unregistered takes the other one's registration away.
    expect(rulesOf('not-registered: register p0 t0, register p1 t0, unregister p1')?.left).toContain('LIFE-2');
    // A failed producer is unregistered after another one took its token.
    expect(rulesOf('not-registered: register c0 t0, register p0 t0, register p1 t0, unregister p0')?.left).toContain(
      'LIFE-4',
    );
    // A refused re-registration re-keys the entry, and the pair's del never comes.
    expect(differences.some(({ about, broken }) => about === 'paired' && broken.left.includes('TOKEN-7'))).toBe(true);
    // A null token cannot be taken back.
    expect(rulesOf('null-token: register p0 null, unregister p0, register p0 null')?.right).toContain('LIFE-7');
    // A token set by hand; an object written over while it is registered; a callback that calls the manager.
    expect(lines).toContain('overwriteToken: overwriteToken p0 t0, unregister p0');
    expect(lines.some((line) => line.startsWith('wipeObject: '))).toBe(true);
    expect(differences.some(({ about }) => about === 'reentry')).toBe(true);
  }, 300_000);

  test('6.1 and 6.12, whose sources are the same, do not differ', async () => {
    expect(await between('linux-source:debian:6.1', 'linux-source:debian:6.12', 2)).toEqual([]);
  }, 300_000);
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
