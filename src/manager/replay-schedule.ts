/** Run a wrong schedule again: the same moves of the same lanes, on the manager of a kernel tree. */
import type { Exhaustive, Report, StoredSchedule } from '../../spec/formats/results.js';
import type { Profile } from '../../spec/profile.js';
import { WalkError } from '../closure/index.js';
import { assemble } from '../engine/report.js';
import { parseScope } from '../explore/scope.js';
import { prepareSchedules, replaySchedule } from '../scheduler/index.js';
import type { Moves } from '../scheduler/moves.js';
import { originOf } from '../targets/linux-source/origin.js';
import type { Target } from '../targets/target.js';
import { shellWord } from '../text/text.js';
import { toWrongSchedule } from './exhaust.js';
import { manager } from './manager.js';

/** How many times a schedule is run. */
const TIMES = 100;

/** What the scheduler says of a schedule in which all goes well. */
const ALL_WELL = 'nothing is wrong';

/**
 * Run a stored schedule again, 100 times. The report's exit is 1 if it still goes wrong, 0 if it does not, and 2 where it
 * cannot go on as it says: then the code is another, and the schedule says nothing of it.
 *
 * @param profile the profile that the schedule was found under: its numbers stand for operations of that
 * @returns undefined where the target is no manager of a kernel tree, which alone can be led through a schedule
 * @throws {TargetUnavailable} when the manager cannot be compiled on this machine
 */
export async function replayStored(
  stored: StoredSchedule,
  moves: Moves,
  target: Target,
  profile: Profile,
  now: () => number,
): Promise<Report | undefined> {
  const started = now();
  const build = originOf(target)?.build;
  const scope = parseScope(stored.scope);
  if (build === undefined || scope === undefined) return undefined;
  const { lanes, operations, rule } = stored;
  const prepared = await prepareSchedules(build, profile, scope);
  const faults: { readonly text: string }[] = [];
  let exhaustive: Exhaustive | undefined;
  try {
    const told = await replaySchedule(prepared, moves, { lanes, operations }, TIMES);
    const again = { what: told.again, ...moves, told: { what: told.again, ...moves, ...told } };
    const wrong =
      told.again === ALL_WELL ? [] : [await toWrongSchedule({ ...prepared, lanes, operations }, again, profile, scope)];
    exhaustive = {
      closed: {
        closed: false,
        reason: `one schedule was run again ${told.times} times, ${told.same} of them with the same moves and the same end`,
        scope: stored.scope,
        states: 0,
        steps: 0,
        stopped: 0,
      },
      interleavings: [
        {
          complete: false,
          reason: 'it is one schedule',
          lanes,
          operations,
          roots: 1,
          states: 0,
          schedules: 1,
          programs: 1,
        },
      ],
      wrong,
    };
  } catch (error) {
    if (!(error instanceof WalkError)) throw error;
    faults.push({
      text: `${error.message.trimEnd()}. The code is not the one that the schedule was found on; to look for others: irqbypass-spec run ${shellWord(target.address)} --rules concurrency`,
    });
  }
  const broken = new Set(exhaustive?.wrong.map((one) => one.rule));
  return assemble(manager, {
    command: 'replay',
    target: target.address,
    hello: target.hello,
    profile,
    rules: manager.rules.filter(({ id }) => id === rule || broken.has(id)),
    seed: null,
    tier: null,
    volume: { programs: exhaustive === undefined ? 0 : TIMES, operations: 0, events: 0, notRun: 0, died: 0 },
    certificate: null,
    exposures: new Map(),
    broken: new Map(),
    findings: [],
    stale: [],
    faults,
    undefinedSeen: [],
    floor: 1,
    ...(exhaustive === undefined ? {} : { exhaustive }),
    seconds: (now() - started) / 1000,
  });
}
