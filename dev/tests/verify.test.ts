/** A report that is held against itself: as it was made it holds, and changed in one place it does not. */
import { expect, test } from 'vitest';
import type { Certificate, Report, RuleResult } from '../../spec/formats/results.js';
import { verify } from '../../src/engine/verify.js';
import { manager } from '../../src/manager/manager.js';
import { openTarget, profileNamed } from '../../src/targets/resolve.js';
import { judgeManager } from './judge-manager.js';

const profile = profileNamed('core');
const problemsOf = (report: Report) => verify(manager, report, profile).problems;

async function reportOn(address: string): Promise<Report> {
  return judgeManager(await openTarget(address), { programs: 2_500 });
}

const wrong = await reportOn('mutant:no-roll-back');
const right = await reportOn('reference');

test('a report holds as it was made', () => {
  expect(verify(manager, wrong, profile)).toMatchObject({ problems: [], unshown: 0 });
  expect(verify(manager, wrong, profile).judged).toBeGreaterThan(0);
  expect(verify(manager, right, profile)).toMatchObject({ problems: [], certified: true });
});

/** The rules of a report, some of them changed. */
const changed = ({ rules }: Report, which: (rule: RuleResult) => boolean, change: Partial<RuleResult>) =>
  rules.map((rule) => (which(rule) ? { ...rule, ...change } : rule));

/** The right report, its certificate changed. */
const certified = (change: Partial<Certificate>): Report =>
  right.certificate === null ? right : { ...right, certificate: { ...right.certificate, ...change } };

const quiet = wrong.findings.map((finding) => ({
  ...finding,
  forms: finding.forms.map((form) => ({ ...form, trace: { ...form.trace, events: [] } })),
}));

test.each<[string, Report, RegExp]>([
  ['an exit status', { ...wrong, exit: 0 }, /^its exit status is 0; its rules and findings give 1$/],
  ['a summary', { ...right, summary: 'well done' }, /^its summary is "well done"; its rules and findings give /],
  [
    'a finding that is left out',
    { ...wrong, findings: [] },
    /^FAIL-2 names the finding [0-9a-f]{12}, which is not there$/,
  ],
  ['a trace that shows nothing', { ...wrong, findings: quiet }, /is said to break FAIL-2; its trace does not$/],
  [
    'a name',
    { ...wrong, findings: wrong.findings.map((finding) => ({ ...finding, name: '0123456789ab' })) },
    /^the finding 0123456789ab has another name by what it shows: [0-9a-f]{12}$/,
  ],
  [
    'a rule that was broken and is said to hold',
    { ...wrong, rules: changed(wrong, ({ rule }) => rule === 'FAIL-2', { verdict: 'pass' }) },
    /^FAIL-2 is said to hold; [\d,]+ programs broke it$/,
  ],
  [
    'a rule that was met too rarely and is said to hold',
    { ...right, rules: changed(right, ({ rule }) => rule === 'BAL-1', { exposures: 9 }) },
    /^BAL-1 is said to hold; it was exposed 9 times, and has to be 10 times$/,
  ],
  [
    'a floor that was lowered',
    { ...right, rules: changed(right, ({ rule }) => rule === 'BAL-1', { exposures: 9, floor: 9 }) },
    /^BAL-1 is said to hold when it was exposed 9 times; it has to be 10 times$/,
  ],
  [
    'a certificate that calls a part the whole',
    certified({ states: { covered: 40, all: 40 } }),
    /said to be complete; certificate\.states\.covered is 40, and would be 49 in a complete one$/,
  ],
  ['a certificate of a larger scope', certified({ scope: '3x2x2' }), /would be \d+ in a complete one$/],
  ['a certificate of extra states', certified({ extraStates: 1 }), /extraStates is 1, and would be null in a/],
  [
    'a certificate without one of its suites',
    certified({ suites: [] }),
    /certificate\.suites\.0 is undefined, and would/,
  ],
  ['a certificate of no scope', certified({ scope: 'all' }), /it is about nothing that a run covers$/],
])('it does not with %s', (_, report, problem) => {
  expect(problemsOf(report)).toContainEqual(expect.stringMatching(problem));
});
