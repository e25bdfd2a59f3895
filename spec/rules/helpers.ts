/** Phrases that the chapters share: some look at a call, and some say in words what is wrong with it. */

import type { Profile, Refusal } from '../profile.js';
import { profiles } from '../profiles/index.js';
import type { Call, History, Invocation } from '../reading/history.js';
import { hasCallback } from '../reading/history.js';
import type { RuleText, Verdict } from '../rule.js';
import type { CallbackName, ObjectId, Status, Token } from '../vocabulary.js';

/** The profiles whose choices leave nothing for a rule to speak of, with the reason. */
export function exceptWhere(lacks: (profile: Profile) => boolean, reason: string): NonNullable<RuleText['except']> {
  return Object.fromEntries(profiles.filter(lacks).map(({ name }) => [name, reason]));
}

/** `-16 (-EBUSY)`; plain numbers for what has no name here. */
export function statusText(status: Status | undefined): string {
  switch (status) {
    case undefined:
      return 'nothing';
    case 0:
      return '0';
    case -12:
      return '-12 (-ENOMEM)';
    case -16:
      return '-16 (-EBUSY)';
    case -22:
      return '-22 (-EINVAL)';
    default:
      return String(status);
  }
}

/** `t0`, or `the null token`. */
export function tokenText(token: Token | undefined): string {
  return token === null ? 'the null token' : (token ?? 'no token');
}

/** `p0.addConsumer(c0)`. */
export function invocationText(invocation: Pick<Invocation, 'object' | 'callback' | 'counterpart'>): string {
  return `${invocation.object}.${invocation.callback}(${invocation.counterpart ?? ''})`;
}

/** The actions of a call in words: its callbacks, and then its end. */
export function actionsText(call: Call): string {
  const made = call.invocations.map(invocationText).join(' ');
  const end = endText(call);
  return made === '' ? end : `called ${made} and ${end}`;
}

/** The end of a call in words. */
export function endText(call: Call): string {
  switch (call.outcome) {
    case 'returned':
      return call.registers ? `returned ${statusText(call.status)}` : 'returned';
    case 'crashed':
      return `crashed (${call.detail})`;
    case 'hung':
      return `hung (${call.detail})`;
    case 'broken':
      return 'never returned';
  }
}

/** True for a call that returned and made no callback. */
export function isQuiet(call: Call): boolean {
  return call.outcome === 'returned' && call.invocations.length === 0;
}

/** `registering p0 under t0`, `unregistering c1`. */
export function callText(call: Call): string {
  return call.registers ? `registering ${call.object} under ${tokenText(call.token)}` : `unregistering ${call.object}`;
}

/** The statuses that a profile gives to a reason. */
function statusesOf(refusal: Refusal, history: History): readonly Status[] {
  return history.profile.refusals.find((choice) => choice.refusal === refusal)?.statuses ?? [];
}

/** True when a profile leaves it to the implementation to obey a reason. */
export function isOptional(refusal: Refusal, history: History): boolean {
  return history.profile.refusals.find((choice) => choice.refusal === refusal)?.optional ?? false;
}

/**
 * The one reason that decides about a registration: the only one that applies, or the first where the profile fixes
 * the order. Undefined where several compete or none applies.
 */
export function decidingReason(call: Call, history: History): Refusal | undefined {
  const first = call.reasons[0];
  if (first === undefined || call.reasons.length === 1) return first;
  return history.profile.ordered && !isOptional(first, history) ? first : undefined;
}

/** The statuses with which a registration may be refused, where one or more reasons apply. */
export function refusalStatuses(call: Call, history: History): readonly Status[] {
  const allowed: Status[] = [];
  for (const reason of call.reasons) {
    allowed.push(...statusesOf(reason, history));
    if (history.profile.ordered && !isOptional(reason, history)) break;
  }
  return allowed;
}

/** True for a registration that was refused with an allowed status and without a callback. */
export function wasRefused(call: Call, statuses: readonly Status[]): boolean {
  return isQuiet(call) && call.status !== undefined && statuses.includes(call.status);
}

/** Makes the check of a rule that says: this reason refuses, with these statuses, and nothing else happens. */
export function refusedFor(refusal: Refusal, why: (call: Call) => string): (call: Call, history: History) => Verdict {
  return (call, history) => {
    if (decidingReason(call, history) !== refusal) return undefined;
    const statuses = statusesOf(refusal, history);
    if (wasRefused(call, statuses)) return true;
    return `${callText(call)} must be refused with ${statuses.map(statusText).join(' or ')} because ${why(call)}, but it ${actionsText(call)}`;
  };
}

