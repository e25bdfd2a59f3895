/** Walking an implementation's own states to the end. */
export { type Closure, type ClosureOptions, closeOver, closureText, type WrongRun } from './closure.js';
export type { Run } from './told.js';
export { WalkError } from './walker.js';
