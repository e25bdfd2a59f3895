/** The gates of the matrix on made-up verdicts: each must be able to fail. */
import { describe, expect, test } from 'vitest';
import { within } from './editor/edits.js';
import type { Verdict } from './examine.js';
import { LEAST, problems } from './gates.js';
import type { Examined, Matrix } from './matrix.js';
import { render } from './render.js';
import { type CMutant, table } from './table/index.js';

const killed: Verdict = { is: 'killed', rule: 'BAL-1', text: 'p0 is left stopped' };
const survived: Verdict = { is: 'survived' };
const empty: Verdict = { is: 'void', text: 'It does not compile.' };

function examined(what: string, verdict: Verdict, survives?: CMutant['survives']): Examined {
  const mutant: CMutant = { what, mistake: 'an early return', edit: within('f').returnFirst() };
  return { mutant: survives === undefined ? mutant : { ...mutant, survives }, verdict };
}

const reason = { because: 'equivalent', reason: 'Nobody can tell.' } as const;

/** A matrix with as many killed mutants as there must be, and others. */
function matrix(...others: readonly Examined[]): Matrix {
  const enough = Array.from({ length: LEAST }, (_, number) => examined(`Mistake ${number}.`, killed));
  return { version: '7.3', examined: [...enough, ...others] };
}

describe('the gates', () => {
  test('let pass what is killed, survives with a reason, or is void', () => {
    expect(problems(matrix(examined('Other.', survived, reason), examined('Another.', empty)))).toEqual([]);
  });

  test('stop a survivor without a reason', () => {
    expect(problems(matrix(examined('It sleeps.', survived)))).toEqual([
      'Linux 7.3: nothing kills the mutant "It sleeps.". Find out why: the kit lacks something, or the mutant is no mistake, and then its entry needs the reason.',
    ]);
  });

  test('stop a reason that is out of date', () => {
    expect(problems(matrix(examined('It sleeps.', killed, reason), examined('It wakes.', empty, reason)))).toEqual([
      'Linux 7.3: the mutant "It sleeps." is said to survive, and it is killed by BAL-1. Take the reason out of its entry.',
      'Linux 7.3: the mutant "It wakes." is said to survive, and it is void. Take the reason out of its entry.',
    ]);
  });

  test('stop a matrix of too few; void ones do not count', () => {
    const few = matrix().examined.slice(1);
    const voids = Array.from({ length: 9 }, () => examined('Nothing.', empty));
    expect(problems({ version: '6.12', examined: [...few, ...voids] })).toEqual([
      `Linux 6.12: ${LEAST - 1} mutants were built and run, and at least ${LEAST} must be. See why the others are void.`,
    ]);
    expect(problems({ version: '6.12', examined: [] })).toHaveLength(1);
  });
});

test('the page shows what was killed by what, who survives and why, and what is void', () => {
  const page = render([
    matrix(examined('It | sleeps.', survived, reason), examined('It hums.', survived), examined('It gapes.', empty)),
  ]);
  expect(page).toContain(`| Linux 7.3 | ${LEAST + 3} | ${LEAST} | 1 | 1 | 1 |`);
  expect(page).toContain('| Mistake 0. | an early return | BAL-1 | p0 is left stopped |');
  expect(page).toContain('| It \\| sleeps. | no caller can tell it from the original | Nobody can tell. |');
  expect(page).toContain('### Survivors without an explanation\n\n- It hums.');
  expect(page).toContain('| It gapes. | It does not compile. |');
});

describe.each(Object.entries(table))('the table of Linux %s', (_version, mutants) => {
  test('has more than enough mutants, each with a sentence of its own', () => {
    expect(mutants.length).toBeGreaterThan(LEAST);
    expect(new Set(mutants.map(({ what }) => what)).size).toBe(mutants.length);
    for (const { what } of mutants) expect(what).toMatch(/^[A-Z].*\.$/);
  });

  test('has every kind of mistake', () => {
    expect([...new Set(mutants.map(({ mistake }) => mistake))]).toEqual(
      expect.arrayContaining([
        'a dropped call',
        'a swapped order',
        'a wrong comparison',
        'a wrong error path',
        'a missing unlock',
        'an early return',
      ]),
    );
  });
});
