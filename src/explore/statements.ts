/**
 * What is stated of sets of runs, proved on every state of a scope: two operations swapped, or everything renamed, and
 * the same must come of it. A long run is reordered by swapping neighbours, so neighbours are enough.
 */
import type { ManagerOperation, ObjectId, Token } from '../../spec/vocabulary.js';
import { roleOf } from '../../spec/vocabulary.js';
import type { Key, Space, Transition } from './space.js';

/** One statement, and in how many cases it was proved. */
export interface Proved {
  readonly statement: string;
  readonly cases: number;
  /** The first case in which it does not hold, in words. */
  readonly counterexample?: string;
}

/** What one operation does in a state, when nothing fails and the last branch (which accepts) is taken. */
function take(space: Space, key: Key, operation: ManagerOperation): Transition | undefined {
  return space.transitions(key, [operation]).findLast(({ failing }) => failing === -1);
}

const deed = ({ branch }: Transition): string => JSON.stringify([branch.steps, branch.statuses]);
const callbacks = (...both: readonly Transition[]): string =>
  JSON.stringify(both.flatMap(({ branch }) => branch.steps));

/** Prove the statements about sets of runs on all states. */
export function proveStatements(space: Space, states: Iterable<Key>): readonly Proved[] {
  const tally = new Map<string, { cases: number; counterexample: string | undefined }>();
  const claim = (statement: string, holds: boolean, where: () => string): void => {
    const entry = tally.get(statement) ?? { cases: 0, counterexample: undefined };
    entry.cases++;
    if (!holds) entry.counterexample ??= where();
    tally.set(statement, entry);
  };
  for (const key of states) {
    for (const a of space.operations) {
      for (const b of space.operations)
        if (space.operations.indexOf(a) < space.operations.indexOf(b)) swap(space, key, a, b, claim);
    }
    rename(space, key, claim);
  }
  return [...tally].map(([statement, { cases, counterexample }]) => ({
    statement,
    cases,
    ...(counterexample === undefined ? {} : { counterexample }),
  }));
}

type Claim = (statement: string, holds: boolean, where: () => string) => void;

function swap(space: Space, key: Key, a: ManagerOperation, b: ManagerOperation, claim: Claim): void {
  const [a1, b1] = [take(space, key, a), take(space, key, b)];
  if (a1 === undefined || b1 === undefined || a.object === b.object) return;
  const b2 = take(space, a1.to, b);
  const a2 = take(space, b1.to, a);
  if (a2 === undefined || b2 === undefined) return;
  const where = () => `${text(a)} and ${text(b)} in state ${key}`;
  const [mine, theirs] = [tokensOf(space, key, a), tokensOf(space, key, b)];
  if (mine.length > 0 && theirs.length > 0 && mine.every((token) => !theirs.includes(token))) {
    const same = b2.to === a2.to && deed(a1) === deed(a2) && deed(b1) === deed(b2);
    claim('operations on different objects under different tokens commute', same, where);
  }
  if (roleOf(a.object) === roleOf(b.object)) return;
  const pairs =
    a1.branch.change === 'register' &&
    b2.branch.situation === 'peer-waiting' &&
    'token' in a &&
    'token' in b &&
    a.token === b.token;
  if (pairs && space.tokenOf(key, a.object) === undefined && space.tokenOf(key, b.object) === undefined) {
    const same = b2.to === a2.to && callbacks(a1, b2) === callbacks(b1, a2);
    claim('the pair is the same, by the same callbacks, whichever side registers first', same, where);
  }
  if (a1.branch.situation === 'paired' && b1.branch.situation === 'paired' && mine[0] === theirs[0]) {
    const same = b2.to === a2.to && callbacks(a1, b2) === callbacks(b1, a2);
    claim('either side may leave first, with the same callbacks', same, where);
  }
}

/** Two tokens, or two objects of a side, take each other's names: the generators of all renamings. */
function rename(space: Space, key: Key, claim: Claim): void {
  const tokens = space.tokens.filter((token) => token !== null);
  for (let index = 1; index < tokens.length; index++) {
    const [one, other] = [tokens[index - 1], tokens[index]];
    if (one === undefined || other === undefined) continue;
    const token = (t: Token | undefined) => (t === one ? other : t === other ? one : t);
    sameUnder(space, key, (id) => id, token, 'renaming tokens changes nothing', claim);
  }
  for (let index = 1; index < space.ids.length; index++) {
    const [one, other] = [space.ids[index - 1], space.ids[index]];
    if (one === undefined || other === undefined || roleOf(one) !== roleOf(other)) continue;
    const id = (o: ObjectId) => (o === one ? other : o === other ? one : o);
    sameUnder(space, key, id, (t) => t, 'renaming objects changes nothing', claim);
  }
}

function sameUnder(
  space: Space,
  key: Key,
  id: (object: ObjectId) => ObjectId,
  token: (token: Token | undefined) => Token | undefined,
  statement: string,
  claim: Claim,
): void {
  const image = (from: Key): Key => {
    let to: Key = 0;
    for (const object of space.ids) to = space.with(to, id(object), token(space.tokenOf(from, object)));
    return to;
  };
  const renamed = image(key);
  const shape = (transition: Transition, to: (object: ObjectId) => ObjectId): string =>
    JSON.stringify([
      transition.branch.situation,
      transition.branch.statuses,
      transition.branch.steps.map(({ callback, object, counterpart }) => [
        callback,
        to(object),
        counterpart === undefined ? null : to(counterpart),
      ]),
    ]);
  for (const operation of space.operations) {
    const other = {
      ...operation,
      object: id(operation.object),
      ...('token' in operation ? { token: token(operation.token) } : {}),
    } as ManagerOperation;
    const [first, second] = [space.transitions(key, [operation]), space.transitions(renamed, [other])];
    const same =
      first.length === second.length &&
      first.every((one, index) => {
        const two = second[index];
        return two !== undefined && shape(one, id) === shape(two, (object) => object) && image(one.to) === two.to;
      });
    claim(statement, same, () => `${text(operation)} in state ${key}`);
  }
}

function tokensOf(space: Space, key: Key, operation: ManagerOperation): readonly (Token | undefined)[] {
  const held = space.tokenOf(key, operation.object);
  const asked = 'token' in operation ? [operation.token] : [];
  return held === undefined ? asked : [...asked, held];
}

function text(operation: ManagerOperation): string {
  return `${operation.operation}(${operation.object}${'token' in operation ? `, ${operation.token}` : ''})`;
}
