/** Callbacks: which ones are made, on whom, in which order, with which arguments. */

import { passesCounterpart } from '../callbacks.js';
import type { Profile } from '../profile.js';
import { hasCallback } from '../reading/history.js';
import type { Rule } from '../rule.js';
import type { CallbackName, ObjectId } from '../vocabulary.js';
import { roleOf } from '../vocabulary.js';
import {
  callText,
  connecting,
  inSequence,
  invocationText,
  mustConnect,
  otherOf,
  refusedFor,
  SEQUENCES,
} from './helpers.js';

/** True when an object lacks a callback that the profile knows and makes optional. */
function lacksOptional(profile: Profile, object: ObjectId, has: (callback: CallbackName) => boolean): boolean {
  const role = roleOf(object);
  for (const callback of profile.callbacks[role]) {
    if (!has(callback) && !profile.mandatory[role].includes(callback)) return true;
  }
  return false;
}

export const callbacks: readonly Rule[] = [
  {
    kind: 'call',
    id: 'CALL-1',
    level: 'MUST',
    text: "Connecting MUST call, in this order, the producer's stop, the consumer's stop, the producer's addConsumer, the consumer's addProducer, the consumer's start, the producer's start.",
    intent:
      'Both sides are still while they are joined, and the starts undo the stops in the opposite order, so that they nest.',
    source: 'Linux 4.4 and later; Linux 5.9 to 5.12 called delConsumer after success.',
    check: (call, history) => {
      if (!mustConnect(call) || connecting(call, history) !== 'succeeds') return undefined;
      return inSequence(call, history, SEQUENCES.succeeds);
    },
  },
  {
    kind: 'call',
    id: 'CALL-2',
    level: 'MUST',
    text: "Disconnecting MUST call, in this order, the producer's stop, the consumer's stop, the consumer's delProducer, the producer's delConsumer, the consumer's start, the producer's start.",
    intent: 'The consumer lets go first, since it was told last; whoever leaves, the order is the same.',
    source: 'Linux 4.4 and later.',
    check: (call, history) => {
      if (call.registers || call.peer === undefined) return undefined;
      return inSequence(call, history, SEQUENCES.disconnect);
    },
  },
  {
    kind: 'call',
    id: 'CALL-3',
    level: 'MUST',
    text: 'An operation MUST call back only the two objects of the pair that it makes or ends.',
    intent: 'A callback on the wrong object disconnects a working interrupt of somebody else.',
    source: 'Up to Linux 6.16 unregistering a refused producer disconnects the consumer of another one.',
    check: (call) => {
      if (call.invocations.length === 0) return undefined;
      for (const invocation of call.invocations) {
        if (invocation.object === call.producer || invocation.object === call.consumer) continue;
        return `${invocationText(invocation)} while ${callText(call)}, which does not concern ${invocation.object}`;
      }
      return true;
    },
  },
  {
    kind: 'call',
    id: 'CALL-4',
    level: 'MUST',
    text: 'An optional callback that an object lacks MUST be skipped, and lacking it MUST change nothing else.',
    intent: "VFIO's producers have no callback at all, and most consumers neither stop nor start.",
    source: 'Linux 4.4 and later; before the merge some were mandatory.',
    except: { 'rfc-2015': 'no callback is optional there' },
    check: (call, history) => {
      const { producer, consumer } = call;
      if (producer === undefined || consumer === undefined) return undefined;
      if (call.registers ? !mustConnect(call) : call.peer === undefined) return undefined;
      const lacking = [producer, consumer].filter((object) =>
        lacksOptional(history.profile, object, (callback) => hasCallback(history.objects, object, callback)),
      );
      if (lacking.length === 0) return undefined;
      const sequence = call.registers ? SEQUENCES[connecting(call, history)] : SEQUENCES.disconnect;
      const result = inSequence(call, history, sequence);
      return (
        result === true ||
        `${lacking.join(' and ')} lack${lacking.length === 1 ? 's' : ''} optional callbacks; ${result}`
      );
    },
  },
  {
    kind: 'call',
    id: 'CALL-5',
    level: 'MUST',
    text: 'An add or a del MUST be passed the other object of the pair.',
    intent: 'The consumer programs the interrupt of whatever producer it is handed.',
    source: 'The RFC of 2015.',
    check: (call) => {
      let exposed = false;
      for (const invocation of call.invocations) {
        if (!passesCounterpart(invocation.callback)) {
          if (invocation.counterpart === undefined) continue;
          return `${invocationText(invocation)} was passed an object`;
        }
        exposed = true;
        const other = otherOf(call, invocation.object);
        if (other !== invocation.counterpart) {
          return `${invocationText(invocation)} while ${callText(call)}; the other object of the pair is ${other ?? 'none'}`;
        }
      }
      return exposed ? true : undefined;
    },
  },
  {
    kind: 'call',
    id: 'CALL-6',
    level: 'MUST',
    text: 'addProducer MUST see the interrupt with which the producer was registered.',
    intent:
      'The consumer needs the host interrupt as soon as a connection is possible; that is all it takes from the producer.',
    source: 'Linux 6.17 (23b54381cee2) makes it an argument of the registration for this reason.',
    except: { 'rfc-2015': 'the prototype leaves open how the consumer learns of the interrupt' },
    check: (call) => {
      let exposed = false;
      for (const invocation of call.invocations) {
        if (invocation.callback !== 'addProducer' || invocation.counterpart !== call.producer) continue;
        exposed = true;
        if (invocation.irq !== call.irq) {
          return `${invocationText(invocation)} sees interrupt ${invocation.irq}; ${call.producer} is registered with ${call.irq}`;
        }
      }
      return exposed ? true : undefined;
    },
  },
  {
    kind: 'call',
    id: 'CALL-7',
    level: 'MUST',
    text: 'An object that lacks a mandatory callback MUST be refused with -EINVAL.',
    intent:
      'A consumer that cannot be told of its producer can do nothing with it; better refused than called through null.',
    source: 'Linux 4.4 and later: addProducer and delProducer; before the merge also addConsumer and delConsumer.',
    except: { 'rfc-2015': 'undefined there: the callbacks are called without a look' },
    needs: 'missing-mandatory',
    check: refusedFor('missing-callback', (call) => `${call.object} lacks a mandatory callback`),
  },
  {
    kind: 'trace',
    id: 'CALL-8',
    level: 'MUST',
    text: 'Callbacks MUST run inside the operation that causes them, one at a time, and be over before it returns.',
    intent: 'The caller holds locks and references for the time of the call and no longer.',
    source: 'Every version: one mutex is held across the search, all callbacks, and the insertion or removal.',
    check: (history) => history.broken,
  },
];
