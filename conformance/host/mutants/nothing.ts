/** Participants that say yes to everything and do nothing. */
import { OK } from '../../../spec/vocabulary.js';
import type { HostMutant } from './mutant.js';

export const nothing: readonly HostMutant[] = [
  {
    name: 'null-producer',
    role: 'producer',
    summary: 'Succeeds in everything, and does nothing.',
    rule: 'PROD-7',
    participants: {
      producer: () => ({
        openDevice: () => OK,
        closeDevice: () => OK,
        resetDevice: () => OK,
        setIrqs: () => OK,
        disableIrqs: () => OK,
        setUnmaskEventfd: () => OK,
        interrupt: () => {},
      }),
    },
  },
  {
    name: 'null-consumer',
    role: 'consumer',
    summary: 'Succeeds in everything, and does nothing.',
    rule: 'CONS-1',
    participants: {
      consumer: () => ({
        createVm: () => OK,
        destroyVm: () => OK,
        assignIrqfd: () => OK,
        deassignIrqfd: () => OK,
        setRoutes: () => OK,
        endOfInterrupt: () => {},
      }),
    },
  },
];
