/** `mutant:NAME` in a role: a participant or a manager that is known to be wrong. */
import { findHostMutant, hostMutants } from '../../../conformance/host/mutants/index.js';
import { findMutant } from '../../../conformance/mutants/index.js';
import type { Participants } from '../../../reference/host/host.js';
import type { RoleUnderTest } from '../../../spec/formats/host-results.js';
import { AddressError } from '../target.js';

/** Who plays, for a mutant in a role. @throws {AddressError} when there is no such mutant, or it plays another role */
export async function participantsOfMutant(
  name: string,
  role: RoleUnderTest,
): Promise<{ participants: Participants; profile: string }> {
  const manager = findMutant(name);
  if (manager !== undefined) {
    if (role === 'manager' || role === 'host')
      return { participants: { manager: manager.create }, profile: manager.profile };
    throw new AddressError(`mutant:${name} is a manager; it is judged with --role manager, or without --role.`);
  }
  const mutant = findHostMutant(name);
  if (mutant === undefined) {
    const names = hostMutants.filter((one) => role === 'host' || one.role === role).map((one) => one.name);
    throw new AddressError(
      `There is no mutant ${JSON.stringify(name)} for --role ${role}. There are: ${names.join(', ')}.`,
    );
  }
  if (role !== 'host' && role !== mutant.role) {
    throw new AddressError(`mutant:${name} is a ${mutant.role}; judge it with --role ${mutant.role}.`);
  }
  return { participants: mutant.participants, profile: mutant.profile ?? 'core' };
}
