/**
 * The report that people read on a terminal: who was judged, rule by rule, each finding in full, the verdict.
 * A chapter in which all is well is one line, so that a run without findings is short.
 */
import pc from 'picocolors';
import type { Reach, Recorded, StaleEntry } from '../../spec/formats/results.js';
import { type AnyReport, descriptionOf } from '../text/describe.js';
import { counted, grouped, harmless, volumeText, wrap } from '../text/text.js';
import { certificateLines, exhaustiveLines, inLanesLines, wrongScheduleLines } from './certificate.js';
import type { RenderOptions, ReportFormat } from './format.js';
import { findingLines, knownLines } from './pretty-finding.js';
import { ruleLines } from './pretty-rules.js';

/** How the sections are drawn. */
export interface Canvas {
  readonly color: ReturnType<typeof pc.createColors>;
  readonly width: number;
}

/** Wider than this, a line is hard to follow. */
const WIDEST = 160;
const NARROWEST = 60;

export const pretty: ReportFormat = {
  summary: 'for people, on a terminal',
  render: (report, options) => {
    const canvas: Canvas = {
      color: pc.createColors(options.colors),
      width: Math.min(WIDEST, Math.max(NARROWEST, options.width ?? 100)),
    };
    const sections = [
      header(report, canvas),
      ruleLines(report, canvas, options.allRules ?? false),
      ...report.findings.map((finding, at) => findingLines(finding, at, report, canvas, options.findingFiles)),
      wrongScheduleLines(report, canvas, options.findingFiles),
      knownLines(report, canvas),
      stale(report, canvas),
      faults(report, canvas),
      undefinedSeen(report, canvas),
      verdict(report, canvas, options),
    ];
    const text = sections.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'));
    return `${text.join('\n\n')}\n`;
  },
};

function header(report: AnyReport, canvas: Canvas): readonly string[] {
  const { color } = canvas;
  const { hello, stored } = report;
  const who = whoText(report);
  const facts = Object.entries(hello?.facts ?? {}).map(([name, value]) => `${harmless(name)} ${harmless(value)}`);
  const seed = report.seed === null ? [] : [`seed ${report.seed}`];
  const tier = report.tier === null ? [] : [`tier ${report.tier}`];
  const line = (name: string, text: string) => `${color.dim(name.padEnd(8))} ${text}`;
  return [
    line('target', `${color.bold(harmless(report.target))}${who}`),
    ...(facts.length === 0 ? [] : [line('', facts.join(', '))]),
    line('profile', [report.profile, ...seed, ...tier, `rules ${report.rulesHash}`].join(', ')),
    line('volume', volumeText(report)),
    ...(stored === null
      ? []
      : [
          line(
            'stored',
            `${counted(stored.programs, 'program')} of earlier findings, ${grouped(stored.failing)} still failing`,
          ),
        ]),
    ...(report.beyondKnown === undefined
      ? []
      : [
          line(
            'beyond',
            `the known defects: ${grouped(report.beyondKnown.covered)} of ${counted(report.beyondKnown.all, 'random program')} met none of them, nor another`,
          ),
        ]),
    ...(report.behindKnown === undefined
      ? []
      : [line('behind', `the known defects: ${behindText(report.behindKnown)}`)]),
    ...recordedLines(report.recorded, canvas).map((text, at) => line(at === 0 ? 'recorded' : '', text)),
    ...certificateLines(report.certificate, canvas).map((text, at) => line(at === 0 ? 'covered' : '', text)),
    ...exhaustiveLines(report.exhaustive, canvas).map((text, at) => line(at === 0 ? 'explored' : '', text)),
    ...inLanesLines(report.inLanes, canvas).map((text, at) => line(at === 0 ? 'lanes' : '', text)),
    ...(report.reach === undefined ? [] : [line('reached', reachText(report.reach))]),
  ];
}

function behindText(programs: number): string {
  if (programs === 0) return 'nothing, since the state there is not known';
  return `${counted(programs, 'program')} of the suites judged on, as if those were mended`;
}

function reachText({ objects, tokens, operations }: Reach): string {
  const alive = `${counted(objects, 'object')} and ${counted(tokens, 'token')} alive at once`;
  return `${alive}, ${counted(operations, 'operation')} in one program`;
}

/** Who the target says it is, and what it plays. */
function whoText({ hello, role }: AnyReport): string {
  if (role !== undefined && role !== 'observed') return `  as ${role}, on a simulated host`;
  return hello === null ? '' : `  ${harmless(`${hello.name} ${hello.version}, in ${hello.language}`)}`;
}

