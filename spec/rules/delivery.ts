/** Delivery: what the guest is owed, whoever plays producer, manager and consumer. */
import { backEnds } from '../host/back-ends.js';
import type { Arrived, HostCall, HostHistory } from '../host/reading/history.js';
import { routeFor, type SetUp } from '../host/reading/set-up.js';
import type { HostRule } from '../host/rule.js';
import type { HostSetting } from '../host/setting.js';
import type { DeliveryPath, DeviceId, EventfdId, GuestTarget, Holder } from '../host/vocabulary.js';
import { triggered, vectorHolder } from '../host/vocabulary.js';
import { hostOperationText, targetText } from '../host/words.js';
import type { Verdict } from '../rule.js';
import { statusText } from './helpers.js';
import { during, each, exposedIf, holderUnder, shortcutOf, wayText } from './host-helpers.js';
import { dueRegistrations } from './host-registrations.js';

/** An interrupt that has to come to a guest. */
interface Due {
  readonly path: DeliveryPath;
  /** To one of these; there are several for lowest priority only. */
  readonly targets: readonly GuestTarget[];
}

/** The messages that have to come in a call: of a device that sends one, and of an eventfd that kept one. */
function dueIn(call: HostCall, { setting }: HostHistory): readonly Due[] {
  const { operation, before, after } = call;
  switch (operation.operation) {
    case 'raise':
    case 'unmask': {
      const vector = vectorHolder(operation.device, operation.index, operation.vector);
      const sent = before.setUp.masked.get(vector);
      const leaves = operation.operation === 'raise' ? sent === undefined : sent === true;
      return leaves ? dueFrom(setting, call, vector) : [];
    }
    case 'triggerIrqs':
      return call.dueStatus === 0
        ? triggered(operation).flatMap((vector) => {
            const eventfd = before.setUp.triggers.get(vectorHolder(operation.device, operation.index, vector));
            return eventfd === undefined ? [] : dueThroughHost(before.setUp, eventfd);
          })
        : [];
    case 'assignIrqfd':
      return call.dueStatus === 0 && before.setUp.signalled.has(operation.eventfd)
        ? dueThroughHost(after.setUp, operation.eventfd)
        : [];
    default:
      return [];
  }
}

/** A message of a vector: straight to the guest if its own producer is that of a pair that is shortcut. */
function dueFrom(setting: HostSetting, { before }: HostCall, vector: Holder): readonly Due[] {
  const eventfd = before.setUp.triggers.get(vector);
  if (eventfd === undefined || before.setUp.unready.has(vector.split('.')[0] as DeviceId)) return [];
  const { registered } = before;
  const paired =
    holderUnder(registered, eventfd, 'producer') === vector &&
    holderUnder(registered, eventfd, 'consumer') !== undefined;
  const target = paired ? shortcutOf(setting, before, { eventfd, producer: vector }) : null;
  return target === null ? dueThroughHost(before.setUp, eventfd) : [{ path: 'bypass', targets: [target] }];
}

/** An eventfd is signalled: its irqfd sends a message along the route of its GSI. A level is no message. */
function dueThroughHost(setUp: SetUp, eventfd: EventfdId): readonly Due[] {
  const irqfd = setUp.irqfds.get(eventfd);
  const route = routeFor(setUp, eventfd);
  if (irqfd === undefined || route === undefined) return [];
  const { vm } = irqfd;
  if (route.type === 'irqchip') {
    if (irqfd.resample !== undefined) return [];
    return [{ path: 'host', targets: [{ vm, vcpu: 0, vector: `pin ${route.pin}` }] }];
  }
  const vector = route.delivery === 'nmi' ? 'nmi' : route.vector;
  const targets = route.vcpus.map((vcpu): GuestTarget => ({ vm, vcpu, vector }));
  if (targets.length === 0) return [];
  if (route.delivery === 'lowest-priority') return [{ path: 'host', targets }];
  return targets.map((target) => ({ path: 'host', targets: [target] }));
}

/** What came of messages in a call, held against what was due. */
interface Compared {
  readonly due: readonly Due[];
  readonly right: readonly (readonly [Due, Arrived])[];
  readonly missing: readonly Due[];
  /** Came beyond what was due: to a target that was due and had its interrupt already, or to another. */
  readonly again: readonly Arrived[];
  readonly elsewhere: readonly Arrived[];
}

