/**
 * What is stated of sets of runs, proved on every state of a scope: two operations swapped, or everything renamed, and
 * the same must come of it. A long run is reordered by swapping neighbours, so neighbours are enough; and every renaming
 * is a row of renamings of two.
 *
 * To which operations a statement applies is seen from who is registered, never from what the model makes of them:
 * otherwise a model that does nothing at all would keep every statement.
 */
import type { Proved } from '../../spec/formats/exploration.js';
import type { ManagerOperation, ObjectId, Token } from '../../spec/vocabulary.js';
import { roleOf } from '../../spec/vocabulary.js';
import type { Key, Space, Transition } from './space.js';

/** The statements. */
export const STATEMENTS = {
  commute: 'operations on different objects under different tokens commute',
  order: 'the pair is the same, by the same callbacks, whichever side registers first',
  leave: 'either side may leave first, with the same callbacks',
  tokens: 'renaming tokens changes nothing',
  objects: 'renaming objects changes nothing',
} as const;

type Claim = (statement: string, holds: boolean, where: () => string) => void;

/** Prove the statements about sets of runs on all states. */
export function proveStatements(space: Space, states: Iterable<Key>): readonly Proved[] {
  const tally = new Map<string, { cases: number; counterexample: string | undefined }>(
    Object.values(STATEMENTS).map((statement) => [statement, { cases: 0, counterexample: undefined }]),
  );
  const claim: Claim = (statement, holds, where) => {
    const entry = tally.get(statement);
    if (entry === undefined) throw new Error(`there is no statement "${statement}"`);
    entry.cases++;
    if (!holds) entry.counterexample ??= where();
  };
  for (const key of states) {
    const known = new Map<ManagerOperation, readonly Transition[]>(
      space.operations.map((operation) => [operation, space.transitions(key, [operation])]),
    );
    for (const [index, a] of space.operations.entries()) {
      for (const b of space.operations.slice(index + 1)) {
        if (a.object === b.object) continue;
        const where = () => `${text(a)} and ${text(b)} where ${stateText(space, key)}`;
        commutes(space, key, a, b, known, (holds) => claim(STATEMENTS.commute, holds, where));
        pairs(space, key, a, b, (statement, holds) => claim(statement, holds, where));
      }
    }
    rename(space, key, known, claim);
  }
  return [...tally].map(([statement, { cases, counterexample }]) => ({
    statement,
    cases,
    ...(counterexample === undefined ? {} : { counterexample }),
  }));
}

/** All that each of the two may do, refusals and failures included, is the same before and after the other. */
function commutes(
  space: Space,
  key: Key,
  a: ManagerOperation,
  b: ManagerOperation,
  known: ReadonlyMap<ManagerOperation, readonly Transition[]>,
  claim: (holds: boolean) => void,
): void {
  const [mine, theirs] = [tokensOf(space, key, a), tokensOf(space, key, b)];
  if (mine.length === 0 || theirs.length === 0 || mine.some((token) => theirs.includes(token))) return;
  const [as, bs] = [known.get(a) ?? [], known.get(b) ?? []];
  // Where they lead differs by what the other one did; the rest must be the same.
  const after = new Map<Key, readonly [readonly Transition[], readonly Transition[]]>();
  const othersAfter = (to: Key) => {
    const found = after.get(to) ?? ([space.transitions(to, [a]), space.transitions(to, [b])] as const);
    after.set(to, found);
    return found;
  };
  for (const [i, one] of as.entries()) {
    for (const [j, other] of bs.entries()) {
      const otherAfter = othersAfter(one.to)[1];
      const oneAfter = othersAfter(other.to)[0];
      claim(
        otherAfter.length === bs.length &&
          oneAfter.length === as.length &&
          deed(one) === deed(oneAfter[i]) &&
          deed(other) === deed(otherAfter[j]) &&
          oneAfter[i]?.to === otherAfter[j]?.to,
      );
    }
  }
}

/** A producer and a consumer that register under one free token, or that are a pair and leave. */
function pairs(
  space: Space,
  key: Key,
  a: ManagerOperation,
  b: ManagerOperation,
  claim: (statement: string, holds: boolean) => void,
): void {
  if (roleOf(a.object) === roleOf(b.object)) return;
  const [mine, theirs] = [space.tokenOf(key, a.object), space.tokenOf(key, b.object)];
  const register = 'token' in a && 'token' in b;
  if (register) {
    if (a.token !== b.token || a.memory !== undefined || b.memory !== undefined) return;
    if (mine !== undefined || theirs !== undefined) return;
    if (space.ids.some((id) => space.tokenOf(key, id) === a.token)) return;
  } else if ('token' in a || 'token' in b || mine === undefined || mine !== theirs) return;
  const [a1, b1] = [take(space, key, a), take(space, key, b)];
  // A null token that the profile refuses is no token to pair under.
  if (register && a.token === null && a1?.to === key && b1?.to === key) return;
  const b2 = a1 && take(space, a1.to, b);
  const a2 = b1 && take(space, b1.to, a);
  const aFirst = callbacks(a1, b2);
  const same = b2 !== undefined && a2 !== undefined && b2.to === a2.to && aFirst === callbacks(b1, a2);
  const [token, otherToken] = b2 === undefined ? [] : [space.tokenOf(b2.to, a.object), space.tokenOf(b2.to, b.object)];
  const wanted = register ? a.token : undefined;
  const done = token === wanted && otherToken === wanted;
  claim(register ? STATEMENTS.order : STATEMENTS.leave, same && done);
}

