/** Mutants of registering and unregistering with an xarray and binding pointers, as Linux does it from 6.17 on. */
import { within } from '../editor/edits.js';
import { call, word } from '../editor/places.js';
import type { CMutant } from './mutant.js';

type Side = 'producer' | 'consumer';

const ONE_CALLER = 'The lock keeps others out, and when operations come one after another there are none.';

/** What both sides can get wrong in the same way. */
function bothSides(side: Side): readonly CMutant[] {
  const other = side === 'producer' ? 'consumer' : 'producer';
  const register = within(`irq_bypass_register_${side}`);
  const unregister = within(`irq_bypass_unregister_${side}`);
  // Registering a consumer has one condition more, for its mandatory callbacks, and one return.
  const more = side === 'producer' ? 0 : 1;
  return [
    {
      what: `Registering a ${side} does not ask whether it is registered.`,
      mistake: 'a wrong comparison',
      edit: register.never(1),
    },
    {
      what: `Registering a ${side} refuses one that is not registered.`,
      mistake: 'a wrong comparison',
      edit: register.negate(1),
    },
    {
      what: `A ${side} that is registered is refused without a warning.`,
      mistake: 'a dropped call',
      edit: register.change(call('WARN_ON_ONCE', 1), 'unlikely'),
      survives: {
        because: 'choice',
        reason: 'A manager may warn of a second registration; the profile does not ask for it.',
      },
    },
    {
      what: `A ${side} that is registered is refused with -EBUSY.`,
      mistake: 'a wrong error path',
      edit: register.change(word('EINVAL', 1), 'EBUSY'),
    },
    {
      what: `A ${side} that is registered is refused, but told that it was registered.`,
      mistake: 'a wrong error path',
      edit: register.returnInstead(1, '0'),
    },
    {
      what: `Registering a ${side} does not take the lock.`,
      mistake: 'a dropped call',
      edit: register.drop(call('guard')),
      amongCallers: { breaks: 'CONC-5' },
      survives: { because: 'several callers', reason: ONE_CALLER },
    },
    {
      what: `Registering a ${side} keeps the lock.`,
      mistake: 'a missing unlock',
      edit: register.lockWithoutGuard(),
    },
    {
      what: `Registering a ${side} releases the lock at once.`,
      mistake: 'a swapped order',
      edit: register.releaseAtOnce(),
      amongCallers: { breaks: 'CONC-5' },
      survives: { because: 'several callers', reason: ONE_CALLER },
    },
    {
      what: `Registering a ${side} does not enter it in the index.`,
      mistake: 'a dropped call',
      edit: register.pretend(call('xa_insert'), '0'),
    },
    {
      what: `Registering a ${side} enters it in the index of the other side.`,
      mistake: 'a wrong name',
      edit: register.change(word(`${side}s`, 1), `${other}s`),
    },
    {
      what: `A ${side} that could not be entered in the index is registered all the same.`,
      mistake: 'a wrong error path',
      edit: register.never(2 + more),
    },
    {
      what: `A ${side} that could be entered in the index is not registered.`,
      mistake: 'a wrong comparison',
      edit: register.negate(2 + more),
    },
    {
      what: `A ${side} that could not be entered in the index is told that it was registered.`,
      mistake: 'a wrong error path',
      edit: register.returnInstead(2 + more, '0'),
    },
    {
      what: `Registering a ${side} looks for the peer on its own side.`,
      mistake: 'a wrong name',
      edit: register.change(word(`${other}s`), `${side}s`),
    },
    {
      what: `Registering a ${side} does not connect it to the peer that it finds.`,
      mistake: 'a wrong comparison',
      edit: register.never(3 + more),
    },
    {
      what: `Registering a ${side} connects it to a peer that it did not find.`,
      mistake: 'a wrong comparison',
      edit: register.always(3 + more),
    },
    {
      what: `Registering a ${side} connects it before it is entered in the index, as was once proposed.`,
      mistake: 'a swapped order',
      edit: register.move(call('xa_insert'), word('eventfd', 3), 2),
    },
    {
      what: `A ${side} that could not be connected is registered, and told that it was.`,
      mistake: 'a wrong error path',
      edit: register.never(4 + more),
    },
    {
      what: `A ${side} that was connected is taken out of the index again.`,
      mistake: 'a wrong comparison',
      edit: register.negate(4 + more),
    },
    {
      what: `A ${side} that could not be connected stays in the index.`,
      mistake: 'a wrong error path',
      edit: register.drop(call('xa_erase')),
    },
    {
      what: `A ${side} that could not be connected is taken out of the index of the other side.`,
      mistake: 'a wrong name',
      edit: register.change(word(`${side}s`, 2), `${other}s`),
    },
    {
      what: `Taking a ${side} that could not be connected out of the index warns when all is well.`,
      mistake: 'a wrong comparison',
      edit: register.change(word('!='), '=='),
    },
    {
      what: `A ${side} that could not be connected is told that it was registered.`,
      mistake: 'a wrong error path',
      edit: register.returnInstead(3 + more, '0'),
    },
    {
      what: `Registering a ${side} does not note the token at it.`,
      mistake: 'a dropped step',
      edit: register.drop(word('eventfd', 3)),
    },
    {
      what: `Registering a ${side} notes the token at it before it is connected.`,
      mistake: 'a swapped order',
      edit: register.move(word('eventfd', 3), call('guard')),
    },
    {
      what: `Registering a ${side} that succeeded returns 1.`,
      mistake: 'a wrong error path',
      edit: register.returnInstead(4 + more, '1'),
    },
    {
      what: `Registering a ${side} does nothing and succeeds.`,
      mistake: 'an early return',
      edit: register.returnFirst('0'),
    },
    {
      what: `Registering a ${side} returns once it is connected, without noting the token at it.`,
      mistake: 'an early return',
      edit: register.returnBehind(call('__connect'), 'ret', '!ret'),
    },
    {
      what: `Registering a ${side} returns as soon as the connection failed, and leaves it in the index.`,
      mistake: 'an early return',
      edit: register.returnBehind(call('__connect'), 'ret', 'ret'),
    },
    {
      what: `Registering a ${side} allocates without waiting.`,
      mistake: 'a wrong name',
      edit: register.change(word('GFP_KERNEL'), 'GFP_ATOMIC'),
      survives: {
        because: 'outside',
        reason:
          'How memory is asked for is between the manager and the kernel; a caller sees only whether there was any.',
      },
    },

    {
      what: `Unregistering a ${side} does not ask whether it is registered.`,
      mistake: 'a wrong comparison',
      edit: unregister.never(1),
    },
    {
      what: `Unregistering a ${side} does nothing if it is registered.`,
      mistake: 'a wrong comparison',
      edit: unregister.negate(1),
    },
    {
      what: `Unregistering a ${side} does not take the lock.`,
      mistake: 'a dropped call',
      edit: unregister.drop(call('guard')),
      amongCallers: { breaks: 'CONC-5' },
      survives: { because: 'several callers', reason: ONE_CALLER },
    },
    {
      what: `Unregistering a ${side} keeps the lock.`,
      mistake: 'a missing unlock',
      edit: unregister.lockWithoutGuard(),
    },
    {
      what: `Unregistering a ${side} does not disconnect it.`,
      mistake: 'a dropped call',
      edit: unregister.drop(call('__disconnect')),
    },
    {
      what: `Unregistering a ${side} disconnects it only where it has no partner.`,
      mistake: 'a wrong comparison',
      edit: unregister.negate(2),
    },
    {
      what: `Unregistering a ${side} does not ask whether it has a partner.`,
      mistake: 'a wrong comparison',
      edit: unregister.always(2),
    },
    {
      what: `Unregistering a ${side} leaves it in the index.`,
      mistake: 'a dropped call',
      edit: unregister.drop(call('xa_erase')),
    },
    {
      what: `Unregistering a ${side} takes it out of the index of the other side.`,
      mistake: 'a wrong name',
      edit: unregister.change(word(`${side}s`), `${other}s`),
    },
    {
      what: `Unregistering a ${side} warns when all is well.`,
      mistake: 'a wrong comparison',
      edit: unregister.change(word('!='), '=='),
    },
    {
      what: `Unregistering a ${side} takes it out of the index before it is disconnected.`,
      mistake: 'a swapped order',
      edit: unregister.swap(call('xa_erase'), call('__disconnect')),
      survives: {
        because: 'equivalent',
        reason: 'The partner is known by the binding and not by the index, and under the lock nobody looks in between.',
      },
    },
    {
      what: `Unregistering a ${side} does not forget its token.`,
      mistake: 'a dropped step',
      edit: unregister.drop(word('eventfd', 3)),
    },
    {
      what: `Unregistering a ${side} forgets its token before it is disconnected.`,
      mistake: 'a swapped order',
      edit: unregister.move(word('eventfd', 3), call('guard')),
      survives: {
        because: 'choice',
        reason:
          'Only a callback that looks for the token in the other object could tell, and the spec promises it none.',
      },
    },
    { what: `Unregistering a ${side} does nothing.`, mistake: 'an early return', edit: unregister.returnFirst() },
    {
      what: `Unregistering a ${side} returns once it is disconnected.`,
      mistake: 'an early return',
      edit: unregister.returnBehind(call('__disconnect'), '', '1'),
    },
  ];
}

