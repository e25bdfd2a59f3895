/** C of our own that the mutants for several callers put in. */
import { declare } from '../editor/edits.js';

/** The manager's lock, and another that a mutant declares. */
export const LOCK = 'lock';
export const OTHER_LOCK = 'other_lock';

export const secondLock = declare(`static DEFINE_MUTEX(${OTHER_LOCK});`);

export const take = (lock = LOCK): string => `mutex_lock(&${lock});`;
export const release = (lock = LOCK): string => `mutex_unlock(&${lock});`;
/** Takes a lock until the end of the block. */
export const guard = (lock = LOCK): string => `guard(mutex)(&${lock});`;

/** Gives a reference to a module back. */
export const giveBack = (module = 'THIS_MODULE'): string => `module_put(${module});`;

export type Side = 'producer' | 'consumer';
export const SIDES: readonly Side[] = ['producer', 'consumer'];
export const otherThan = (side: Side): Side => (side === 'producer' ? 'consumer' : 'producer');
