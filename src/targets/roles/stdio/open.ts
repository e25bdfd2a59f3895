/** `exec:PROGRAM [ARGS]` in a role: a producer or a consumer in any language (`spec/formats/role-protocol.ts`). */
import { runOnHost } from '../../../../reference/host/host.js';
import type { HostProgram, HostTrace } from '../../../../spec/host/vocabulary.js';
import type { Profile } from '../../../../spec/profile.js';
import type { HostTarget } from '../../../host/target.js';
import { TargetError } from '../../target.js';
import { Channel } from './channel.js';
import { RemoteConsumers, RemoteProducers } from './remote.js';

/** How often a target is started anew in one run. */
const MOST_RESTARTS = 200;

/** How to start a target. */
export interface RoleProgram {
  readonly address: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly role: 'producer' | 'consumer';
  readonly profile: Profile;
}

/** Start a target and greet it. @throws {TargetError} when it does not answer as it must, or plays another role */
export async function startRoleTarget({ address, command, args, role, profile }: RoleProgram): Promise<HostTarget> {
  const start = () => new Channel(address, command, args);
  let channel = start();
  let restarts = 0;
  const { capabilities } = await closingOnError(channel, () => channel.greet());
  if (!capabilities.includes(role)) {
    await channel.close();
    throw new TargetError(
      `${address} plays no ${role}: it declares ${capabilities.length === 0 ? 'no capability' : capabilities.join(', ')}, and has to declare ${role}.`,
    );
  }
  const runOne = async (program: HostProgram): Promise<HostTrace> => {
    if (!channel.alive) {
      await channel.close();
      if (++restarts > MOST_RESTARTS) throw new TargetError(`${address} died ${MOST_RESTARTS} times.`);
      channel = start();
      channel.greet();
    }
    return runOnHost(
      program,
      profile,
      role === 'producer'
        ? { producer: (environment) => new RemoteProducers(channel, environment, program.devices) }
        : { consumer: (environment) => new RemoteConsumers(channel, environment, program.devices) },
    );
  };
  return {
    address,
    role,
    profile,
    run: async (programs) => {
      const traces: HostTrace[] = [];
      for (const program of programs) traces.push(await runOne(program));
      return traces;
    },
    close: () => channel.close(),
  };
}

async function closingOnError<T>(channel: Channel, act: () => T): Promise<T> {
  try {
    return act();
  } catch (error) {
    await channel.close();
    throw error;
  }
}
