/**
 * What is the difference? Every program of a small scope, shortest first, on two sides; of those whose traces differ, the
 * ones that are smallest: no program with one operation less differs already.
 */

import { enact } from '../../spec/enact.js';
import { follow } from '../../spec/follow.js';
import { core } from '../../spec/profiles/core.js';
import type {
  CallbackName,
  Event,
  ManagerOperation,
  Operation,
  Program,
  ProgramObject,
  Token,
} from '../../spec/vocabulary.js';
import { registering, unregistering } from '../../spec/vocabulary.js';
import { objectWith } from '../explore/scope.js';
import { renameByFirstUse, spell } from '../findings/canonical.js';

/** One side of a comparison: programs in, what each did out; undefined where that side does not define it. */
export type Side = (programs: readonly Program[]) => Promise<readonly (readonly Event[] | undefined)[]>;

/** A smallest program that two sides answer differently. */
export interface Difference {
  /** What the operation found at which they part, by the model of core. */
  readonly about: string;
  readonly program: Program;
  readonly left: readonly Event[];
  readonly right: readonly Event[];
  /** The index of the first event that differs. */
  readonly at: number;
}

/** The objects of each world: as bare as can be, whole, failing on one side or the other, incomplete. */
function worlds(): readonly (readonly ProgramObject[])[] {
  const [P, C]: readonly (readonly CallbackName[])[] = [
    ['stop', 'start', 'addConsumer', 'delConsumer'],
    ['stop', 'start', 'addProducer', 'delProducer'],
  ];
  const bare = ['addProducer', 'delProducer'] as const;
  if (P === undefined || C === undefined) return [];
  const shape = (p: ProgramObject, c: ProgramObject): readonly (readonly ProgramObject[])[] => [
    [p, { ...p, id: 'p1' } as ProgramObject, c],
    [p, c, { ...c, id: 'c1' } as ProgramObject],
  ];
  return [
    ...shape(objectWith('p0', []), objectWith('c0', bare)),
    ...shape(objectWith('p0', P), objectWith('c0', C)),
    ...shape(objectWith('p0', P), objectWith('c0', C, [-5])),
    ...shape(objectWith('p0', P, [-5]), objectWith('c0', C)),
    ...shape(objectWith('p0', P), objectWith('c0', C, [1])),
    ...shape(objectWith('p0', []), objectWith('c0', ['addProducer'])),
    ...shape(objectWith('p0', []), objectWith('c0', ['delProducer'])),
  ];
}

/** Programs handed over at once. */
const AT_ONCE = 256;

/**
 * Every smallest program of up to `length` operations that differs.
 *
 * @param starve whether both sides can be made to run out of memory
 */
export async function diff(
  left: Side,
  right: Side,
  length: number,
  starve: boolean,
  onProgress: (done: number) => void = () => undefined,
): Promise<readonly Difference[]> {
  const found: Difference[] = [];
  /** What differed in the worlds before, by what it was about: there the same difference is shown already. */
  const before = new Map<string, Set<string>>();
  let done = 0;
  for (const objects of worlds()) {
    const differing = new Set<string>();
    const operations = objects.flatMap(({ id }) => everyOperation(id, starve));
    let shorter: readonly (readonly Operation[])[] = [[]];
    for (let size = 1; size <= length; size++) {
      const lanes = new Map<string, readonly Operation[]>();
      for (const lane of shorter) {
        for (const operation of operations) {
          const program = renameByFirstUse({ objects, lanes: [[...lane, operation]] });
          // Canonical programs only: the others are these under other names.
          const canonical = program.lanes[0] ?? [];
          lanes.set(JSON.stringify(canonical), canonical);
        }
      }
      const fresh = [...lanes.values()]
        .map((lane) => renameByFirstUse({ objects, lanes: [lane] }))
        .filter((program) => !containsSmaller(program, differing));
      const same: (readonly Operation[])[] = [];
      for (let from = 0; from < fresh.length; from += AT_ONCE) {
        const batch = fresh.slice(from, from + AT_ONCE);
        const [a, b] = await Promise.all([left(batch), right(batch)]);
        for (const [index, program] of batch.entries()) {
          const difference = compare(program, a[index], b[index]);
          if (difference === undefined) {
            same.push(program.lanes[0] ?? []);
            continue;
          }
          differing.add(JSON.stringify(program.lanes[0]));
          const shown = before.get(difference.about) ?? new Set<string>();
          if (containsSmaller(program, shown)) continue;
          shown.add(JSON.stringify(program.lanes[0]));
          before.set(difference.about, shown);
          found.push(difference);
        }
        done += batch.length;
        onProgress(done);
      }
      // Whatever begins with a program that differs contains it, and is not a smallest one.
      shorter = same;
    }
  }
  return found.sort((a, b) => (a.about < b.about ? -1 : a.about > b.about ? 1 : size(a) - size(b)));
}

const size = ({ program }: Difference): number => (program.lanes[0]?.length ?? 0) * 1000 + spell(program).length;

/** Whether a part of a program, in which one or more operations are left out, differs already. */
function containsSmaller(program: Program, differing: ReadonlySet<string>): boolean {
  const lane = program.lanes[0] ?? [];
  if (differing.size === 0) return false;
  // Without its last operation it was looked at before: only parts with the last one are new.
  for (let mask = 1 << (lane.length - 1); mask < 1 << lane.length; mask++) {
    const part = lane.filter((_, index) => (mask & (1 << index)) !== 0);
    const renamed = renameByFirstUse({ objects: program.objects, lanes: [part] });
    if (differing.has(JSON.stringify(renamed.lanes[0]))) return true;
  }
  return false;
}

function compare(
  program: Program,
  left: readonly Event[] | undefined,
  right: readonly Event[] | undefined,
): Difference | undefined {
  if (left === undefined || right === undefined) return undefined;
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    if (JSON.stringify(left[at]) === JSON.stringify(right[at])) continue;
    const call = left.slice(0, at).filter(({ type }) => type === 'call').length - 1;
    const { situations } = follow(enact(program, core), core);
    const operation = program.lanes[0]?.[call];
    const aboutNull = operation !== undefined && 'token' in operation && operation.token === null;
    const about = aboutNull ? 'null-token' : (situations[call] ?? 'outside');
    return { about, program, left, right, at };
  }
  return undefined;
}

function everyOperation(id: ProgramObject['id'], starve: boolean): readonly ManagerOperation[] {
  const tokens: readonly Token[] = ['t0', 't1', null];
  const registrations = tokens.map((token) => registering(id, token, 1));
  const starved = starve ? registrations.slice(0, 1).map((one): ManagerOperation => ({ ...one, memory: 'none' })) : [];
  return [...registrations, ...starved, unregistering(id)];
}
