/**
 * The thread that simulates a host on which a participant is a process. The roles of a host call one another, and a call
 * returns when it is done: here one can simply wait for that. The process belongs to the main thread, which never waits.
 *
 *     main thread                              this thread
 *      ── program ──────────────────────────────> runs it on a host
 *      <────────────────── what to say to the process ──
 *      ── what the process says, on a port ─────> waits for it
 *      <───────────────────────────── the outcome ──
 */
import { parentPort, workerData } from 'node:worker_threads';
import { type Participants, runOnHost } from '../../../../reference/host/host.js';
import type { RoleRequest } from '../../../../spec/formats/role-protocol.js';
import type { HostProgram, HostTrace } from '../../../../spec/host/vocabulary.js';
import type { ProfileName } from '../../../../spec/profile.js';
import { profileNamed } from '../../resolve.js';
import { TargetError } from '../../target.js';
import { Conversation, type Ear, GaveUp } from './conversation.js';
import { RemoteConsumers, RemoteProducers } from './remote.js';

/** What the thread has to know. */
export interface ThreadData {
  readonly address: string;
  readonly role: 'producer' | 'consumer';
  readonly profile: ProfileName;
  readonly ear: Ear;
}

/** A program to run, with a life of the participant. */
export interface ThreadTask {
  readonly program: HostProgram;
  readonly life: number;
}

/** What came of a program. */
export interface ThreadOutcome {
  readonly events?: HostTrace['events'];
  /** Why the program could not be judged, through no fault of the participant. */
  readonly fault?: string;
  /** Whether the participant said so itself, and cannot go on. */
  readonly gaveUp?: boolean;
  /** Whether the participant did anything at all. */
  readonly begun: boolean;
  /** Whether it can be given another program as it is. */
  readonly settled: boolean;
}

/** What the thread says. */
export type FromThread = { readonly say: RoleRequest } | { readonly outcome: ThreadOutcome };

const { address, role, profile, ear } = workerData as ThreadData;
const conversation = new Conversation(address, ear, (say) => tell({ say }));

parentPort?.on('message', (task: ThreadTask) => {
  const result = attempt(task);
  tell({ outcome: { ...result, begun: conversation.begun, settled: conversation.settled } });
});

function attempt({ program, life }: ThreadTask): Pick<ThreadOutcome, 'events' | 'fault' | 'gaveUp'> {
  const participants: Participants =
    role === 'producer'
      ? { producer: (environment) => new RemoteProducers(conversation, environment, program.devices) }
      : { consumer: (environment) => new RemoteConsumers(conversation, environment, program.devices) };
  try {
    conversation.renew(life);
    return { events: runOnHost(program, profileNamed(profile), participants).events };
  } catch (error) {
    if (error instanceof TargetError) return { fault: error.message, gaveUp: error instanceof GaveUp };
    throw error;
  }
}

function tell(message: FromThread): void {
  parentPort?.postMessage(message);
}
