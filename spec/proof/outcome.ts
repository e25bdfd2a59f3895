/**
 * What an operation comes to, seen as one step: which reasons refuse it, whom it meets, what it calls, and who is
 * registered afterwards. It says of any number of objects what `spec/model.ts` says of a program's.
 *
 * The promises (`promises.ts`) hold the steps of the manager against this, callback by callback. Then what follows from
 * it alone, such as which operations commute (`commutation.ts`), follows for the steps as well.
 */
import type { Profile, Refusal } from '../profile.js';
import type { CallbackName, Role, Status as StatusNumber } from '../vocabulary.js';
import { allOf, anyOf, choose, type Expression, equal, exists, implies, isOneOf, not } from './expression.js';
import { FALLIBLE } from './sequence.js';
import {
  answer,
  callback,
  failed,
  fails,
  has,
  Item,
  isProducer,
  nullToken,
  ok,
  opposite,
  registered,
  registers,
  self,
  starved,
  status,
  statuses,
  Token,
  token,
  was,
} from './state.js';

/** An operation, and what is not the manager's to decide about it. */
export interface Asked {
  readonly registers: Expression;
  readonly self: Expression;
  readonly token: Expression;
  readonly starved: Expression;
  /** Who is registered when it begins. */
  readonly before: (object: Expression, token: Expression) => Expression;
}

/** What is settled while it runs. */
export interface Settled extends Asked {
  /** Whether a registration goes ahead; the profile may leave that open for the null token. */
  readonly goesAhead: Expression;
  /** Whether a callback that was made failed. */
  readonly failed: (name: (typeof FALLIBLE)[number]) => Expression;
}

/** A reason to refuse. */
export interface Reason {
  readonly refusal: Refusal;
  readonly applies: Expression;
  /** The statuses that it may have, as a condition on a status. */
  readonly allows: (status: Expression) => Expression;
  readonly optional: boolean;
}

/** The operation that a caller runs, as the manager finds it. */
export function askedBy(caller: Expression, before: Asked['before'] = registered): Asked {
  return {
    registers: registers(caller),
    self: self(caller),
    token: token(caller),
    starved: starved(caller),
    before,
  };
}

/** The operation that a caller runs, going by the evidence. */
export function settledBy(caller: Expression): Settled {
  return {
    ...askedBy(caller, (object, under) => was(caller, object, under)),
    goesAhead: anyOf(equal(status(caller), ok), fails(caller)),
    failed: (name) => failed(caller, callback(name)),
  };
}

/** The reasons of a profile to refuse a registration, in the profile's order. */
export function reasonsOf(profile: Profile, asked: Asked): readonly Reason[] {
  const { self, token, starved, before } = asked;
  const when: Readonly<Record<Refusal, () => Expression>> = {
    registered: () => exists([Token], (other) => before(self, other)),
    'null-token': () => equal(token, nullToken),
    'missing-callback': () => not(isComplete(profile, self)),
    'duplicate-token': () =>
      exists([Item], (other) => allOf(not(equal(other, self)), not(opposite(other, self)), before(other, token))),
    'no-memory': () => starved,
  };
  return profile.refusals.map(({ refusal, statuses, optional }) => ({
    refusal,
    applies: when[refusal](),
    allows: (given) => isOneOf(given, statuses.map(statusNamed)),
    optional: optional === true,
  }));
}

/** Whether an object has the callbacks that the profile makes mandatory. */
export function isComplete(profile: Profile, object: Expression): Expression {
  const hasAll = (role: Role) => allOf(...profile.mandatory[role].map((name) => has(object, callback(name))));
  return choose(isProducer(object), hasAll('producer'), hasAll('consumer'));
}

/** Whether an operation finds an object on the other side: the peer to connect to, or the partner to part from. */
export function meets({ registers, self, token, before }: Asked, object: Expression): Expression {
  const shared = exists([Token], (under) => allOf(before(self, under), before(object, under)));
  return allOf(opposite(self, object), choose(registers, before(object, token), shared));
}

/** Whether an operation connects a pair, or tries to. */
export function joins(settled: Settled): Expression {
  return allOf(
    settled.registers,
    settled.goesAhead,
    exists([Item], (object) => meets(settled, object)),
  );
}

/** Whether an operation ends a pair. */
export function parts(settled: Settled): Expression {
  return allOf(
    not(settled.registers),
    exists([Item], (object) => meets(settled, object)),
  );
}

/** Whether an object is registered under a token afterwards. */
export function registeredAfter(settled: Settled, object: Expression, under: Expression): Expression {
  const { registers, goesAhead, self, token, before } = settled;
  const enters = allOf(goesAhead, not(hasFailed(settled)), equal(object, self), equal(under, token));
  return choose(
    registers,
    anyOf(before(object, under), enters),
    allOf(before(object, under), not(equal(object, self))),
  );
}

/** Whether an operation makes a callback on an object. */
export function calls(settled: Settled, name: Expression, object: Expression): Expression {
  const [joining, parting] = [joins(settled), parts(settled)];
  const on = (role: Role) => (role === 'producer' ? isProducer(object) : not(isProducer(object)));
  const made: Readonly<Record<CallbackName, Expression>> = {
    stop: anyOf(joining, parting),
    start: anyOf(joining, parting),
    addConsumer: allOf(on('producer'), joining),
    addProducer: allOf(on('consumer'), joining, not(settled.failed('addConsumer'))),
    delConsumer: allOf(on('producer'), anyOf(parting, allOf(joining, settled.failed('addProducer')))),
    delProducer: allOf(on('consumer'), parting),
  };
  return allOf(
    has(object, name),
    anyOf(equal(object, settled.self), meets(settled, object)),
    ...Object.entries(made).map(([each, when]) => implies(equal(name, callback(each)), when)),
  );
}

/** Whether connecting failed. */
export function hasFailed(settled: Settled): Expression {
  return anyOf(...FALLIBLE.map(settled.failed));
}

/** The name of a status that the manager gives itself. @throws Error for a number that is none */
export function statusNamed(number: StatusNumber): Expression {
  const found = Object.entries(statuses).find(([value]) => Number(value) === number)?.[1];
  if (found === undefined) throw new Error(`no status of the manager is ${number}`);
  return found;
}

/** What a failing callback gave, returned as it is. */
export function returnsTheAnswer(caller: Expression): Expression {
  return implies(fails(caller), equal(status(caller), answer(caller)));
}
