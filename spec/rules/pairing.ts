/** Pairing: an object is connected to another one, from one moment to another. */
import { isAdd } from '../callbacks.js';
import type { Call, History } from '../reading/history.js';
import { hasCallback } from '../reading/history.js';
import type { Rule } from '../rule.js';
import {
  actionsText,
  callText,
  connecting,
  invocationText,
  isQuiet,
  mustConnect,
  quietWhere,
  tokenText,
} from './helpers.js';

/** True when connecting to the peer was tried: every add that is there was made, up to the first that failed. */
function connects(call: Call, history: History): boolean {
  if (call.outcome !== 'returned') return false;
  const { producer, consumer } = call;
  if (producer === undefined || consumer === undefined) return false;
  const made = (object: string, callback: string) =>
    call.invocations.some((one) => one.object === object && one.callback === callback);
  if (hasCallback(history.objects, producer, 'addConsumer') && !made(producer, 'addConsumer')) return false;
  return connecting(call, history) === 'addConsumer-fails' || made(consumer, 'addProducer');
}

export const pairing: readonly Rule[] = [
  {
    kind: 'call',
    id: 'PAIR-1',
    level: 'MUST',
    text: 'A registration under a token that an object of the other side holds MUST connect the two before it returns, and return 0 if connecting succeeds.',
    intent:
      'This is what the manager is for: whoever comes second completes the shortcut, and knows it when the call returns.',
    source: 'The RFC of 2015.',
    check: (call, history) => {
      if (!mustConnect(call)) return undefined;
      const done = connects(call, history) && (connecting(call, history) !== 'succeeds' || call.status === 0);
      return done || `${call.peer} waits under ${tokenText(call.token)}, but ${callText(call)} ${actionsText(call)}`;
    },
  },
  {
    kind: 'call',
    id: 'PAIR-2',
    level: 'MUST',
    text: 'A registration under a token that nobody on the other side holds MUST return 0 and make no callback.',
    intent: 'Either side may come first; it must be let in and then wait.',
    source: 'The RFC of 2015.',
    check: (call) => {
      if (!call.registers || call.peer !== undefined || !call.goesAhead) return undefined;
      if (isQuiet(call) && call.status === 0) return true;
      return `nobody waits under ${tokenText(call.token)}, but ${callText(call)} ${actionsText(call)}`;
    },
  },
  {
    kind: 'call',
    id: 'PAIR-3',
    level: 'MUST',
    text: 'An object MUST have at most one partner: no add names an object that is connected.',
    intent: 'The header rules 1:N out; a consumer that is told of a second producer overwrites the first and leaks it.',
    source: 'The header of every version. Broken by a lost entry (bug 211711) up to Linux 6.16.',
    check: (call) => {
      let exposed = false;
      for (const invocation of call.invocations) {
        if (!isAdd(invocation.callback)) continue;
        exposed = true;
        if (invocation.takenBy !== undefined) {
          return `${invocationText(invocation)}, though a connection to ${invocation.takenBy} has not ended`;
        }
      }
      return exposed ? true : undefined;
    },
  },
  {
    kind: 'call',
    id: 'PAIR-4',
    level: 'MUST',
    text: 'Unregistering one of a pair MUST disconnect the two before it returns.',
    intent:
      'After the call the caller frees the interrupt and the memory; a partner that still uses them writes into the void.',
    source: 'The RFC of 2015.',
    check: (call, history) => {
      if (call.registers || call.peer === undefined || call.consumer === undefined) return undefined;
      if (!hasCallback(history.objects, call.consumer, 'delProducer')) return undefined;
      const done =
        call.outcome === 'returned' &&
        call.invocations.some((one) => one.object === call.consumer && one.callback === 'delProducer');
      return done || `${call.object} and ${call.peer} are a pair, but ${callText(call)} ${actionsText(call)}`;
    },
  },
  {
    kind: 'call',
    id: 'PAIR-5',
    level: 'MUST',
    text: 'An object whose partner left MUST be paired again with the next that registers under its token.',
    intent: 'A guest reboots, its irqfd goes and comes; the device keeps its vector all the while.',
    source: 'Linux 4.4 and later; scenario of a consumer that is replaced.',
    check: (call, history) => {
      if (!call.peerLostPartner || !mustConnect(call)) return undefined;
      if (connects(call, history)) return true;
      return `${call.peer} lost its partner and waits under ${tokenText(call.token)} again, but ${callText(call)} ${actionsText(call)}`;
    },
  },
  {
    kind: 'call',
    id: 'PAIR-6',
    level: 'MUST',
    text: 'Unregistering an object that has no partner MUST make no callback.',
    intent: 'There is nobody to tell, and an object that was told of nobody must not be told that he left.',
    source: 'The RFC of 2015.',
    check: quietWhere(
      (call) => !call.registers && call.heldToken !== undefined && call.peer === undefined,
      (call) => `${call.object} has no partner`,
    ),
  },
];
