/** Producers of lines that are wrong. */
import { IntxVector } from '../../../reference/host/vfio-intx.js';
import type { HostMutant } from './mutant.js';
import { withVectors } from './vectors.js';

export const lines: readonly HostMutant[] = [
  {
    name: 'intx-masks-while-forwarded',
    role: 'producer',
    summary: 'Models a line as a level also while it is forwarded: each interrupt is masked.',
    rule: 'DELIV-8',
    participants: {
      producer: withVectors({
        intx: class extends IntxVector {
          override interrupt(): void {
            this.maskInFlight();
            super.interrupt();
          }
        },
      }),
    },
  },
  {
    name: 'intx-stays-an-edge',
    role: 'producer',
    summary: 'Goes on as an edge when its consumer was deleted.',
    rule: 'PROD-10',
    participants: {
      producer: withVectors({
        intx: class extends IntxVector {
          protected override delConsumer(): void {}
        },
      }),
    },
  },
  {
    name: 'intx-never-masks',
    role: 'producer',
    summary: 'Does not mask a line that comes to the host.',
    rule: 'DELIV-9',
    participants: {
      producer: withVectors({
        intx: class extends IntxVector {
          protected override maskInFlight(): void {}
        },
      }),
    },
  },
  {
    name: 'intx-never-unmasks',
    role: 'producer',
    summary: 'Does not enable a line again when the guest has ended its interrupt.',
    rule: 'DELIV-10',
    participants: {
      producer: withVectors({
        intx: class extends IntxVector {
          protected override ended(): void {
            this.inFlight = false;
          }
        },
      }),
    },
  },
  {
    name: 'intx-forgets-in-flight',
    role: 'producer',
    summary: 'Leaves masked what was masked before the line was forwarded, for it is an edge now.',
    rule: 'DELIV-10',
    participants: {
      producer: withVectors({
        intx: class extends IntxVector {
          protected override ended(): void {
            if (!this.forwarded) super.ended();
          }
        },
      }),
    },
  },
];
