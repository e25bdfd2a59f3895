/** Producers: what VFIO owes the manager and user space. */
import { backEnds } from '../host/back-ends.js';
import type { HostCall, StateAfter } from '../host/reading/history.js';
import type { HostRule } from '../host/rule.js';
import type { DeviceId, EventfdId, Holder } from '../host/vocabulary.js';
import { indexOf, isVector, vectorHolder } from '../host/vocabulary.js';
import { hostOperationText } from '../host/words.js';
import { statusText } from './helpers.js';
import { during, each, exposedIf, referencesOf } from './host-helpers.js';

const BY_RELEASE = ['resetDevice', 'closeDevice'];
const releases = (call: HostCall) => BY_RELEASE.includes(call.operation.operation);
const producersOf = (call: HostCall) => call.registered.filter(({ role }) => role === 'producer');

/** A vector that a call names, with the eventfd that it was set to and the one that it is set to now. */
interface Named {
  readonly holder: Holder;
  readonly old: EventfdId | undefined;
  readonly now: EventfdId | undefined;
}

/** The vectors that a call names, or all of a device where it names none, that are set or were. */
function named({ operation, before, after }: HostCall): readonly Named[] {
  if (!('device' in operation) || 'vector' in operation || operation.operation === 'triggerIrqs') return [];
  const isNamed = (holder: Holder) => {
    if (!holder.startsWith(`${operation.device}.`)) return false;
    if (operation.operation !== 'setIrqs') return true;
    const place = Number(holder.slice(holder.lastIndexOf('.') + 1)) - operation.start;
    return place >= 0 && place < operation.eventfds.length;
  };
  const [was, is] = [before.setUp.triggers, after.setUp.triggers];
  const found: Named[] = [];
  for (const [holder, old] of was) if (isNamed(holder)) found.push({ holder, old, now: is.get(holder) });
  for (const [holder, now] of is) if (!was.has(holder) && isNamed(holder)) found.push({ holder, old: undefined, now });
  return found;
}

/** The eventfds to which a vector has to hold a reference: its own, and that which unmasks it. */
function eventfdsOf({ setUp }: StateAfter, vector: Holder): readonly EventfdId[] {
  const device = vector.split('.')[0] as DeviceId;
  const unmask = indexOf(vector) === 'intx' ? setUp.unmasks.get(device) : undefined;
  return [setUp.triggers.get(vector), unmask].filter((one) => one !== undefined).sort();
}

/** The vectors that a call says something about: those that it names, and those that took or dropped a reference. */
function concerned(call: HostCall): ReadonlySet<Holder> {
  const { operation, after } = call;
  const touched = call.referring.filter(isVector);
  if (!('device' in operation) || 'vector' in operation) return new Set(touched);
  const own = [...after.references.keys()]
    .filter((key) => key.includes(` ${operation.device}.`))
    .map((key) => key.slice(key.indexOf(' ') + 1) as Holder);
  const line = after.setUp.unmasks.has(operation.device) ? [vectorHolder(operation.device, 'intx', 0)] : [];
  return new Set([...named(call).map(({ holder }) => holder), ...own, ...line, ...touched]);
}

