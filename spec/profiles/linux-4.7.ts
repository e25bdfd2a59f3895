import type { Profile } from '../profile.js';
import { EBUSY, EINVAL, ENOMEM } from '../vocabulary.js';
import { linux44 } from './linux-4.4.js';

/** The manager for ten years: a null token is refused before anything else is looked at. */
export const linux47: Profile = {
  ...linux44,
  name: 'linux-4.7',
  versions: { from: '4.7', to: '6.16', less: { from: '5.9', to: '5.12' } },
  summary: 'As 4.4, but a null token is refused with -EINVAL.',
  refusals: [
    { refusal: 'null-token', statuses: [EINVAL] },
    { refusal: 'missing-callback', statuses: [EINVAL] },
    { refusal: 'registered', statuses: [EBUSY] },
    { refusal: 'duplicate-token', statuses: [EBUSY] },
    { refusal: 'no-memory', statuses: [ENOMEM] },
  ],
};