function compare(call: HostCall, history: HostHistory): Compared {
  const due = dueIn(call, history);
  const came = call.arrived.filter((one) => !isLevel(call, one));
  const right: (readonly [Due, Arrived])[] = [];
  const missing: Due[] = [];
  const left = [...came];
  for (const arrival of due) {
    const at = left.findIndex(({ target }) => arrival.targets.some((one) => targetText(one) === targetText(target)));
    const [found] = at === -1 ? [] : left.splice(at, 1);
    if (found === undefined) missing.push(arrival);
    else right.push([arrival, found]);
  }
  const isDue = ({ target }: Arrived) =>
    due.some(({ targets }) => targets.some((one) => targetText(one) === targetText(target)));
  return { due, right, missing, again: left.filter(isDue), elsewhere: left.filter((one) => !isDue(one)) };
}

/** Whether an arrival is that of a level: a pin that an irqfd with a resampling eventfd leads to. */
function isLevel({ before, after }: HostCall, { target }: Arrived): boolean {
  return [before.setUp, after.setUp].some((setUp) =>
    [...setUp.irqfds].some(([eventfd, { vm, resample }]) => {
      if (vm !== target.vm || resample === undefined) return false;
      const route = routeFor(setUp, eventfd);
      return route?.type === 'irqchip' && `pin ${route.pin}` === target.vector;
    }),
  );
}

const sends = ({ operation: { operation } }: HostCall) =>
  operation === 'raise' || operation === 'unmask' || operation === 'assignIrqfd' || operation === 'triggerIrqs';
const dueText = ({ targets, path }: Due) => `${targets.map(targetText).join(' or ')} by the ${pathText(path)}`;
const pathText = (path: 'host' | 'bypass') => (path === 'host' ? 'path through the host' : 'bypass');

/** The check of a rule that says: what is due in one operation comes. */
const comes =
  (operation: HostCall['operation']['operation'], why: string) => (call: HostCall, history: HostHistory) => {
    if (call.operation.operation !== operation || call.outcome !== 'returned') return undefined;
    const { due, missing, elsewhere } = compare(call, history);
    const [first] = missing;
    // What came elsewhere is not lost: that is for another rule.
    if (first !== undefined && elsewhere.length === 0)
      return `nothing comes to ${dueText(first)} ${during(call)}: ${why}`;
    return exposedIf(due.length > 0);
  };

/** A line that is asserted, and wired to a pin of a guest by way of eventfds in both directions. */
interface WiredLine {
  readonly device: DeviceId;
  readonly holder: Holder;
  readonly vm: string;
  readonly pin: number;
}

function assertedLines(setUp: SetUp): readonly WiredLine[] {
  return [...setUp.asserted.keys()].flatMap((device) => {
    const holder = vectorHolder(device, 'intx', 0);
    const eventfd = setUp.triggers.get(holder);
    if (eventfd === undefined || setUp.deaf.has(device) || setUp.unready.has(device)) return [];
    const irqfd = setUp.irqfds.get(eventfd);
    const route = routeFor(setUp, eventfd);
    if (irqfd?.resample === undefined || route?.type !== 'irqchip') return [];
    return irqfd.resample === setUp.unmasks.get(device) ? [{ device, holder, vm: irqfd.vm, pin: route.pin }] : [];
  });
}

/** The check of a rule that says: after these operations, every line that is asserted is being served. */
const served =
  (speaksOf: (call: HostCall) => boolean, why: string) =>
  (call: HostCall): Verdict => {
    if (call.outcome !== 'returned' || !speaksOf(call)) return undefined;
    return each(
      assertedLines(call.after.setUp),
      ({ holder, vm, pin }) =>
        call.after.inService.has(`${vm} ${pin}`) ||
        `${holder} is asserted, and ${vm} has no interrupt on pin ${pin} after ${hostOperationText(call.operation)}: ${why}`,
    );
  };

const isLineOperation = (call: HostCall) =>
  ['setLine', 'endOfInterrupt', 'unmaskLine'].includes(call.operation.operation);

/**
 * What the hardware was told, and what a host then delivers: nothing of it may depend on the order of set-up. Who of two
 * that cannot be joined stays registered does: the one that came first.
 */
