/** Lifetime: the manager knows an object from its registration to its unregistration, and no longer. */
import type { Call, Past } from '../reading/history.js';
import type { Rule, Verdict } from '../rule.js';
import type { ObjectId } from '../vocabulary.js';
import { acceptedWhere, actionsText, callText, endText, invocationText, quietWhere } from './helpers.js';

const BY_NODE = { 'rfc-2015': 'undefined there: the prototype deletes the list node of whatever it is given' } as const;

/** True for unregistering an object that is not registered and of which `past` became last. */
const leaves = (past: Call['past']) => (call: Call) =>
  !call.registers && call.heldToken === undefined && call.past === past;

/** Makes the check of a rule that says: no callback names an object with such a past, but for the one that acts. */
function namesNoneThat(
  pasts: readonly Past[],
  why: (object: ObjectId) => string,
  count: (call: Call) => number,
): (call: Call) => Verdict {
  return (call) => {
    for (const invocation of call.invocations) {
      const { object, counterpart, past, counterpartPast } = invocation;
      const gone =
        object !== call.object && pasts.includes(past)
          ? object
          : counterpart !== call.object && pasts.includes(counterpartPast)
            ? counterpart
            : undefined;
      if (gone !== undefined) return `${invocationText(invocation)} while ${callText(call)}, though ${why(gone)}`;
    }
    return count(call) > 0 ? true : undefined;
  };
}

export const lifetime: readonly Rule[] = [
  {
    kind: 'call',
    id: 'LIFE-1',
    level: 'MUST',
    text: 'Unregistering an object that was never registered MUST do nothing.',
    intent: 'Drivers unregister on every way out, whether or not they got as far as registering.',
    source: 'Linux 4.4 and later; the revision before the merge crashed.',
    except: BY_NODE,
    check: quietWhere(leaves('new'), (call) => `${call.object} was never registered`),
  },
  {
    kind: 'call',
    id: 'LIFE-2',
    level: 'MUST',
    text: 'Unregistering an object whose registration was refused MUST do nothing: it is the object that counts, not the token it asked for.',
    intent: 'By token, the one that was refused takes away the registration of the one that was not.',
    source: 'Producers up to Linux 6.16; consumers in 4.4, found by syzkaller in 2017.',
    except: BY_NODE,
    check: quietWhere(leaves('refused'), (call) => `the registration of ${call.object} was refused`),
  },
  {
    kind: 'call',
    id: 'LIFE-3',
    level: 'MUST',
    text: 'Unregistering an object a second time MUST do nothing.',
    intent: 'An irqfd is shut down by its eventfd and by its owner, in any order.',
    source: 'Linux 4.4 and later, as long as nobody else took the token; without condition since 6.17.',
    except: BY_NODE,
    check: quietWhere(leaves('unregistered'), (call) => `${call.object} is unregistered already`),
  },
  {
    kind: 'call',
    id: 'LIFE-4',
    level: 'MUST',
    text: 'Unregistering an object that failed to connect MUST do nothing.',
    intent: 'It was never in; and its token may belong to somebody else by now.',
    source: 'Without condition since Linux 6.17; up to 6.16 it crashes once another producer has taken the token.',
    except: BY_NODE,
    check: quietWhere(leaves('failed'), (call) => `${call.object} failed to connect`),
  },
  {
    kind: 'call',
    id: 'LIFE-5',
    level: 'MUST',
    text: 'After its unregistration returned, no callback MUST name an object until it registers again.',
    intent: 'Its memory is freed by then.',
    source: 'The RFC of 2015. Linux 6.17 breaks it for an object with the null token.',
    check: namesNoneThat(
      ['unregistered'],
      (object) => `${object} is unregistered`,
      (call) => call.othersUnregistered,
    ),
  },
  {
    kind: 'call',
    id: 'LIFE-6',
    level: 'MUST',
    text: 'After its registration failed, no callback MUST name an object until it registers again.',
    intent: 'Its memory is freed by then.',
    source: 'Linux 4.4 and later.',
    check: namesNoneThat(
      ['refused', 'failed'],
      (object) => `the registration of ${object} failed`,
      (call) => call.othersRejected,
    ),
  },
  {
    kind: 'call',
    id: 'LIFE-7',
    level: 'MUST',
    text: 'What was registered can be unregistered: afterwards the object MUST be able to register again.',
    intent: 'A registration that cannot be taken back pins the object for the life of the host.',
    source: 'The RFC of 2015. Linux 6.17 breaks it for an object with the null token.',
    check: acceptedWhere(
      (call) => call.past === 'unregistered' && call.holder === undefined,
      (call) => `${call.object} was unregistered`,
    ),
  },
  {
    kind: 'call',
    id: 'LIFE-8',
    level: 'MUST',
    text: 'Every operation MUST return.',
    intent: 'A crash takes the host down, a hang takes every guest on it: one lock serves them all.',
    source: 'The RFC of 2015.',
    check: (call) => call.outcome === 'returned' || call.outcome === 'broken' || `${callText(call)} ${endText(call)}`,
  },
  {
    kind: 'call',
    id: 'LIFE-9',
    level: 'MUST',
    text: 'An operation MUST NOT log a warning or an error, unless the caller registers what is registered.',
    intent: 'A kernel may be set to panic on a warning; it is kept for bugs of the caller.',
    source: 'Linux 6.17 warns when an object is registered already, and nowhere else.',
    check: (call, history) => {
      const misuse =
        call.registers &&
        call.heldToken !== undefined &&
        history.profile.warnsWhenRegistered.includes(call.operation.operation);
      if (misuse) return undefined;
      const log = call.logs.find((one) => one.level !== 'info');
      return log === undefined || `${callText(call)} ${actionsText(call)} and logged: ${log.text}`;
    },
  },
  {
    kind: 'untestable',
    id: 'LIFE-10',
    level: 'MUST',
    text: 'The manager MUST stay loaded for as long as an object is registered or an operation runs.',
    intent: 'Whoever calls into a module that has gone calls into nothing.',
    source:
      'The RFC of 2015: loaded by dependency. Up to Linux 6.16 by references of the module to itself; since then by its users.',
    reason: 'A trace shows calls and callbacks, and neither the loading nor the unloading of the manager.',
  },
];
