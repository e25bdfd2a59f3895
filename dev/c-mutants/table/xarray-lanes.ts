/**
 * Mutants of the manager with an xarray and binding pointers that are judged with several callers: one caller after
 * another, most of them do what the original does.
 */
import { type FunctionEdit, within } from '../editor/edits.js';
import { call, statement, word } from '../editor/places.js';
import { guard, LOCK, OTHER_LOCK, otherThan, release, SIDES, type Side, secondLock, take } from './locks.js';
import type { CMutant } from './mutant.js';

const registering = (side: Side) => within(`irq_bypass_register_${side}`);
const unregistering = (side: Side) => within(`irq_bypass_unregister_${side}`);

const ENTRY = call('guard');

/** The place that returns so many places behind the guard. Registering a consumer returns once more before it. */
const exit = (side: Side, nth: 1 | 2 | 3) => statement('return', nth + (side === 'producer' ? 1 : 2));
/** Refused as a duplicate or for lack of memory; refused because it could not be connected; registered. */
const NOT_ENTERED = 1;
const NOT_CONNECTED = 2;
const REGISTERED = 3;

/** The last statement of registering and of unregistering: the token is noted, and forgotten. */
const NOTES_TOKEN = word('eventfd', 4);
const FORGETS_TOKEN = word('eventfd', 3);

/** Registering, with its lock taken and released by hand, in some way, at the places that return. */
function registerByHand(
  side: Side,
  taking = take(),
  releasing = release(),
  at: readonly (1 | 2 | 3)[] = [NOT_ENTERED, NOT_CONNECTED, REGISTERED],
): readonly FunctionEdit[] {
  const register = registering(side);
  return [register.replace(ENTRY, taking), ...at.map((nth) => register.surround(exit(side, nth), releasing, ''))];
}

function bothSides(side: Side): readonly CMutant[] {
  const other = otherThan(side);
  const register = registering(side);
  const unregister = unregistering(side);
  return [
    {
      what: `Registering a ${side} takes the lock once it is in the index.`,
      mistake: 'a lock taken too late',
      edit: [register.move(ENTRY, call('xa_load'))],
      amongCallers: { breaks: 'CONC-2' },
    },
    {
      what: `Registering a ${side} releases the lock while it connects.`,
      mistake: 'a lock released too soon',
      edit: [...registerByHand(side), register.surround(call('__connect'), release(), take())],
      amongCallers: { breaks: 'CONC-4' },
    },
    {
      what: `Unregistering a ${side} releases the lock while it disconnects.`,
      mistake: 'a lock released too soon',
      edit: [
        unregister.replace(ENTRY, take()),
        unregister.surround(call('__disconnect'), release(), take()),
        unregister.surround(FORGETS_TOKEN, '', release()),
      ],
      amongCallers: { breaks: 'CONC-1' },
    },
    {
      what: `Unregistering a ${side} takes it out of the index before it takes the lock.`,
      mistake: 'a lock taken too late',
      edit: [unregister.move(call('xa_erase'), ENTRY)],
      amongCallers: { breaks: 'CONC-2' },
    },
    {
      what: `Unregistering a ${side} takes it out of the index once it has released the lock.`,
      mistake: 'a lock released too soon',
      edit: [unregister.replace(ENTRY, take()), unregister.surround(call('xa_erase'), release(), '')],
      amongCallers: { breaks: 'CONC-2' },
    },
    {
      what: `Unregistering a ${side} asks whether it has a partner before it takes the lock.`,
      mistake: 'a lock taken too late',
      edit: [unregister.drop(ENTRY), unregister.surround(call('__disconnect'), guard(), '')],
      amongCallers: { breaks: 'CONC-5' },
    },
    {
      what: `Registering a ${side} takes the lock only where there is a ${other}.`,
      mistake: 'a lock not taken',
      edit: registerByHand(
        side,
        `bool busy = xa_load(&${other}s, index) != NULL; if (busy) ${take()}`,
        `if (busy) ${release()}`,
      ),
      amongCallers: { breaks: 'CONC-5' },
    },
  ];
}

