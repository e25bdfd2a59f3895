/** Play many programs against one manager, which may never return from one of them. */
import { setImmediate } from 'node:timers/promises';
import type { ManagerFactory } from '../../spec/manager.js';
import type { Event, Program } from '../../spec/vocabulary.js';
import { play } from '../../src/targets/in-process.js';
import { TargetError } from '../../src/targets/target.js';
import { CannotRun } from './cannot-run.js';
import { allowHits, isOverLimit } from './switch.js';
import { hungTrace, within } from './timeout.js';

/** What came of some programs. */
export interface Played {
  /** What each did, in order; fewer than there are programs when one of them never returned, which is then the last. */
  readonly traces: readonly (readonly Event[])[];
  /** Set when the manager cannot be played against at all, such as a factory that makes none: why. */
  readonly fault?: string;
}

/**
 * How long a batch of programs may take, in milliseconds: a hundred times what it needs. If it takes longer and nothing
 * in it hangs, the machine was busy elsewhere; then it may take ten times as long, once.
 */
const PATIENCE = [2_000, 20_000] as const;

/**
 * Play programs one after the other. What a manager does after it has returned, in what it put off, counts as well.
 *
 * @throws {CannotRun} when the machine is too slow to tell a loop without end from work
 */
export async function playAll(programs: readonly Program[], factory: ManagerFactory): Promise<Played> {
  for (const patience of PATIENCE) {
    const played = attempt(programs, factory, patience);
    if (played === undefined) continue;
    await setImmediate();
    return { ...played, traces: played.traces.map(overLimitIsHang) };
  }
  throw new CannotRun(`${programs.length} programs take more than ${PATIENCE[1] / 1000} s, and none of them hangs`);
}

/** Undefined when it took too long, and not for a hang. */
function attempt(programs: readonly Program[], factory: ManagerFactory, patience: number): Played | undefined {
  const traces: (readonly Event[])[] = [];
  let fault: string | undefined;
  const finished = within(patience, () => {
    try {
      for (const program of programs) {
        allowHits();
        traces.push(play(program, factory));
      }
    } catch (error) {
      if (!(error instanceof TargetError)) throw error;
      fault = error.message;
    }
    return true;
  });
  const guilty = programs[traces.length];
  if (finished === undefined && guilty !== undefined) {
    const trace = hungTrace(guilty, factory);
    if (trace === undefined) return undefined;
    traces.push(trace);
  }
  return { traces, ...(fault === undefined ? {} : { fault }) };
}

/** The switch ends a loop by throwing, which looks like a crash of the manager; it is a hang. */
function overLimitIsHang(events: readonly Event[]): readonly Event[] {
  const last = events.at(-1);
  if (last?.type !== 'crash' || !isOverLimit(last.detail)) return events;
  return [...events.slice(0, -1), { type: 'hang', detail: 'it comes by one place again and again' }];
}