const registerProducer = within('irq_bypass_register_producer');
const registerConsumer = within('irq_bypass_register_consumer');

/** All of them. */
export const xarray: readonly CMutant[] = [
  ...bothSides('producer'),
  ...bothSides('consumer'),
  {
    what: 'Registering a producer does not note its interrupt.',
    mistake: 'a dropped step',
    edit: registerProducer.drop(word('irq', 1)),
  },
  {
    what: 'Registering a producer notes its interrupt only once it is connected.',
    mistake: 'a swapped order',
    edit: registerProducer.move(word('irq', 1), word('eventfd', 3)),
  },
  {
    what: 'Registering a producer notes the interrupt before it asks whether it is registered.',
    mistake: 'a swapped order',
    edit: registerProducer.move(word('irq', 1), call('WARN_ON_ONCE', 1)),
  },
  {
    what: 'Registering a consumer accepts one without addProducer.',
    mistake: 'a wrong comparison',
    edit: registerConsumer.dropPart(2, 1),
  },
  {
    what: 'Registering a consumer accepts one without delProducer.',
    mistake: 'a wrong comparison',
    edit: registerConsumer.dropPart(2, 2),
  },
  {
    what: 'Registering a consumer refuses only one that lacks both callbacks.',
    mistake: 'a wrong comparison',
    edit: registerConsumer.change(word('||'), '&&'),
  },
  {
    what: 'A consumer that lacks a callback is refused with -EBUSY.',
    mistake: 'a wrong error path',
    edit: registerConsumer.change(word('EINVAL', 2), 'EBUSY'),
  },
  {
    what: 'A consumer that lacks a callback is refused before it is asked whether it is registered.',
    mistake: 'a swapped order',
    edit: registerConsumer.swap(call('WARN_ON_ONCE', 1), word('add_producer')),
    survives: {
      because: 'equivalent',
      reason:
        'A consumer that is registered has both callbacks, or it would not be, so that only one question can apply.',
    },
  },
];
