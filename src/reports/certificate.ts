/** What was covered exhaustively, and how far, in lines for people. */
import type { HostCertificate } from '../../spec/formats/host-results.js';
import type { Certificate, Closed, Covered, Exhaustive, InLanes } from '../../spec/formats/results.js';
import { findAnyRule } from '../../spec/rules/all.js';
import type { AnyReport } from '../text/describe.js';
import { clip, counted, grouped, harmless, wrap } from '../text/text.js';
import type { Canvas } from './pretty.js';
import { replay } from './pretty-finding.js';

/** What was explored of the implementation itself: its states, and the orders in which lanes go on. */
export function exhaustiveLines(exhaustive: Exhaustive | undefined, { color, width }: Canvas): readonly string[] {
  if (exhaustive === undefined) return [];
  const { closed, wider, interleavings, wrong } = exhaustive;
  const verdict = (isWhole: boolean, word: string) => (isWhole ? color.green(word) : color.yellow(`not ${word}`));
  const closureLines = ({ closed: isClosed, scope, states, steps, stopped, reason = '' }: Closed, how: string) => {
    const exception = stopped === 0 ? '' : ', but for what follows a wrong or an undefined step';
    const which = isClosed ? `; every program of any length over it${how}${exception}` : `: ${harmless(reason)}`;
    return wrap(
      `${verdict(isClosed, 'closed')} over ${scope}: ${grouped(states)} states of the implementation, ${grouped(steps)} steps${which}`,
      width - 9,
    );
  };
  return [
    ...closureLines(closed, ''),
    ...(wider === undefined ? [] : closureLines(wider, ' that uses the manager as it should be used')),
    ...interleavings.flatMap(({ complete, reason = '', lanes, operations, roots, states, schedules }) =>
      wrap(
        `${verdict(complete, 'complete')} interleavings of ${lanes} lanes with ${counted(operations, 'operation')} each, from ${counted(roots, 'state')}: ${grouped(states)} states, ${schedules.toPrecision(3)} schedules${complete ? '' : `; ${harmless(reason)}`}`,
        width - 9,
      ),
    ),
    ...(wrong.length === 0 ? [] : [color.red(`${counted(wrong.length, 'schedule')} wrong; see below`)]),
  ];
}

/** What was asked of real threads. */
export function inLanesLines(inLanes: InLanes | undefined, { width }: Canvas): readonly string[] {
  if (inLanes === undefined) return [];
  const { programs, operations, gates, inOneLaneToo, asItShouldBe = false } = inLanes;
  const kept = asItShouldBe ? '; none in which anything is refused or fails, since those go wrong in one lane' : '';
  const apart =
    inOneLaneToo === 0 ? '' : `; ${counted(inOneLaneToo, 'failing program')} looked at went wrong in one lane as well`;
  return wrap(
    `${counted(programs, 'program')} of several threads, ${counted(operations, 'operation')}, ${counted(gates.held, 'gate')}, of which ${grouped(gates.gaveUp)} gave up because no lane could go on${apart}${kept}`,
    width - 9,
  );
}

/** The schedules that are wrong, each lane beside lane. */
export function wrongScheduleLines(
  report: AnyReport,
  { color, width }: Canvas,
  files: ReadonlyMap<string, string> | undefined,
): readonly string[] {
  return (report.exhaustive?.wrong ?? []).flatMap(({ name, rule, what, text }, at) => {
    const file = files?.get(name);
    const known = findAnyRule(rule);
    return [
      ...(at === 0 ? [] : ['']),
      `${color.bold(color.red(`Wrong schedule ${at + 1}: ${rule}`))}  ${color.dim(harmless(name))}  ${harmless(what)}`,
      ...(known === undefined ? [] : wrap(`The rule: ${known.text}`, width - 2).map((line) => `  ${line}`)),
      '',
      ...text
        .split('\n')
        .slice(1)
        .map((line) => `    ${clip(harmless(line), width - 4)}`.trimEnd()),
      ...(file === undefined ? [] : ['', `  ${color.bold('To see it again')}`, `    ${replay(file, report)}`]),
    ];
  });
}

/** The lines of a certificate; none where there is none. */
export function certificateLines(certificate: Certificate | HostCertificate | null, canvas: Canvas): readonly string[] {
  if (certificate === null) return [];
  const { color, width } = canvas;
  const { complete, scope, reason = '' } = certificate;
  const verdict = complete ? color.green('complete') : color.yellow('not complete');
  const isOfHost = 'backEnds' in certificate;
  const claim = isOfHost || !complete ? '' : claimText(certificate);
  return [
    `${verdict} on ${scope}${isOfHost ? '' : nullTokenText(certificate)}`,
    ...(isOfHost ? hostCounts(certificate) : wrap(managerCounts(certificate).join(', '), width - 9)),
    ...(complete ? [] : wrap(harmless(reason), width - 9)),
    ...(claim === '' ? [] : wrap(claim, width - 9)),
  ];
}

function part({ covered, all }: Covered, what: string): string {
  return covered === all ? `${grouped(all)} ${what}` : `${grouped(covered)} of ${grouped(all)} ${what}`;
}

function managerCounts({ states, transitions, pairs, programs }: Certificate): readonly string[] {
  return [
    part(states, 'states'),
    part(transitions, 'transitions'),
    ...(pairs === null ? [] : [part(pairs, 'pairs of transitions')]),
    part(programs, 'programs to their end'),
  ];
}

function nullTokenText({ nullToken }: Certificate): string {
  if (nullToken === null) return '';
  const { producer, consumer } = nullToken;
  return producer === consumer
    ? `, null tokens ${producer}`
    : `, null tokens ${producer} from producers and ${consumer} from consumers`;
}

function claimText({ extraStates, inseparable }: Certificate): string {
  if (inseparable > 0) {
    return `Nothing is said of extra states: ${counted(inseparable, 'pair')} of states cannot be told apart by what the profile defines.`;
  }
  if (extraStates === null) return '';
  const most =
    extraStates === 0 ? 'no more states than the model' : `up to ${counted(extraStates, 'state')} more than the model`;
  return `No wrong deterministic implementation with ${most} passes this.`;
}

function hostCounts({ backEnds, orders }: HostCertificate): readonly string[] {
  return [
    ...backEnds.map(
      ({ backEnd, states, transitions }) =>
        `${backEnd}: ${part(states, 'states')}, ${part(transitions, 'transitions')}`,
    ),
    part(orders, 'orders of set-up'),
  ];
}