/** True for a registration that was let in: it returned 0, or connecting was tried and failed. */
export function wasAccepted(call: Call): boolean {
  return call.outcome === 'returned' && (call.status === 0 || call.invocations.length > 0);
}

/** Makes the check of a rule that says: such a registration must not be refused. */
export function acceptedWhere(
  applies: (call: Call) => boolean,
  why: (call: Call) => string,
): (call: Call, history: History) => Verdict {
  return (call) => {
    if (!call.goesAhead || !applies(call)) return undefined;
    return wasAccepted(call) || `${why(call)}, yet ${callText(call)} ${actionsText(call)}`;
  };
}

/** Makes the check of a rule that says: such a call does nothing. */
export function quietWhere(
  applies: (call: Call) => boolean,
  why: (call: Call) => string,
): (call: Call, history: History) => Verdict {
  return (call) => {
    if (!applies(call)) return undefined;
    return isQuiet(call) || `${why(call)}, yet ${callText(call)} ${actionsText(call)}`;
  };
}

/** The result of the first call of a fallible callback inside a call; undefined when it was not made. */
export function resultOf(call: Call, callback: CallbackName): Status | undefined {
  for (const invocation of call.invocations) {
    if (invocation.callback === callback) return invocation.result;
  }
  return undefined;
}

/** The outcome of connecting, by the results that the callbacks gave. */
export function connecting(call: Call, history: History): 'succeeds' | 'addConsumer-fails' | 'addProducer-fails' {
  if (!history.profile.fallible) return 'succeeds';
  if ((resultOf(call, 'addConsumer') ?? 0) !== 0) return 'addConsumer-fails';
  if ((resultOf(call, 'addProducer') ?? 0) !== 0) return 'addProducer-fails';
  return 'succeeds';
}

/** True for a registration that must connect to a peer. */
export function mustConnect(call: Call): boolean {
  return call.goesAhead && call.peer !== undefined;
}

/** A callback of one of the two objects of a pair. */
type Part = readonly ['producer' | 'consumer', CallbackName];

const STOP: readonly Part[] = [
  ['producer', 'stop'],
  ['consumer', 'stop'],
];
const START: readonly Part[] = [
  ['consumer', 'start'],
  ['producer', 'start'],
];
const ADD_CONSUMER: Part = ['producer', 'addConsumer'];
const ADD_PRODUCER: Part = ['consumer', 'addProducer'];
const DEL_CONSUMER: Part = ['producer', 'delConsumer'];
const DEL_PRODUCER: Part = ['consumer', 'delProducer'];

/** The callbacks of each thing that can happen to a pair, in order. A callback that an object lacks is left out. */
export const SEQUENCES = {
  succeeds: [...STOP, ADD_CONSUMER, ADD_PRODUCER, ...START],
  'addConsumer-fails': [...STOP, ADD_CONSUMER, ...START],
  'addProducer-fails': [...STOP, ADD_CONSUMER, ADD_PRODUCER, DEL_CONSUMER, ...START],
  disconnect: [...STOP, DEL_PRODUCER, DEL_CONSUMER, ...START],
} as const satisfies Record<string, readonly Part[]>;

/** Compares the callbacks of a call with a sequence. Returns true, or a text with what was due and what came. */
export function inSequence(call: Call, history: History, sequence: readonly Part[]): true | string {
  const { invocations } = call;
  let position = 0;
  let same = call.outcome === 'returned';
  for (const [role, callback] of sequence) {
    const object = call[role];
    if (object === undefined || !hasCallback(history.objects, object, callback)) continue;
    const made = invocations[position++];
    if (made === undefined || made.callback !== callback || made.object !== object) {
      same = false;
      break;
    }
  }
  if (same && position === invocations.length) return true;
  const expected = sequence
    .map(([role, callback]) => [call[role], callback] as const)
    .filter(([object, callback]) => object !== undefined && hasCallback(history.objects, object, callback))
    .map(([object, callback]) => `${object}.${callback}`);
  const made = invocations.map((invocation) => `${invocation.object}.${invocation.callback}`);
  const end = call.outcome === 'returned' ? '' : `, then it ${endText(call)}`;
  return `${callText(call)} must call ${expected.join(' ') || 'nothing'}, but it called ${made.join(' ') || 'nothing'}${end}`;
}

/** The other object of the pair that a call is about. */
export function otherOf(call: Call, object: ObjectId): ObjectId | undefined {
  return object === call.producer ? call.consumer : object === call.consumer ? call.producer : undefined;
}