/** What was recorded in a kernel, and what of it cannot be judged. */
function recordedLines(recorded: Recorded | undefined, { width }: Canvas): readonly string[] {
  if (recorded === undefined) return [];
  const { operations, tasks, withheld, lost } = recorded;
  const missing = lost === null ? 'an unknown number of events lost' : `${counted(lost, 'event')} lost`;
  return [
    `${counted(operations, 'operation')} in ${counted(tasks, 'task')}${lost === 0 ? '' : `, ${missing}`}`,
    ...withheld.flatMap(({ reason, operations: some }) => wrap(`${grouped(some)} not judged: ${reason}`, width - 9)),
  ];
}

function stale(report: AnyReport, canvas: Canvas): readonly string[] {
  const having = (is: StaleEntry['is']) => report.stale.filter((entry) => entry.is === is);
  return [
    ...staleLines(
      having('changed'),
      'Changed: in the baseline, but failing otherwise than when they were stored',
      'A known defect may hide a new one. Look at what is new; if it is as it should be, write the baseline anew: irqbypass-spec baseline.',
      canvas,
    ),
    ...staleLines(
      having('gone'),
      'Stale: in the baseline, but no longer failing',
      'If they were mended, take them out of the baseline, so that they cannot come back unseen: irqbypass-spec baseline.',
      canvas,
    ),
  ];
}

function staleLines(
  entries: readonly StaleEntry[],
  heading: string,
  advice: string,
  { color, width }: Canvas,
): readonly string[] {
  if (entries.length === 0) return [];
  return [
    color.bold(heading),
    ...entries.flatMap(({ key, form, text }) => [
      `  ${color.red('✗')} ${harmless(key)}`,
      ...wrap(`${harmless(form)}: ${harmless(text)}`, width - 6).map((line) => `      ${line}`),
    ]),
    ...wrap(advice, width - 2).map((line) => `  ${line}`),
  ];
}

function faults(report: AnyReport, { color, width }: Canvas): readonly string[] {
  if (report.faults.length === 0) return [];
  const lines = report.faults.flatMap(({ text, program }) => [
    ...wrap(harmless(text), width - 4).map((line, at) => `  ${at === 0 ? color.yellow('!') : ' '} ${line}`),
    ...(program === undefined
      ? []
      : descriptionOf(report)
          .program(program)
          .map((line) => `      ${color.dim(line)}`)),
  ]);
  return [color.bold('Faults of the harness, not charged to the implementation'), ...lines];
}

function undefinedSeen(report: AnyReport, { color }: Canvas): readonly string[] {
  if (report.undefinedSeen.length === 0) return [];
  const widest = Math.max(...report.undefinedSeen.map(({ what }) => what.length));
  return [
    color.bold('Undefined behaviour, never charged'),
    ...report.undefinedSeen.map(
      ({ what, outcome, times }) => `  ${what.padEnd(widest)}  ${outcome.padEnd(8)} ${counted(times, 'time')}`,
    ),
  ];
}

/** What the exit status means. */
function exitText({ exit, rules, findings }: AnyReport): string {
  const outdated = findings.length === 0 && !rules.some(({ verdict }) => verdict === 'fail');
  const meaning = ['it conforms', outdated ? 'the baseline is out of date' : 'it does not conform', 'no verdict'][exit];
  return `exit status ${exit}: ${meaning}`;
}

function verdict(report: AnyReport, { color, width }: Canvas, { findingFiles }: RenderOptions): readonly string[] {
  const paint = report.exit === 0 ? color.green : report.exit === 1 ? color.red : color.yellow;
  const mark = report.exit === 0 ? '✓' : report.exit === 1 ? '✗' : '?';
  const lines = wrap(harmless(report.summary), width - 2);
  const unwritten = report.findings.length > 0 && (findingFiles?.size ?? 0) === 0 && report.command === 'run';
  return [
    ...lines.map((line, at) => `${at === 0 ? paint(mark) : ' '} ${color.bold(paint(line))}`),
    color.dim(`  ${exitText(report)}`),
    ...(report.again === undefined ? [] : [color.dim(`  the same run again: ${report.again}`)]),
    ...(unwritten
      ? [color.dim('  the findings were written to no file, so they can be replayed by the seed only')]
      : []),
  ];
}
