/**
 * The ledger says where each known behaviour of the kernel's versions went: into a rule, into a choice of a profile, or
 * into what is deliberately undefined. A reviewer who misses something looks here first. A test holds the ledger against
 * the spec: it names every rule of the manager, every choice and everything undefined, and nothing that is
 * not there.
 */
import type { Refusal } from './profile.js';

/** One behaviour, with the places of the spec that speak of it. */
export interface LedgerEntry {
  readonly behaviour: string;
  /** Rules that require it. */
  readonly rules?: readonly string[];
  /** The choices of a profile that it belongs to. */
  readonly choices?: readonly (
    | Refusal
    | 'ordered'
    | 'exclusive'
    | 'callbacks'
    | 'mandatory'
    | 'fallible'
    | 'showsIrq'
    | 'warnsWhenRegistered'
    | 'undefined'
  )[];
  /** The entries of `undefined.ts`. */
  readonly undefined?: readonly string[];
}

/** The topics of behaviours. */
export type Topic = 'connect' | 'register' | 'unregister' | 'always' | 'locking';

/** The behaviours by what they are about: connecting, the operations, all of them, the lock and what callbacks see. */
export const ledger: Readonly<Record<Topic, readonly LedgerEntry[]>> = {
  connect: [
    { behaviour: 'connecting succeeds', rules: ['CALL-1', 'PAIR-1', 'BAL-1'] },
    { behaviour: 'addConsumer fails', rules: ['FAIL-1', 'FAIL-3', 'BAL-1'], choices: ['fallible'] },
    { behaviour: 'addProducer fails', rules: ['FAIL-2', 'FAIL-3', 'BAL-1', 'BAL-2'], choices: ['fallible'] },
    { behaviour: 'disconnecting', rules: ['CALL-2', 'BAL-1', 'BAL-2'] },
    { behaviour: 'the order is the same whichever side triggers it', rules: ['ORDER-1', 'ORDER-2'] },
    { behaviour: 'stops are producer then consumer, starts the other way round', rules: ['CALL-1', 'CALL-2'] },
    { behaviour: 'any result but 0 is a failure, positive ones too', rules: ['FAIL-3'] },
    { behaviour: 'no start after a failed connect (5.9)', rules: ['BAL-1', 'FAIL-1', 'FAIL-2'] },
    { behaviour: 'delConsumer after a successful connect (5.9)', rules: ['CALL-1', 'BAL-2'] },
    { behaviour: 'each add and del is passed the other object of the pair', rules: ['CALL-5'] },
    { behaviour: 'an object has one partner at most: the header rules out 1:N', rules: ['PAIR-3'] },
  ],
  register: [
    {
      behaviour: 'the object is registered already',
      rules: ['TOKEN-6', 'TOKEN-7'],
      choices: ['registered', 'warnsWhenRegistered', 'undefined'],
    },
    { behaviour: 'the token is null', rules: ['TOKEN-3'], choices: ['null-token'] },
    {
      behaviour: 'a callback of its own is missing',
      rules: ['CALL-4', 'CALL-7'],
      choices: ['missing-callback', 'mandatory', 'callbacks'],
    },
    { behaviour: 'the module is going away', rules: ['LIFE-10'], undefined: ['module-going-away'] },
    { behaviour: 'the token is taken on its side', rules: ['TOKEN-1', 'TOKEN-2'], choices: ['duplicate-token'] },
    { behaviour: 'the irq of a refused duplicate is written all the same (6.17)', undefined: ['irq-after-refusal'] },
    { behaviour: 'no memory for the index', rules: ['FAIL-7'], choices: ['no-memory'] },
    { behaviour: 'several reasons to refuse at once', rules: ['TOKEN-9'], choices: ['ordered'] },
    { behaviour: 'nobody waits under the token', rules: ['PAIR-2'] },
    { behaviour: 'somebody waits, connecting succeeds', rules: ['PAIR-1'] },
    { behaviour: 'somebody waits, connecting fails', rules: ['FAIL-3', 'FAIL-4', 'FAIL-5'] },
    {
      behaviour: 'the same object under another token re-keys the live entry (to 6.16)',
      rules: ['TOKEN-7'],
      choices: ['undefined'],
    },
    { behaviour: 'a reserved or misaligned entry is refused by the index', undefined: ['misaligned-object'] },
    { behaviour: 'after a failure, registering again tries everything again', rules: ['FAIL-6', 'TOKEN-5'] },
    {
      behaviour: 'a consumer without addProducer or delProducer',
      rules: ['CALL-7'],
      choices: ['missing-callback', 'mandatory'],
    },
  ],
  unregister: [
    { behaviour: 'registered and paired', rules: ['PAIR-4', 'CALL-2', 'LIFE-5', 'LIFE-7'] },
    { behaviour: 'registered and alone', rules: ['PAIR-6', 'TOKEN-4', 'LIFE-7'] },
    { behaviour: 'never registered', rules: ['LIFE-1'], choices: ['undefined'] },
    {
      behaviour: 'never registered, but the token field was set by hand',
      undefined: ['token-by-hand', 'object-memory'],
    },
    { behaviour: 'its registration was refused as a duplicate', rules: ['LIFE-2'], choices: ['undefined'] },
    { behaviour: 'its registration failed to connect', rules: ['LIFE-4'] },
    { behaviour: 'the same, and somebody else has taken the token since', rules: ['LIFE-4', 'CALL-3'] },
    { behaviour: 'a second time', rules: ['LIFE-3'] },
    { behaviour: 'the caller zeroed the token while it was registered', undefined: ['object-memory'] },
    { behaviour: 'the peer stays, and pairs with the next', rules: ['PAIR-5'] },
    { behaviour: 'a failed connect leaves no memory', rules: ['FAIL-6', 'LIFE-6'] },
  ],
  always: [
    { behaviour: 'the operation returns', rules: ['LIFE-8'] },
    {
      behaviour: 'a warning for an object that is registered already (6.17), and for nothing else',
      rules: ['LIFE-9'],
      choices: ['warnsWhenRegistered'],
    },
    { behaviour: 'tokens are compared by their address, and nothing reads what lies there', rules: ['TOKEN-8'] },
    { behaviour: 'objects are told apart by their address, and by nothing else', rules: ['ISO-3'] },
    { behaviour: 'only entries under the token of the operation are touched', rules: ['ISO-1', 'ISO-2'] },
  ],
  locking: [
    {
      behaviour: 'one lock is held across the search, the callbacks and the change, whoever else calls',
      rules: ['CONC-1', 'CONC-2', 'CONC-3', 'CONC-4', 'CONC-5', 'CONC-6'],
      choices: ['exclusive'],
    },
    {
      behaviour: 'one lock across the search, the callbacks, and the insertion or removal',
      rules: ['CALL-8'],
      choices: ['exclusive'],
    },
    { behaviour: 'a callback calls an operation: self-deadlock', undefined: ['reentry'] },
    { behaviour: 'operations may sleep, and say so', undefined: ['might-sleep'] },
    { behaviour: 'two lanes register or unregister one object at a time', undefined: ['same-object-races'] },
    { behaviour: 'token, partner and irq fields as seen inside callbacks', undefined: ['inner-fields'] },
    { behaviour: 'the irq is valid as soon as a connection is possible', rules: ['CALL-6'], choices: ['showsIrq'] },
    { behaviour: 'the module holds references to itself (to 6.16)', rules: ['LIFE-10'] },
    { behaviour: 'the token outlives the registration', undefined: ['token-lifetime'] },
    { behaviour: 'a slow callback holds up everybody', undefined: ['liveness'] },
  ],
};
