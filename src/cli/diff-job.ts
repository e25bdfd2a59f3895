/** A comparison that several processes work on: each opens both sides for itself. */
import type { RoleUnderTest } from '../../spec/formats/host-results.js';
import { findProfile } from '../../spec/profiles/index.js';
import { Batches, type BatchSeen, Comparison, type Reach } from '../diff/by-programs.js';
import { type Seen, Worlds } from '../diff/diff.js';
import { type OpenSide, openSide } from '../diff/side.js';
import { host } from '../host/host.js';
import type { HostShape } from '../host/shape.js';
import { withHelpers } from '../jobs/crew.js';
import type { Runner } from '../jobs/deal.js';
import type { Job } from '../jobs/helper.js';
import type { Subject, SubjectTarget } from '../subject/subject.js';
import { openHostTarget } from '../targets/roles/resolve.js';
import { TargetError } from '../targets/target.js';
import { profileFor, selectRules } from './options.js';

/** Two sides, by the names of profiles or the addresses of targets. */
export interface Compared {
  readonly left: string;
  readonly right: string;
}

/** What a helper needs to know: of managers, how long programs may be; of hosts, which programs there are. */
type Setup = Compared &
  (
    | { readonly length: number; readonly abilities: string }
    | { readonly role: RoleUnderTest; readonly seed: number; readonly programs: number; readonly hellos: string }
  );

/** Use two things that are opened one after the other, and close them. */
async function withBoth<T extends { close(): Promise<void> }, X>(
  { left, right }: Compared,
  open: (name: string) => Promise<T>,
  use: (left: T, right: T) => Promise<X>,
): Promise<X> {
  const one = await open(left);
  try {
    const other = await open(right);
    try {
      return await use(one, other);
    } finally {
      await other.close();
    }
  } finally {
    await one.close();
  }
}

/** Open two sides of a comparison of managers, and have helpers, one less than there are jobs. */
export function withSides<X>(
  names: Compared,
  length: number,
  jobs: number,
  onProgress: (text: string) => void,
  use: (left: OpenSide, right: OpenSide, helpers: readonly Runner<undefined, Seen>[]) => Promise<X>,
): Promise<X> {
  return withBoth(
    names,
    (name) => openSide(name, onProgress),
    (left, right) =>
      withHelpers(jobs - 1, 'diff', { ...names, length, abilities: abilitiesOf(left, right) }, (helpers) =>
        // What a helper says is what a comparison of the same version has seen.
        use(
          left,
          right,
          helpers.map((helper) => ({ run: async (_, number) => (await helper.run(number)) as Seen })),
        ),
      ),
  );
}

/** What is compared of hosts. */
export interface OfHosts extends Compared {
  readonly role: RoleUnderTest;
  readonly seed: number;
  readonly programs: number;
}

/** Open two hosts, and have helpers, one less than there are jobs. */
export function withHosts<X>(
  { role, seed, programs, ...names }: OfHosts,
  jobs: number,
  use: (
    subject: Subject<HostShape>,
    left: SubjectTarget<HostShape>,
    right: SubjectTarget<HostShape>,
    reach: Reach<HostShape>,
    helpers: readonly Runner<undefined, BatchSeen | undefined>[],
  ) => Promise<X>,
): Promise<X> {
  return withBoth(names, opener(role), (left, right) => {
    const setup = { ...names, role, seed, programs, hellos: hellosOf(left, right) };
    return withHelpers(jobs - 1, 'diff', setup, (helpers) =>
      use(
        host(role),
        left,
        right,
        reachOf(left, setup),
        helpers.map((helper) => ({
          run: async (_, number) => (await helper.run(number)) as BatchSeen | undefined,
        })),
      ),
    );
  });
}

/** Begin to compare, as a helper. */
export async function beginDiff(setup: Setup): Promise<Job> {
  if ('length' in setup) {
    const [left, right] = [await openSide(setup.left, () => undefined), await openSide(setup.right, () => undefined)];
    mustBeSame(setup, setup.abilities, abilitiesOf(left, right));
    return jobOf(new Worlds(left, right, setup.length), left, right);
  }
  const open = opener(setup.role);
  const [left, right] = [await open(setup.left), await open(setup.right)];
  mustBeSame(setup, setup.hellos, hellosOf(left, right));
  const subject = host(setup.role);
  const reach = reachOf(left, setup);
  return jobOf(new Batches(new Comparison(subject, left, right, subject.judge(reach)), reach), left, right);
}

function jobOf(runner: Runner<undefined, unknown>, ...sides: readonly { readonly close: () => Promise<void> }[]): Job {
  return {
    run: (number) => runner.run(undefined, number),
    close: async () => {
      for (const side of sides) await side.close();
    },
  };
}

function mustBeSame({ left, right }: Compared, due: string, came: string): void {
  if (due === came) return;
  throw new TargetError(`${left} or ${right} is not the same when it is opened twice: first ${due}, then ${came}`);
}

function abilitiesOf(...sides: readonly OpenSide[]): string {
  return JSON.stringify(sides.map(({ abilities }) => [...abilities].sort()));
}

function hellosOf(...targets: readonly SubjectTarget<HostShape>[]): string {
  return JSON.stringify(targets.map(({ hello }) => hello));
}

function opener(role: RoleUnderTest): (name: string) => Promise<SubjectTarget<HostShape>> {
  return (name) => openHostTarget(findProfile(name) === undefined ? name : `reference:${name}`, role, undefined);
}

function reachOf(
  left: SubjectTarget<HostShape>,
  { role, seed, programs }: Omit<OfHosts, keyof Compared>,
): Reach<HostShape> {
  return { profile: profileFor(left, undefined), ...selectRules(host(role), undefined), seed, programs };
}
