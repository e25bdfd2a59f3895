/**
 * The report as commands of a GitHub workflow: an annotation for each finding, for each broken rule that none explains,
 * and for what is wrong with the run. The summary of the job is the report as Markdown.
 */
import type { AnyReport } from '../text/describe.js';
import { clip, counted, harmless } from '../text/text.js';
import { findingDetails, suitesOf } from './cases.js';
import type { ReportFormat } from './format.js';
import { markdown } from './markdown.js';
import { headline, verdictText } from './words.js';

/** GitHub shows ten of a kind and step; what is unsure is one annotation, whatever it is about. */
interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  readonly title: string;
  readonly message: string;
}

/** The longest message that GitHub shows whole. */
const LONGEST = 4000;

export const github: ReportFormat = {
  summary: 'annotations of a GitHub workflow, and the summary of its job',
  render: (report, { findingFiles = new Map() }) =>
    `${annotations(report, findingFiles)
      .map(({ level, title, message }) => `::${level} title=${property(title)}::${data(clip(message, LONGEST))}`)
      .join('\n')}\n`,
  beside: { variable: 'GITHUB_STEP_SUMMARY', render: markdown.render },
};

function annotations(report: AnyReport, files: ReadonlyMap<string, string>): readonly Annotation[] {
  const suites = suitesOf(report, files);
  const explained = new Set(report.rules.filter(({ findings }) => findings.length > 0).map(({ rule }) => rule));
  const having = (is: 'failed' | 'error') =>
    suites.flatMap(({ name: suite, cases }) =>
      cases.flatMap(({ name, outcome }) => (outcome.is === is ? [{ ...outcome, suite, name }] : [])),
    );
  const unsure = having('error').filter(({ suite }) => suite !== 'run');
  return [
    ...report.findings.map((finding): Annotation => {
      const [title = '', ...lines] = findingDetails(finding, finding.rule, report, files);
      return { level: 'error', title: headline(finding, report), message: [title, ...lines].join('\n') };
    }),
    ...having('failed')
      .filter(({ name, suite }) => suite === 'run' || !explained.has(name))
      .map(
        ({ name, message, details }): Annotation => ({
          level: 'error',
          title: name,
          message: [message, ...details].join('\n'),
        }),
      ),
    ...having('error')
      .filter(({ suite }) => suite === 'run')
      .map(({ name, message }): Annotation => ({ level: 'error', title: `Not judged: ${name}`, message })),
    ...(unsure.length === 0
      ? []
      : [
          {
            level: 'warning',
            title: `${counted(unsure.length, 'rule')} met too rarely to say`,
            message: unsure.map(({ name, message }) => `${name}: ${message}`).join('\n'),
          } as const,
        ]),
    { level: 'notice', title: verdictText(report), message: harmless(report.summary) },
  ];
}

/** A text as a command of a workflow can carry it. */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** The same for a property, in which two more characters mean something. */
function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