function outcomeOf({ calls }: HostHistory, probes: readonly unknown[]): string {
  const last = calls[calls.length - probes.length - 1];
  const mapped = [...(last?.after.mapped ?? [])].map(
    ([irq, target]) => `${last?.after.requested.get(irq)} goes straight to ${wayText(target)}`,
  );
  const delivered = calls.slice(calls.length - probes.length).map((call) => {
    const came = call.arrived.map(
      ({ type, path, target }) => `${type} to ${targetText(target)} by the ${pathText(path)}`,
    );
    return `${hostOperationText(call.operation)}: ${came.sort().join(', ') || 'nothing'}`;
  });
  return [...mapped.sort(), ...delivered].join('; ');
}

/** What a vCPU has to take in a call: all that is pending there when it takes interrupts. */
function takenIn({ operation, before }: HostCall): readonly GuestTarget[] {
  if (operation.operation !== 'takeInterrupts') return [];
  return [...before.pending.values()].filter(({ vm, vcpu }) => vm === operation.vm && vcpu === operation.vcpu);
}

/** Whether an arrival is that of something that the vCPU has to take: how often it comes is for another rule. */
function isTaken(call: HostCall, { type, target }: Arrived): boolean {
  return type === 'delivered' && takenIn(call).some((one) => targetText(one) === targetText(target));
}

/** Whether a call has changed who is registered, or what that follows from. */
function mayRegister({ before, after, registered }: HostCall): boolean {
  return (
    registered.length > 0 ||
    before.registered !== after.registered ||
    before.setUp.triggers !== after.setUp.triggers ||
    before.setUp.irqfds !== after.setUp.irqfds ||
    before.setUp.vms !== after.setUp.vms
  );
}

