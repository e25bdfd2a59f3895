/**
 * Mutants of the manager with lists that are judged with several callers: one caller after another, most of them do
 * what the original does.
 */
import { type FunctionEdit, within } from '../editor/edits.js';
import { call, type Place, statement, word } from '../editor/places.js';
import { giveBack, LOCK, OTHER_LOCK, otherThan, release, SIDES, type Side, secondLock, take } from './locks.js';
import type { CMutant } from './mutant.js';

const registering = (side: Side) => within(`irq_bypass_register_${side}`);
const unregistering = (side: Side) => within(`irq_bypass_unregister_${side}`);

/** Where the lock is taken, and where it is released: after success, and after failure. */
const ENTRY = call('mutex_lock');
const EXIT = call('mutex_unlock', 1);
const ERROR_EXIT = call('mutex_unlock', 2);

/** The two functions of a side with the places at which they release the lock. */
const functionsOf = (side: Side) =>
  [
    [registering(side), [EXIT, ERROR_EXIT]],
    [unregistering(side), [EXIT]],
  ] as const;

/** Another lock in both functions of a side: inside the lock, or around it. */
function withOtherLock(side: Side, where: 'inside' | 'around'): readonly FunctionEdit[] {
  const [taken, released] = [take(OTHER_LOCK), release(OTHER_LOCK)];
  return functionsOf(side).flatMap(([edit, exits]) =>
    where === 'inside'
      ? [edit.surround(ENTRY, '', taken), ...exits.map((exit: Place) => edit.surround(exit, released, ''))]
      : [edit.surround(ENTRY, taken, ''), ...exits.map((exit: Place) => edit.surround(exit, '', released))],
  );
}

function bothSides(side: Side): readonly CMutant[] {
  const other = otherThan(side);
  const register = registering(side);
  const unregister = unregistering(side);
  return [
    {
      what: `Registering a ${side} does without the lock.`,
      mistake: 'a lock not taken',
      edit: [register.drop(ENTRY), register.drop(EXIT), register.drop(ERROR_EXIT)],
      amongCallers: { breaks: 'CONC-5' },
    },
    {
      what: `Unregistering a ${side} does without the lock.`,
      mistake: 'a lock not taken',
      edit: [unregister.drop(ENTRY), unregister.drop(EXIT)],
      amongCallers: { breaks: 'CONC-5' },
    },
    {
      what: `Registering a ${side} looks for duplicates before it takes the lock.`,
      mistake: 'a lock taken too late',
      edit: [register.move(ENTRY, statement('loop', 2)), register.surround(statement('goto', 1), take(), '')],
      amongCallers: { breaks: 'CONC-5' },
    },
    {
      what: `Registering a ${side} releases the lock once it has looked for duplicates, and takes it again.`,
      mistake: 'a lock released too soon',
      edit: [register.surround(statement('loop', 2), `${release()} ${take()}`, '')],
      amongCallers: { breaks: 'CONC-2' },
    },
    {
      what: `Registering a ${side} releases the lock while it connects.`,
      mistake: 'a lock released too soon',
      edit: [register.surround(call('__connect'), release(), take())],
      amongCallers: { breaks: 'CONC-1' },
    },
    {
      what: `Unregistering a ${side} releases the lock while it disconnects.`,
      mistake: 'a lock released too soon',
      edit: [unregister.surround(call('__disconnect'), release(), take())],
      amongCallers: { breaks: 'CONC-1' },
    },
    {
      what: `Unregistering a ${side} takes it off the list once it has released the lock.`,
      mistake: 'a lock released too soon',
      edit: [unregister.drop(call('list_del')), unregister.surround(EXIT, '', `list_del(&${side}->node);`)],
      amongCallers: { breaks: 'CONC-5' },
    },
    {
      what: `Registering a ${side} takes the lock only where there is a ${other}.`,
      mistake: 'a lock not taken',
      edit: [
        register.replace(ENTRY, `bool busy = !list_empty(&${other}s); if (busy) ${take()}`),
        register.replace(EXIT, `if (busy) ${release()}`),
        register.replace(ERROR_EXIT, `if (busy) ${release()}`),
      ],
      amongCallers: { breaks: 'CONC-5' },
    },
  ];
}

const registerProducer = registering('producer');
const unregisterConsumer = unregistering('consumer');

/** All of them. */
export const listsAmongCallers: readonly CMutant[] = [
  ...SIDES.flatMap(bothSides),
  {
    what: 'Producers and consumers have a lock each.',
    mistake: 'a wrong lock',
    edit: [
      secondLock,
      ...functionsOf('consumer').flatMap(([edit, exits]) =>
        [ENTRY, ...exits].map((_, at) => edit.change(word(LOCK, at + 1), OTHER_LOCK)),
      ),
    ],
    amongCallers: { breaks: 'CONC-5' },
  },
  {
    what: 'A second lock is taken after the first for a producer, and before it for a consumer.',
    mistake: 'a wrong lock',
    edit: [secondLock, ...withOtherLock('producer', 'inside'), ...withOtherLock('consumer', 'around')],
    amongCallers: { breaks: 'CONC-3' },
  },
  {
    what: 'Registering a producer goes on without the lock where somebody has it.',
    mistake: 'a lock not taken',
    edit: [
      registerProducer.replace(ENTRY, `bool mine = mutex_trylock(&${LOCK});`),
      registerProducer.replace(EXIT, `if (mine) ${release()}`),
      registerProducer.replace(ERROR_EXIT, `if (mine) ${release()}`),
    ],
    amongCallers: { breaks: 'CONC-5' },
  },
  {
    what: 'Registering a producer is refused where somebody has the lock.',
    mistake: 'a lock not taken',
    edit: [registerProducer.replace(ENTRY, `if (!mutex_trylock(&${LOCK})) { ${giveBack()} return -EBUSY; }`)],
    amongCallers: { breaks: 'CONC-2' },
  },
  {
    what: 'Unregistering a consumer takes the lock once it has found it on the list.',
    mistake: 'a lock taken too late',
    edit: [unregisterConsumer.move(ENTRY, statement('loop', 2))],
    amongCallers: { breaks: 'CONC-5' },
  },
  {
    what: 'Unregistering a consumer releases the lock once it is disconnected, and takes it again.',
    mistake: 'a lock released too soon',
    edit: [unregisterConsumer.surround(call('list_del'), release(), take())],
    amongCallers: { breaks: 'CONC-2' },
  },

  {
    what: 'A second lock is taken around the first, everywhere.',
    mistake: 'a wrong lock',
    edit: [secondLock, ...SIDES.flatMap((side) => withOtherLock(side, 'around'))],
    amongCallers: { harmless: 'Who has the first has the second, so that one is as good as both.' },
  },
  {
    what: 'Registering a producer takes the lock before it takes a reference to the module.',
    mistake: 'a swapped order',
    edit: [
      registerProducer.move(ENTRY, call('try_module_get')),
      registerProducer.surround(statement('return', 2), release(), ''),
    ],
    amongCallers: { harmless: 'It holds the lock for longer, and releases it on every way out.' },
  },
  {
    what: 'Registering a producer releases the lock and takes it again before it looks at anything.',
    mistake: 'a lock released too soon',
    edit: [registerProducer.surround(ENTRY, '', `${release()} ${take()}`)],
    amongCallers: { harmless: 'Nothing that it knows is older than the second time it takes the lock.' },
  },
];
