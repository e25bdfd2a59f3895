/**
 * The stage on which real VFIO, KVM and the manager play, by architecture: a machine in QEMU on which KVM registers
 * consumers and VFIO has devices to hand out, and the messages that a guest's interrupt controller takes there.
 *
 *     amd64    an emulated IOMMU with interrupt remapping, and nested SVM without posted interrupts
 *     arm64    SMMUv3 and GICv4: KVM maps vLPIs, as it does on a server
 */
import type { BackEnd, MsiRoute } from '../../spec/host/vocabulary.js';
import type { Architecture } from '../targets/debian/architectures.js';
import { eventOf } from './events.js';
import { gicProbes, type HardwareProbe } from './hardware.js';

/** A stage. */
export interface Stage {
  /** What stands behind KVM. */
  readonly backEnd: ObservedBackEnd;
  /** Who plays, for reports. */
  readonly participants: string;
  /** The modules that are observed, those of the kernel that are not built in. */
  readonly modules: readonly string[];
  /** QEMU's `-machine`, further arguments of it, and the guest's memory in MiB. */
  readonly machine: string;
  readonly devices: readonly string[];
  readonly memory: number;
  /** Further words for the kernel's command line. */
  readonly commandLine: readonly string[];
  /** What is recorded of the hardware, where that can be seen. Programs then always wait for what they set off. */
  readonly hardware: readonly HardwareProbe[];
}

/** The back ends that QEMU emulates. */
export type ObservedBackEnd = Extract<BackEnd, 'amd-avic' | 'arm-forwarding'>;

/** QEMU's name of the devices that are handed to user space, and how vfio-pci is told of them. */
export const DEVICE = { name: 'e1000e', id: '8086 10d3' } as const;

/** The PCI addresses of the devices in the guest, by their numbers. */
export const DEVICE_ADDRESSES = ['0000:00:10.0', '0000:00:11.0'] as const;

const devices = DEVICE_ADDRESSES.flatMap((address) => [
  '-device',
  // Its boot ROM is in a package of its own, and nothing boots from it.
  `${DEVICE.name},romfile=,addr=${address.slice(8, 10)}`,
]);

/** The stages that there are. */
export const stages: Readonly<Partial<Record<Architecture, Stage>>> = {
  amd64: {
    backEnd: 'amd-avic',
    participants: 'vfio-pci and kvm-amd',
    modules: ['irqbypass', 'kvm_amd', 'vfio_iommu_type1', 'vfio_pci'],
    machine: 'q35,kernel-irqchip=off',
    devices: ['-device', 'intel-iommu,intremap=on,caching-mode=on', ...devices],
    memory: 512,
    commandLine: ['intel_iommu=on', 'iommu=pt'],
    hardware: [],
  },
  arm64: {
    backEnd: 'arm-forwarding',
    participants: 'vfio-pci and KVM with GICv4',
    modules: ['irqbypass', 'vfio_iommu_type1', 'vfio_pci'],
    machine: 'virt,gic-version=4,virtualization=on,iommu=smmuv3',
    devices,
    memory: 768,
    // KVM makes no use of vLPIs unless it is told to.
    commandLine: ['kvm-arm.vgic_v4_enable=1'],
    hardware: gicProbes,
  },
};

/** How a back end's guests are addressed. */
export interface Addressing {
  /** The number of the chip of KVM's irqchip routes whose pins are a program's. */
  readonly chip: number;
  /** The address and the data of a message on a route. */
  readonly message: (route: MsiRoute) => { readonly address: number; readonly data: number };
}

/** The addressing of each. */
export const addressing: Readonly<Record<ObservedBackEnd, Addressing>> = {
  'amd-avic': {
    // KVM_IRQCHIP_IOAPIC, which has pins up to 23.
    chip: 2,
    // Intel's SDM, 11.11: the destination in bits 12 to 19, logical when bit 2 is set; the delivery in bits 8 to 10.
    message: ({ vcpus, vector, delivery }) => {
      const modes = { fixed: 0, 'lowest-priority': 1, nmi: 4 } as const;
      const [first] = vcpus;
      // One vCPU by its number, several as a set, and nobody by a number that no vCPU has.
      const destination =
        vcpus.length > 1 ? vcpus.reduce((set, vcpu) => set | (1 << vcpu), 0) : first === undefined ? 0xfe : first;
      const logical = vcpus.length > 1 ? 4 : 0;
      return { address: 0xfee00000 + (destination << 12) + logical, data: (modes[delivery] << 8) | vector };
    },
  },
  'arm-forwarding': {
    chip: 0,
    // The register GITS_TRANSLATER of the guest's ITS, and an event.
    message: (route) => ({ address: 0x08090040, data: eventOf(route) }),
  },
};
