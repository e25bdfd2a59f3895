import type { Profile } from '../profile.js';
import { EBUSY, EINVAL, ENOMEM } from '../vocabulary.js';

/** The manager as merged (commit f73f8173126b). */
export const linux44: Profile = {
  name: 'linux-4.4',
  versions: { from: '4.4', to: '4.6' },
  generation: 'token-in-object',
  summary:
    "As merged: a duplicate is -EBUSY, the producer's callbacks are optional, a null token is a token like any other.",
  refusals: [
    { refusal: 'missing-callback', statuses: [EINVAL] },
    { refusal: 'registered', statuses: [EBUSY] },
    { refusal: 'duplicate-token', statuses: [EBUSY] },
    { refusal: 'no-memory', statuses: [ENOMEM] },
  ],
  ordered: true,
  callbacks: {
    producer: ['stop', 'start', 'addConsumer', 'delConsumer'],
    consumer: ['stop', 'start', 'addProducer', 'delProducer'],
  },
  mandatory: { producer: [], consumer: ['addProducer', 'delProducer'] },
  fallible: true,
  showsIrq: true,
  exclusive: 'manager',
  warnsWhenRegistered: [],
  undefined: {},
};