const registerProducer = registering('producer');
const connect = within('__connect');

/** All of them. */
export const xarrayAmongCallers: readonly CMutant[] = [
  ...SIDES.flatMap(bothSides),
  {
    what: 'Registering a producer notes who is bound to whom once it has released the lock.',
    mistake: 'a lock released too soon',
    edit: [
      connect.drop(word('consumer')),
      connect.drop(word('producer')),
      ...registerByHand('producer', take(), release(), [NOT_ENTERED, NOT_CONNECTED]),
      registerProducer.surround(
        NOTES_TOKEN,
        `${release()} if (consumer) { producer->consumer = consumer; consumer->producer = producer; }`,
        '',
      ),
    ],
    amongCallers: { breaks: 'CONC-5' },
  },
  {
    what: 'Producers and consumers have a lock each.',
    mistake: 'a wrong lock',
    edit: [
      secondLock,
      ...[registering('consumer'), unregistering('consumer')].map((edit) => edit.change(word(LOCK), OTHER_LOCK)),
    ],
    amongCallers: { breaks: 'CONC-5' },
  },
  {
    what: 'A second lock is taken after the first for a producer, and before it for a consumer.',
    mistake: 'a wrong lock',
    edit: [
      secondLock,
      ...[registering, unregistering].flatMap((kind) => [
        kind('producer').surround(ENTRY, '', guard(OTHER_LOCK)),
        kind('consumer').surround(ENTRY, guard(OTHER_LOCK), ''),
      ]),
    ],
    amongCallers: { breaks: 'CONC-3' },
  },
  {
    what: 'Registering a producer is refused where somebody has the lock.',
    mistake: 'a lock not taken',
    edit: registerByHand('producer', `if (!mutex_trylock(&${LOCK})) return -EBUSY;`),
    amongCallers: { breaks: 'CONC-2' },
  },
  {
    what: 'A producer that could not be connected keeps the lock.',
    mistake: 'a missing unlock',
    edit: registerByHand('producer', take(), release(), [NOT_ENTERED, REGISTERED]),
    amongCallers: { breaks: 'CONC-6' },
  },
  {
    what: 'A producer that could not be connected is taken out of the index once the lock is released.',
    mistake: 'a lock released too soon',
    edit: [
      ...registerByHand('producer', take(), release(), [NOT_ENTERED, REGISTERED]),
      registerProducer.surround(call('xa_erase'), release(), ''),
    ],
    amongCallers: { breaks: 'CONC-2' },
  },

  {
    what: 'A second lock is taken around the first, everywhere.',
    mistake: 'a wrong lock',
    edit: [
      secondLock,
      ...SIDES.flatMap((side) => [registering(side), unregistering(side)]).map((edit) =>
        edit.surround(ENTRY, guard(OTHER_LOCK), ''),
      ),
    ],
    amongCallers: { harmless: 'Who has the first has the second, so that one is as good as both.' },
  },
  {
    what: 'Registering a producer takes the lock before it asks whether it is registered.',
    mistake: 'a swapped order',
    edit: [registerProducer.move(ENTRY, call('WARN_ON_ONCE', 1))],
    amongCallers: { harmless: 'It holds the lock for longer.' },
  },
  {
    what: 'Registering a producer takes the lock and releases it by hand.',
    mistake: 'a wrong name',
    edit: registerByHand('producer'),
    amongCallers: { harmless: 'It releases the lock on every way out, as the guard does.' },
  },
  {
    what: 'Registering a producer notes its token once it has released the lock.',
    mistake: 'a swapped order',
    edit: [
      ...registerByHand('producer', take(), release(), [NOT_ENTERED, NOT_CONNECTED]),
      registerProducer.surround(NOTES_TOKEN, release(), ''),
    ],
    amongCallers: { harmless: 'Only the object itself has it, and that is used by one caller at a time.' },
  },
];
