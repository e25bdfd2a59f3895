/** Failure: connecting fails, or memory runs out. */
import type { Rule } from '../rule.js';
import {
  actionsText,
  callText,
  connecting,
  exceptWhere,
  inSequence,
  mustConnect,
  quietWhere,
  refusedFor,
  SEQUENCES,
  statusText,
  tokenText,
  wasAccepted,
} from './helpers.js';

const NOTHING_FAILS = exceptWhere(
  ({ fallible }) => !fallible,
  'the callbacks return nothing, so connecting cannot fail',
);
const LISTS = exceptWhere(
  ({ refusals }) => !refusals.some(({ refusal }) => refusal === 'no-memory'),
  'this version links the object itself into a list and allocates nothing',
);

export const failure: readonly Rule[] = [
  {
    kind: 'call',
    id: 'FAIL-1',
    level: 'MUST',
    text: 'When addConsumer fails, addProducer MUST NOT be called, nothing is deleted, and both sides are started.',
    intent: 'Nothing was added, so nothing is to be deleted; but both sides were stopped and must go on.',
    source: 'Linux 4.4 and later; 5.9 to 5.12 left start out and froze guests for nine months.',
    except: NOTHING_FAILS,
    check: (call, history) => {
      if (!mustConnect(call) || connecting(call, history) !== 'addConsumer-fails') return undefined;
      return inSequence(call, history, SEQUENCES['addConsumer-fails']);
    },
  },
  {
    kind: 'call',
    id: 'FAIL-2',
    level: 'MUST',
    text: "When addProducer fails, the producer's delConsumer MUST be called, the consumer's delProducer MUST NOT, and both sides are started.",
    intent: 'What was added is taken back, what failed to be added is not, and both sides go on.',
    source: 'Linux 4.4 and later; 5.9 to 5.12 left start out and froze guests for nine months.',
    except: NOTHING_FAILS,
    check: (call, history) => {
      if (!mustConnect(call) || connecting(call, history) !== 'addProducer-fails') return undefined;
      return inSequence(call, history, SEQUENCES['addProducer-fails']);
    },
  },
  {
    kind: 'call',
    id: 'FAIL-3',
    level: 'MUST',
    text: 'Any result of an add but 0 MUST count as a failure, positive ones too, and be returned by the registration as it is.',
    intent: 'powerpc refuses with +1; and the caller logs the status, which is all that anybody will ever learn.',
    source: 'Linux 4.4 and later.',
    except: NOTHING_FAILS,
    check: (call) => {
      if (!mustConnect(call)) return undefined;
      for (const { callback, object, result } of call.invocations) {
        if (result === undefined || result === 0) continue;
        if (call.outcome === 'returned' && call.status === result) return true;
        return `${object}.${callback} returned ${statusText(result)}, but ${callText(call)} ${actionsText(call)}`;
      }
      return undefined;
    },
  },
  {
    kind: 'call',
    id: 'FAIL-4',
    level: 'MUST',
    text: 'An object that failed to connect MUST NOT be registered: its peer is alone, and leaves without a callback.',
    intent: 'The caller frees an object whose registration failed.',
    source: 'Linux 4.4 and later.',
    except: NOTHING_FAILS,
    check: quietWhere(
      (call) => !call.registers && call.heldToken !== undefined && call.sawFailedConnect && call.peer === undefined,
      (call) => `whoever tried to connect to ${call.object} failed`,
    ),
  },
  {
    kind: 'call',
    id: 'FAIL-5',
    level: 'MUST',
    text: 'The peer of an object that failed to connect MUST stay registered, unpaired, and ready for the next.',
    intent: 'A failure of the newcomer is no reason to throw out who was there before.',
    source: 'Linux 4.4 and later.',
    except: NOTHING_FAILS,
    check: (call) => {
      if (!call.peerSawFailedConnect || !mustConnect(call)) return undefined;
      if (call.invocations.length > 0) return true;
      return `${call.peer} is still registered under ${tokenText(call.token)}, yet ${callText(call)} ${actionsText(call)}`;
    },
  },
  {
    kind: 'call',
    id: 'FAIL-6',
    level: 'MUST',
    text: 'An object that failed to connect MUST be able to register again, and connecting is then tried in full.',
    intent: 'A failed connection leaves no memory; a driver may retry for as long as it likes.',
    source: 'Linux 4.4 and later.',
    except: NOTHING_FAILS,
    check: (call) => {
      if (!call.registers || call.past !== 'failed' || !call.goesAhead) return undefined;
      const again = call.peer === undefined ? call.status === 0 : call.invocations.length > 0;
      if (again && wasAccepted(call)) return true;
      return `${call.object} failed to connect before and tries again, but ${callText(call)} ${actionsText(call)}`;
    },
  },
  {
    kind: 'call',
    id: 'FAIL-7',
    level: 'MUST',
    text: 'A registration for which there is no memory MUST fail with -ENOMEM before anything is connected, and change nothing.',
    intent: 'A pair that is connected but not tracked can never be taken apart.',
    source: 'Linux 6.17; the first version of the 2023 patch allocated after connecting.',
    except: LISTS,
    needs: 'allocation-failure',
    check: refusedFor('no-memory', () => 'there is no memory'),
  },
];
