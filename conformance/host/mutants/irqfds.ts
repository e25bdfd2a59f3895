/** How a mutant of a consumer is made: KVM as it should be, but for its irqfds or its back ends. */
import type { Bypass, BypassFactory } from '../../../reference/host/back-ends/bypass.js';
import type { Irqfd, IrqfdDescription } from '../../../reference/host/irqfd.js';
import { bypasses, Kvm, type Vm } from '../../../reference/host/kvm.js';
import type { ConsumerEnvironment, ConsumerFactory } from '../../../spec/host/roles.js';
import type { BackEnd, Route } from '../../../spec/host/vocabulary.js';

type IrqfdClass = new (
  environment: ConsumerEnvironment,
  bypass: Bypass,
  description: IrqfdDescription,
  route: Route | undefined,
  hungUp: () => void,
) => Irqfd;

/** KVM with other irqfds, in those VMs that are to have them: all where nothing is said. */
export function withIrqfds(Other: IrqfdClass, isIn: (vm: Vm) => boolean = () => true): ConsumerFactory {
  return (environment) =>
    new (class extends Kvm {
      protected override makeIrqfd(vm: Vm, description: IrqfdDescription): Irqfd {
        if (!isIn(vm)) return super.makeIrqfd(vm, description);
        const irqfd: Irqfd = new Other(
          this.environment,
          vm.bypass,
          description,
          this.routeFor(vm, description.gsi),
          () => this.hungUp(vm, irqfd),
        );
        return irqfd;
      }
    })(environment);
}

/** KVM with other back ends; those that are not named are as they should be. */
export function withBackEnds(wrong: Readonly<Partial<Record<BackEnd, BypassFactory>>>): ConsumerFactory {
  return (environment) => new Kvm(environment, wrong[environment.backEnd] ?? bypasses[environment.backEnd]);
}

/** KVM that is wrong itself. */
export function kvmOf(Wrong: new (environment: ConsumerEnvironment) => Kvm): ConsumerFactory {
  return (environment) => new Wrong(environment);
}
