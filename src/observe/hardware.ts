/**
 * The hardware's side of a recording, where a stage has one: what KVM tells the GIC of an interrupt, and when it halts a
 * guest.
 *
 *     p:.../mapVlpi     its_map_vlpi          interrupt= lpi= vpe=     the interrupt goes straight to a vCPU, as an LPI
 *     p:.../unmapVlpi   its_unmap_vlpi        interrupt=               it goes to the host again
 *     p:.../haltGuest   kvm_arm_halt_guest    kvm=                     every vCPU of a guest stops
 *     p:.../resumeGuest kvm_arm_resume_guest  kvm=
 *
 * The callbacks in which these come tell whose interrupt and whose guest it is: a consumer is asked about one producer
 * of one VM at a time.
 *
 * A compiler may put a function into its callers, and then no probe meets it: Linux 7.3 resumes guests so. Halts without
 * any resume in a whole recording are therefore left out; whether a guest runs is seen by letting it run.
 */
import type { GuestTarget, Holder, HostEvent, MsiRoute, Route, VmId } from '../../spec/host/vocabulary.js';
import type { ObjectId } from '../../spec/vocabulary.js';
import { eventOf, FIRST_LPI } from './events.js';

/** One kprobe event of the hardware's side: its name, and its line for tracefs without the group. */
export interface HardwareProbe {
  readonly event: string;
  readonly line: (group: string) => string;
}

/** The events on arm64. In struct its_vlpi_map the vPE lies at 8 and the LPI at 16, in every version from 4.14 on. */
export const gicProbes: readonly HardwareProbe[] = [
  { event: 'mapVlpi', line: (group) => `p:${group}/mapVlpi its_map_vlpi interrupt=$arg1:s32 lpi=+16($arg2):u32` },
  { event: 'mapVlpiReturn', line: (group) => `r:${group}/mapVlpiReturn its_map_vlpi mapped=$retval:s32` },
  { event: 'unmapVlpi', line: (group) => `p:${group}/unmapVlpi its_unmap_vlpi interrupt=$arg1:s32` },
  { event: 'haltGuest', line: (group) => `p:${group}/haltGuest kvm_arm_halt_guest kvm=$arg1:x64` },
  { event: 'resumeGuest', line: (group) => `p:${group}/resumeGuest kvm_arm_resume_guest kvm=$arg1:x64` },
];

/** Something that the hardware was told, at a line of the recording. */
export interface HardwareRecord {
  readonly line: number;
  readonly pid: number;
  readonly event: string;
  readonly fields: Readonly<Record<string, string>>;
}

const LINE = /^\s*\S.{0,31}?-(\d+)\s+\[\d+\]\s+\S+\s+[\d.]+:\s+(\w+):\s+\([^()]*\)\s*(.*)$/;
const NAMES: ReadonlySet<string> = new Set(gicProbes.map(({ event }) => event));

/** The records of a recording's text, in its order. */
export function hardwareRecords(text: string): readonly HardwareRecord[] {
  return text.split('\n').flatMap((line, at): readonly HardwareRecord[] => {
    const [, pid, event = '', rest = ''] = LINE.exec(line) ?? [];
    if (!NAMES.has(event)) return [];
    const fields = Object.fromEntries(rest.split(/\s+/).map((word) => word.split('=', 2)));
    return [{ line: at + 1, pid: Number(pid), event, fields }];
  });
}

/** An event of a host's trace, or what the hardware was told, at a line. */
export type Step = { readonly line: number } & ({ readonly event: HostEvent } | { readonly record: HardwareRecord });

/**
 * Put the hardware's records among the events of a trace as what they mean. A producer's interrupt is taken as requested
 * from its registration to its unregistration.
 */
