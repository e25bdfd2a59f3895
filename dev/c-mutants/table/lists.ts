/** Mutants of registering and unregistering with lists, as Linux does it up to 6.16. */
import { within } from '../editor/edits.js';
import { call, statement, word } from '../editor/places.js';
import type { CMutant } from './mutant.js';

type Side = 'producer' | 'consumer';

const LEAK =
  "A reference to the manager's own module is left over, which keeps the module from being unloaded; nothing that a producer or a consumer sees depends on it.";
const ONE_CALLER = 'Between the two steps nobody else is at work when operations come one after another.';

/** What both sides can get wrong in the same way. */
function bothSides(side: Side): readonly CMutant[] {
  const other = side === 'producer' ? 'consumer' : 'producer';
  const register = within(`irq_bypass_register_${side}`);
  const unregister = within(`irq_bypass_unregister_${side}`);
  // The consumer's search for a duplicate compares twice.
  const match = side === 'producer' ? 2 : 3;
  return [
    {
      what: `Registering a ${side} accepts a null token.`,
      mistake: 'a wrong comparison',
      edit: side === 'producer' ? register.never(1) : register.dropPart(1, 1),
    },
    {
      what: `Registering a ${side} refuses what it should accept, and accepts what it should refuse.`,
      mistake: 'a wrong comparison',
      edit: register.negate(1),
    },
    {
      what: `A ${side} without a token is refused with -EBUSY.`,
      mistake: 'a wrong error path',
      edit: register.change(word('EINVAL'), 'EBUSY'),
    },
    {
      what: `Registering a ${side} does not say that it may sleep.`,
      mistake: 'a dropped call',
      edit: register.drop(call('might_sleep')),
    },
    {
      what: `A ${side} that finds the module on its way out is refused with -EIO.`,
      mistake: 'a wrong error path',
      edit: register.change(word('ENODEV'), 'EIO'),
    },
    {
      what: `Registering a ${side} takes no reference to the module.`,
      mistake: 'a dropped call',
      edit: register.never(2),
    },
    {
      what: `Registering a ${side} does not take the lock.`,
      mistake: 'a dropped call',
      edit: register.drop(call('mutex_lock')),
    },
    {
      what: `Registering a ${side} takes the lock only once duplicates have been looked for.`,
      mistake: 'a swapped order',
      edit: register.swap(call('mutex_lock'), statement('loop', 1)),
    },
    {
      what: `Registering a ${side} refuses it when another has another token, and accepts a duplicate.`,
      mistake: 'a wrong comparison',
      edit: register.change(word('==', 1), '!='),
    },
    {
      what: `A duplicate ${side} is refused with -EINVAL.`,
      mistake: 'a wrong error path',
      edit: register.change(word('EBUSY'), 'EINVAL'),
    },
    {
      what: `A duplicate ${side} is refused, but told that it was registered.`,
      mistake: 'a wrong error path',
      edit: register.change(word('EBUSY'), '0'),
    },
    {
      what: `A duplicate ${side} is noticed and registered all the same.`,
      mistake: 'a wrong error path',
      edit: register.drop(statement('goto', 1)),
    },
    {
      what: `Registering a ${side} connects it before duplicates are looked for.`,
      mistake: 'a swapped order',
      edit: register.swap(statement('loop', 1), statement('loop', 2)),
    },
    {
      what: `Registering a ${side} connects it to a ${other} of another token.`,
      mistake: 'a wrong comparison',
      edit: register.change(word('==', match), '!='),
    },
    {
      what: `Registering a ${side} connects it to any ${other}.`,
      mistake: 'a wrong comparison',
      edit: register.always(4),
    },
    {
      what: `Registering a ${side} does not connect it.`,
      mistake: 'a dropped call',
      edit: register.pretend(call('__connect'), '0'),
    },
    {
      what: `A ${side} that could not be connected is registered, and told that it was.`,
      mistake: 'a wrong error path',
      edit: register.drop(statement('goto', 2)),
    },
    {
      what: `Registering a ${side} goes on looking after it has connected it.`,
      mistake: 'a dropped step',
      edit: register.drop(statement('break')),
    },
    {
      what: `Registering a ${side} does not enter it in the list.`,
      mistake: 'a dropped call',
      edit: register.drop(call('list_add')),
    },
    {
      what: `Registering a ${side} enters it at the end of the list.`,
      mistake: 'a wrong name',
      edit: register.change(call('list_add'), 'list_add_tail'),
    },
    {
      what: `Registering a ${side} enters it in the list of the other side.`,
      mistake: 'a wrong name',
      edit: register.change(word(`${side}s`, 2), `${other}s`),
    },
    {
      what: `Registering a ${side} enters it in the list before it is connected.`,
      mistake: 'a swapped order',
      edit: register.move(call('list_add'), statement('loop', 2)),
    },
    {
      what: `Registering a ${side} releases the lock before it is entered in the list.`,
      mistake: 'a swapped order',
      edit: register.swap(call('list_add'), call('mutex_unlock', 1)),
      amongCallers: { breaks: 'CONC-5' },
      survives: { because: 'several callers', reason: ONE_CALLER },
    },
    {
      what: `Registering a ${side} keeps the lock when it has succeeded.`,
      mistake: 'a missing unlock',
      edit: register.drop(call('mutex_unlock', 1)),
    },
    {
      what: `Registering a ${side} keeps the lock when it has failed.`,
      mistake: 'a missing unlock',
      edit: register.drop(call('mutex_unlock', 2)),
    },
    {
      what: `Registering a ${side} keeps a reference to the module when it has failed.`,
      mistake: 'a wrong error path',
      edit: register.drop(call('module_put')),
      survives: { because: 'outside', reason: LEAK },
    },
    {
      what: `Registering a ${side} that succeeded returns 1.`,
      mistake: 'a wrong error path',
      edit: register.returnInstead(3, '1'),
    },
    {
      what: `Registering a ${side} that failed returns 0.`,
      mistake: 'a wrong error path',
      edit: register.returnInstead(4, '0'),
    },
    {
      what: `Registering a ${side} does nothing and succeeds.`,
      mistake: 'an early return',
      edit: register.returnFirst('0'),
    },
    {
      what: `Registering a ${side} returns with the lock when the connection failed.`,
      mistake: 'an early return',
      edit: register.returnBehind(call('__connect'), 'ret', 'ret'),
      amongCallers: { breaks: 'CONC-6' },
    },
    {
      what: `Registering a ${side} returns with the lock once it is connected.`,
      mistake: 'an early return',
      edit: register.returnBehind(call('__connect'), 'ret', '!ret'),
    },

    {
      what: `Unregistering a ${side} does not ask whether it has a token.`,
      mistake: 'a wrong comparison',
      edit: unregister.never(1),
      ...(side === 'producer'
        ? {
            survives: {
              because: 'equivalent',
              reason:
                'An object that was never registered has no token, and no entry has none: the search finds nothing.',
            },
          }
        : {}),
    },
    {
      what: `Unregistering a ${side} does nothing if it has a token.`,
      mistake: 'a wrong comparison',
      edit: unregister.negate(1),
    },
    {
      what: `Unregistering a ${side} takes no reference to the module.`,
      mistake: 'a dropped call',
      edit: unregister.never(2),
    },
    {
      what: `Unregistering a ${side} does not take the lock.`,
      mistake: 'a dropped call',
      edit: unregister.drop(call('mutex_lock')),
    },
    {
      what: `Unregistering a ${side} takes the first of the list that is not it.`,
      mistake: 'a wrong comparison',
      edit: unregister.change(word('!='), '=='),
    },
    {
      what: `Unregistering a ${side} takes the first of the list for it.`,
      mistake: 'a dropped step',
      edit: unregister.drop(statement('continue')),
    },
    {
      what: `Unregistering a ${side} disconnects it from a ${other} of another token.`,
      mistake: 'a wrong comparison',
      edit: unregister.change(word('=='), '!='),
    },
    {
      what: `Unregistering a ${side} does not disconnect it.`,
      mistake: 'a dropped call',
      edit: unregister.drop(call('__disconnect')),
    },
    {
      what: `Unregistering a ${side} goes on looking after it has disconnected it.`,
      mistake: 'a dropped step',
      edit: unregister.drop(statement('break', 1)),
    },
    {
      what: `Unregistering a ${side} leaves it in the list.`,
      mistake: 'a dropped call',
      edit: unregister.drop(call('list_del')),
    },
    {
      what: `Unregistering a ${side} takes it off the list before it is disconnected.`,
      mistake: 'a swapped order',
      edit: unregister.swap(call('list_del'), statement('loop', 2)),
      ...(side === 'consumer'
        ? {
            survives: {
              because: 'equivalent',
              reason: 'It was just found on the list, and under the lock nobody looks there before it is disconnected.',
            },
          }
        : {}),
    },
    {
      what: `Unregistering a ${side} leaves its node fit to be removed again.`,
      mistake: 'a wrong name',
      edit: unregister.change(call('list_del'), 'list_del_init'),
      ...(side === 'consumer'
        ? {
            survives: {
              because: 'equivalent',
              reason: 'Only a consumer that was just found on the list is removed, so that none is removed twice.',
            },
          }
        : {}),
    },
    {
      what: `Unregistering a ${side} keeps the reference to the module that registering took.`,
      mistake: 'a dropped call',
      edit: unregister.drop(call('module_put', 1)),
      survives: { because: 'outside', reason: LEAK },
    },
    {
      what: `Unregistering a ${side} goes on along the list after it has removed it.`,
      mistake: 'a dropped step',
      edit: unregister.drop(statement('break', 2)),
    },
    {
      what: `Unregistering a ${side} keeps the lock.`,
      mistake: 'a missing unlock',
      edit: unregister.drop(call('mutex_unlock')),
    },
    {
      what: `Unregistering a ${side} keeps the reference to the module that it took itself.`,
      mistake: 'a dropped call',
      edit: unregister.drop(call('module_put', 2)),
      survives: { because: 'outside', reason: LEAK },
    },
    {
      what: `Unregistering a ${side} gives the reference to the module back before the lock.`,
      mistake: 'a swapped order',
      edit: unregister.swap(call('mutex_unlock'), call('module_put', 2)),
      amongCallers: { harmless: 'The count of references is no business of the lock.' },
      survives: { because: 'several callers', reason: ONE_CALLER },
    },
    { what: `Unregistering a ${side} does nothing.`, mistake: 'an early return', edit: unregister.returnFirst() },
    {
      what: `Unregistering a ${side} returns with the lock once it is disconnected.`,
      mistake: 'an early return',
      edit: unregister.returnBehind(call('__disconnect'), '', '1'),
    },
  ];
}

