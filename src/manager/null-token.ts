/** Ask a target what it does with a null token, where its profile leaves that open. */
import type { Profile } from '../../spec/profile.js';
import type { ObjectId, Program } from '../../spec/vocabulary.js';
import { objectWith, registering, roleOf } from '../../spec/vocabulary.js';
import { leavesNullTokenOpen, type NullToken } from '../suites/machine.js';
import type { Target } from '../targets/target.js';

/**
 * What it does, by role; null where the profile says it, or the target cannot be asked.
 *
 * @param onFault is told what could not be judged; that is taken for a refusal
 */
export async function askNullToken(
  target: Target,
  profile: Profile,
  onFault: (text: string) => void,
): Promise<NullToken | null> {
  if (!leavesNullTokenOpen(profile) || !target.hello.capabilities.includes('null-token')) return null;
  const ids: readonly ObjectId[] = ['p0', 'c0'];
  const programs = ids.map(
    (id): Program => ({
      objects: [objectWith(id, profile.callbacks[roleOf(id)])],
      lanes: [[registering(id, null, 32)]],
    }),
  );
  const outcomes = await target.run(programs);
  for (const [at, { fault }] of outcomes.entries())
    if (fault !== undefined) onFault(`${fault}. It was asked what ${ids[at]} does with a null token`);
  const [producer, consumer] = outcomes.map(({ events }) =>
    events.some((event) => event.type === 'return' && event.status === 0) ? 'accepted' : 'refused',
  );
  return { producer: producer ?? 'refused', consumer: consumer ?? 'refused' };
}