/** What one operation does in a state, when nothing fails and the last branch (which accepts) is taken. */
function take(space: Space, key: Key, operation: ManagerOperation): Transition | undefined {
  return space.transitions(key, [operation]).findLast(({ failing }) => failing === -1);
}

const deed = (transition: Transition | undefined): string =>
  JSON.stringify([transition?.branch.steps, transition?.branch.statuses, transition?.failing]);
const callbacks = (...both: readonly (Transition | undefined)[]): string =>
  JSON.stringify(both.flatMap((transition) => transition?.branch.steps ?? []));

/** Two tokens, or two objects of a side, take each other's names: the generators of all renamings. */
function rename(
  space: Space,
  key: Key,
  known: ReadonlyMap<ManagerOperation, readonly Transition[]>,
  claim: Claim,
): void {
  const tokens = space.tokens.filter((token) => token !== null);
  for (let index = 1; index < tokens.length; index++) {
    const [one, other] = [tokens[index - 1], tokens[index]];
    if (one === undefined || other === undefined) continue;
    const token = (t: Token | undefined) => (t === one ? other : t === other ? one : t);
    sameUnder(space, key, known, { id: (id) => id, token }, (holds, where) => claim(STATEMENTS.tokens, holds, where));
  }
  for (let index = 1; index < space.ids.length; index++) {
    const [one, other] = [space.ids[index - 1], space.ids[index]];
    if (one === undefined || other === undefined || roleOf(one) !== roleOf(other)) continue;
    const id = (o: ObjectId) => (o === one ? other : o === other ? one : o);
    sameUnder(space, key, known, { id, token: (t) => t }, (holds, where) => claim(STATEMENTS.objects, holds, where));
  }
}

interface Renaming {
  readonly id: (object: ObjectId) => ObjectId;
  readonly token: (token: Token | undefined) => Token | undefined;
}

function sameUnder(
  space: Space,
  key: Key,
  known: ReadonlyMap<ManagerOperation, readonly Transition[]>,
  { id, token }: Renaming,
  claim: (holds: boolean, where: () => string) => void,
): void {
  const image = (from: Key): Key => {
    let to: Key = 0;
    for (const object of space.ids) to = space.with(to, id(object), token(space.tokenOf(from, object)));
    return to;
  };
  // An interrupt goes with its producer.
  const irqs = new Map(space.ids.map((object) => [space.irqOf(object), space.irqOf(id(object))]));
  const shape = ({ branch, failing }: Transition, renaming: boolean): string =>
    JSON.stringify([
      branch.situation,
      branch.statuses,
      failing,
      branch.steps.map(({ callback, object, counterpart, irq }) =>
        renaming
          ? [callback, id(object), counterpart && id(counterpart), irq && irqs.get(irq)]
          : [callback, object, counterpart, irq],
      ),
    ]);
  const renamed = image(key);
  for (const operation of space.operations) {
    const other = {
      ...operation,
      object: id(operation.object),
      ...('token' in operation ? { token: token(operation.token) } : {}),
      ...('irq' in operation ? { irq: irqs.get(operation.irq) } : {}),
    } as ManagerOperation;
    const first = known.get(operation) ?? [];
    const second = space.transitions(renamed, [other]);
    const same =
      first.length === second.length &&
      first.every((one, index) => {
        const two = second[index];
        return two !== undefined && shape(one, true) === shape(two, false) && image(one.to) === two.to;
      });
    claim(same, () => `${text(operation)} where ${stateText(space, key)}`);
  }
}

/** The tokens that an operation is about: the one asked for, and the one that its object has. */
function tokensOf(space: Space, key: Key, operation: ManagerOperation): readonly (Token | undefined)[] {
  const held = space.tokenOf(key, operation.object);
  const asked = 'token' in operation ? [operation.token] : [];
  return held === undefined ? asked : [...asked, held];
}

function text(operation: ManagerOperation): string {
  return `${operation.operation}(${operation.object}${'token' in operation ? `, ${operation.token}` : ''})`;
}

function stateText(space: Space, key: Key): string {
  const held = space.ids.flatMap((id) => {
    const token = space.tokenOf(key, id);
    return token === undefined ? [] : [`${id} has ${token === null ? 'the null token' : token}`];
  });
  return held.length === 0 ? 'nothing is registered' : held.join(', ');
}
