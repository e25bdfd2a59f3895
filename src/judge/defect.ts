/**
 * Which defect is it? Two programs that fail show one defect or two; this module gives each an identity.
 *
 * What the first operation that goes wrong found, and a thing that it did otherwise than the model, is a **form**. The
 * same defect has several forms, because what goes wrong quietly in one operation shows in a later one.
 * So a **defect** is named by the unusual thing without which the smallest program does not fail: a refused
 * re-registration that re-keys the entry, say, shows as a missing callback, a wrong status or a crash.
 */
import type { Situation } from '../../spec/model.js';
import type { Divergence, Followed } from '../../spec/reading/follow.js';
import type { Event, Trace } from '../../spec/vocabulary.js';
import { differencesIn } from './exact-difference.js';

/**
 * The forms of a failing trace. While the state is known, there is one for each thing that the operation did otherwise
 * than the model: a manager that forgets a callback and one that forgets three differ. After an operation that should
 * have had no effect and may have had one, what comes is a consequence, and there is one form that says its kind.
 */
export function formsOf(trace: Trace, followed: Followed): readonly string[] {
  const { divergence } = followed;
  if (divergence === undefined) return [];
  return isConsequence(followed) ? [kindOfForm(trace, divergence)] : exactForms(trace, divergence);
}

/** Whether a failing trace shows a form, be it that it says what is different or its kind. */
export function showsForm(trace: Trace, { divergence }: Followed, form: string): boolean {
  return (
    divergence !== undefined && (kindOfForm(trace, divergence) === form || exactForms(trace, divergence).includes(form))
  );
}

/** One form for each thing that an operation did otherwise than the model. */
export function exactForms(trace: Trace, divergence: Divergence): readonly string[] {
  const place = `${operationOf(trace, divergence)}, ${divergence.situation}`;
  return differencesIn(trace, divergence).map((difference) => `${place}: ${difference}`);
}

function kindOfForm(trace: Trace, divergence: Divergence): string {
  const due = kindOf(divergence.expected[0]);
  const came = kindOf(trace.events[divergence.at]);
  return `${operationOf(trace, divergence)}, ${divergence.situation}: ${due} due, ${came} came`;
}

function operationOf(trace: Trace, { call }: Divergence): string {
  return trace.events.filter((event) => event.type === 'call')[call]?.operation ?? 'outside';
}

/** Whether something before the first difference may have had an effect that it should not have had. */
function isConsequence(followed: Followed): boolean {
  const { divergence, situations, nullAccepted } = followed;
  if (divergence === undefined) return false;
  const before = situations.slice(0, divergence.call);
  return (
    nullAccepted ||
    divergence.situation === 'not-registered' ||
    WITHOUT_EFFECT.some((situation) => before.includes(situation))
  );
}

/** The operations that the model says change nothing, most telling first. */
const WITHOUT_EFFECT: readonly Situation[] = [
  'registered',
  'connect-fails',
  'no-memory',
  'null-token',
  'not-registered',
  'duplicate-token',
  'missing-callback',
];

/**
 * The key of a defect, from the smallest program that shows it.
 *
 * 1. A null token that was accepted: nothing else in such a program is as unusual.
 * 2. A registered object that was registered again, and the program needs it.
 * 3. What goes wrong is an unregistration that should have done nothing.
 * 4. Another operation before it should have had no effect, and the program needs it: it had one.
 * 5. Otherwise what the operation found, and in what it went wrong.
 */
export function defectKey(trace: Trace, followed: Followed): string {
  const { divergence } = followed;
  if (divergence === undefined) return 'none';
  if (followed.nullAccepted) return 'a null token that was accepted';
  const here = divergence.situation;
  const before = followed.situations.slice(0, divergence.call);
  if (before.includes('registered')) return leftBehindBy('registered');
  if (here === 'not-registered') return `unregistering what is not registered (${past(trace, followed)})`;
  const trigger = WITHOUT_EFFECT.find((situation) => before.includes(situation));
  if (trigger !== undefined) return leftBehindBy(trigger);
  return `${here}: ${wrongIn(trace, divergence, REFUSALS.includes(here))}`;
}

function leftBehindBy(situation: Situation): string {
  return `something is left behind by: ${situation}`;
}

/** Of those, the ones in which the operation is refused: a wrong status and a callback are the same mistake there. */
const REFUSALS: readonly Situation[] = WITHOUT_EFFECT.filter(
  (situation) => situation !== 'connect-fails' && situation !== 'not-registered',
);

/** In what an operation went wrong, more roughly than its symptom. */
function wrongIn(trace: Trace, divergence: Divergence, refusal: boolean): string {
  const came = trace.events[divergence.at];
  if (came?.type === 'crash' || came?.type === 'hang' || came?.type === 'log') return `${kindOf(came)} came`;
  if (refusal) return 'not refused as it must be';
  return came?.type === 'return' && divergence.expected[0]?.type === 'return' ? 'wrong status' : 'wrong callbacks';
}

/** What makes the object known although it is not registered: the unusual before it, in the smallest program. */
function past(trace: Trace, followed: Followed): string {
  const { divergence, situations } = followed;
  const calls = trace.events.filter((event) => event.type === 'call');
  const object = calls[divergence?.call ?? -1]?.object;
  for (let index = (divergence?.call ?? 0) - 1; index >= 0; index--) {
    const call = calls[index];
    if (call?.object !== object) continue;
    const registers = call?.operation === 'registerProducer' || call?.operation === 'registerConsumer';
    if (!registers) return 'it was before';
    const situation = situations[index];
    return situation === 'peer-waiting' || situation === 'alone' ? 'it was before' : 'its registration failed';
  }
  return 'it never was';
}

/** A mask of the unusual things in a program, to tell samples of one symptom apart before they are made small. */
export function unusual(followed: Followed): number {
  let mask = followed.nullAccepted ? 1 : 0;
  WITHOUT_EFFECT.forEach((situation, index) => {
    if (followed.situations.includes(situation)) mask |= 2 << index;
  });
  return mask;
}

function kindOf(event: Event | undefined): string {
  if (event === undefined) return 'nothing';
  switch (event.type) {
    case 'enter':
      return 'a callback';
    case 'leave':
      return 'the end of a callback';
    case 'return':
      return 'the return';
    case 'call':
      return 'a call';
    case 'log':
      return event.level;
    default:
      return event.type;
  }
}
