/** Order: neither side has to come first, and neither has to leave last. */
import type { Rule } from '../rule.js';
import { swapRegistrations, swapUnregistrations } from './relations.js';

export const order: readonly Rule[] = [
  {
    kind: 'relation',
    id: 'ORDER-1',
    level: 'MUST',
    text: 'A producer and a consumer of one token MUST become the same pair by the same callbacks whichever of them registers first.',
    intent: 'User space sets VFIO and KVM up in any order and changes nothing to gain the shortcut.',
    source: 'The RFC of 2015.',
    variant: swapRegistrations,
  },
  {
    kind: 'relation',
    id: 'ORDER-2',
    level: 'MUST',
    text: 'A pair MUST be disconnected by the same callbacks whichever of the two leaves first.',
    intent: 'User space takes them down in any order as well.',
    source: 'The RFC of 2015.',
    variant: swapUnregistrations,
  },
];
