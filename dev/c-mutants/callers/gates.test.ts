/** The gates of the matrix with several callers, on made-up verdicts: each must be able to fail. */
import { describe, expect, test } from 'vitest';
import { within } from '../editor/edits.js';
import type { AmongCallers } from '../table/index.js';
import type { ExaminedAmongCallers } from './examine.js';
import { callersProblems, LEAST_HARMLESS, LEAST_MUTANTS } from './gates.js';
import type { CallersMatrix } from './matrix.js';
import { methods, type Shown } from './methods.js';
import { renderCallers } from './render.js';

const passed: Shown = { is: 'passed' };
const races: Shown = { is: 'killed', by: ['CONC-4', 'CONC-5'] };

/** The scheduler shows something; the other methods that run have seen nothing. */
function examined(what: string, amongCallers: AmongCallers, shown: Shown, empty?: string): ExaminedAmongCallers {
  const mutant = { what, mistake: 'a wrong lock', edit: within('f').returnFirst(), amongCallers } as const;
  const all = methods.map(({ name, run }): Shown => {
    if (name === 'scheduler') return shown;
    return run === undefined ? { is: 'not run', why: 'there is none' } : passed;
  });
  return { mutant, shown: all, ...(empty === undefined ? {} : { empty }) };
}

const breaks: AmongCallers = { breaks: 'CONC-5' };
const harmless: AmongCallers = { harmless: 'It is held for longer.' };
const enough = [
  ...Array.from({ length: LEAST_MUTANTS }, (_, at) => examined(`Mutant ${at}.`, breaks, races)),
  ...Array.from({ length: LEAST_HARMLESS }, (_, at) => examined(`Change ${at}.`, harmless, passed)),
];
const matrix = (...others: readonly ExaminedAmongCallers[]): CallersMatrix => ({
  version: '7.3',
  examined: [...enough, ...others],
});

describe('the gates', () => {
  test('let pass what is killed by the rule that is meant, and what is harmless and passes', () => {
    expect(callersProblems([matrix()])).toEqual([]);
  });

  test.each<[string, ExaminedAmongCallers, RegExp]>([
    [
      'a mutant that nothing kills',
      examined('It lies.', breaks, passed),
      /"It lies\." is meant to break CONC-5, and is not/,
    ],
    [
      'a mutant that another rule kills',
      examined('It lies.', { breaks: 'CONC-3' }, races),
      /meant to break CONC-3, and is killed by CONC-4, CONC-5/,
    ],
    ['a false alarm', examined('It is fine.', harmless, races), /said to be harmless, and breaks CONC-4, CONC-5/],
    ['a mutant that says nothing', examined('It is gone.', breaks, passed, 'It does not compile.'), /does not compile/],
  ])('stop %s', (_, one, text) => {
    expect(callersProblems([matrix(one)])).toEqual([expect.stringMatching(text)]);
  });

  test('stop a matrix of too few; what says nothing does not count', () => {
    expect(callersProblems([{ version: '7.3', examined: enough.slice(1, -1) }])).toEqual([
      expect.stringMatching(new RegExp(`${LEAST_MUTANTS - 1} mutants were examined`)),
      expect.stringMatching(new RegExp(`${LEAST_HARMLESS - 1} harmless changes`)),
    ]);
  });
});

test('the chapter says which method sees what, and which did not run', () => {
  const page = renderCallers([matrix()]);
  expect(page).toMatch(
    new RegExp(`\\| scheduler \\| .* \\| ${LEAST_MUTANTS} of ${LEAST_MUTANTS} \\| 0 of ${LEAST_HARMLESS} \\|`),
  );
  expect(page).toMatch(/\| Mutant 0\. \| a wrong lock \| CONC-5 \| – \| CONC-4, CONC-5 \|/);
  for (const { name, does, run } of methods) {
    if (run === undefined) expect(page).toContain(`| ${name} | ${does} | not run | not run |`);
  }
});
