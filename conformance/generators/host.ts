/**
 * Random host programs: several VMs, devices of both drivers, shared eventfds, lines, vectors that are masked, vCPUs that
 * hold their interrupts, devices closed and eventfds gone in the middle. The model tells what is open, so that most
 * operations find what they need; some do not.
 */
import { stepHost } from '../../spec/host/model.js';
import type { HostSetting } from '../../spec/host/setting.js';
import { entries, type HostState, nothingDone } from '../../spec/host/state.js';
import type {
  BackEnd,
  DeviceId,
  EventfdId,
  HostDevice,
  HostOperation,
  HostProgram,
  IrqIndex,
  MsiRoute,
  Route,
  VmId,
} from '../../spec/host/vocabulary.js';
import { FIRST_WILD_GSI, vectorHolder } from '../../spec/host/vocabulary.js';
import type { Profile } from '../../spec/profile.js';
import { withEmulatedIrqchips } from './emulated-irqchip.js';
import { type Bits, Draw } from './random.js';
import { withScheduling } from './scheduling.js';

/** The GSIs, the pins, and the eventfds that are for lines; messages use others. */
const LINE_GSIS = [9, 10] as const;
const LINE_PINS = [10, 11] as const;
const TRIGGERS = ['e8', 'e10'] as const;
const RESAMPLERS = ['e9', 'e11'] as const;
const FOR_LINES: readonly EventfdId[] = [...TRIGGERS, ...RESAMPLERS];

/** A line, and the eventfds by which it is wired to a GSI. Lines may share a GSI, and the eventfd that ends them. */
interface Line {
  readonly device: DeviceId;
  readonly trigger: EventfdId;
  readonly resample: EventfdId;
  readonly gsi: number;
}

const isOfLine = (gsi: number) => LINE_GSIS.some((one) => one === gsi);

/** GSIs that no table of routes can have: the first one, and the last that there is. */
const WILD_GSIS = [FIRST_WILD_GSI, 2 ** 32 - 1] as const;

/** What a program may ask for. */
export interface Asking {
  /** Whether producers do `triggerIrqs`, `maskLine`, `unmaskLine` and `setStatus`. */
  readonly irqActions: boolean;
  /** Whether consumers know VMs for which nothing can be shortcut. */
  readonly emulatedIrqchips: boolean;
}

/** A random program for a back end. */
export function generateHostProgram(
  bits: Bits,
  backEnd: BackEnd,
  profile: Profile,
  asking: Asking = { irqActions: true, emulatedIrqchips: true },
): HostProgram {
  const program = withScheduling(new Generator(new Draw(bits), backEnd, profile, asking).program());
  return asking.emulatedIrqchips ? withEmulatedIrqchips(program) : program;
}

class Generator {
  readonly #devices: readonly HostDevice[];
  readonly #setting: HostSetting;
  readonly #operations: HostOperation[] = [];
  /** The lines that are under way: in about half of the programs there is one, or there are several. */
  readonly #lines: readonly Line[];
  /** How many steps of a hundred are those of a line: of several lines, little comes to light by the way. */
  readonly #lineSteps: number;
  /** Whether producers are asked for what `irqActions` of `Asking` names. */
  readonly #irqActions: boolean;
  #state: HostState = nothingDone;
  #created = 0;