export const delivery: readonly HostRule[] = [
  {
    kind: 'host',
    id: 'DELIV-1',
    level: 'MUST',
    text: 'An interrupt MUST NOT be lost.',
    intent: 'A driver in the guest waits for it, for ever.',
    source: 'The RFC of 2015: a shortcut for the same interrupts.',
    check: comes('raise', 'the interrupt is lost'),
  },
  {
    kind: 'host',
    id: 'DELIV-2',
    level: 'MUST',
    text: 'An interrupt MUST NOT come twice, and none comes that nobody sent.',
    intent:
      'By the host and by the bypass, or to a vCPU that had it: the guest disables an interrupt that nobody cares for.',
    source: 'The RFC of 2015.',
    check: (call, history) => {
      if (call.outcome !== 'returned') return undefined;
      const { due, again, elsewhere } = compare(call, history);
      const [twice] = again;
      if (twice !== undefined) return `${targetText(twice.target)} gets an interrupt twice ${during(call)}`;
      const unsent = elsewhere.find((one) => !one.wasPending && !isTaken(call, one));
      if (unsent !== undefined && !sends(call))
        return `${targetText(unsent.target)} gets an interrupt ${during(call)}, which sends none`;
      return exposedIf(due.length > 0);
    },
  },
  {
    kind: 'host',
    id: 'DELIV-3',
    level: 'MUST',
    text: 'An interrupt MUST go where its route says, and not along a route that was changed by a call that has returned.',
    intent: 'The guest has given the old vector to another device.',
    source: 'The RFC of 2015: the IRTE follows the vMSI.',
    check: (call, history) => {
      if (!sends(call) || call.outcome !== 'returned') return undefined;
      const { due, elsewhere } = compare(call, history);
      const [wrong] = elsewhere;
      if (wrong === undefined) return exposedIf(due.length > 0);
      const place = due[0] === undefined ? 'nowhere' : due[0].targets.map(targetText).join(' or ');
      return `an interrupt comes to ${targetText(wrong.target)} ${during(call)}; its route leads to ${place}`;
    },
  },
  {
    kind: 'host',
    id: 'DELIV-4',
    level: 'MUST',
    text: "An interrupt MUST take the host's path exactly when it is not bypassed.",
    intent:
      'A bypass that is set up and not taken is one for nothing; one that is taken and not set up is a mistake of the hardware.',
    source: 'The RFC of 2015.',
    check: (call, history) => {
      if (!sends(call) || call.outcome !== 'returned') return undefined;
      return each(
        compare(call, history).right,
        ([{ path }, came]) =>
          path === came.path ||
          `the interrupt to ${targetText(came.target)} takes the ${pathText(came.path)} ${during(call)}, and has to take the ${pathText(path)}`,
      );
    },
  },
  {
    kind: 'host',
    id: 'DELIV-5',
    level: 'MUST',
    text: 'What a masked vector has sent MUST come once, when it is unmasked, to where its route leads then.',
    intent: 'A guest masks a vector to move it: what comes meanwhile belongs to the new place.',
    source: 'The pending bits of MSI-X.',
    check: comes('unmask', 'what was sent while it was masked is lost'),
  },
  {
    kind: 'host',
    id: 'DELIV-6',
    level: 'MUST',
    text: 'What an eventfd was signalled with before its irqfd was assigned MUST come when it is.',
    intent: 'User space sets up in any order, and devices do not wait.',
    source: 'kvm_irqfd_assign polls the eventfd once it waits for it.',
    check: comes('assignIrqfd', 'the eventfd was signalled before'),
  },
  {
    kind: 'host',
    id: 'DELIV-7',
    level: 'MUST',
    text: 'What is pending at a vCPU MUST be delivered once when it takes interrupts, whatever became of its pair meanwhile.',
    intent: 'A vLPI that is pending in hardware goes with its entry: a guest that is updated live never hears of it.',
    source: 'Dropped by vgic_v4 when an irqfd is destroyed (B15).',
    check: (call) => {
      if (call.outcome !== 'returned') return undefined;
      return each(takenIn(call), (target) => {
        const times = call.arrived.filter(
          (one) => one.type === 'delivered' && targetText(one.target) === targetText(target),
        ).length;
        return (
          times === 1 ||
          `${targetText(target)} was pending, and comes ${times === 0 ? 'never' : `${times} times`} ${during(call)}`
        );
      });
    },
  },
  {
    kind: 'host',
    id: 'DELIV-8',
    level: 'MUST',
    text: 'While a line is forwarded, the producer MUST NOT mask it on arrival.',
    intent: 'Nobody would unmask it: the end of interrupt goes from the guest to the hardware.',
    source: 'The RFC of 2015: edge instead of level while bypass is active.',
    check: (call, { setting }) => {
      if (!backEnds[setting.backEnd].forwardsLines || call.outcome !== 'returned') return undefined;
      const masked = call.linesMasked.find(({ joined, inCallback, byUser }) => joined && !inCallback && !byUser);
      if (masked !== undefined)
        return `interrupt ${masked.irq} is masked on arrival ${during(call)}, though it is forwarded`;
      return exposedIf(call.arrived.some((one) => one.path === 'bypass' && isLevel(call, one)));
    },
  },
  {
    kind: 'host',
    id: 'DELIV-9',
    level: 'MUST',
    text: "On the host's path, a line MUST be masked on arrival, until the guest has ended it.",
    intent: 'It stays asserted until the guest has dealt with it: unmasked, it storms.',
    source: 'vfio_intx_handler.',
    check: (call) =>
      each(call.linesSignalled, ({ holder, masked, link, wasJoined }) => {
        if (wasJoined || (link !== 'none' && link !== 'failed')) return undefined;
        return masked || `${holder} comes to the host ${during(call)} and is not masked`;
      }),
  },
  {
    kind: 'host',
    id: 'DELIV-10',
    level: 'MUST',
    text: "A line that is asserted MUST interrupt the guest, and the guest's end of interrupt MUST enable it again: still asserted, it comes again.",
    intent: 'Two devices share a line, or one has more to say.',
    source: 'The resampling eventfd of KVM; the deactivation by the guest where it is forwarded.',
    check: served(isLineOperation, 'it is not enabled again'),
  },
  {
    kind: 'host',
    id: 'DELIV-11',
    level: 'MUST',
    text: 'What is pending on a line when its mode changes between forwarded and not MUST survive.',
    intent: 'An interrupt that was masked on one path and is to be enabled on the other never comes again.',
    source: 'The RFC of 2015: the incoming interrupt is modelled as edge vs level.',
    check: served((call) => !isLineOperation(call), 'it is lost with the mode of before'),
  },
  {
    kind: 'host',
    id: 'DELIV-12',
    level: 'MUST',
    text: 'A level MUST NOT interrupt the guest again before it has ended the interrupt of before.',
    intent: 'One that comes by both paths is served twice.',
    source: 'The RFC of 2015.',
    check: (call) => {
      if (call.outcome !== 'returned') return undefined;
      return each(call.arrived, (one) => {
        if (!isLevel(call, one) || one.wasPending) return undefined;
        return (
          !one.inService ||
          `${targetText(one.target)} is interrupted ${during(call)}, though its last interrupt is not ended`
        );
      });
    },
  },
  {
    kind: 'host-order',
    id: 'DELIV-13',
    level: 'MUST',
    text: 'Every order of set-up MUST give the same final state and the same deliveries.',
    intent: 'User space sets up VFIO and KVM independently, and neither knows that the other is there.',
    source: 'The RFC of 2015.',
    outcome: outcomeOf,
  },
  {
    kind: 'host',
    id: 'DELIV-14',
    level: 'MUST',
    text: 'Who is paired with whom MUST follow from the calls that user space makes anyway.',
    intent: 'If it can be done without a new interface, all the information in the new interface is redundant.',
    source: 'The RFC of 2015, against an explicit call to forward and to unforward.',
    check: (call, history) => {
      if (call.outcome !== 'returned') return undefined;
      const isCall = call.dueStatus !== undefined;
      if (!mayRegister(call)) return exposedIf(isCall && call.after.registered.size > 0);
      const due = dueRegistrations(call, history).map(({ holder, eventfd }) => `${holder} under ${eventfd}`);
      const has = [...call.after.registered.values()].map(({ holder, eventfd }) => `${holder} under ${eventfd}`);
      const missing = due.find((one) => !has.includes(one));
      if (missing !== undefined) return `${missing} is not registered after ${hostOperationText(call.operation)}`;
      const extra = has.find((one) => !due.includes(one));
      if (extra !== undefined)
        return `${extra} is registered after ${hostOperationText(call.operation)}, which nothing leads to`;
      return exposedIf(isCall && due.length > 0);
    },
  },
  {
    kind: 'host',
    id: 'DELIV-15',
    level: 'MUST',
    text: 'A system call MUST return what it returns without the bypass.',
    intent: 'Old user space gains the optimisation without change.',
    source: 'The RFC of 2015.',
    check: (call) => {
      if (call.outcome !== 'returned' || call.operation.operation === 'unloadModule') return undefined;
      if (call.dueStatus === undefined) return undefined;
      return (
        call.status === call.dueStatus ||
        `${hostOperationText(call.operation)} returns ${statusText(call.status)}, and must return ${statusText(call.dueStatus)}`
      );
    },
  },
  {
    kind: 'host',
    id: 'DELIV-16',
    level: 'MUST',
    text: 'Every operation MUST return.',
    intent: 'A crash takes the host down, and every guest on it.',
    source: 'The RFC of 2015.',
    check: (call) => {
      if (call.outcome === 'returned') return true;
      const how =
        call.outcome === 'crash'
          ? `crashes (${call.detail})`
          : call.outcome === 'hang'
            ? `hangs (${call.detail})`
            : call.detail;
      return `${hostOperationText(call.operation)} ${how}`;
    },
  },
  {
    kind: 'host',
    id: 'DELIV-18',
    level: 'MUST',
    text: 'What user space triggers itself MUST come as if its vectors had interrupted, through the host, and nothing else.',
    intent: 'A user space that has to inject what it has kept uses this way, and the bypass has no part in it.',
    source: 'VFIO_IRQ_SET_DATA_NONE and VFIO_IRQ_SET_DATA_BOOL with VFIO_IRQ_SET_ACTION_TRIGGER.',
    needs: 'irq-actions',
    check: (call, history) => {
      const { operation } = call;
      if (operation.operation !== 'triggerIrqs' || call.outcome !== 'returned') return undefined;
      const { due, missing, again, elsewhere } = compare(call, history);
      const [lost] = missing;
      if (lost !== undefined) return `nothing comes to ${dueText(lost)} ${during(call)}: it was triggered`;
      const [extra] = [...again, ...elsewhere];
      if (extra !== undefined)
        return `${targetText(extra.target)} gets an interrupt ${during(call)} that was not triggered`;
      return exposedIf(due.length > 0);
    },
  },
  {
    kind: 'untestable',
    id: 'DELIV-17',
    level: 'MUST',
    text: 'Nothing in any operation of user space MUST name the bypass.',
    intent: 'An interface of user space is more expensive to maintain than one within the kernel.',
    source: 'The RFC of 2015, against an explicit call to forward and to unforward.',
    reason:
      'It is a statement about the vocabulary, which has no such operation; that none is needed is what DELIV-14 shows.',
  },
];
