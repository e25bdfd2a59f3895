/** Consumers: what KVM owes the manager and user space. */
import { backEnds } from '../host/back-ends.js';
import type { HostCall, HostHistory, StateAfter } from '../host/reading/history.js';
import type { HostRule } from '../host/rule.js';
import type { AssignIrqfd, EventfdId, Holder, Route } from '../host/vocabulary.js';
import { irqfdHolder, isVector } from '../host/vocabulary.js';
import { hostOperationText } from '../host/words.js';
import { exceptWhere, statusText } from './helpers.js';
import {
  during,
  each,
  exposedIf,
  irqOf,
  pairsOf,
  referencesOf,
  rerouted,
  shortcutOf,
  takesEffect,
  wayText,
} from './host-helpers.js';
import { isBypassed } from './host-registrations.js';

const holderOf = ({ vm, eventfd }: AssignIrqfd) => irqfdHolder(vm, eventfd);
const consumersOf = (call: HostCall) => call.registered.filter(({ role }) => role === 'consumer');

/** The irqfds that a call ended. */
function ended({ before, after }: HostCall): readonly { readonly holder: Holder; readonly eventfd: EventfdId }[] {
  if (before.setUp.irqfds === after.setUp.irqfds) return [];
  return [...before.setUp.irqfds].flatMap(([eventfd, { holder }]) =>
    after.setUp.irqfds.get(eventfd)?.holder === holder ? [] : [{ holder, eventfd }],
  );
}

/** The irqfds that a call ended or assigned. */
function changed(call: HostCall): readonly Holder[] {
  const { operation, dueStatus } = call;
  const assigned = operation.operation === 'assignIrqfd' && dueStatus === 0 ? [holderOf(operation)] : [];
  return [...ended(call).map(({ holder }) => holder), ...assigned];
}

/** The eventfds to which an irqfd has to hold a reference: none, once it is gone. */
function eventfdsOf({ setUp }: StateAfter, holder: Holder): readonly EventfdId[] {
  const eventfd = holder.split('.')[1] as EventfdId;
  const irqfd = setUp.irqfds.get(eventfd);
  if (irqfd?.holder !== holder) return [];
  return [eventfd, ...(irqfd.resample === undefined ? [] : [irqfd.resample])].sort();
}

/** The interrupts that were part of a pair whose irqfd a call ended, or whose route it changed: other rules speak of them. */
function unsettled(call: HostCall, history: HostHistory): ReadonlySet<number> {
  if (call.operation.operation === 'setRoutes') return new Set(rerouted(call, history).map(({ irq }) => irq));
  return new Set(call.operation.operation === 'deassignIrqfd' ? endedIrqs(call) : []);
}

/** The interrupts of the pairs whose irqfd a call ended. */
function endedIrqs(call: HostCall): readonly number[] {
  return ended(call).flatMap(({ eventfd }) => {
    const pair = pairsOf(call.before).find((one) => one.eventfd === eventfd);
    const irq = pair === undefined ? undefined : irqOf(call, pair.producer);
    return irq === undefined || !call.before.joined.has(irq) ? [] : [irq];
  });
}

/** The check of a rule that says: what registered is unregistered by one operation. */
const unregistersBy = (name: HostCall['operation']['operation'], why: string) => (call: HostCall) => {
  if (call.operation.operation !== name || call.outcome !== 'returned') return undefined;
  return each(ended(call), ({ holder }) => {
    if (![...call.before.registered.values()].some((entry) => entry.holder === holder)) return undefined;
    const left = [...call.after.registered].find(([, entry]) => entry.holder === holder);
    return (
      left === undefined ||
      `${left[0]} (${holder}) is still registered after ${hostOperationText(call.operation)}: ${why}`
    );
  });
};

/** A change of route that leaves the vector as it was. */
function otherFieldsOnly(old: Route | undefined, route: Route | undefined): boolean {
  return old?.type === 'msi' && route?.type === 'msi' && old.vector === route.vector;
}

const NOTHING_REFUSES = exceptWhere(({ fallible }) => !fallible, 'a consumer cannot refuse there');

