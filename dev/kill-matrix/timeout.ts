/**
 * A timeout for mutants that never end.
 *
 * A mutant may turn a loop into an endless one. Most such loops run through the changed place again and again, and the
 * switch counts how often it is passed. For the other loops there is this file: V8 ends a piece of work after so many
 * milliseconds, whatever it is doing.
 */
import { createContext, runInContext } from 'node:vm';
import type { ManagerFactory } from '../../spec/manager.js';
import type { Event, Program } from '../../spec/vocabulary.js';
import { isManagerOperation } from '../../spec/vocabulary.js';
import { play } from '../../src/targets/in-process.js';

/** How long one program may take before it counts as hung, in milliseconds: ten thousand times what it needs. */
const ALONE = 1_000;

/** Work that the clock can cut short has to come in through a context of its own. */
const context = createContext({ run: (): unknown => undefined });

/** Run something; undefined when it was not done in time. Nothing of it runs on, not even its `finally`. */
export function within<T>(milliseconds: number, run: () => T): T | undefined {
  context.run = run;
  try {
    return runInContext('run()', context, { timeout: milliseconds }) as T;
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return undefined;
    throw error;
  }
}

/**
 * What a program did up to the operation that never returns, found by running more and more of its operations; undefined
 * when all of them return.
 */
export function hungTrace(program: Program, factory: ManagerFactory): readonly Event[] | undefined {
  const [lane = []] = program.lanes;
  let before: readonly Event[] = [];
  for (const [index, operation] of lane.entries()) {
    const part: Program = { ...program, lanes: [lane.slice(0, index + 1)] };
    const events = within(ALONE, () => play(part, factory));
    if (events === undefined) {
      if (!isManagerOperation(operation)) return undefined;
      return [
        ...before,
        { type: 'call', ...operation },
        { type: 'hang', detail: `it did not return within ${ALONE / 1000} s` },
      ];
    }
    before = events;
  }
  return undefined;
}

/** Whether a trace ends in a hang. */
export function isHung(events: readonly Event[]): boolean {
  return events.at(-1)?.type === 'hang';
}
