import type { Profile } from '../profile.js';
import { EINVAL } from '../vocabulary.js';

/** The prototype in the RFC of 2015, Alex Williamson's mail of 2015-06-18. */
export const rfc2015: Profile = {
  name: 'rfc-2015',
  versions: 'the RFC of 2015-06-18',
  generation: 'token-in-object',
  summary:
    'Two lists and two void callbacks on the consumer. Nothing can fail but a duplicate, with -EINVAL; a null token is a token like any other.',
  refusals: [{ refusal: 'duplicate-token', statuses: [EINVAL] }],
  ordered: true,
  callbacks: { producer: [], consumer: ['addProducer', 'delProducer'] },
  mandatory: { producer: [], consumer: ['addProducer', 'delProducer'] },
  fallible: false,
  showsIrq: false,
  exclusive: 'manager',
  warnsWhenRegistered: [],
  undefined: {
    'unregister-unregistered':
      'The prototype deletes the list node of whatever it is given and disconnects any peer with its token.',
    'register-registered':
      'The token lies in the object, so the caller has overwritten the key of the live entry before the manager looks.',
    'missing-callback': 'Both callbacks of the consumer are called without a look.',
  },
};
