/** Balance: every stop has its start, and every add its del. */
import { isAdd, isDel } from '../callbacks.js';
import { hasCallback } from '../reading/history.js';
import type { Rule } from '../rule.js';
import { actionsText, callText, invocationText } from './helpers.js';

export const balance: readonly Rule[] = [
  {
    kind: 'call',
    id: 'BAL-1',
    level: 'MUST',
    text: 'Every stop MUST have its start on the same object before the operation returns, and no start comes without its stop.',
    intent:
      'On Arm, stop halts the whole guest and counts: a missing start freezes it for ever, an extra one defeats the next stop.',
    source: 'Every version but Linux 5.9 to 5.12; a counter on Arm since 6.12.',
    except: { 'rfc-2015': 'there is neither stop nor start' },
    check: (call, history) => {
      const depth = new Map<string, number>();
      for (const { callback, object } of call.invocations) {
        if (callback !== 'stop' && callback !== 'start') continue;
        if (!hasCallback(history.objects, object, 'stop') || !hasCallback(history.objects, object, 'start')) continue;
        const now = (depth.get(object) ?? 0) + (callback === 'stop' ? 1 : -1);
        if (now < 0) return `${object} is started without having been stopped while ${callText(call)}`;
        depth.set(object, now);
      }
      for (const [object, left] of depth) {
        if (left > 0) return `${object} is left stopped: ${callText(call)} ${actionsText(call)}`;
      }
      return depth.size > 0 ? true : undefined;
    },
  },
  {
    kind: 'call',
    id: 'BAL-2',
    level: 'MUST',
    text: 'Every add that succeeded MUST have exactly one del of the same pair, no later than the return of the operation that ends the pair; and no del comes without its add.',
    intent:
      'An add without a del leaves hardware that delivers to a guest that has gone; a del without an add unmaps what others use.',
    source: 'Linux 5.9 to 5.12 called delConsumer right after a successful add.',
    check: (call, history) => {
      let exposed = false;
      for (const invocation of call.invocations) {
        const { callback, object } = invocation;
        exposed ||= isAdd(callback) || isDel(callback);
        if (!isDel(callback)) continue;
        if (call.registers && call.status === 0) {
          return `${invocationText(invocation)} while ${callText(call)}, though the pair has only begun`;
        }
        if (invocation.wasAdded) continue;
        if (callback === 'delConsumer' && !hasCallback(history.objects, object, 'addConsumer')) continue;
        return `${invocationText(invocation)} while ${callText(call)}, without an add of that pair before it`;
      }
      const [left] = call.dangling;
      if (left !== undefined)
        return `${left} was added to a pair that is no more, and never deleted: ${callText(call)} ${actionsText(call)}`;
      return exposed ? true : undefined;
    },
  },
];