export const producer: readonly HostRule[] = [
  {
    kind: 'host',
    id: 'PROD-1',
    level: 'MUST',
    text: 'A producer MUST register only once its interrupt is requested and it holds a reference to the eventfd.',
    intent: 'The consumer may use the interrupt at once: it is told to post what nobody has set up.',
    source: 'vfio_msi_set_vector_signal of every Linux version.',
    check: (call) =>
      each(producersOf(call), ({ object, holder, requestedIrq, referenced }) => {
        if (requestedIrq === undefined)
          return `${object} (${holder}) registers ${during(call)} before its interrupt is requested`;
        return referenced || `${object} (${holder}) registers ${during(call)} without a reference to its eventfd`;
      }),
  },
  {
    kind: 'host',
    id: 'PROD-2',
    level: 'MUST',
    text: 'A producer MUST be unregistered before its interrupt is freed.',
    intent: 'On GICv4 a vLPI whose interrupt has gone is unmapped twice, and the hardware may wedge.',
    source: 'vfio-pci called free_irq first until Linux 5.4.6 (B10).',
    check: (call) => {
      if (releases(call)) return undefined;
      return each(call.letGo, ({ what, holder, needed }) => {
        if (what !== 'interrupt' || !isVector(holder)) return undefined;
        return (
          needed === undefined ||
          `the interrupt of ${holder} is freed by ${hostOperationText(call.operation)} while ${needed} is registered`
        );
      });
    },
  },
  {
    kind: 'host',
    id: 'PROD-3',
    level: 'MUST',
    text: 'A producer MUST be unregistered before the last reference to its eventfd is dropped.',
    intent: 'The address of an eventfd that is gone may be that of another one: the pair is made with a stranger.',
    source: 'vhost-vdpa kept the token beyond its reference until 2024 (B8).',
    check: (call) => {
      if (releases(call)) return undefined;
      return each(call.letGo, ({ what, holder, eventfd, needed }) => {
        if (what !== 'reference' || !isVector(holder)) return undefined;
        return (
          needed === undefined ||
          `${holder} drops ${eventfd} by ${hostOperationText(call.operation)} while ${needed} is registered under it`
        );
      });
    },
  },
  {
    kind: 'host',
    id: 'PROD-4',
    level: 'MUST',
    text: 'When a vector lets go of its eventfd, its producer MUST be unregistered, whatever the number of its interrupt.',
    intent: 'What stays registered is freed memory: the next registration under that eventfd reads it.',
    source: 'vhost-vdpa skipped interrupt 0, and then wiped the producer; the second run of QEMU panicked (B7).',
    check: (call) => {
      if (call.outcome !== 'returned') return undefined;
      return each(named(call), ({ holder, old, now }) => {
        if (old === undefined || now !== undefined) return undefined;
        const left = [...call.after.registered].find(([, entry]) => entry.holder === holder);
        return (
          left === undefined || `${left[0]} (${holder}) is still registered after ${hostOperationText(call.operation)}`
        );
      });
    },
  },
  {
    kind: 'host',
    id: 'PROD-5',
    level: 'MUST',
    text: "A refused registration MUST leave user space's call successful.",
    intent: 'The bypass is an optimisation: without it, the interrupt goes through the host as it always did.',
    source: 'vfio_msi_set_vector_signal: logged at info level, and dropped.',
    check: (call) =>
      each(producersOf(call), ({ object, holder, status }) => {
        if (status === 0 || call.outcome !== 'returned' || call.operation.operation !== 'setIrqs') return undefined;
        if (call.status === call.dueStatus) return true;
        return `${object} (${holder}) is refused with ${statusText(status)}, and ${hostOperationText(call.operation)} returns ${statusText(call.status)}`;
      }),
  },
  {
    kind: 'host',
    id: 'PROD-6',
    level: 'MUST',
    text: 'When a vector is set to another eventfd, its producer MUST be unregistered under the old one and then registered under the new one.',
    intent:
      'Registering again is the only way to tell the consumers; under the old token the wrong guest gets the interrupt.',
    source: 'vfio_msi_set_vector_signal.',
    check: (call) => {
      if (call.outcome !== 'returned' || call.operation.operation !== 'setIrqs') return undefined;
      if (call.after.setUp.unready.has(call.operation.device)) return undefined;
      return each(named(call), ({ holder, old, now }) => {
        if (old === undefined || now === undefined || old === now) return undefined;
        const was = [...call.before.registered].some(([, entry]) => entry.holder === holder);
        if (!was) return undefined;
        const left = call.unregistered.find((one) => one.holder === holder)?.at;
        const came = call.registered.find((one) => one.holder === holder && one.eventfd === now)?.at;
        const said = hostOperationText(call.operation);
        if (left === undefined) return `${holder} is not unregistered under ${old} by ${said}`;
        if (came === undefined) return `${holder} does not register under ${now} by ${said}`;
        return left < came || `${holder} registers under ${now} by ${said} before it is unregistered under ${old}`;
      });
    },
  },
  {
    kind: 'host',
    id: 'PROD-7',
    level: 'MUST',
    text: 'When a vector is set to an eventfd, its producer MUST register under the token of that eventfd.',
    intent: 'Who does not register is never bypassed; nobody notices but by the latency.',
    source: 'The RFC of 2015.',
    check: (call, { setting }) => {
      if (call.outcome !== 'returned' || call.operation.operation !== 'setIrqs' || call.status !== 0) return undefined;
      if (call.after.setUp.unready.has(call.operation.device)) return undefined;
      return each(named(call), ({ holder, now }) => {
        if (now === undefined) return undefined;
        if (indexOf(holder) === 'intx' && !backEnds[setting.backEnd].forwardsLines) return undefined;
        const came = call.registered.some((one) => one.holder === holder && one.eventfd === now);
        return came || `${holder} does not register under ${now} by ${hostOperationText(call.operation)}`;
      });
    },
  },
  {
    kind: 'host',
    id: 'PROD-8',
    level: 'MUST',
    text: 'A producer MUST register with the number of its own interrupt.',
    intent: 'The consumer posts the interrupt of that number: of another, it takes away what is not its own.',
    source: 'Linux 6.17 made the number an argument, so that it is valid as soon as a connection is possible.',
    check: (call) =>
      each(producersOf(call), ({ object, holder, irq, requestedIrq }) => {
        if (requestedIrq === undefined) return undefined;
        return (
          irq === requestedIrq ||
          `${object} (${holder}) registers with interrupt ${irq} ${during(call)}; its own is ${requestedIrq}`
        );
      }),
  },
  {
    kind: 'host',
    id: 'PROD-9',
    level: 'MUST',
    text: 'By a reset or a close, a producer MUST be unregistered before its interrupt and its eventfd are let go.',
    intent: 'The hardware is told to change what is no longer there: "pi_update_irte: failed", and worse.',
    source: 'vhost-vdpa reset the device before it unregistered until November 2021 (B9).',
    check: (call) => {
      if (!releases(call)) return undefined;
      return each(call.letGo, ({ what, holder, needed }) => {
        if (!isVector(holder)) return undefined;
        return (
          needed === undefined ||
          `the ${what} of ${holder} is let go by ${hostOperationText(call.operation)} while ${needed} is registered`
        );
      });
    },
  },
  {
    kind: 'host',
    id: 'PROD-10',
    level: 'MUST',
    text: 'Once it is no longer connected, the producer of a line MUST mask it on arrival again.',
    intent: 'Bypass state that is kept makes an edge of a level: unmasked, it storms.',
    source: 'The RFC of 2015: the producer is informed when bypass is active, and so when it is not.',
    check: (call, { setting }) => {
      if (!backEnds[setting.backEnd].forwardsLines) return undefined;
      return each(call.linesSignalled, ({ holder, masked, link, wasJoined }) => {
        if (!wasJoined || (link !== 'none' && link !== 'failed')) return undefined;
        return (
          masked ||
          `${holder} comes to the host ${during(call)} and is not masked, though no consumer is connected any more`
        );
      });
    },
  },
  {
    kind: 'host',
    id: 'PROD-11',
    level: 'MUST',
    text: 'A producer MUST NOT register while it is registered.',
    intent: 'It is a bug of the caller, of which Linux 6.17 warns; before that, it re-keyed a live entry.',
    source: 'Linux 6.17.',
    check: (call) =>
      each(
        producersOf(call),
        ({ object, holder, twice }) =>
          !twice || `${object} (${holder}) registers ${during(call)} although it is registered`,
      ),
  },
  {
    kind: 'host',
    id: 'PROD-12',
    level: 'MUST',
    text: 'A vector MUST hold one reference for each eventfd that user space has set for it, and no other.',
    intent: 'A reference that is left keeps the eventfd for ever; one that is missing lets it go under the producer.',
    source: 'vfio_msi_set_vector_signal.',
    check: (call) => {
      if (call.outcome !== 'returned') return undefined;
      const missing = call.letGo.find(({ what, holder, held }) => what === 'reference' && isVector(holder) && !held);
      if (missing !== undefined)
        return `${missing.holder} drops a reference to ${missing.eventfd} ${during(call)} that it does not have`;
      return each(concerned(call), (holder) => {
        const wanted = eventfdsOf(call.after, holder);
        const has = referencesOf(call.after, holder);
        return (
          wanted.join() === has.join() ||
          `${holder} holds references to ${has.join(' and ') || 'nothing'} after ${hostOperationText(call.operation)}, and is set to ${wanted.join(' and ') || 'nothing'}`
        );
      });
    },
  },
  {
    kind: 'host',
    id: 'PROD-13',
    level: 'MUST',
    text: 'When a vector lets go of its eventfd, its interrupt MUST be freed, once; and it MUST NOT be requested again before that.',
    intent:
      'An interrupt that nobody frees has a handler that signals what is gone, and its number is lost to the host for ever.',
    source: 'vfio_msi_set_vector_signal: free_irq wherever request_irq was.',
    check: (call) => {
      if (call.outcome !== 'returned') return undefined;
      const said = hostOperationText(call.operation);
      const [again] = call.requestedAgain;
      if (again !== undefined)
        return `the interrupt of ${again} is requested ${during(call)}, and was not freed before`;
      const twice = call.letGo.find(({ what, held }) => what === 'interrupt' && !held);
      if (twice !== undefined)
        return `the interrupt of ${twice.holder} is freed ${during(call)}, and was not requested`;
      const { before, after } = call;
      if (before.requested !== after.requested || before.setUp.triggers !== after.setUp.triggers) {
        for (const [irq, holder] of after.requested) {
          if (!after.setUp.triggers.has(holder))
            return `interrupt ${irq} of ${holder} is not freed by ${said}, though the vector is set to nothing`;
        }
      }
      return exposedIf(call.letGo.some(({ what }) => what === 'interrupt'));
    },
  },
  {
    kind: 'host',
    id: 'PROD-14',
    level: 'MUST',
    text: 'A line that user space has masked MUST NOT interrupt until it is unmasked.',
    intent: 'User space masks a line because nobody is there to serve it.',
    source: 'vfio_pci_intx_mask: VFIO_IRQ_SET_ACTION_MASK.',
    needs: 'irq-actions',
    check: (call) => {
      const { operation, before } = call;
      if (operation.operation !== 'setLine' || operation.level === 'deasserted') return undefined;
      if (!before.setUp.silenced.has(operation.device)) return undefined;
      const line = vectorHolder(operation.device, 'intx', 0);
      return (
        call.linesSignalled.every(({ holder }) => holder !== line) ||
        `${line} comes ${during(call)}, though user space has masked it`
      );
    },
  },
  {
    kind: 'host',
    id: 'PROD-15',
    level: 'MUST',
    text: 'A vector of a device whose driver is not ready MUST NOT have a producer; when the driver is ready, it MUST.',
    intent:
      'Before that the queues have no interrupts that a guest could be sent, and after it they have no other way.',
    source:
      'vhost-vdpa registers its queues by VHOST_VDPA_SET_STATUS with DRIVER_OK, and unregisters them when it goes.',
    needs: 'irq-actions',
    check: (call, { setting }) => {
      const { operation, after } = call;
      if (call.outcome !== 'returned' || !('device' in operation) || 'vector' in operation) return undefined;
      const { device } = operation;
      const isUnready = after.setUp.unready.has(device);
      if (!isUnready && !(operation.operation === 'setStatus' && call.before.setUp.unready.has(device)))
        return undefined;
      const said = hostOperationText(operation);
      const own = [...after.setUp.triggers.keys()].filter((holder) => holder.startsWith(`${device}.`));
      return each(own, (holder) => {
        if (indexOf(holder) === 'intx' && !backEnds[setting.backEnd].forwardsLines) return undefined;
        const has = [...after.registered.values()].some((entry) => entry.holder === holder);
        if (isUnready)
          return !has || `the producer of ${holder} is registered after ${said}, and its driver is not ready`;
        // Whether it was accepted is for others to say.
        return (
          call.asked.some((one) => one.holder === holder) ||
          `${holder} does not register by ${said}, though its driver is ready now`
        );
      });
    },
  },
];
