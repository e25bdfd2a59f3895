/** What was covered exhaustively, and how far, in lines for people. */
import type { HostCertificate } from '../../spec/formats/host-results.js';
import type { Certificate, Covered } from '../../spec/formats/results.js';
import { counted, grouped, harmless, wrap } from '../text/text.js';
import type { Canvas } from './pretty.js';

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
