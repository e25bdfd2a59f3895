/** The back ends of a host. They differ in the interrupts that they can shortcut, and in what a change of route does. */
import type { BackEnd, GuestTarget, IrqIndex, Route, VmId } from './vocabulary.js';

/** The peculiarities of a back end. */
export interface BackEndTraits {
  readonly summary: string;
  /** True when INTx has producers: on Arm a line can be forwarded. Elsewhere VFIO registers messages only. */
  readonly forwardsLines: boolean;
  /** True when a pair is shortcut again at once after its route becomes one that can be. */
  readonly followsRoutes: boolean;
  /** True when connecting and disconnecting halts the guest meanwhile. */
  readonly halts: boolean;
  /** True when a pending interrupt is kept in the hardware's entry, and is lost with the entry unless it is rescued. */
  readonly pendingInHardware: boolean;
  /**
   * What becomes of a pair whose interrupt cannot be shortcut. `paired`: the two are a pair whose interrupts take the
   * host's path. `either`: the consumer may accept the producer all the same, or refuse it, as it likes: Arm refused what
   * the guest had not mapped up to Linux 6.16, and accepts it in 7.3.
   */
  readonly unmappable: 'paired' | 'either';
  /** False when nothing can be shortcut at all: consumers may then stay away from the manager (no kvm_arch_has_irq_bypass). */
  readonly bypasses: boolean;
}

/** The back ends. */
export const backEnds: Readonly<Record<BackEnd, BackEndTraits>> = {
  'vtd-posted': {
    summary: 'posted interrupts of Intel VT-d',
    forwardsLines: false,
    followsRoutes: true,
    halts: false,
    pendingInHardware: false,
    unmappable: 'paired',
    bypasses: true,
  },
  'amd-avic': {
    summary: 'guest-mode interrupt remapping of AMD AVIC',
    forwardsLines: false,
    followsRoutes: true,
    halts: false,
    pendingInHardware: false,
    unmappable: 'paired',
    bypasses: true,
  },
  'arm-forwarding': {
    summary: 'vLPIs of GICv4 and IRQ forwarding of Arm',
    forwardsLines: true,
    followsRoutes: false,
    halts: true,
    pendingInHardware: true,
    unmappable: 'either',
    bypasses: true,
  },
  refusing: {
    summary: 'no shortcut: refuses every producer, as powerpc does when told so, or pairs and leaves it with the host',
    forwardsLines: false,
    followsRoutes: false,
    halts: false,
    pendingInHardware: false,
    unmappable: 'either',
    bypasses: false,
  },
};

/** The place to which the hardware can send an interrupt on a route by itself; undefined where only the host can. */
export function shortcut(
  backEnd: BackEnd,
  index: IrqIndex,
  vm: VmId,
  route: Route | undefined,
): GuestTarget | undefined {
  if (route === undefined || backEnd === 'refusing') return undefined;
  if (route.type === 'irqchip') {
    return backEnd === 'arm-forwarding' && index === 'intx' ? { vm, vcpu: 0, vector: `pin ${route.pin}` } : undefined;
  }
  const [vcpu, ...others] = route.vcpus;
  if (index === 'intx' || vcpu === undefined || others.length > 0 || route.delivery === 'nmi') return undefined;
  if (backEnd === 'arm-forwarding' && route.delivery !== 'fixed') return undefined;
  return { vm, vcpu, vector: route.vector };
}

/** True when two routes are the same in every field. */
export function sameRoute(one: Route | undefined, other: Route | undefined): boolean {
  if (one === undefined || other === undefined || one.type !== other.type) return one === other;
  if (one.type === 'irqchip') return other.type === 'irqchip' && one.gsi === other.gsi && one.pin === other.pin;
  return (
    other.type === 'msi' &&
    one.gsi === other.gsi &&
    one.vector === other.vector &&
    one.delivery === other.delivery &&
    one.vcpus.length === other.vcpus.length &&
    one.vcpus.every((vcpu, at) => vcpu === other.vcpus[at])
  );
}

/** The route of a GSI. */
export function routeOf(routes: readonly Route[], gsi: number): Route | undefined {
  return routes.find((route) => route.gsi === gsi);
}
