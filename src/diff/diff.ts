/**
 * What is the difference? Every program of some small worlds, shortest first, on two sides; of those that differ, the
 * smallest of each kind.
 *
 * Each program is looked at for its last operation: what comes before it was looked at when the program was shorter.
 * Where two sides part, they are in different states, and what follows is no difference of its own. But where both
 * refuse, each with its status, neither may change anything, and the search goes on: so it finds, say, that a refused
 * re-registration re-keys the entry on one side. It also goes on where one side accepts a null token, with programs
 * that know no other token, to show whether that can be taken back. Of each kind of difference, the programs with the
 * fewest operations are kept: all of them.
 */

import { setImmediate } from 'node:timers/promises';
import { bareCallbacks } from '../../spec/callbacks.js';
import type { Parting } from '../../spec/formats/diff.js';
import type { Capability } from '../../spec/formats/protocol.js';
import type { Event, Operation, Program } from '../../spec/vocabulary.js';
import { objectWith } from '../../spec/vocabulary.js';
import { interruptibly } from '../files/interruptible.js';
import { deal, type Runner } from '../jobs/deal.js';
import { renameByFirstUse } from '../manager/canonical.js';
import { spell } from '../subject/spelling.js';
import { brokenIn, compare, kindOf, reenters, topicOf } from './compare.js';
import { undefinedIn, type World, withoutMemory, worlds } from './worlds.js';

/** One side of a comparison. */
export interface Side {
  /** What it can be asked beyond the base. */
  readonly abilities: ReadonlySet<Capability>;
  /** Programs in, what each did out; undefined where the side leaves it undefined. */
  run(programs: readonly Program[]): Promise<readonly (readonly Event[] | undefined)[]>;
}

/** Programs handed over at once. */
const AT_ONCE = 256;

/** How far a comparison is. */
export interface DiffProgress {
  /** Worlds that were looked at, of so many. */
  readonly worlds: number;
  readonly of: number;
  /** Operations that were run on each side. */
  readonly operations: number;
  readonly differences: number;
}

/** What one world showed: the smallest differences of each kind, the kinds in the order in which they were met. */
export interface Seen {
  readonly partings: readonly Parting[];
  /** Operations that were run on each side. */
  readonly operations: number;
}

/** Looks at worlds, one after the other, by their numbers. */
export class Worlds implements Runner<undefined, Seen> {
  readonly #all: readonly World[];

  /** @param length the most operations of a program */
  constructor(
    readonly left: Side,
    readonly right: Side,
    readonly length: number,
    readonly onProgress: (now: { readonly operations: number; readonly kinds: number }) => void = () => undefined,
  ) {
    this.#all = worlds(new Set([...left.abilities].filter((ability) => right.abilities.has(ability))));
  }

  /** How many there are. */
  get count(): number {
    return this.#all.length;
  }

  async run(_: undefined, number: number): Promise<Seen> {
    const found = new Smallest();
    const search = new Search(this.left, this.right, found, (operations) =>
      this.onProgress({ operations, kinds: found.kinds }),
    );
    const world = this.#all[number];
    if (world !== undefined) await search.look(world, Math.min(this.length, world.most));
    return { partings: found.all(), operations: search.operations };
  }
}

/**
 * Every smallest program of up to `length` operations that differs; by what it is about, then by size.
 *
 * @param helpers look at some of the worlds; the result is the same
 * @throws {TargetError} when a side cannot go on
 */
export async function diff(
  left: Side,
  right: Side,
  length: number,
  onProgress: (progress: DiffProgress) => void = () => undefined,
  helpers: readonly Runner<undefined, Seen>[] = [],
): Promise<readonly Parting[]> {
  const seen: Seen[] = [];
  const all = new Worlds(left, right, length, ({ operations, kinds }) => tell(operations, kinds));
  let done = 0;
  let ran = 0;
  const smallest = new Smallest();
  const tell = (operations: number, kinds: number) =>
    onProgress({ worlds: done, of: all.count, operations: ran + operations, differences: smallest.kinds + kinds });
  let next = 0;
  const take = (number: number, one: Seen) => {
    seen[number] = one;
    ran += one.operations;
    // In the order of the worlds, whoever was first.
    for (let due = seen[done]; due !== undefined; due = seen[++done])
      for (const parting of due.partings) smallest.add(parting);
    tell(0, 0);
  };
  await deal(
    () => (next < all.count ? { piece: undefined, number: next++ } : undefined),
    all,
    helpers,
    (_, number, one) => take(number, one),
  );
  const found = [...smallest.all(), ...(await onlyOneStarves(left, right))];
  const order = (one: Parting) => `${one.about} ${String(sizeOf(one.program)).padStart(9, '0')}`;
  return found.sort((a, b) => (order(a) < order(b) ? -1 : order(a) > order(b) ? 1 : 0));
}

/** The differences of each kind that are as small as any seen so far. */
class Smallest {
  /** By their kinds, and then by their lanes. */
  readonly #found = new Map<string, Map<string, Parting>>();

  /** How many kinds there are. */
  get kinds(): number {
    return this.#found.size;
  }

