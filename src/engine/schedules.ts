/** Wrong schedules beside a baseline: which of them are known, and which known ones are no longer true. */
import type { BaselineOf, BaselineSchedule, Exhaustive, StaleEntry } from '../../spec/formats/results.js';
import type { BoundsOfSchedules } from '../subject/subject.js';

/** How many wrong schedules beyond those of the baseline are enough for a run. */
const ENOUGH = 3;
/** More than there are: a manager without any lock has some dozens. */
export const MOST_SCHEDULES = 1000;

/** How many wrong schedules a run looks for. @param all whether it is to find all of them, for a baseline */
export function boundsOfSchedules(
  baseline: Pick<BaselineOf<unknown, unknown>, 'schedules'> | undefined,
  all: boolean,
): BoundsOfSchedules {
  const known = new Set(baseline?.schedules?.map(({ name }) => name));
  return { known, most: all ? MOST_SCHEDULES : ENOUGH + known.size, all };
}

/** What was explored, its known schedules told from those that are new. */
export function splitSchedules(
  exhaustive: Exhaustive,
  { schedules = [] }: Pick<BaselineOf<unknown, unknown>, 'schedules'>,
): Exhaustive {
  const explained = new Map(schedules.map((one) => [one.name, one]));
  const known = exhaustive.wrong.flatMap((one) => {
    const entry = explained.get(one.name);
    return entry === undefined ? [] : [{ ...one, reason: entry.reason, fixedIn: entry.fixedIn }];
  });
  if (known.length === 0) return exhaustive;
  return { ...exhaustive, wrong: exhaustive.wrong.filter(({ name }) => !explained.has(name)), known };
}

/**
 * The entries of schedules that no longer go wrong: what they are about was explored to its end, and they were not met.
 *
 * @param rules those that were asked for
 */
export function schedulesNotMet(
  exhaustive: Exhaustive,
  { schedules = [] }: Pick<BaselineOf<unknown, unknown>, 'schedules'>,
  rules: readonly { readonly id: string }[],
): readonly StaleEntry[] {
  const asked = new Set(rules.map(({ id }) => id));
  const met = new Set(exhaustive.wrong.map(({ name }) => name));
  const isExplored = ({ lanes, operations }: BaselineSchedule) =>
    exhaustive.interleavings.some((one) => one.complete && one.lanes === lanes && one.operations === operations);
  return schedules
    .filter((one) => asked.has(one.rule) && !met.has(one.name) && isExplored(one))
    .map(({ name, what }) => ({
      key: what,
      form: name,
      is: 'gone',
      text: 'every interleaving was explored, and none goes wrong like this',
    }));
}
