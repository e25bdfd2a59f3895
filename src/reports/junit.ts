/**
 * The report as JUnit XML, for the test tab of a CI: one suite a chapter, one case a rule.
 *
 * Two descriptions of this format are common, and this is valid by both: that of Jenkins, and that of Ant, which allows
 * no attributes of the root, and wants a time, a date, a host, a number and a package of every suite.
 */
import { createRequire } from 'node:module';
import { harmless } from '../text/text.js';
import { type Case, suitesOf } from './cases.js';
import type { ReportFormat } from './format.js';

/** The date of a report that is written at no particular time. */
const NO_TIME = '1970-01-01T00:00:00';

/** What an outcome is called here. What is expected to fail is no failure. */
const ELEMENTS = { failed: 'failure', error: 'error', skipped: 'skipped', expected: 'skipped' } as const;

export const junit: ReportFormat = {
  summary: 'JUnit XML, for a CI',
  render: (report, { findingFiles, when = NO_TIME }) => {
    // Loading it takes longer than a smoke run.
    const { create } = createRequire(import.meta.url)('xmlbuilder2') as typeof import('xmlbuilder2');
    const root = create({ version: '1.0', encoding: 'UTF-8', invalidCharReplacement: '�' }).ele('testsuites');
    const identity = {
      target: report.target,
      profile: report.profile,
      rules: report.rulesHash,
      ...(report.seed === null ? {} : { seed: String(report.seed) }),
      ...(report.tier === null ? {} : { tier: report.tier }),
      summary: report.summary,
    };
    for (const [id, { name, cases }] of suitesOf(report, findingFiles).entries()) {
      // Rules are judged together: only the run as a whole takes a time.
      const time = (name === 'run' ? report.seconds : 0).toFixed(3);
      const suite = root.ele('testsuite', {
        ...{ id, name, package: 'irqbypass-spec', hostname: 'localhost', timestamp: when, time },
        ...counts(cases),
      });
      const properties = suite.ele('properties');
      if (name === 'run') {
        for (const [property, value] of Object.entries(identity)) {
          properties.ele('property', { name: property, value: inXml(harmless(value)) });
        }
      }
      for (const one of cases) {
        const test = suite.ele('testcase', {
          classname: `irqbypass-spec.${name}`,
          name: inXml(one.name),
          time: '0',
        });
        if (one.outcome.is === 'passed') continue;
        const { is, kind, message, details } = one.outcome;
        const element = ELEMENTS[is];
        // Ant's description knows no attributes of what was skipped but allows any, and wants a type of the others.
        const told = test.ele(element, { ...(element === 'skipped' ? {} : { type: kind }), message: inXml(message) });
        if (details.length > 0) told.txt(inXml(details.join('\n')));
      }
      suite.ele('system-out');
      suite.ele('system-err');
    }
    return `${root.end({ prettyPrint: true })}\n`;
  },
};

/**
 * A harmless text as XML can hold it. The writer takes `&b;` for a reference that somebody means, and leaves it; here
 * none is meant.
 */
function inXml(text: string): string {
  return text.replaceAll('&', '&amp;');
}

function counts(cases: readonly Case[]): Readonly<Record<string, number>> {
  const having = (element: (typeof ELEMENTS)[keyof typeof ELEMENTS]) =>
    cases.filter(({ outcome: { is } }) => is !== 'passed' && ELEMENTS[is] === element).length;
  return {
    tests: cases.length,
    failures: having('failure'),
    errors: having('error'),
    skipped: having('skipped'),
  };
}