export function withHardware(steps: readonly Step[]): readonly HostEvent[] {
  const reader = new HardwareReader();
  const met = (event: string) => steps.some((step) => 'record' in step && step.record.event === event);
  const isBoth = met('haltGuest') && met('resumeGuest');
  return steps.flatMap((step) => {
    if ('event' in step) return reader.take(step.event);
    const { event } = step.record;
    return !isBoth && (event === 'haltGuest' || event === 'resumeGuest') ? [] : reader.tell(step.record);
  });
}

class HardwareReader {
  readonly #holders = new Map<ObjectId, Holder>();
  readonly #interrupts = new Map<ObjectId, number>();
  /** The guests by the address of their struct kvm, as callbacks have shown them. */
  readonly #guests = new Map<string, VmId>();
  /** Where each interrupt was mapped last, so that a record outside of a callback can be told. */
  readonly #mappings = new Map<number, VmId>();
  readonly #routes = new Map<VmId, readonly Route[]>();
  /** The consumer whose callback runs. */
  #asked: ObjectId | undefined;
  #pending: { readonly irq: number; readonly target: GuestTarget } | undefined;

  take(event: HostEvent): readonly HostEvent[] {
    if (event.type === 'named') this.#holders.set(event.object, event.holder);
    if (event.type === 'call' && event.operation === 'setRoutes') this.#routes.set(event.vm, event.routes);
    if (event.type !== 'manager') return [event];
    const { event: inner } = event;
    if (inner.type === 'enter') this.#asked = inner.object;
    if (inner.type === 'leave') this.#asked = undefined;
    if (inner.type !== 'call') return [event];
    const holder = this.#holders.get(inner.object);
    if (inner.operation === 'registerProducer' && holder !== undefined) {
      this.#interrupts.set(inner.object, inner.irq);
      return [{ type: 'irqRequested', holder, irq: inner.irq }, event];
    }
    return [event];
  }

  tell({ event, fields }: HardwareRecord): readonly HostEvent[] {
    const irq = Number(fields.interrupt);
    switch (event) {
      case 'mapVlpi': {
        const vm = this.#vmAsked() ?? this.#mappings.get(irq);
        const event = Number(fields.lpi) - FIRST_LPI;
        if (vm !== undefined) this.#pending = { irq, target: { vm, ...vectorOf(event, this.#routes.get(vm) ?? []) } };
        return [];
      }
      case 'mapVlpiReturn': {
        const mapped = this.#pending;
        this.#pending = undefined;
        if (mapped === undefined || fields.mapped !== '0') return [];
        this.#mappings.set(mapped.irq, mapped.target.vm);
        return [{ type: 'mapped', ...mapped }];
      }
      case 'unmapVlpi':
        return [{ type: 'unmapped', irq }];
      default: {
        const vm = this.#vmAsked() ?? this.#guests.get(fields.kvm ?? '');
        if (vm === undefined) return [];
        this.#guests.set(fields.kvm ?? '', vm);
        return [{ type: event === 'haltGuest' ? 'guestHalted' : 'guestResumed', vm }];
      }
    }
  }

  #vmAsked(): VmId | undefined {
    const holder = this.#asked === undefined ? undefined : this.#holders.get(this.#asked);
    return holder?.startsWith('vm') === true ? (holder.split('.')[0] as VmId) : undefined;
  }
}

/** The vCPU and the vector that an event stands for: those of a route that leads to it, or the first that would. */
function vectorOf(event: number, routes: readonly Route[]): Pick<GuestTarget, 'vcpu' | 'vector'> {
  for (const route of routes) {
    const [vcpu] = route.type === 'msi' ? route.vcpus : [];
    if (route.type === 'msi' && vcpu !== undefined && eventOf(route) === event) return { vcpu, vector: route.vector };
  }
  for (const vcpu of [0, 1, 2]) {
    for (let vector = 0x40; vector < 0x44; vector++) {
      const route: Pick<MsiRoute, 'vcpus' | 'vector'> = { vcpus: [vcpu], vector };
      if (eventOf(route) === event) return { vcpu, vector };
    }
  }
  return { vcpu: 0, vector: FIRST_LPI + event };
}
