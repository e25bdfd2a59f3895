/** An exploration whose proofs are worked off by several processes. */
import type { Proofs } from '../../spec/formats/exploration.js';
import type { ProfileName } from '../../spec/profile.js';
import { rules } from '../../spec/rules/index.js';
import { reachAll } from '../explore/explore.js';
import { provePiece } from '../explore/pieces.js';
import type { Scope } from '../explore/scope.js';
import { withHelpers } from '../jobs/crew.js';
import type { Runner } from '../jobs/deal.js';
import type { Job } from '../jobs/helper.js';
import { profileNamed } from '../targets/resolve.js';

/** What a helper needs to know. */
interface Setup {
  readonly profile: ProfileName;
  readonly scope: Scope;
  readonly symmetry: boolean;
}

/** Have helpers for an exploration, one less than there are jobs. */
export function withExploreHelpers<X>(
  jobs: number,
  setup: Setup,
  use: (helpers: readonly Runner<undefined, Proofs>[]) => Promise<X>,
): Promise<X> {
  return withHelpers(jobs - 1, 'explore', setup, (helpers) =>
    // What a helper says is a piece that the same version has proved.
    use(helpers.map((helper) => ({ run: async (_, number) => (await helper.run(number)) as Proofs }))),
  );
}

/** Begin to prove pieces of an exploration, as a helper. */
export async function beginExplore({ profile, scope, symmetry }: Setup): Promise<Job> {
  const { toProve } = reachAll(profileNamed(profile), scope, rules, { symmetry });
  return { run: async (number) => provePiece(toProve, number), close: async () => undefined };
}
