/**
 * How long something will take, before it begins: by how many states and programs there are, and how many of them a
 * machine of today does in a second. It is right to a factor of a few, which is enough to tell seconds from days.
 */
import { availableParallelism } from 'node:os';
import type { Profile } from '../../spec/profile.js';
import { everyOperation, type Scope } from '../explore/scope.js';
import { stateCount } from '../explore/size.js';
import { memoryFor } from '../explore/states.js';
import type { Coverage } from '../suites/suites.js';
import { UsageError } from './exit.js';

/** What is begun without asking, in seconds. */
const MOST_SECONDS = 600;

/** For what takes more seconds than this, helpers are worth their start. */
const LONG = 5;

/** How many processes do what takes so many seconds, where nothing is said. */
export function jobsFor(seconds: number): number {
  return seconds > LONG ? availableParallelism() : 1;
}

/** What the planning of suites may take, in bytes. */
const MOST_BYTES = 2_000_000_000;

/** Transitions of a state for each operation, where callbacks may fail; measured on scopes from 2x2x2 to 2x2x3. */
const TRANSITIONS_AN_OPERATION = 1.9;

const RATES = { transitions: 200_000, pairs: 120_000, programs: 2_500, comparisons: 10_000_000 } as const;

/** The seconds that exploring a scope takes. */
export function secondsToExplore(
  profile: Profile,
  scope: Scope,
  { symmetry, proofs }: { readonly symmetry: boolean; readonly proofs: boolean },
): number {
  const each = everyOperation(scope, profile).length * TRANSITIONS_AN_OPERATION;
  const { producers, consumers, tokens } = scope;
  // What names do not tell apart: how many are registered on each side, how many of them are pairs, and who holds null.
  const orbits = (producers + 1) * (consumers + 1) * (Math.min(producers, consumers, tokens) + 1) * 2;
  const all = stateCount(profile, scope);
  const states = symmetry ? Math.min(all, orbits) : all;
  const reaching = (states * each) / RATES.transitions;
  return proofs ? reaching + (states * each * each) / RATES.pairs : reaching;
}

/** The seconds that the suites of a scope take, and the bytes that planning them does. */
export function costOfSuites(
  profile: Profile,
  { scope, pairs, extraStates }: Coverage,
): { readonly seconds: number; readonly bytes: number } {
  const operations = everyOperation(scope, profile).length;
  const states = stateCount(profile, scope);
  const transitions = states * operations;
  const tour = transitions / 10;
  const inARow = pairs ? (transitions * operations) / 24 : 0;
  const telling = extraStates === null ? 0 : states * 10 * (operations * 1.2) ** extraStates;
  const couples = extraStates === null ? 0 : (states * states) / 2;
  return {
    seconds: (tour + inARow + telling) / RATES.programs + (couples * operations) / RATES.comparisons,
    bytes: memoryFor(states) + transitions * 400 + (pairs ? transitions * 100 : 0) + couples * 150,
  };
}

/** The seconds that comparing two sides takes, by the operations of a program: each has some six ways to go on. */
export function secondsToDiff(length: number): number {
  return 15 * 6 ** (length - 4);
}

/**
 * Refuse what would take so long that nobody can have meant it, unless it was meant.
 *
 * @param what the options that ask for it
 * @throws {UsageError} that says how long it takes, and how to have it all the same
 */
export function needConsent(what: string, seconds: number, yes: boolean): void {
  if (yes || seconds <= MOST_SECONDS) return;
  throw new UsageError(`${what} takes ${durationText(seconds)}. Take less, or say --yes to have it all the same.`);
}

/** @throws {UsageError} when planning takes more memory than there is, whatever was said */
export function needMemory(what: string, bytes: number): void {
  const reason = tooLarge(bytes);
  if (reason !== undefined) throw new UsageError(`${what} is too large: ${reason}. Take less.`);
}

/** Why suites cannot be planned that take so much memory, in words; undefined where they can. */
export function tooLarge(bytes: number): string | undefined {
  return bytes <= MOST_BYTES ? undefined : `planning it takes ${bytesText(bytes)}, and 2 GB are allowed`;
}

/** `about 4 hours`. */
export function durationText(seconds: number): string {
  const year = 365 * 24 * 3600;
  const units: readonly (readonly [number, string])[] = [
    [year, 'years'],
    [24 * 3600, 'days'],
    [3600, 'hours'],
    [60, 'minutes'],
  ];
  if (seconds > 1000 * year) return 'more than 1,000 years';
  const [size, name] = units.find(([one]) => seconds >= 2 * one) ?? [1, 'seconds'];
  return `about ${Math.round(seconds / size)} ${name}`;
}

function bytesText(bytes: number): string {
  return bytes > 1e15 ? 'more than 1,000,000 GB' : `about ${Math.round(bytes / 1e9)} GB`;
}
