/** Producers that are wrong in what user space asks of interrupts beside setting them. */

import { Vfio } from '../../../reference/host/vfio.js';
import { IntxVector } from '../../../reference/host/vfio-intx.js';
import { type Trigger, Vector } from '../../../reference/host/vfio-msi.js';
import type { DeviceId, EventfdId, IrqIndex } from '../../../spec/host/vocabulary.js';
import type { Status } from '../../../spec/vocabulary.js';
import type { HostMutant } from './mutant.js';
import { withVectors } from './vectors.js';

export const irqActions: readonly HostMutant[] = [
  {
    name: 'vfio-triggers-all',
    role: 'producer',
    summary: 'Signals every vector of a range, also those of which the list says no.',
    rule: 'DELIV-18',
    participants: {
      producer: (environment) =>
        new (class extends Vfio {
          override triggerIrqs(
            id: DeviceId,
            index: IrqIndex,
            start: number,
            vectors: number | readonly boolean[],
          ): Status {
            return super.triggerIrqs(id, index, start, typeof vectors === 'number' ? vectors : vectors.length);
          }
        })(environment),
    },
  },
  {
    name: 'vfio-triggers-from-0',
    role: 'producer',
    summary: 'Takes a range of vectors that are triggered to begin with the first one of the device.',
    rule: 'DELIV-18',
    participants: {
      producer: (environment) =>
        new (class extends Vfio {
          override triggerIrqs(
            id: DeviceId,
            index: IrqIndex,
            start: number,
            vectors: number | readonly boolean[],
          ): Status {
            const count = typeof vectors === 'number' ? vectors : vectors.length;
            const most = index === 'intx' ? 1 : (this.devices.get(id)?.description.vectors ?? 0);
            const isThere = start + count <= most;
            return super.triggerIrqs(id, index, isThere ? 0 : start, vectors);
          }
        })(environment),
    },
  },
  {
    name: 'vfio-triggers-nothing',
    role: 'producer',
    summary: 'Takes a trigger without data for the end of the index, and does nothing.',
    rule: 'DELIV-18',
    participants: {
      producer: withVectors({
        msi: class extends Vector {
          override signal(): void {}
        },
      }),
    },
  },
  {
    name: 'intx-ignores-mask',
    role: 'producer',
    summary: 'Takes the call by which user space masks a line, and does not mask it.',
    rule: 'PROD-14',
    participants: {
      producer: withVectors({
        intx: class extends IntxVector {
          override mask(): void {}
        },
      }),
    },
  },
  {
    name: 'intx-unmask-forgets-the-hardware',
    role: 'producer',
    summary: 'Notes that user space has unmasked a line, and leaves it masked.',
    rule: 'DELIV-10',
    participants: {
      producer: withVectors({
        intx: class extends IntxVector {
          override unmask(): void {
            this.inFlight = false;
          }
        },
      }),
    },
  },
  {
    name: 'vdpa-registers-before-it-is-ready',
    role: 'producer',
    summary: 'Registers the producer of a queue when its eventfd is set, though the driver is not ready.',
    rule: 'PROD-15',
    participants: {
      producer: withVectors({
        msi: class extends Vector {
          override setReady(): void {}
        },
      }),
    },
  },
  {
    name: 'vdpa-never-registers-what-waited',
    role: 'producer',
    summary: 'Sets up what was set before the driver was ready, and registers nobody.',
    rule: 'PROD-15',
    participants: {
      producer: withVectors({
        msi: class extends Vector {
          protected override begin(eventfd: EventfdId): void {
            const waited = this.ready && this.trigger === undefined && this.wasUnready;
            if (!waited) super.begin(eventfd);
            else this.trigger = { eventfd, irq: this.requestIrq() };
          }

          protected wasUnready = false;

          protected override suspend(trigger: Trigger): void {
            super.suspend(trigger);
            this.wasUnready = true;
          }
        },
      }),
    },
  },
  {
    name: 'vdpa-keeps-producers',
    role: 'producer',
    summary: 'Frees the interrupts of its queues when the driver is not ready any more, and leaves their producers.',
    rule: 'PROD-2',
    participants: {
      producer: withVectors({
        msi: class extends Vector {
          protected override suspend(trigger: Trigger): void {
            this.freeIrq(trigger);
            this.waiting = trigger.eventfd;
            this.trigger = undefined;
          }
        },
      }),
    },
  },
];
