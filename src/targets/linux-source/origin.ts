/** What a target was made of, for who looks at more of a manager than what it does as a target. */
import type { Target } from '../target.js';
import type { FoundManager } from './index.js';

const origins = new WeakMap<Target, FoundManager>();

/** Notes that a target is a manager of a tree. */
export function noteOrigin(target: Target, manager: FoundManager): void {
  origins.set(target, manager);
}

/** The manager of a tree that a target is; undefined for every other target. */
export function originOf(target: Target): FoundManager | undefined {
  return origins.get(target);
}
