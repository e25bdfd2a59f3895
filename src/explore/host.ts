/**
 * Explore the model of a host over its small scope, and prove the argument of the RFC of 2015 against a call of user
 * space that forwards an interrupt: the pairing follows from the calls that user space makes anyway.
 *
 * No operation of the model names the bypass. So what is left to show is that nothing is missing from what user space
 * has set up: any two ways to the same set-up of vectors, irqfds and routes end in the same pairs. That holds as long as
 * everybody who registers is accepted: who was refused, for a token that is taken or a route that cannot be mapped, does
 * not try again by itself, in the model as in Linux.
 */
import { type HostMachine, hostMachine, SCOPE } from '../../conformance/host/scope.js';
import { backEnds } from '../../spec/host/back-ends.js';
import { entries, type HostState } from '../../spec/host/state.js';
import type { BackEnd } from '../../spec/host/vocabulary.js';
import type { Profile } from '../../spec/profile.js';
import { grouped } from '../text/text.js';

/** What was proved of the states in which everybody who registered was accepted. */
export interface PairingProof {
  readonly backEnd: BackEnd;
  readonly states: number;
  readonly transitions: number;
  /** States that are reached with nobody refused on the way, and how many set-ups these are. */
  readonly accepted: number;
  readonly setUps: number;
  /** Two states with one set-up and other pairs; undefined if there are none. */
  readonly counterexample?: readonly [HostState, HostState];
  /** The same for where the hardware sends each interrupt; null where the back end does not follow routes. */
  readonly targets: 'proved' | 'broken' | null;
}

/** Prove it for one machine. */
export function provePairing(machine: HostMachine): PairingProof {
  const { setting, states, transitions } = machine;
  const accepted = withNobodyRefused(machine);
  const pairs = firstConflict(accepted, (state) =>
    entries(state.registrations).map(([eventfd, { producer, consumer }]) => [eventfd, producer, consumer]),
  );
  const targets = firstConflict(accepted, (state) =>
    entries(state.registrations).map(([eventfd, { shortcut }]) => [eventfd, shortcut]),
  );
  return {
    backEnd: setting.backEnd,
    states: states.length,
    transitions: transitions.length,
    accepted: accepted.length,
    setUps: new Set(accepted.map(setUpOf)).size,
    ...(pairs === undefined ? {} : { counterexample: pairs }),
    targets: backEnds[setting.backEnd].followsRoutes ? (targets === undefined ? 'proved' : 'broken') : null,
  };
}

/** What user space has set up. */
function setUpOf({ devices, vms }: HostState): string {
  return JSON.stringify([devices, vms]);
}

/** The states on whose way everybody who registered was accepted. */
function withNobodyRefused({ states, transitions, from }: HostMachine): readonly HostState[] {
  const reached = new Set([0]);
  for (const number of reached) {
    for (const transition of from[number] ?? []) {
      const to = transitions[transition]?.to ?? 0;
      const state = states[to];
      if (state !== undefined && everybodyIsRegistered(state)) reached.add(to);
    }
  }
  return [...reached].flatMap((number) => states[number] ?? []);
}

function everybodyIsRegistered({ devices, vms, registrations }: HostState): boolean {
  const vectors = entries(devices).flatMap(([device, { index, triggers }]) =>
    Object.entries(triggers).map(([vector, eventfd]) => [`${device}.${index}.${vector}`, eventfd] as const),
  );
  return (
    vectors.every(([vector, eventfd]) => registrations[eventfd]?.producer === vector) &&
    entries(vms).every(([, { irqfds }]) =>
      entries(irqfds).every(([eventfd]) => (registrations[eventfd]?.consumer ?? null) !== null),
    )
  );
}

/** Two states of one set-up that differ in something; undefined when there are none. */
function firstConflict(
  states: readonly HostState[],
  what: (state: HostState) => readonly (readonly unknown[])[],
): readonly [HostState, HostState] | undefined {
  const known = new Map<string, { readonly seen: string; readonly state: HostState }>();
  for (const state of states) {
    // An eventfd under which nobody is registered is the same as one that never was used.
    const seen = JSON.stringify(
      what(state)
        .filter((one) => one.slice(1).some((part) => part !== null))
        .sort(),
    );
    const before = known.get(setUpOf(state));
    if (before === undefined) known.set(setUpOf(state), { seen, state });
    else if (before.seen !== seen) return [before.state, state];
  }
  return undefined;
}

/** Prove it for every back end. */
export function exploreHost(profile: Profile): readonly PairingProof[] {
  return (Object.keys(backEnds) as BackEnd[]).map((backEnd) => provePairing(hostMachine(backEnd, profile)));
}

/** Whether anything is broken. */
export function isBroken({ counterexample, targets }: PairingProof): boolean {
  return counterexample !== undefined || targets === 'broken';
}

/** What was proved, as text. */
export function renderHost(profile: Profile, proofs: readonly PairingProof[], seconds: number): string {
  const lines = [`a host on ${profile.name}: ${SCOPE}`];
  for (const { backEnd, states, transitions, accepted, setUps, counterexample, targets } of proofs) {
    lines.push(
      `  ${backEnd}: ${grouped(states)} states, ${grouped(transitions)} transitions; ${grouped(accepted)} states with nobody refused on the way`,
      `    ${counterexample === undefined ? 'proved' : 'BROKEN'}  who is paired follows from what user space has set up, whichever way (${grouped(setUps)} set-ups)`,
      targets === null
        ? '    open    where the hardware sends each interrupt: this back end does not follow routes'
        : `    ${targets === 'proved' ? 'proved' : 'BROKEN'}  and so does where the hardware sends each interrupt`,
    );
    if (counterexample !== undefined) {
      for (const state of counterexample) lines.push(`    ${JSON.stringify(state)}`);
    }
  }
  lines.push('  no operation of user space names the bypass', `  time         ${seconds.toFixed(1)} s`);
  return `${lines.join('\n')}\n`;
}
