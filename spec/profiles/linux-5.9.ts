import type { Profile } from '../profile.js';
import { linux47 } from './linux-4.7.js';

/**
 * Known bad. Commit a979a6aa009f left out start after a failed connect and called delConsumer after a successful
 * one; both were reverted in 5.13 (e44b49f623c7). It meant to choose as 4.7 does, so the code of these versions
 * does not conform to this profile; `mutant:linux-5.9` shows what it does.
 */
export const linux59: Profile = {
  ...linux47,
  name: 'linux-5.9',
  versions: { from: '5.9', to: '5.12' },
  summary:
    'The choices of 4.7. The code of these versions is known bad: no start after a failed connect, delConsumer after a successful one.',
};