export const consumer: readonly HostRule[] = [
  {
    kind: 'host',
    id: 'CONS-1',
    level: 'MUST',
    text: 'Where the host can shortcut anything for its VM, an irqfd that is assigned MUST register its consumer under the token of its eventfd; whoever registers holds a reference to it.',
    intent: 'Who does not register is never bypassed; who holds no reference may come to be paired with a stranger.',
    source: 'kvm_irqfd_assign, if kvm_arch_has_irq_bypass().',
    check: (call, { setting }) => {
      const { operation } = call;
      const assigns = operation.operation === 'assignIrqfd' && call.outcome === 'returned';
      const mustCome = assigns && isBypassed(setting, call.after, operation.eventfd);
      const assigned = assigns && call.status === 0 && call.dueStatus === 0;
      const came = consumersOf(call);
      if (
        assigned &&
        mustCome &&
        !came.some(({ eventfd, holder }) => eventfd === operation.eventfd && holder === holderOf(operation))
      )
        return `no consumer registers under ${operation.eventfd} by ${hostOperationText(operation)}`;
      const loose = came.find(({ referenced }) => !referenced);
      if (loose !== undefined)
        return `${loose.object} registers under ${loose.eventfd} ${during(call)} without a reference to it`;
      return exposedIf(came.length > 0 || (assigned && mustCome));
    },
  },
  {
    kind: 'host',
    id: 'CONS-2',
    level: 'MUST',
    text: 'An irqfd that is deassigned MUST unregister its consumer.',
    intent: 'Its memory is freed by then.',
    source: 'irqfd_shutdown.',
    check: unregistersBy('deassignIrqfd', 'its irqfd has gone'),
  },
  {
    kind: 'host',
    id: 'CONS-3',
    level: 'MUST',
    text: 'When user space closes the eventfd of an irqfd, its consumer MUST be unregistered.',
    intent: 'An irqfd ends with its eventfd; nobody will deassign it.',
    source: 'irqfd_wakeup, on EPOLLHUP.',
    check: unregistersBy('closeEventfd', 'its eventfd has hung up'),
  },
  {
    kind: 'host',
    id: 'CONS-4',
    level: 'MUST',
    text: 'When a VM goes, the consumers of all of its irqfds MUST be unregistered.',
    intent: 'The hardware would go on posting into the memory of a guest that is no more.',
    source: 'kvm_irqfd_release.',
    check: unregistersBy('destroyVm', 'its VM has gone'),
  },
  {
    kind: 'host',
    id: 'CONS-5',
    level: 'MUST',
    text: "A refused registration MUST leave user space's call successful.",
    intent: 'The bypass is an optimisation; on Arm it is refused whenever the guest has not mapped the event.',
    source: 'kvm_irqfd_assign: logged at info level, and dropped.',
    except: NOTHING_REFUSES,
    check: (call) =>
      each(consumersOf(call), ({ object, holder, status }) => {
        if (status === 0 || call.outcome !== 'returned' || call.status === undefined) return undefined;
        if (call.status === call.dueStatus) return true;
        return `${object} (${holder}) is refused with ${statusText(status)}, and ${hostOperationText(call.operation)} returns ${statusText(call.status)}`;
      }),
  },
  {
    kind: 'host',
    id: 'CONS-6',
    level: 'MUST',
    text: 'A consumer MUST be unregistered before the last reference to its eventfd is dropped.',
    intent: 'The address of an eventfd that is gone may be that of another one.',
    source: 'irqfd_shutdown.',
    check: (call) =>
      each(call.letGo, ({ what, holder, eventfd, needed }) => {
        if (what !== 'reference' || isVector(holder)) return undefined;
        return (
          needed === undefined ||
          `${holder} drops ${eventfd} by ${hostOperationText(call.operation)} while ${needed} is registered under it`
        );
      }),
  },
  {
    kind: 'host',
    id: 'CONS-7',
    level: 'MUST',
    text: 'What adding a producer sets up in the hardware MUST be undone when it is deleted, and nothing is set up without a pair.',
    intent:
      'An entry that is left sends the interrupts of the next user of that number to a guest that has nothing to do with it.',
    source: 'Balanced down to the IRTE: what B13 broke.',
    recorded: true,
    check: (call, history) => {
      for (const { irq, target, link } of call.mappings) {
        if (link === 'none' && target !== undefined)
          return `interrupt ${irq} is sent to ${wayText(target)} ${during(call)} without a pair`;
      }
      for (const [irq, target] of call.after.mapped) {
        if (call.after.joined.has(irq) || call.after.failed.has(irq) || unsettled(call, history).has(irq)) continue;
        return `interrupt ${irq} still goes to ${wayText(target)} after ${hostOperationText(call.operation)}, though its pair is no more`;
      }
      return exposedIf(call.mappings.length > 0);
    },
  },
  {
    kind: 'host',
    id: 'CONS-8',
    level: 'MUST',
    text: 'A failed add MUST leave nothing behind: no entry in the hardware, and not the address of the peer either.',
    intent: 'The peer may be freed; a later change of route reads what is no longer there.',
    source: 'x86 keeps the producer of a failed add, at least in 6.1 to 6.17 (found by reading).',
    except: NOTHING_REFUSES,
    check: (call) => {
      for (const { irq, link } of call.mappings) {
        if (link === 'failed') return `interrupt ${irq} is set up ${during(call)}, though its consumer had refused`;
      }
      for (const [irq, target] of call.after.mapped) {
        if (call.after.failed.has(irq)) {
          return `interrupt ${irq} goes to ${wayText(target)} after ${hostOperationText(call.operation)}, though its consumer refused`;
        }
      }
      return exposedIf(call.after.failed.size > 0);
    },
  },
  {
    kind: 'host',
    id: 'CONS-9',
    level: 'MUST',
    text: 'A change of route while paired MUST take effect before the call returns.',
    intent: 'The guest has moved its vector, and takes the old one for something else.',
    source: 'The RFC of 2015: the IRTE follows the vMSI. A lost update raced with the producer until 2025 (B11).',
    recorded: true,
    check: takesEffect(
      ({ old, route, was, due }) =>
        was !== null && due !== null && !otherFieldsOnly(old, route) && old?.type === route?.type,
      'the guest has changed its message',
    ),
  },
  {
    kind: 'host',
    id: 'CONS-10',
    level: 'MUST',
    text: 'When the route of a pair becomes one that cannot be posted, the interrupt MUST take the path through the host.',
    intent:
      'Several vCPUs, lowest priority and NMIs are beyond the hardware: posted all the same, they go to the old place.',
    source: 'kvm_pi_update_irte; on Arm since 6.16 (B14).',
    recorded: true,
    check: takesEffect(
      ({ due, old, route }) => due === null && old?.type === route?.type,
      'its new route cannot be posted',
    ),
  },
  {
    kind: 'host',
    id: 'CONS-11',
    level: 'MUST',
    text: 'When the route of a pair becomes one that can be posted, the interrupt MUST be posted.',
    intent:
      'A guest that masks and unmasks passes through routes that cannot be posted, and would lose the bypass for good.',
    source: 'kvm_pi_update_irte. On Arm the pair goes on through the host.',
    check: takesEffect(
      ({ was, due, old, route }) => was === null && due !== null && old?.type === route?.type,
      'its new route can be posted',
    ),
  },
  {
    kind: 'host',
    id: 'CONS-12',
    level: 'MUST',
    text: 'A change of any field of the message MUST count: also of its address alone.',
    intent: 'The vCPU is in the address: with the data alone compared, the interrupt goes on to the vCPU of before.',
    source: 'Linux compared the data only (B14).',
    recorded: true,
    check: takesEffect(
      ({ old, route, due }) => otherFieldsOnly(old, route) && due !== null,
      'its address has changed, though its vector is the same',
    ),
  },
  {
    kind: 'host',
    id: 'CONS-13',
    level: 'MUST',
    text: 'A change of the type of a route MUST count: to a message, to a pin, to none.',
    intent: 'What is no message any more cannot be posted.',
    source: 'A change of type was ignored (B14).',
    recorded: true,
    check: takesEffect(({ old, route }) => old?.type !== route?.type, 'the type of its route has changed'),
  },
  {
    kind: 'host',
    id: 'CONS-14',
    level: 'MUST',
    text: "Deassigning an irqfd while paired MUST restore the host's path, whatever the type of its route has become.",
    intent: 'The interrupt stays posted with a route that is no more; on AMD a list is corrupted.',
    source: 'Deassigning cleared the type, and so deleting did nothing, until January 2026 (B13).',
    recorded: true,
    check: (call) => {
      if (call.operation.operation !== 'deassignIrqfd' || call.outcome !== 'returned') return undefined;
      return each(endedIrqs(call), (irq) => {
        const target = call.after.mapped.get(irq);
        return (
          target === undefined ||
          `interrupt ${irq} still goes to ${wayText(target)} after ${hostOperationText(call.operation)}`
        );
      });
    },
  },
  {
    kind: 'host',
    id: 'CONS-15',
    level: 'MUST',
    text: 'Every halt of a guest MUST have its resume before the operation returns, over all of its pairs, and no resume comes without a halt.',
    intent: 'On Arm halts count: one too few thaws the guest early, one too many freezes it for ever.',
    source: 'Linux 6.1 has a flag, 6.12 a counter.',
    recorded: true,
    check: (call, { setting }) => {
      if (!backEnds[setting.backEnd].halts || call.outcome !== 'returned') return undefined;
      const frozen = [...call.after.halts].find(([, depth]) => depth > 0)?.[0];
      if (frozen !== undefined) return `${frozen} is left halted by ${hostOperationText(call.operation)}`;
      const over = call.after.overResumed;
      if (over !== undefined) return `${over} is resumed ${during(call)} without having been halted`;
      return exposedIf(call.events.some(({ type }) => type === 'guestHalted'));
    },
  },
  {
    kind: 'host',
    id: 'CONS-16',
    level: 'MUST',
    text: 'Adding a producer MUST shortcut its interrupt to where the route says, if it can be, and leave it with the host if not.',
    intent: 'This is what the pair is for.',
    source: 'The RFC of 2015.',
    check: (call, { setting }) => {
      if (call.outcome !== 'returned' || call.operation.operation === 'setRoutes') return undefined;
      if (call.joined.length === 0) return undefined;
      return each(pairsOf(call.after), (pair) => {
        const irq = irqOf(call, pair.producer);
        if (irq === undefined || !call.joined.includes(irq) || !call.after.joined.has(irq)) return undefined;
        const target = call.after.mapped.get(irq);
        const due = shortcutOf(setting, call.after, pair);
        if (wayText(target) === wayText(due)) return true;
        return `the interrupt of ${pair.eventfd} goes to ${wayText(target)} after ${hostOperationText(call.operation)}; its route leads to ${wayText(due)}`;
      });
    },
  },
  {
    kind: 'host',
    id: 'CONS-17',
    level: 'MUST',
    text: 'An irqfd MUST hold its references as long as it is assigned, and drop each once.',
    intent: 'A reference that is left keeps the eventfd for ever.',
    source: 'irqfd_shutdown.',
    check: (call) => {
      if (call.outcome !== 'returned') return undefined;
      const missing = call.letGo.find(({ holder, held }) => !isVector(holder) && !held);
      if (missing !== undefined)
        return `${missing.holder} drops a reference to ${missing.eventfd} ${during(call)} that it does not have`;
      const referring = call.referring.filter((holder) => !isVector(holder));
      return each(new Set([...changed(call), ...referring]), (holder) => {
        const wanted = eventfdsOf(call.after, holder);
        const has = referencesOf(call.after, holder);
        if (wanted.join() === has.join()) return true;
        const said = hostOperationText(call.operation);
        return wanted.length === 0
          ? `${holder} still holds a reference to ${has[0]} after ${said}`
          : `${holder} holds references to ${has.join(' and ') || 'nothing'} after ${said}, and needs ${wanted.join(' and ')}`;
      });
    },
  },
  {
    kind: 'host',
    id: 'CONS-18',
    level: 'MUST',
    text: 'A table of routes that leaves the route of a pair as it is MUST NOT touch the hardware for it.',
    intent: 'The table is set as a whole: every change of one route would disturb the interrupts of all others.',
    source: 'kvm_irq_routing_update skips what is unchanged.',
    check: (call, history) => {
      const { operation } = call;
      if (operation.operation !== 'setRoutes' || call.outcome !== 'returned') return undefined;
      const moved = new Set(rerouted(call, history).map(({ eventfd }) => eventfd));
      return each(pairsOf(call.before), ({ eventfd, producer, consumer }) => {
        if (moved.has(eventfd) || !consumer.startsWith(`${operation.vm}.`)) return undefined;
        const irq = irqOf(call, producer);
        if (irq === undefined || !call.before.joined.has(irq)) return undefined;
        return (
          !call.mappings.some((mapping) => mapping.irq === irq) ||
          `the interrupt of ${eventfd} is set up anew ${during(call)}, though its route is as it was`
        );
      });
    },
  },
];
