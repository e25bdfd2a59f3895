/**
 * Plays programs against what a module exports, and answers in the stdio protocol. It is bundled into one file, which
 * runs in a realm of its own: it has its own `Array`, `Map` and `JSON`. So what a module does to those that it sees
 * changes nothing in what is recorded, and all else of the process comes as functions that were taken before the
 * module was loaded.
 *
 * A program is over one turn of the event loop after its last operation. What it has set off by then, such as a promise
 * that nobody handles, belongs to it.
 */
import { type Participants, runOnHost } from '../../../reference/host/host.js';
import type { RoleUnderTest } from '../../../spec/formats/host-results.js';
import {
  type ByeRequest,
  type Capability,
  type Hello,
  type HelloRequest,
  PROTOCOL,
  type RunRequest,
} from '../../../spec/formats/protocol.js';
import { type ConsumerDriver, IRQ_ACTIONS, type ProducerDriver } from '../../../spec/host/roles.js';
import type { HostEvent } from '../../../spec/host/vocabulary.js';
import type { Profile } from '../../../spec/profile.js';
import { findProfile } from '../../../spec/profiles/index.js';
import type { Event } from '../../../spec/vocabulary.js';
import { describe } from '../in-process.js';
import type { Said } from '../session.js';
import { TargetError } from '../target.js';
import { type Asked, type Exports, managerOf, participantsOf } from './describe.js';
import { hostTheatre, managerTheatre, type Theatre } from './theatre.js';

/** What is to be played. */
export interface Assignment extends Asked {
  /** The role on a host; a manager by itself where there is none. */
  readonly role?: RoleUnderTest;
  /** The profile that was asked for. */
  readonly profile?: string;
}

/** What the player can do in its process. */
export interface Means {
  /** Wait for more of what the kit says; empty at its end. */
  readonly read: () => string;
  readonly write: (text: string) => void;
  /** Call back when all that is due by now was done. */
  readonly turn: (then: () => void) => void;
  /** The first error that nobody caught, if there was one. */
  readonly stray: () => { readonly error: unknown } | undefined;
}

/** What came of loading the module. */
export type Loaded = { readonly module: Exports } | { readonly error: unknown };

/** What the kit says, as far as it is looked at here. */
type Request = HelloRequest | ByeRequest | (Omit<RunRequest, 'programs'> & { readonly programs: readonly unknown[] });

/** Answer the kit until it says goodbye. */
export async function play(assignment: Assignment, means: Means, loaded: Loaded): Promise<void> {
  const say = (message: Message): void => means.write(`${JSON.stringify(message)}\n`);
  const said = requests(means.read);
  const stray = tellOf(means.stray);
  try {
    const { hello, theatre } = engage(assignment, loaded);
    for (const request of said) {
      if (request.type === 'bye') return;
      if (request.type === 'hello') say(hello);
      else await run(request, theatre, say, means, stray);
    }
  } catch (error) {
    say({
      type: 'error',
      message: error instanceof TargetError ? error.message : `the kit's own player failed: ${describe(error)}`,
    });
  }
}

/** What is said: of managers or of hosts. */
type Message = Said<Event | HostEvent>;

/** Take what the module exports. @throws {TargetError} when it cannot play */
function engage(assignment: Assignment, loaded: Loaded): { hello: Hello; theatre: Theatre } {
  if ('error' in loaded) throw new TargetError(notLoaded(assignment, loaded.error));
  const { role } = assignment;
  if (role === undefined) {
    const { factory, hello } = managerOf(loaded.module, assignment);
    return { hello, theatre: managerTheatre(factory) };
  }
  const { participants, profile: claimed } = participantsOf(loaded.module, role, assignment);
  const profile = findProfile(assignment.profile ?? claimed);
  if (profile === undefined) throw new TargetError(`there is no profile ${assignment.profile}.`);
  const hello: Hello = {
    type: 'hello',
    protocol: PROTOCOL,
    name: `${role} on a simulated host`,
    version: 'of this kit',
    language: 'typescript',
    profile: profile.name,
    capabilities: capabilitiesOf(profile, participants),
  };
  return { hello, theatre: hostTheatre(profile, participants) };
}

