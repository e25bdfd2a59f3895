/**
 * The whole suite as tests of vitest, for a manager in JavaScript or TypeScript, or for any target:
 *
 *     import { conformance } from 'irqbypass-spec/vitest';
 *     conformance('my manager', createManager);
 *
 * One run is made, before the first test. Then each suite is a test, and each rule is one.
 */
import { beforeAll, describe, test } from 'vitest';
import type { Report, RuleResult } from '../spec/formats/results.js';
import type { ChapterRule } from '../spec/rule.js';
import { rules as allRules } from '../spec/rules/index.js';
import { type Judged, type RunSettings, run } from './library.js';
import { pretty } from './reports/pretty.js';
import { managerDescription } from './text/format.js';

/** How it is judged: as `run` of the library, and how long that may take. */
export interface ConformanceOptions extends Omit<RunSettings, 'target'> {
  /** Milliseconds; five minutes where nothing is said. */
  readonly timeout?: number;
}

/** The suites of each tier, in their order. */
const SUITES = {
  smoke: ['transition tour', 'callback sets'],
  pr: ['transition tour', 'callback sets', 'transition pairs', 'distinguishing'],
  nightly: ['transition tour', 'callback sets', 'transition pairs', 'distinguishing'],
} as const;

/** Declare the tests of a manager, of what makes one, or of a target. */
export function conformance(name: string, target: Judged, options: ConformanceOptions = {}): void {
  const { timeout = 300_000, ...settings } = options;
  const { rules = allRules, tier = 'smoke' } = settings;
  describe(name, () => {
    let report: Report | undefined;
    beforeAll(async () => {
      report = await run({ ...settings, target });
    }, timeout);
    const came = (): Report => {
      if (report === undefined) throw new Error('The run did not end.');
      return report;
    };

    test('can be judged', () => {
      const { faults } = came();
      if (faults.length > 0) throw new Error(faults.map(({ text }) => text).join('\n'));
    });
    for (const suite of SUITES[tier]) {
      test(`goes on as the model does in every program: ${suite}`, ({ skip }) => suiteHeld(came(), suite, skip));
    }
    for (const rule of rules) {
      test(`${rule.id}: ${rule.text}`, ({ skip }) => ruleHeld(came(), rule, skip));
    }
    test('shows no finding', () => {
      const { findings, exhaustive } = came();
      if (findings.length + (exhaustive?.wrong.length ?? 0) > 0) throw new Error(textOf(came()));
    });
  });
}

type Skip = (reason: string) => never;

function suiteHeld({ certificate }: Report, name: string, skip: Skip): void {
  const suite = certificate?.suites.find((one) => one.name === name);
  if (suite === undefined) skip('the run has no such suite');
  const { covered, all } = suite.programs;
  if (covered < all) throw new Error(`${covered} of ${all} programs went on as the model does.`);
}

function ruleHeld(report: Report, rule: ChapterRule, skip: Skip): void {
  const result = report.rules.find((one) => one.rule === rule.id);
  if (result === undefined) skip('the run did not judge it');
  switch (result.verdict) {
    case 'pass':
      return;
    case 'fail':
      throw new Error(broken(report, result));
    case 'inconclusive':
      throw new Error(
        `It was exposed ${result.exposures} times, and ${result.floor} are needed. ${result.reason ?? ''}`,
      );
    default:
      skip(`${result.verdict}: ${result.reason ?? ''}`);
  }
}

/** The smallest program that breaks a rule, and what it did. */
function broken(report: Report, { rule, findings }: RuleResult): string {
  const finding = report.findings.find(({ name, forms }) => findings.includes(name) && breaks(forms[0], rule));
  const form = finding?.forms[0];
  if (form === undefined) return `It was broken; see ${findings.join(', ')}.`;
  const rows = managerDescription.beside(form).map(({ happened, allowed, marked }) => {
    return marked ? `${happened}   <-- expected: ${(allowed ?? '').trim()}` : happened;
  });
  return [...managerDescription.program(form.program), '', ...rows].join('\n');
}

function breaks(form: Report['findings'][number]['forms'][number] | undefined, rule: string): boolean {
  return form?.broken.some((one) => one.rule === rule) ?? false;
}

function textOf(report: Report): string {
  return pretty.render(report, { colors: false, width: 100 });
}
