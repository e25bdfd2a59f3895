/**
 * A tour for every set of callbacks: one producer, one consumer, one token, and every combination of what either may
 * lack. What one pair does with the callbacks that it has does not depend on how many others there are.
 */

import type { Capability } from '../../spec/formats/protocol.js';
import type { Profile } from '../../spec/profile.js';
import type { CallbackName, ProgramObject, Role } from '../../spec/vocabulary.js';
import { objectWith, roleOf } from '../../spec/vocabulary.js';
import type { Scope } from '../explore/scope.js';
import { Space } from '../explore/space.js';
import { type Machine, machineOf, type NullToken } from './machine.js';

/** The machine of one pair of objects, for each combination of their sets of callbacks. */
export function callbackSetMachines(
  profile: Profile,
  capabilities: ReadonlySet<Capability>,
  nullToken: NullToken,
  without: Scope['without'],
): readonly Machine[] {
  const scope: Scope = { producers: 1, consumers: 1, tokens: 1, ...(without === undefined ? {} : { without }) };
  const incomplete = capabilities.has('missing-mandatory') && profile.undefined['missing-callback'] === undefined;
  const whole = new Space(profile, scope);
  const [producer, consumer] = whole.objects;
  if (producer === undefined || consumer === undefined) return [];
  return callbackSets(producer, profile, incomplete).flatMap((one) =>
    callbackSets(consumer, profile, incomplete).map((other) => machineOf(whole.withObjects([one, other]), nullToken)),
  );
}

/** An object with every set of callbacks that it may have. */
function callbackSets({ id }: ProgramObject, profile: Profile, incomplete: boolean): readonly ProgramObject[] {
  const role: Role = roleOf(id);
  const always: readonly CallbackName[] = incomplete ? [] : profile.mandatory[role];
  const optional = profile.callbacks[role].filter((callback) => !always.includes(callback));
  return Array.from({ length: 1 << optional.length }, (_, mask) =>
    objectWith(id, [...always, ...optional.filter((__, index) => (mask & (1 << index)) !== 0)]),
  );
}
