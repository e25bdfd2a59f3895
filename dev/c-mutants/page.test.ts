/** A share of the mutants held against a page: what the page does not say is told. */
import { expect, test } from 'vitest';
import { mutantsOf } from '../share.js';
import type { CallersMatrix } from './callers/matrix.js';
import { methods } from './callers/methods.js';
import { renderCallers } from './callers/render.js';
import { within } from './editor/edits.js';
import type { Examined, Matrix } from './matrix.js';
import { callersNotOnPage, notOnPage } from './page.js';
import { render } from './render.js';
import type { CMutant } from './table/index.js';

const mutant = (what: string): CMutant => ({ what, mistake: 'an early return', edit: within('f').returnFirst() });
const killed = (what: string, rule: string): Examined => ({
  mutant: mutant(what),
  verdict: { is: 'killed', rule, text: 'p0 is left stopped' },
});
const matrix = (...examined: readonly Examined[]): Matrix => ({ version: '7.3', examined });

const survivor: Examined = {
  mutant: { ...mutant('It sleeps.'), survives: { because: 'equivalent', reason: 'Nobody can tell.' } },
  verdict: { is: 'survived' },
};
const empty: Examined = { mutant: mutant('It is no C.'), verdict: { is: 'void', text: 'It does not compile.' } };

test('a share of what made the page is on it, whatever came of its mutants', () => {
  const whole = matrix(killed('One.', 'BAL-1'), survivor, empty, killed('Two.', 'PAIR-1'));
  const page = render([whole]);
  for (const shard of [1, 2]) {
    const examined = mutantsOf(whole.examined, { shard, of: 2, jobs: 1 });
    expect(examined).toHaveLength(2);
    expect(notOnPage(page, { ...whole, examined })).toEqual([]);
  }
});

test('a mutant that another rule kills now is told with its line', () => {
  const page = render([matrix(killed('One.', 'BAL-1'))]);
  expect(notOnPage(page, matrix(killed('One.', 'PAIR-1')))).toEqual([
    'Linux 7.3: the page lacks the line that came: | One. | an early return | PAIR-1 | p0 is left stopped | Run npm run kill-matrix:c, which writes the page.',
  ]);
});

test('a line under another version does not count', () => {
  const page = render([{ ...matrix(killed('One.', 'BAL-1')), version: '6.12' }, matrix(killed('Two.', 'BAL-1'))]);
  expect(notOnPage(page, matrix(killed('One.', 'BAL-1')))).toHaveLength(1);
});

test('what several callers show is held against its own table', () => {
  const shown = methods.map(() => ({ is: 'passed' as const }));
  const harmless = { mutant: { ...mutant('A comment.'), amongCallers: { harmless: 'It is a comment.' } }, shown };
  const whole: CallersMatrix = { version: '7.3', examined: [harmless] };
  const page = renderCallers([whole]);
  expect(callersNotOnPage(page, whole)).toEqual([]);
  expect(callersNotOnPage(page, { ...whole, version: '6.12' })).toHaveLength(1);
  const another = { ...harmless, shown: methods.map(() => ({ is: 'killed' as const, by: ['CONC-1'] })) };
  expect(callersNotOnPage(page, { ...whole, examined: [another] })).toHaveLength(1);
});
