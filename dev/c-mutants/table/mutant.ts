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
  | 'a wrong name'
  | 'a lock taken too late'
  | 'a lock released too soon'
  | 'a lock not taken'
  | 'a wrong lock';

/**
 * Why a mutant need not be killed.
 * - `equivalent`: no caller can tell it from the original.
 * - `several callers`: only calls at the same time can tell, and what is judged first is one call after another. It says
 *   what is to come of it among callers.
 * - `outside`: what it does wrong is seen by others than the manager's callers, such as the loader of modules.
 * - `choice`: the profile leaves it to the implementation.
 * - `known failure`: it shows only in programs that meet a known failure of the version, and changes how that ends.
 */
export type Excuse = 'equivalent' | 'several callers' | 'outside' | 'choice' | 'known failure';

/**
 * What is to come of a mutant when several callers call at once: a rule of `spec/rules/concurrency.ts` is broken, among
 * others; or nothing is wrong, for a reason.
 */
export type AmongCallers = { readonly breaks: ConcurrencyRule } | { readonly harmless: string };

export type ConcurrencyRule = 'CONC-1' | 'CONC-2' | 'CONC-3' | 'CONC-4' | 'CONC-5' | 'CONC-6';

/** One mutant. */
export interface CMutant {
  /** What it does, or fails to do, in one sentence. Its name. */
  readonly what: string;
  readonly mistake: Mistake;
  readonly edit: Edit;
  /** Set for one that is examined with several callers, too. */
  readonly amongCallers?: AmongCallers;
  /** Set for one that is expected to survive. */
  readonly survives?: { readonly because: Excuse; readonly reason: string };
}
