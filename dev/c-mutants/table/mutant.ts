/** What is written down of a mutant of the C source. */
import type { Edit } from '../editor/edits.js';

/** The kinds of mistakes, by what the programmer did. */
export type Mistake =
  | 'a dropped call'
  | 'a dropped step'
  | 'a swapped order'
  | 'a wrong comparison'
  | 'a wrong error path'
  | 'a missing unlock'
  | 'an early return'
  | 'a wrong name';

/**
 * Why a mutant need not be killed.
 * - `equivalent`: no caller can tell it from the original.
 * - `several callers`: only calls at the same time can tell, and what is judged here is one call after another.
 * - `outside`: what it does wrong is seen by others than the manager's callers, such as the loader of modules.
 * - `choice`: the profile leaves it to the implementation.
 * - `known failure`: it shows only in programs that meet a known failure of the version, and changes how that ends.
 */
export type Excuse = 'equivalent' | 'several callers' | 'outside' | 'choice' | 'known failure';

/** One mutant. */
export interface CMutant {
  /** What it does, or fails to do, in one sentence. Its name. */
  readonly what: string;
  readonly mistake: Mistake;
  readonly edit: Edit;
  /** Set for one that is expected to survive. */
  readonly survives?: { readonly because: Excuse; readonly reason: string };
}
