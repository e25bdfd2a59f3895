/** The transition system: all steps that a manager of a profile may take, and where it begins. */
import type { Profile } from '../profile.js';
import { connectionSteps } from './connection.js';
import { decideRegistration, decideUnregistration, lockToRegister, lockToUnregister, unlock } from './deciding.js';
import { allOf, type Expression, equal, forAll, not } from './expression.js';
import * as state from './state.js';
import type { Step } from './step.js';

/** All steps. @throws Error for a profile that leaves misuse undefined, or whose callbacks cannot fail */
export function stepsOf(profile: Profile): readonly Step[] {
  const open = Object.keys(profile.undefined);
  if (open.length > 0 || !profile.fallible) {
    throw new Error(
      `the proof speaks of managers in which all is defined and callbacks can fail, not of ${profile.name}`,
    );
  }
  return [
    lockToRegister(),
    lockToUnregister(),
    ...decideRegistration(profile),
    ...decideUnregistration(),
    ...connectionSteps(profile),
    unlock(),
  ];
}

/** Nobody is inside and nothing is registered. Who has which callbacks, and all that an operation would set, is open. */
export const initially: Expression = allOf(
  forAll([state.Caller], (caller) => allOf(state.isAt(caller, 'outside'), not(state.holdsLock(caller)))),
  forAll([state.Item, state.Token], (object, token) => not(state.registered(object, token))),
  forAll([state.Item, state.Item], (object, other) =>
    allOf(not(state.partners(object, other)), not(state.told(object, other))),
  ),
  forAll([state.Item], (object) =>
    allOf(not(state.stopped(object)), equal(state.irqOf(object), state.noIrq), equal(state.gave(object), state.noIrq)),
  ),
);