const registerConsumer = within('irq_bypass_register_consumer');
const unregisterProducer = within('irq_bypass_unregister_producer');
const unregisterConsumer = within('irq_bypass_unregister_consumer');

/** All of them. */
export const lists: readonly CMutant[] = [
  ...bothSides('producer'),
  ...bothSides('consumer'),
  {
    what: 'Registering a consumer accepts one without addProducer.',
    mistake: 'a wrong comparison',
    edit: registerConsumer.dropPart(1, 2),
  },
  {
    what: 'Registering a consumer accepts one without delProducer.',
    mistake: 'a wrong comparison',
    edit: registerConsumer.dropPart(1, 3),
  },
  {
    what: 'Registering a consumer refuses only one that lacks both callbacks, or a token.',
    mistake: 'a wrong comparison',
    edit: registerConsumer.change(word('||', 2), '&&'),
  },
  {
    what: 'Registering a consumer does not look for duplicate tokens, but for the consumer alone.',
    mistake: 'a wrong comparison',
    edit: registerConsumer.dropPart(3, 1),
  },
  {
    what: 'Registering a consumer does not look for the consumer, but for duplicate tokens alone.',
    mistake: 'a wrong comparison',
    edit: registerConsumer.dropPart(3, 2),
    survives: {
      because: 'equivalent',
      reason:
        'The token lies in the consumer, so its own entry, if it has one, is found as a duplicate whatever token it was given.',
    },
  },
  {
    what: 'A consumer is a duplicate only if token and consumer are the same.',
    mistake: 'a wrong comparison',
    edit: registerConsumer.change(word('||', 3), '&&'),
  },
  {
    what: 'Unregistering a producer finds it by itself and not by its token.',
    mistake: 'a wrong comparison',
    edit: unregisterProducer.compareWhole(word('!=')),
  },
  {
    what: 'Unregistering a consumer finds it by its token and not by itself, as in Linux 4.4.',
    mistake: 'a wrong comparison',
    edit: unregisterConsumer.compareField(word('!='), 'token'),
  },
];
