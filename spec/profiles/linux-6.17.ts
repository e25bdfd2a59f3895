import type { Profile } from '../profile.js';
import { EBUSY, EINVAL, ENOMEM } from '../vocabulary.js';
import { linux44 } from './linux-4.4.js';

/** The rewrite of 2025: the manager owns the token, an xarray holds the objects. */
export const linux617: Profile = {
  ...linux44,
  name: 'linux-6.17',
  versions: { from: '6.17' },
  generation: 'token-as-argument',
  summary:
    'The manager owns the token. Registering a registered object warns and is -EINVAL, a duplicate is -EBUSY, an allocation can fail with -ENOMEM. Whether a null token is refused is left open.',
  refusals: [
    { refusal: 'registered', statuses: [EINVAL] },
    { refusal: 'missing-callback', statuses: [EINVAL] },
    { refusal: 'null-token', statuses: [EINVAL], optional: true },
    { refusal: 'duplicate-token', statuses: [EBUSY] },
    { refusal: 'no-memory', statuses: [ENOMEM] },
  ],
  warnsWhenRegistered: ['registerProducer', 'registerConsumer'],
};
