import type { Profile } from '../profile.js';
import { EBUSY, EINVAL, ENOMEM } from '../vocabulary.js';

/** The behaviour that all good implementations share, from Linux 4.4 to today. Each way is allowed where they differ. */
export const core: Profile = {
  name: 'core',
  versions: 'any',
  summary:
    'What all good implementations share. A null token is refused or is a token like any other; a duplicate is refused with -EBUSY or -EINVAL.',
  refusals: [
    { refusal: 'registered', statuses: [EBUSY, EINVAL] },
    { refusal: 'null-token', statuses: [EINVAL], optional: true },
    { refusal: 'missing-callback', statuses: [EINVAL] },
    { refusal: 'duplicate-token', statuses: [EBUSY, EINVAL] },
    { refusal: 'no-memory', statuses: [ENOMEM] },
  ],
  ordered: false,
  callbacks: {
    producer: ['stop', 'start', 'addConsumer', 'delConsumer'],
    consumer: ['stop', 'start', 'addProducer', 'delProducer'],
  },
  mandatory: { producer: [], consumer: ['addProducer', 'delProducer'] },
  fallible: true,
  showsIrq: true,
  exclusive: 'token',
  warnsWhenRegistered: ['registerProducer', 'registerConsumer'],
  undefined: {},
};