/** What the drivers do of what came later. Each is made on a host of no devices, and looked at; the kit's own do it all. */
function capabilitiesOf(profile: Profile, participants: Participants): readonly Capability[] {
  const { producer, consumer } = participants;
  const made: { producers?: ProducerDriver; consumers?: ConsumerDriver } = {};
  const looked: Participants = {
    ...participants,
    ...(producer && { producer: (given) => (made.producers = producer(given)) }),
    ...(consumer && { consumer: (given) => (made.consumers = consumer(given)) }),
  };
  runOnHost({ backEnd: 'refusing', devices: [], operations: [] }, profile, looked);
  const { producers, consumers } = made;
  const acts = producers === undefined || IRQ_ACTIONS.every((name) => typeof producers[name] === 'function');
  const inhibits = consumers === undefined || typeof consumers.createVmWithEmulatedIrqchip === 'function';
  return [...(acts ? ['irq-actions' as const] : []), ...(inhibits ? ['emulated-irqchip' as const] : [])];
}

async function run(
  { id, programs, stream }: Extract<Request, { programs: unknown }>,
  theatre: Theatre,
  say: (message: Message) => void,
  { turn }: Means,
  stray: () => string | undefined,
): Promise<void> {
  let late: Event | HostEvent | undefined;
  for (const [index, program] of programs.entries()) {
    const heard = stream === true ? (event: Event | HostEvent) => say({ type: 'event', id, index, event }) : undefined;
    const performance = theatre(program, heard);
    performance.perform();
    await new Promise<void>(turn);
    if (late !== undefined) throw new TargetError(`${lateText(late)} belongs to a program that was over. ${ADVICE}`);
    const fault = stray();
    say({
      type: 'trace',
      id,
      index,
      events: stream === true ? [] : performance.events,
      ...(fault === undefined ? {} : { fault }),
    });
    performance.close((event) => {
      late ??= event;
    });
  }
}

const ADVICE =
  'What a factory makes shares nothing with what it made before, and does nothing once a call has returned.';

function lateText(event: Event | HostEvent): string {
  return event.type === 'enter' ? `a call of ${event.object}.${event.callback}` : `a ${event.type} event`;
}

function notLoaded({ file }: Asked, error: unknown): string {
  const advice = file.endsWith('.ts')
    ? ' This version of Node may not run TypeScript: give the compiled JavaScript.'
    : '';
  return `it cannot be loaded: ${messageOf(error)}.${advice}`;
}

/** The first line of what an error says. */
function messageOf(error: unknown): string {
  try {
    const { message } = error as Partial<Error>;
    if (typeof message === 'string') return message.split('\n', 1)[0] ?? '';
  } catch {
    // What was thrown is no error.
  }
  return describe(error);
}

/**
 * Tells of an error that nobody caught, with the first, second, fourth, eighth ... program since: so whoever asks for a
 * few programs hears of it, and most of a long run can still be judged.
 */
function tellOf(stray: Means['stray']): () => string | undefined {
  let since = 0;
  let due = 1;
  return () => {
    const found = stray();
    if (found === undefined || ++since < due) return undefined;
    due *= 2;
    return `an error that nobody caught came while no operation was under way: ${describe(found.error)}`;
  };
}

/** What the kit says, message by message, to its end. */
function* requests(read: () => string): Generator<Request> {
  let pieces: string[] = [];
  for (let text = read(); text !== ''; text = read()) {
    const [rest = '', ...lines] = text.split('\n').reverse();
    for (const line of lines.reverse()) {
      yield JSON.parse([...pieces, line].join('')) as Request;
      pieces = [];
    }
    pieces.push(rest);
  }
}
