/** `exec:PROGRAM [ARGS]` in a role: a producer or a consumer in any language (`spec/formats/role-protocol.ts`). */
import { runOnHost } from '../../../../reference/host/host.js';
import type { HostProgram, HostTrace } from '../../../../spec/host/vocabulary.js';
import type { Profile } from '../../../../spec/profile.js';
import { type HostTarget, type Outcome, TargetError } from '../../target.js';
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
  const hello = await closingOnError(channel, () => channel.greet());
  const { capabilities } = hello;
  if (!capabilities.includes(role)) {
    await channel.close();
    throw new TargetError(
      `${address} plays no ${role}: it declares ${capabilities.length === 0 ? 'no capability' : capabilities.join(', ')}, and has to declare ${role}.`,
    );
  }
  const runOne = async (program: HostProgram): Promise<Outcome<HostTrace>> => {
    if (!channel.alive) {
      await channel.close();
      if (++restarts > MOST_RESTARTS) throw new TargetError(`${address} died ${MOST_RESTARTS} times.`);
      channel = start();
      channel.greet();
    }
    const { events } = runOnHost(
      program,
      profile,
      role === 'producer'
        ? { producer: (environment) => new RemoteProducers(channel, environment, program.devices) }
        : { consumer: (environment) => new RemoteConsumers(channel, environment, program.devices) },
    );
    return { events };
  };
  /** The batch before: there is one channel, so batches take turns. */
  let before: Promise<unknown> = Promise.resolve();
  return {
    address,
    hello: { ...hello, profile: profile.name },
    run: (programs) => {
      const turn = before.then(async () => {
        const outcomes: Outcome<HostTrace>[] = [];
        for (const program of programs) outcomes.push(await runOne(program));
        return outcomes;
      });
      before = turn.catch(() => undefined);
      return turn;
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