  all(): readonly Parting[] {
    return [...this.#found.values()].flatMap((lanes) => [...lanes.values()]);
  }

  /** Whether a difference of a kind would be one of the smallest, by the operation in which it shows. */
  takes(kind: string, call: number): boolean {
    const [first] = this.#found.get(kind)?.values() ?? [];
    return first === undefined || first.call >= call;
  }

  add(parting: Parting): void {
    const { kind, call, program } = parting;
    if (!this.takes(kind, call)) return;
    const known = this.#found.get(kind);
    const [first] = known?.values() ?? [];
    // What one world showed is not shown again with other callbacks.
    const kept = known === undefined || (first !== undefined && first.call > call) ? new Map<string, Parting>() : known;
    this.#found.set(kind, kept);
    if (!kept.has(laneKey(program))) kept.set(laneKey(program), parting);
  }
}

class Search {
  /** Operations that were run on each side. */
  operations = 0;

  constructor(
    readonly left: Side,
    readonly right: Side,
    readonly found: Smallest,
    readonly onProgress: (operations: number) => void,
  ) {}

  async look(world: World, length: number): Promise<void> {
    let shorter: readonly Lane[] = [[]];
    for (let size = 1; size <= length; size++) {
      const programs = interruptibly(() => extend(shorter, world));
      const next = programs.filter((program) => !isAsked(program, world)).map(laneOf);
      const asked = programs.filter((program) => isAsked(program, world));
      for (let from = 0; from < asked.length; from += AT_ONCE) {
        const batch = asked.slice(from, from + AT_ONCE);
        const [a, b] = await Promise.all([this.left.run(batch), this.right.run(batch)]);
        for (const [index, program] of batch.entries()) {
          const [mine, theirs] = [a[index], b[index]];
          if (mine === undefined || theirs === undefined) continue;
          const seen = compare(size, mine, theirs);
          const allNull = isAllNull(program);
          if (seen.level || (seen.ended && allNull)) next.push(laneOf(program));
          if (seen.differing.includes(size - 1) && (seen.levelBefore || allNull))
            this.#note(program, mine, theirs, seen.differing.length > 1);
        }
        // Sides in this process never wait for anything: let timers and signals have their turn.
        await setImmediate();
        this.operations += batch.length * size;
        this.onProgress(this.operations);
      }
      shorter = next;
    }
  }

  #note(program: Program, left: readonly Event[], right: readonly Event[], follows: boolean): void {
    const call = laneOf(program).length - 1;
    const about = topicOf(program);
    if (about === 'reentry' && !reenters(left, call) && !reenters(right, call)) return;
    const kind = kindOf(about, program, left, right, call);
    if (!this.found.takes(kind, call)) return;
    const broken = { left: brokenIn(program, left, call), right: brokenIn(program, right, call) };
    this.found.add({ about, kind, program, left, right, call, follows, broken });
  }
}

type Lane = readonly Operation[];

const laneOf = ({ lanes }: Program): Lane => lanes[0] ?? [];
const laneKey = (program: Program): string => JSON.stringify(laneOf(program));
const sizeOf = (program: Program): number => laneOf(program).length * 100_000 + spell(program).length;

/** Whether a program belongs to a world: where something undefined is to happen, only with it. */
function isAsked(program: Program, world: World): boolean {
  return world.undefined !== 'object-memory' || undefinedIn(laneOf(program)) === 1;
}

/** Whether a program registers under the null token alone, and nothing fails in it. */
function isAllNull(program: Program): boolean {
  return (
    program.objects.every(({ results }) => results === undefined) &&
    laneOf(program).every((operation) => !('token' in operation) || operation.token === null)
  );
}

/** Programs with one operation more; of those that are the same under other names, one. */
function extend(shorter: readonly Lane[], { objects, operations, undefined: how }: World): readonly Program[] {
  const programs = new Map<string, Program>();
  for (const lane of shorter) {
    for (const operation of operations) {
      const longer: Program = { objects, lanes: [[...lane, operation]] };
      if (undefinedIn(laneOf(longer)) > 1) continue;
      // Objects that call back are named in what they call, too, and there is one of each.
      const canonical = how === 'reentry' ? longer : renameByFirstUse(longer);
      programs.set(laneKey(canonical), canonical);
    }
  }
  return [...programs.values()];
}

/** Where only one side can be made to run out of memory, and then fails: that, and that the other cannot be asked. */
async function onlyOneStarves(left: Side, right: Side): Promise<readonly Parting[]> {
  const [l, r] = [left.abilities.has('allocation-failure'), right.abilities.has('allocation-failure')];
  if (l === r) return [];
  const programs = [objectWith('p0', bareCallbacks.producer), objectWith('c0', bareCallbacks.consumer)].map(
    (object): Program => ({ objects: [object], lanes: [[withoutMemory(object.id)]] }),
  );
  const traces = await (l ? left : right).run(programs);
  return programs.flatMap((program, index): readonly Parting[] => {
    const events = traces[index];
    const last = events?.at(-1);
    if (events === undefined || (last?.type === 'return' && last.status === 0)) return [];
    const broken = brokenIn(program, events, 0);
    return [
      {
        about: 'no-memory',
        kind: 'no-memory, only one side can be asked',
        program,
        left: l ? events : null,
        right: r ? events : null,
        call: 0,
        follows: false,
        broken: { left: l ? broken : [], right: r ? broken : [] },
      },
    ];
  });
}
