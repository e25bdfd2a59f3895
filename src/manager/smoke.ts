/** Is the adapter itself right? A few programs whose answers say so, whatever the implementation behind it does. */
import { bareCallbacks, passesCounterpart, wholeCallbacks } from '../../spec/callbacks.js';
import { findProfile, profiles } from '../../spec/profiles/index.js';
import type { CallEvent, Event, Operation, Program } from '../../spec/vocabulary.js';
import type { SmokeResult } from '../subject/subject.js';
import { unfaithful } from '../targets/faithful.js';
import type { Target } from '../targets/target.js';

const PAIR: readonly Operation[] = [
  { operation: 'registerProducer', object: 'p0', token: 't0', irq: 33 },
  { operation: 'registerConsumer', object: 'c0', token: 't0' },
  { operation: 'unregisterConsumer', object: 'c0' },
  { operation: 'unregisterProducer', object: 'p0' },
];

const pairing: Program = {
  objects: [
    { id: 'p0', callbacks: wholeCallbacks.producer },
    { id: 'c0', callbacks: wholeCallbacks.consumer },
  ],
  lanes: [PAIR],
};

const failing: Program = {
  objects: [
    { id: 'p0', callbacks: wholeCallbacks.producer },
    { id: 'c0', callbacks: wholeCallbacks.consumer, results: [-5] },
  ],
  lanes: [PAIR],
};

const bare: Program = {
  objects: [
    { id: 'p0', callbacks: bareCallbacks.producer },
    { id: 'c0', callbacks: bareCallbacks.consumer },
  ],
  lanes: [PAIR],
};

/** It leaves behind what an adapter that does not begin anew would still have when the next program begins. */
const leaving: Program = { ...pairing, lanes: [PAIR.slice(0, 2)] };

/** Ask all questions. @throws {TargetError} when the target cannot go on */
export async function smoke(target: Target): Promise<readonly SmokeResult[]> {
  const programs = [pairing, failing, bare, leaving, pairing];
  const outcomes = await target.run(programs);
  const events = programs.map((_, index) => outcomes[index]?.events ?? []);
  const results: SmokeResult[] = [];
  const ask = (name: string, problem: string | undefined) => results.push({ name, problem });

  ask('it says who it is, and claims a profile that there is', wrongHello(target.hello));
  ask(
    'it answers every program of a batch',
    outcomes.length === programs.length
      ? undefined
      : `${programs.length} programs were sent and ${outcomes.length} answered`,
  );
  const fault = outcomes.find((outcome) => outcome.fault !== undefined)?.fault;
  const unfaithfulAt = programs
    .map((program, index) => unfaithful(program, events[index] ?? []))
    .find((one) => one !== undefined);
  ask('it calls what it is asked to, and its callbacks return what they are told to', fault ?? unfaithfulAt);
  ask(
    'every call is answered by one return, crash or hang',
    events.map(unanswered).find((one) => one !== undefined),
  );
  ask(
    'a registration returns a status, an unregistration none',
    events.map(wrongReturn).find((one) => one !== undefined),
  );
  ask(
    'add and del name the object that is passed',
    events.map(withoutCounterpart).find((one) => one !== undefined),
  );
  ask(
    'addProducer shows the interrupt',
    events.map(withoutIrq).find((one) => one !== undefined),
  );
  ask(
    'a program starts with nothing registered, and the same program gives the same trace',
    JSON.stringify(events[0]) === JSON.stringify(events.at(-1))
      ? undefined
      : 'the first and the last program of a batch are the same, and their traces are not: the adapter must start each program on a new manager (the last but one leaves both objects registered)',
  );
  if (target.stream !== undefined) {
    const streamed = await target.stream(pairing);
    const same = streamed.fault === undefined && JSON.stringify(streamed.events) === JSON.stringify(events[0]);
    ask(
      'a streamed program gives the same events',
      same ? undefined : (streamed.fault ?? 'with "stream": true the events of a program are not those of its trace'),
    );
  }
  return results;
}

function wrongHello({ name, profile }: Target['hello']): string | undefined {
  if (name === '') return 'its hello has an empty name';
  if (profile === undefined || findProfile(profile) !== undefined) return undefined;
  return `its hello claims the profile ${JSON.stringify(profile)}; there are ${profiles.map((one) => one.name).join(', ')}`;
}

function unanswered(events: readonly Event[]): string | undefined {
  let open: CallEvent | undefined;
  for (const event of events) {
    if (event.type === 'call') {
      if (open !== undefined) return `${open.operation} has no return before the next call`;
      open = event;
    } else if (event.type === 'return' || event.type === 'crash' || event.type === 'hang') {
      open = undefined;
    }
  }
  return open === undefined ? undefined : `${open.operation} has no return`;
}

function wrongReturn(events: readonly Event[]): string | undefined {
  let open: CallEvent | undefined;
  for (const event of events) {
    if (event.type === 'call') open = event;
    if (event.type !== 'return' || open === undefined) continue;
    const registers = open.operation === 'registerProducer' || open.operation === 'registerConsumer';
    if (registers && event.status === undefined) return `the return of ${open.operation} has no status`;
    if (!registers && event.status !== undefined)
      return `the return of ${open.operation} has a status; it returns nothing`;
  }
  return undefined;
}

function withoutCounterpart(events: readonly Event[]): string | undefined {
  for (const event of events) {
    if (event.type !== 'enter' || !passesCounterpart(event.callback)) continue;
    if (event.counterpart === undefined)
      return `the enter event of ${event.object}.${event.callback} has no counterpart`;
  }
  return undefined;
}

function withoutIrq(events: readonly Event[]): string | undefined {
  const event = events.find((one) => one.type === 'enter' && one.callback === 'addProducer' && one.irq === undefined);
  return event === undefined ? undefined : 'the enter event of addProducer has no irq';
}