  constructor(
    readonly draw: Draw,
    readonly backEnd: BackEnd,
    profile: Profile,
    asking: Asking,
  ) {
    this.#devices = [...Array(1 + draw.below(3)).keys()].map((number) => ({
      id: `d${number}`,
      driver: draw.chance(30) ? 'vhost-vdpa' : 'vfio-pci',
      vectors: 1 + draw.below(3),
    }));
    this.#lines = draw.chance(45) ? this.#someLines() : [];
    // A few programs are full of them, so that the others go as far as they can without.
    this.#irqActions = asking.irqActions && draw.chance(30);
    this.#lineSteps = this.#lines.length === 0 ? 0 : this.#lines.length === 1 || draw.chance(30) ? 25 : 70;
    this.#setting = { backEnd, devices: this.#devices, profile };
  }

  program(): HostProgram {
    const { draw } = this;
    for (let count = 2 + draw.below(3); count > 0; count--) this.#do(this.#newEventfd());
    this.#do({ operation: 'createVm', vm: 'vm0', vcpus: 1 + draw.below(3) });
    for (let count = 1 + draw.below(3); count > 0; count--) this.#do(this.#setRoutes('vm0'));
    for (const { id } of this.#devices) this.#do({ operation: 'openDevice', device: id });
    for (const line of this.#lines) this.#setUpLine(line);
    for (let count = 10 + draw.below(25); count > 0; count--) this.#step();
    if (draw.chance(30)) this.#tearDown();
    return { backEnd: this.backEnd, devices: this.#devices, operations: this.#operations };
  }

  #do(operation: HostOperation): void {
    this.#operations.push(operation);
    this.#state = stepHost(this.#setting, this.#state, operation).state;
  }

  #step(): void {
    const { draw } = this;
    if (draw.chance(this.#lineSteps)) {
      this.#lineStep(draw.of(this.#lines));
      return;
    }
    const roll = draw.below(100);
    if (roll < (this.#lines.length > 0 ? 23 : 42)) this.#deviceStep();
    else if (roll < (this.#lines.length > 0 ? 52 : 64)) this.#vmStep();
    else if (roll < 97) this.#machineStep();
    else this.#rareStep();
  }

  #deviceStep(): void {
    const { draw } = this;
    const { id, vectors, driver } = draw.of(this.#devices);
    const device = this.#state.devices[id];
    if (device === undefined) {
      this.#do({ operation: 'openDevice', device: id });
      return;
    }
    const isAction = this.#irqActions && draw.chance(20);
    if (isAction && driver === 'vhost-vdpa' && draw.chance(device.ready ? 40 : 80)) {
      this.#do({ operation: 'setStatus', device: id, status: device.ready ? 'none' : 'driver-ok' });
      return;
    }
    if (isAction) {
      this.#triggerIrqs(id, device.index ?? 'msix', device.index === 'intx' ? 1 : vectors);
      return;
    }
    const roll = draw.below(100);
    if (roll < 5) this.#do({ operation: 'closeDevice', device: id });
    else if (roll < 15) this.#do({ operation: 'resetDevice', device: id });
    else if (roll < 18 && device.index !== null)
      this.#do({ operation: 'disableIrqs', device: id, index: device.index });
    else if (this.#lines.every((line) => line.device !== id)) {
      const start = draw.below(vectors);
      const count = 1 + draw.below(vectors - start);
      const eventfds = [...Array(count)].map(() => (draw.chance(25) ? null : this.#eventfd()));
      const gone = this.#eventfds(false);
      // So that the call fails when a part of its range is set.
      if (count > 1 && gone.length > 0 && draw.chance(15)) eventfds[count - 1] = draw.of(gone);
      const index = device.index === 'msi' || (device.index === null && draw.chance(30)) ? 'msi' : 'msix';
      this.#do({ operation: 'setIrqs', device: id, index, start, eventfds });
    }
  }

  /** Most of the time a range that there is: some of the vectors, or of each whether it is meant. */
  #triggerIrqs(device: DeviceId, index: IrqIndex, most: number): void {
    const { draw } = this;
    const start = draw.chance(95) ? draw.below(most) : most;
    const count = 1 + draw.below(Math.max(1, most - start));
    const vectors = draw.chance(50) ? count : [...Array(count)].map(() => draw.chance(60));
    this.#do({ operation: 'triggerIrqs', device, index, start, vectors });
  }

  /** A live update: another VM takes over from one, with its routes and an irqfd, while a device goes on. */
  #liveUpdate(vm: VmId): void {
    const { draw } = this;
    const heir = (['vm0', 'vm1', 'vm2'] as const).find((one) => this.#state.vms[one] === undefined);
    const irqfd = this.#anyIrqfd(vm);
    const { vcpus = 1, routes = [] } = this.#state.vms[vm] ?? {};
    if (heir === undefined || irqfd === undefined) return;
    const [eventfd, { gsi }] = irqfd;
    this.#do({ operation: 'createVm', vm: heir, vcpus });
    this.#do({ operation: 'setRoutes', vm: heir, routes });
    if (draw.chance(30)) this.#do({ operation: 'assignIrqfd', vm: heir, eventfd, gsi });
    this.#do(draw.chance(50) ? { operation: 'destroyVm', vm } : { operation: 'deassignIrqfd', vm, eventfd, gsi });
    if (draw.chance(70)) this.#do({ operation: 'raise', ...this.#vector() });
    this.#do({ operation: 'assignIrqfd', vm: heir, eventfd, gsi });
    this.#do({ operation: 'raise', ...this.#vector() });
  }

  #vmStep(): void {
    const { draw } = this;
    const vms = Object.keys(this.#state.vms) as VmId[];
    if (vms.length === 0 || (vms.length < 3 && draw.chance(8))) {
      const vm = (['vm0', 'vm1', 'vm2'] as const).find((one) => this.#state.vms[one] === undefined) ?? 'vm0';
      this.#do({ operation: 'createVm', vm, vcpus: 1 + draw.below(3) });
      this.#do(this.#setRoutes(vm));
      return;
    }
    const vm = draw.of(vms);
    const roll = draw.below(100);
    if (roll < 40) this.#do({ operation: 'assignIrqfd', vm, eventfd: this.#eventfd(), gsi: this.#gsi() });
    else if (roll < 55) {
      const [eventfd, irqfd] = this.#anyIrqfd(vm) ?? [this.#eventfd(), { gsi: this.#gsi() }];
      this.#do({ operation: 'deassignIrqfd', vm, eventfd, gsi: irqfd.gsi });
    } else if (roll < 97) this.#do(this.#setRoutes(vm));
    else if (draw.chance(50)) this.#liveUpdate(vm);
    else this.#do({ operation: 'destroyVm', vm });
  }

  #machineStep(): void {
    const { draw } = this;
    const vector = this.#vector();
    const roll = draw.below(100);
    const vms = entries(this.#state.vms);
    const [vm, state] = vms.length === 0 ? [undefined, undefined] : draw.of(vms);
    if (roll < 60 || vm === undefined) this.#do({ operation: 'raise', ...vector });
    else if (roll < 70) this.#do({ operation: 'mask', ...vector });
    else if (roll < 80) this.#do({ operation: 'unmask', ...vector });
    else {
      const [held] = state.held;
      if (held !== undefined && draw.chance(60)) this.#do({ operation: 'takeInterrupts', vm, vcpu: held });
      else this.#do({ operation: 'holdInterrupts', vm, vcpu: draw.below(state.vcpus) });
    }
  }

  /** Most of the time one that signals something; now and then one that is masked, or any. */
  #vector(): { readonly device: DeviceId; readonly index: 'msi' | 'msix'; readonly vector: number } {
    const { draw } = this;
    const set = entries(this.#state.devices).flatMap(([device, { index, triggers }]) =>
      index === null || index === 'intx'
        ? []
        : Object.keys(triggers).map((vector) => ({ device, index, vector: Number(vector) })),
    );
    const masked = set.filter(({ device, index, vector }) => this.#state.masks[vectorHolder(device, index, vector)]);
    if (masked.length > 0 && draw.chance(40)) return draw.of(masked);
    if (set.length > 0 && draw.chance(90)) return draw.of(set);
    const device = draw.of(this.#devices);
    return { device: device.id, index: 'msix', vector: draw.below(device.vectors) };
  }

  #rareStep(): void {
    const { draw } = this;
    const roll = draw.below(3);
    if (roll === 0) this.#do({ operation: 'closeEventfd', eventfd: this.#eventfd() });
    else if (roll === 1) this.#do({ operation: 'unloadModule', module: draw.of(['irqbypass', 'vfio', 'kvm']) });
    else if (this.#created < 8) this.#do(this.#newEventfd());
  }

  /** The first device has a line, and now and then so have others; two lines may share what can be shared. */
  #someLines(): readonly Line[] {
    const { draw } = this;
    const several = draw.chance(40);
    const [sharesGsi, sharesResampler] = [draw.chance(60), draw.chance(35)];
    return this.#devices.slice(0, several ? 2 : 1).map(({ id }, at) => ({
      device: id,
      trigger: TRIGGERS[at] ?? 'e8',
      resample: (sharesResampler ? undefined : RESAMPLERS[at]) ?? 'e9',
      gsi: (sharesGsi ? undefined : LINE_GSIS[at]) ?? LINE_GSIS[0],
    }));
  }

  #setUpLine({ device, trigger, resample, gsi }: Line): void {
    const { draw } = this;
    for (const eventfd of [trigger, resample]) {
      if (this.#state.eventfds[eventfd] === undefined) this.#do({ operation: 'createEventfd', eventfd });
    }
    const calls: HostOperation[] = [
      { operation: 'assignIrqfd', vm: 'vm0', eventfd: trigger, gsi, resample },
      { operation: 'setIrqs', device, index: 'intx', start: 0, eventfds: [trigger] },
    ];
    if (draw.chance(50)) calls.reverse();
    for (const call of calls) this.#do(call);
    this.#do({ operation: 'setUnmaskEventfd', device, eventfd: resample });
  }

  #lineStep({ device, trigger, resample, gsi }: Line): void {
    const { draw } = this;
    const roll = draw.below(100);
    const line = this.#state.lines[device] ?? 'deasserted';
    if (this.#state.devices[device] === undefined) this.#do({ operation: 'openDevice', device });
    else if (this.#irqActions && draw.chance(12)) {
      const masks = this.#state.devices[device]?.silenced !== true || draw.chance(20);
      this.#do({ operation: masks && draw.chance(70) ? 'maskLine' : 'unmaskLine', device });
    } else if (roll < 35)
      this.#do({ operation: 'setLine', device, level: line === 'asserted' ? 'deasserted' : 'asserted' });
    else if (roll < 65) this.#do({ operation: 'endOfInterrupt', vm: 'vm0', pin: this.#pinOf(gsi) });
    else if (roll < 75) this.#do({ operation: 'deassignIrqfd', vm: 'vm0', eventfd: trigger, gsi });
    else if (roll < 88) this.#do({ operation: 'assignIrqfd', vm: 'vm0', eventfd: trigger, gsi, resample });
    else if (roll < 93) {
      const eventfds = [draw.chance(70) ? trigger : null];
      this.#do({ operation: 'setIrqs', device, index: 'intx', start: 0, eventfds });
    } else this.#do({ operation: 'setUnmaskEventfd', device, eventfd: draw.chance(80) ? resample : null });
  }

  /** Most of the time the pin that a GSI leads to, or any. */
  #pinOf(gsi: number): number {
    const { draw } = this;
    const route = this.#state.vms.vm0?.routes.find((one) => one.gsi === gsi);
    return route?.type === 'irqchip' && draw.chance(75) ? route.pin : draw.of(LINE_PINS);
  }

  /** A table like the last one but for one route, more often than not that of a pair. */
  #setRoutes(vm: VmId): HostOperation {
    const { draw } = this;
    const { vcpus = 1, routes = [], irqfds = {} } = this.#state.vms[vm] ?? {};
    const used = Object.entries(irqfds).flatMap(([eventfd, { gsi }]) =>
      !isOfLine(gsi) && gsi < FIRST_WILD_GSI && this.#state.registrations[eventfd as EventfdId]?.producer ? [gsi] : [],
    );
    const gsi = used.length > 0 && draw.chance(75) ? draw.of(used) : draw.below(3);
    const kept = routes.filter((route) => route.gsi !== gsi && !isOfLine(route.gsi));
    const old = routes.find((route) => route.gsi === gsi);
    const lines = this.#lineGsis().flatMap((one) => {
      const line = routes.filter((route) => route.gsi === one && draw.chance(85));
      return line.length > 0 || !draw.chance(92) ? line : [this.#lineRoute(one)];
    });
    const changed = old?.type === 'msi' && draw.chance(60) ? [this.#otherField(old, vcpus)] : this.#route(gsi, vcpus);
    return { operation: 'setRoutes', vm, routes: [...kept, ...changed, ...lines] };
  }

  /** The GSIs of the lines, each once. */
  #lineGsis(): readonly number[] {
    return this.#lines.length === 0 ? LINE_GSIS.slice(0, 1) : [...new Set(this.#lines.map(({ gsi }) => gsi))];
  }

  #lineRoute(gsi: number): Route {
    return { type: 'irqchip', gsi, pin: this.draw.of(LINE_PINS) };
  }

  /** The same message with one field changed. */
  #otherField(route: MsiRoute, vcpus: number): MsiRoute {
    const { draw } = this;
    const several = [...Array(vcpus).keys()];
    const roll = draw.below(100);
    if (roll < 35) return { ...route, vector: 48 + draw.below(3) };
    if (roll < 65) return { ...route, vcpus: [draw.below(vcpus)] };
    if (roll < 85) return { ...route, vcpus: route.vcpus.length === 1 ? several : [draw.below(vcpus)] };
    return { ...route, delivery: draw.of(['fixed', 'lowest-priority', 'nmi'] as const) };
  }

  #route(gsi: number, vcpus: number): readonly Route[] {
    const { draw } = this;
    const roll = draw.below(100);
    if (roll < 5) return [];
    if (roll < 12) return [{ type: 'irqchip', gsi, pin: draw.below(4) }];
    const vector = 48 + draw.below(3);
    const one = [draw.below(vcpus)];
    const several = [...Array(vcpus).keys()];
    if (roll < 80) return [{ type: 'msi', gsi, vcpus: one, vector, delivery: 'fixed' }];
    if (roll < 87) return [{ type: 'msi', gsi, vcpus: draw.chance(50) ? several : [], vector, delivery: 'fixed' }];
    if (roll < 94) return [{ type: 'msi', gsi, vcpus: several, vector, delivery: 'lowest-priority' }];
    return [{ type: 'msi', gsi, vcpus: one, vector, delivery: 'nmi' }];
  }

  #tearDown(): void {
    const { draw } = this;
    const closes: HostOperation[] = [
      ...this.#devices.map(({ id }): HostOperation => ({ operation: 'closeDevice', device: id })),
      ...entries(this.#state.vms).map(([vm]): HostOperation => ({ operation: 'destroyVm', vm })),
    ];
    while (closes.length > 0) for (const one of closes.splice(draw.below(closes.length), 1)) this.#do(one);
    const modules = ['vfio', 'kvm', 'irqbypass'] as const;
    if (draw.chance(60)) for (const module of modules) this.#do({ operation: 'unloadModule', module });
  }

  #newEventfd(): HostOperation {
    return { operation: 'createEventfd', eventfd: `e${this.#created++}` };
  }

  /** One of those that were created for messages, most of the time one that is open. */
  #eventfd(): EventfdId {
    const { draw } = this;
    const open = this.#eventfds(true);
    return open.length > 0 && draw.chance(95) ? draw.of(open) : `e${draw.below(this.#created)}`;
  }

  /** Those that are open, or those that are closed, but for those of lines. */
  #eventfds(areOpen: boolean): readonly EventfdId[] {
    return entries(this.#state.eventfds).flatMap(([eventfd, { open }]) =>
      open === areOpen && !FOR_LINES.includes(eventfd) ? [eventfd] : [],
    );
  }

  /** One of those that have routes; now and then one that no table of routes can have. */
  #gsi(): number {
    const { draw } = this;
    return draw.chance(5) ? draw.of(WILD_GSIS) : draw.below(3);
  }

  #anyIrqfd(vm: VmId): readonly [EventfdId, { readonly gsi: number }] | undefined {
    const irqfds = entries(this.#state.vms[vm]?.irqfds ?? {}).filter(([eventfd]) => !FOR_LINES.includes(eventfd));
    return irqfds.length === 0 ? undefined : this.draw.of(irqfds);
  }
}
