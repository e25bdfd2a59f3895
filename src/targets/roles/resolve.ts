/** Addresses of host targets, with the role that each is to play; the kit plays the others. */
import { type Participants, runOnHost } from '../../../reference/host/host.js';
import type { RoleUnderTest } from '../../../spec/formats/host-results.js';
import type { Profile } from '../../../spec/profile.js';
import { type OpenOptions, profileNamed, splitWords } from '../resolve.js';
import { AddressError, type HostTarget } from '../target.js';

/**
 * Open the target of an address for a role.
 *
 * @param asked the profile of the manager; what the address names, else core, when undefined
 * @param options of them the patience with a program
 * @throws {AddressError} when there is no such target, or it does not play that role
 */
export async function openHostTarget(
  address: string,
  role: RoleUnderTest,
  asked: string | undefined,
  { patience }: Pick<OpenOptions, 'patience'> = {},
): Promise<HostTarget> {
  const colon = address.indexOf(':');
  const kind = colon === -1 ? address : address.slice(0, colon);
  const where = colon === -1 ? '' : address.slice(colon + 1);
  switch (kind) {
    case 'reference': {
      const profile = profileNamed(asked ?? (where === '' ? 'core' : where));
      return inProcess(address, role, profile, {});
    }
    case 'mutant': {
      const { participantsOfMutant } = await import('./mutant.js');
      const { participants, profile } = await participantsOfMutant(where, role);
      return inProcess(address, role, profileNamed(asked ?? profile), participants);
    }
    case 'module': {
      const { openParticipants } = await import('../module/target.js');
      const given = patience === undefined ? {} : { patience };
      return openParticipants({ address, where, ...given }, role, asked && profileNamed(asked).name);
    }
    case 'exec': {
      const [command, ...args] = splitWords(where);
      if (command === undefined || command === '')
        throw new AddressError('exec: needs a program, as in exec:./my-driver.');
      if (role !== 'producer' && role !== 'consumer') {
        throw new AddressError(
          `${address} can be judged with --role producer or --role consumer; came --role ${role}.`,
        );
      }
      const { startRoleTarget } = await import('./stdio/open.js');
      const profile = profileNamed(asked ?? 'core');
      return startRoleTarget({
        address,
        command,
        args,
        role,
        profile,
        ...(patience === undefined ? {} : { patience }),
      });
    }
    default:
      throw new AddressError(
        `--role ${role} takes reference[:PROFILE], mutant:NAME, module:FILE[#EXPORT] or exec:PROGRAM; came ${JSON.stringify(address)}.`,
      );
  }
}

function inProcess(address: string, role: RoleUnderTest, profile: Profile, participants: Participants): HostTarget {
  return {
    address,
    hello: {
      type: 'hello',
      protocol: 1,
      name: `${role} on a simulated host`,
      version: 'of this kit',
      language: 'typescript',
      profile: profile.name,
      capabilities: ['irq-actions', 'emulated-irqchip'],
    },
    run: async (programs) => programs.map((program) => ({ events: runOnHost(program, profile, participants).events })),
    close: async () => {},
  };
}
