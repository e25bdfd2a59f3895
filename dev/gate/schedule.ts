/**
 * Runs checks side by side, as many as the machine has cores, and keeps what each of them says together.
 *
 * A check starts as soon as what it needs has passed and a core is free; of those that could, the first of the table. One
 * that mostly waits for a network takes no core. A check whose needs failed is not run, and that is a failure as well.
 */

/** Something that the gate checks. */
export interface Check {
  readonly name: string;
  /** A line of shell, for the root of the project. */
  readonly line: string;
  /** The line of the night, where the gate goes a shorter way: the same, further. */
  readonly night?: string;
  /** The exit status that is right; 0 when absent. */
  readonly status?: number;
  /** The names of the checks that must have passed before. */
  readonly after?: readonly string[];
  /** It waits more than it works, and so takes no core. */
  readonly waits?: boolean;
}

/** What came of a line of shell. */
export interface Ran {
  readonly status: number;
  /** What it said, on both streams, in the order in which it came. */
  readonly output: string;
  /** What of it failed, and why, where it says so. */
  readonly failures?: readonly string[];
  /** Seconds of all processors together. */
  readonly cpu: number;
  /** What it counted; a line that counts nothing is one thing that passed or failed. */
  readonly tally?: Tally;
}

/** How much of something was well. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  /** What was left out, which a gate must not do. */
  readonly skipped: number;
}

/** What came of a check. */
export interface Result {
  readonly check: Check;
  readonly passed: number;
  readonly failed: number;
  readonly output: string;
  /** What of it failed, and why, where its output says so. */
  readonly failures: readonly string[];
  /** Why it failed, where its output does not say. */
  readonly problems: readonly string[];
  /** Seconds from the beginning of the gate, and how long it took. */
  readonly began: number;
  readonly seconds: number;
  readonly cpu: number;
}

/** What the schedule needs from the world. */
export interface World {
  readonly run: (check: Check) => Promise<Ran>;
  /** A clock in milliseconds. */
  readonly now: () => number;
  readonly onStart?: (check: Check) => void;
  readonly onEnd?: (result: Result) => void;
}

/**
 * Run all checks.
 *
 * @param cores how many checks may run at once, besides those that wait
 * @returns what came of them, in the order of the table
 * @throws {Error} when a check needs one that there is not, or that needs it in turn
 */
export async function runAll(checks: readonly Check[], cores: number, world: World): Promise<readonly Result[]> {
  mustBeSound(checks);
  const started = world.now();
  const results = new Map<string, Result>();
  const running = new Map<string, Promise<void>>();
  const began = new Set<string>();
  const busy = () => checks.filter(({ name, waits }) => running.has(name) && waits !== true).length;

  const start = (check: Check): void => {
    const from = world.now();
    began.add(check.name);
    world.onStart?.(check);
    const end = (ran: Ran): void => {
      const [at, until] = [from - started, world.now() - from];
      const result: Result = {
        check,
        output: ran.output,
        failures: ran.failures ?? [],
        cpu: ran.cpu,
        began: at / 1000,
        seconds: until / 1000,
        ...judged(check, ran),
      };
      results.set(check.name, result);
      running.delete(check.name);
      world.onEnd?.(result);
    };
    running.set(check.name, world.run(check).then(end));
  };

  while (results.size < checks.length) {
    for (const check of checks) {
      if (began.has(check.name)) continue;
      const needed = (check.after ?? []).map((name) => results.get(name));
      const broken = needed.find((result) => result !== undefined && result.failed > 0);
      if (broken !== undefined) {
        began.add(check.name);
        const result = notRun(check, broken.check.name, (world.now() - started) / 1000);
        results.set(check.name, result);
        world.onEnd?.(result);
      } else if (!needed.includes(undefined) && (check.waits === true || busy() < cores)) start(check);
    }
    if (running.size > 0) await Promise.race(running.values());
  }
  return checks.flatMap(({ name }) => results.get(name) ?? []);
}

/** Everything that a check counted, and what is wrong beyond that. */
function judged(check: Check, { status, tally }: Ran): Pick<Result, 'passed' | 'failed' | 'problems'> {
  const { passed, failed, skipped } = tally ?? { passed: 0, failed: 0, skipped: 0 };
  const problems: string[] = [];
  if (skipped > 0) problems.push(`${skipped} were skipped`);
  const expected = check.status ?? 0;
  // Where something that was counted failed, the exit status says the same once more.
  if (status !== expected && failed === 0) problems.push(`exit status ${status}, expected ${expected}`);
  const whole = tally === undefined && problems.length === 0 ? 1 : 0;
  return { passed: passed + whole, failed: failed + problems.length, problems };
}

function notRun(check: Check, needed: string, began: number): Result {
  const problems = [`not run, since it needs "${needed}", which failed`];
  return { check, passed: 0, failed: 1, output: '', failures: [], problems, began, seconds: 0, cpu: 0 };
}

function mustBeSound(checks: readonly Check[]): void {
  const before = new Set<string>();
  for (const { name, after = [] } of checks) {
    if (before.has(name)) throw new Error(`There are two checks named "${name}".`);
    const missing = after.find((needed) => !before.has(needed));
    if (missing !== undefined) throw new Error(`"${name}" needs "${missing}", which does not stand before it.`);
    before.add(name);
  }
}

/** What the night runs: what goes further by night, and what that needs. */
export function byNight(checks: readonly Check[]): readonly Check[] {
  const needed = new Set<string>();
  const all = checks.toReversed().flatMap(({ night, ...check }): readonly Check[] => {
    if (night === undefined && !needed.has(check.name)) return [];
    for (const name of check.after ?? []) needed.add(name);
    return [{ ...check, line: night ?? check.line }];
  });
  return all.toReversed();
}

/** The names of the checks that go further by night. */
export function leftToTheNight(checks: readonly Check[]): readonly string[] {
  return checks.filter(({ night }) => night !== undefined).map(({ name }) => name);
}
