/** The report on hosts that people read on a terminal. */
import pc from 'picocolors';
import type { HostCertificate, HostFinding, HostReport } from '../../spec/formats/host-results.js';
import { findAnyRule } from '../../spec/rules/all.js';
import type { Canvas } from '../reports/pretty.js';
import { ruleLines } from '../reports/pretty-rules.js';
import { type HostLine, hostProgramText, hostTraceText } from '../text/host-format.js';
import { clip, grouped, harmless, shellWord, volumeText, wrap } from '../text/text.js';

/** How it is drawn. */
export interface HostRenderOptions {
  readonly colors: boolean;
  readonly width: number;
  /** The file that each finding was written to, by name. */
  readonly findingFiles: ReadonlyMap<string, string>;
}

const WIDEST = 160;
const NARROWEST = 60;
/** The operations of a trace that are shown before the one that matters, and the lines shown in all. */
const BEFORE = 3;
const MOST = 40;

/** The report as text. */
export function renderHostReport(report: HostReport, { colors, width, findingFiles }: HostRenderOptions): string {
  const canvas: Canvas = {
    color: pc.createColors(colors),
    width: Math.min(WIDEST, Math.max(NARROWEST, width)),
  };
  const sections = [
    header(report, canvas),
    ruleLines(report, canvas, false),
    ...report.findings.map((finding, at) => findingLines(finding, at, report, canvas, findingFiles.get(finding.name))),
    report.faults.flatMap((text) => wrap(`! ${harmless(text)}`, canvas.width)),
    verdict(report, canvas),
  ];
  const texts = sections.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'));
  return `${texts.join('\n\n')}\n`;
}

function header(report: HostReport, canvas: Canvas): readonly string[] {
  const { color } = canvas;
  const { seed, tier } = report;
  const line = (name: string, text: string) => `${color.dim(name.padEnd(8))} ${text}`;
  const how = [
    report.profile,
    ...(seed === null ? [] : [`seed ${seed}`]),
    ...(tier === null ? [] : [`tier ${tier}`]),
    `rules ${report.rulesHash}`,
  ];
  return [
    line('target', `${color.bold(harmless(report.target))} as ${report.role}, on a simulated host`),
    line('profile', how.join(', ')),
    line('volume', volumeText(report)),
    ...certificateLines(report.certificate, canvas).map((text, at) => line(at === 0 ? 'covered' : '', text)),
  ];
}

function certificateLines(certificate: HostCertificate | null, { color }: Canvas): readonly string[] {
  if (certificate === null) return [];
  const { complete, reason = '', scope, backEnds, orders } = certificate;
  const part = ({ covered, all }: { readonly covered: number; readonly all: number }, what: string) =>
    covered === all ? `${grouped(all)} ${what}` : `${grouped(covered)} of ${grouped(all)} ${what}`;
  return [
    `${complete ? color.green('complete') : color.yellow('not complete')} on ${scope}`,
    ...backEnds.map(
      ({ backEnd, states, transitions }) =>
        `${backEnd}: ${part(states, 'states')}, ${part(transitions, 'transitions')}`,
    ),
    `${part(orders, 'orders of set-up')}`,
    ...(complete ? [] : [harmless(reason)]),
  ];
}

function findingLines(
  finding: HostFinding,
  at: number,
  { findings }: HostReport,
  canvas: Canvas,
  file: string | undefined,
): readonly string[] {
  const { color, width } = canvas;
  const rule = findAnyRule(finding.rule);
  const paragraph = (text: string, by = 2) => wrap(text, width - by).map((one) => `${' '.repeat(by)}${one}`);
  const section = (heading: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : ['', `  ${color.bold(heading)}`, ...lines];
  const [main, ...also] = finding.broken;
  const right = hostTraceText(finding.reference).filter(({ call }) => call === finding.call);
  return [
    `${color.bold(color.red(`Finding ${at + 1} of ${findings.length}: ${finding.rule}`))}  ${color.dim(finding.name)}`,
    ...(rule === undefined ? [] : paragraph(`The rule: ${rule.text}`)),
    ...(rule === undefined ? [] : paragraph(`Why it matters: ${rule.intent}`).map((line) => color.dim(line))),
    ...section(
      'The smallest program that shows it',
      hostProgramText(finding.program).map((line) => `    ${clip(line, width - 4)}`),
    ),
    ...section('What it did', traceLines(hostTraceText(finding.trace), finding.call, canvas)),
    ...section(
      'What the reference does in that operation',
      right.map((line) => `    ${color.green(clip(line.text, width - 4))}`),
    ),
    ...section('What the rule says of it', main === undefined ? [] : paragraph(harmless(main.text), 4)),
    ...section(
      'Also broken',
      also.flatMap((one) => paragraph(`${one.rule}: ${harmless(one.text)}`, 4)),
    ),
    ...section(
      'To see it again',
      file === undefined ? [] : [`    irqbypass-spec replay ${shellWord(file)} --target ${shellWord(finding.target)}`],
    ),
    ...section(
      'Where to look',
      rule === undefined
        ? []
        : [...paragraph(rule.source, 4), ...paragraph(`The rule in full: irqbypass-spec explain ${rule.id}`, 4)],
    ),
  ];
}

/** The operation that matters, with a few before it. */
function traceLines(lines: readonly HostLine[], call: number, { color, width }: Canvas): readonly string[] {
  const shown = lines.filter((line) => line.call >= call - BEFORE && line.call <= call).slice(-MOST);
  return shown.map(({ text, call: number, isCall }) => {
    const place = isCall ? String(number + 1).padStart(3) : '   ';
    const line = `    ${place}  ${clip(text, width - 9)}`;
    return number === call ? color.red(line) : color.dim(line);
  });
}

function verdict(report: HostReport, { color, width }: Canvas): readonly string[] {
  const paint = report.exit === 0 ? color.green : report.exit === 1 ? color.red : color.yellow;
  const mark = ['✓', '✗', '?'][report.exit];
  const meaning = ['it conforms', 'it does not conform', 'no verdict'][report.exit];
  const tier = report.tier === null ? '' : ` --tier ${report.tier}`;
  const again = `irqbypass-spec run ${shellWord(report.target)} --role ${report.role} --profile ${report.profile}${tier} --seed ${report.seed}`;
  return [
    ...wrap(harmless(report.summary), width - 2).map(
      (line, at) => `${at === 0 ? paint(mark) : ' '} ${color.bold(paint(line))}`,
    ),
    color.dim(`  exit status ${report.exit}: ${meaning}`),
    ...(report.seed === null ? [] : [color.dim(`  the same run again: ${again}`)]),
  ];
}
