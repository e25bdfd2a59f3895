import type { Profile } from '../profile.js';
import { EINVAL, ENOMEM } from '../vocabulary.js';

/** The patch revision before the merge, which shipped in one vendor tree only. */
export const premerge2015: Profile = {
  name: 'premerge-2015',
  versions: 'the last patch revision before Linux 4.4',
  generation: 'token-in-object',
  summary:
    'Full callbacks, those for adding and deleting mandatory on both sides. Every refusal is -EINVAL; a null token is a token like any other.',
  refusals: [
    { refusal: 'missing-callback', statuses: [EINVAL] },
    { refusal: 'registered', statuses: [EINVAL] },
    { refusal: 'duplicate-token', statuses: [EINVAL] },
    { refusal: 'no-memory', statuses: [ENOMEM] },
  ],
  ordered: true,
  callbacks: {
    producer: ['stop', 'start', 'addConsumer', 'delConsumer'],
    consumer: ['stop', 'start', 'addProducer', 'delProducer'],
  },
  mandatory: { producer: ['addConsumer', 'delConsumer'], consumer: ['addProducer', 'delProducer'] },
  fallible: true,
  showsIrq: true,
  exclusive: 'manager',
  warnsWhenRegistered: [],
  undefined: {},
};
