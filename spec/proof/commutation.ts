/**
 * Which operations commute, and what has no order: theorems about operations as one step (`outcome.ts`), for any number of
 * objects. The promises show that the manager's operations come to just that.
 *
 *     registered ──A──> ──B──> after        The same are: who is registered, the reasons to refuse, which callbacks fail,
 *          └──────B──> ──A──> after         and which are made, of A in both orders and of B in both orders.
 *
 * What is not the manager's to decide is the same in both orders, whatever it is: what each object's add returns for each
 * other one (`accepts`), and whether a null token is refused where that is left open (`refusesNull`).
 */
import type { Profile } from '../profile.js';
import {
  allOf,
  anyOf,
  Bool,
  choose,
  type Expression,
  equal,
  exists,
  forAll,
  implies,
  no,
  not,
  table,
  yes,
} from './expression.js';
import type { Theorem } from './obligation.js';
import { type Asked, calls, meets, reasonsOf, registeredAfter, type Settled } from './outcome.js';
import { Callback, callback, has, Item, isProducer, opposite, registered, Token } from './state.js';

/** What an object's add would return for another: 0 or not. */
const accepts = table('accepts', [Item, Item], Bool, 'nobody');
const refusesNull = table('refusesNull', [], Bool, 'nobody');

/** The tables that theorems speak of beside those of the state. */
export const oracles = [accepts, refusesNull];

/** Operations on an object under a token; an unregistration's token is the one under which its object is registered. */
interface Operation {
  readonly registers: boolean;
  readonly self: Expression;
  readonly token: Expression;
  readonly starved: Expression;
}

type Registered = Asked['before'];

function run(profile: Profile, operation: Operation, before: Registered): Settled {
  const asked: Asked = { ...operation, registers: operation.registers ? yes : no, before };
  const refused = reasonsOf(profile, asked).map(({ applies, optional }) =>
    optional ? allOf(applies, refusesNull()) : applies,
  );
  const goesAhead = allOf(asked.registers, not(anyOf(...refused)));
  const refuses = (name: 'addConsumer' | 'addProducer') =>
    allOf(
      goesAhead,
      exists([Item], (peer) => {
        const mine = equal(isProducer(asked.self), name === 'addConsumer' ? yes : no);
        const [object, other] = [choose(mine, asked.self, peer), choose(mine, peer, asked.self)];
        return allOf(meets(asked, peer), has(object, callback(name)), not(accepts(object, other)));
      }),
    );
  const first = refuses('addConsumer');
  const failed = { addConsumer: first, addProducer: allOf(not(first), refuses('addProducer')) };
  return { ...asked, goesAhead, failed: (name) => failed[name] };
}

const after =
  (did: Settled): Registered =>
  (object, token) =>
    registeredAfter(did, object, token);

const sameRegistrations = (one: Registered, other: Registered) =>
  forAll([Item, Token], (object, token) => equal(one(object, token), other(object, token)));

/** The same operation, in two orders: it finds and does the same. Only a registration can be refused. */
function same(profile: Profile, one: Settled, other: Settled): Expression {
  const reasons = reasonsOf(profile, other);
  return allOf(
    implies(
      one.registers,
      allOf(...reasonsOf(profile, one).map(({ applies }, index) => equal(applies, reasons[index]?.applies ?? no))),
    ),
    ...(['addConsumer', 'addProducer'] as const).map((name) => equal(one.failed(name), other.failed(name))),
    forAll([Callback, Item], (name, object) => equal(calls(one, name, object), calls(other, name, object))),
  );
}

/** For all operations of two kinds. */
function forOperations(
  kinds: readonly [a: boolean, b: boolean],
  holds: (a: Operation, b: Operation) => Expression,
): Expression {
  return forAll([Item, Token, Bool, Item, Token, Bool], (self, token, starved, otherSelf, otherToken, otherStarved) => {
    const a: Operation = { registers: kinds[0], self, token, starved };
    const b: Operation = { registers: kinds[1], self: otherSelf, token: otherToken, starved: otherStarved };
    const isAbout = (one: Operation) =>
      one.registers ? yes : forAll([Token], (under) => implies(registered(one.self, under), equal(under, one.token)));
    return implies(allOf(isAbout(a), isAbout(b)), holds(a, b));
  });
}

const CONDITIONS = {
  'other tokens': (a: Operation, b: Operation) => not(equal(a.token, b.token)),
  'other objects': (a: Operation, b: Operation) => not(equal(a.self, b.self)),
} as const;
type Condition = keyof typeof CONDITIONS;

/** What commutes, under the least conditions. */
const CLAIMS: readonly {
  readonly kinds: readonly [a: boolean, b: boolean];
  readonly across: boolean;
  readonly under: readonly Condition[];
}[] = [
  { kinds: [true, true], across: false, under: ['other tokens', 'other objects'] },
  { kinds: [true, true], across: true, under: ['other tokens'] },
  { kinds: [true, false], across: false, under: ['other tokens', 'other objects'] },
  { kinds: [true, false], across: true, under: ['other tokens'] },
  { kinds: [false, false], across: false, under: ['other objects'] },
  { kinds: [false, false], across: true, under: ['other tokens'] },
];

function commutes(profile: Profile, kinds: readonly [boolean, boolean], across: boolean, under: readonly Condition[]) {
  return forOperations(kinds, (a, b) => {
    const firstA = run(profile, a, registered);
    const thenB = run(profile, b, after(firstA));
    const firstB = run(profile, b, registered);
    const thenA = run(profile, a, after(firstB));
    const sides = across ? opposite(a.self, b.self) : not(opposite(a.self, b.self));
    return implies(
      allOf(sides, ...under.map((name) => CONDITIONS[name](a, b))),
      allOf(sameRegistrations(after(thenB), after(thenA)), same(profile, firstA, thenA), same(profile, firstB, thenB)),
    );
  });
}

function theorem(name: string, rules: readonly string[], holds: Expression, isTrue = true): Theorem {
  return { kind: 'theorem', name, rules, holds, isTrue };
}

function commutation(profile: Profile): readonly Theorem[] {
  return CLAIMS.flatMap(({ kinds, across, under }) => {
    const words = kinds.map((registers) => (registers ? 'a registration' : 'an unregistration')).join(' and ');
    const what = `${words} ${across ? 'of opposite sides' : 'of one side'} commute`;
    const claim = (conditions: readonly Condition[], isTrue: boolean) =>
      theorem(
        isTrue
          ? `${what}: ${conditions.join(', ')}`
          : `${what}: not without ${under.filter((one) => !conditions.includes(one)).join(', ')}`,
        ['ISO-2'],
        commutes(profile, kinds, across, conditions),
        isTrue,
      );
    return [
      claim(under, true),
      ...under.map((left) =>
        claim(
          under.filter((one) => one !== left),
          false,
        ),
      ),
    ];
  });
}

function order(profile: Profile): readonly Theorem[] {
  const registering = (succeeds: boolean) =>
    forOperations([true, true], (a, b) => {
      const firstA = run(profile, a, registered);
      const thenB = run(profile, b, after(firstA));
      const firstB = run(profile, b, registered);
      const thenA = run(profile, a, after(firstB));
      const mates = allOf(isProducer(a.self), not(isProducer(b.self)), equal(a.token, b.token));
      const lonely = not(exists([Item], (object) => registered(object, a.token)));
      const welcome = allOf(accepts(a.self, b.self), accepts(b.self, a.self));
      return implies(
        allOf(mates, lonely, firstA.goesAhead, firstB.goesAhead, ...(succeeds ? [welcome] : [])),
        allOf(
          sameRegistrations(after(thenB), after(thenA)),
          forAll([Callback, Item], (name, object) =>
            equal(
              anyOf(calls(firstA, name, object), calls(thenB, name, object)),
              anyOf(calls(firstB, name, object), calls(thenA, name, object)),
            ),
          ),
        ),
      );
    });
  const unregistering = forOperations([false, false], (a, b) => {
    const [firstA, firstB] = [run(profile, a, registered), run(profile, b, registered)];
    const [thenB, thenA] = [run(profile, b, after(firstA)), run(profile, a, after(firstB))];
    return implies(
      allOf(opposite(a.self, b.self), registered(a.self, a.token), registered(b.self, a.token)),
      allOf(
        sameRegistrations(after(thenB), after(thenA)),
        forAll([Callback, Item], (name, object) =>
          allOf(
            equal(calls(firstA, name, object), calls(firstB, name, object)),
            not(calls(thenA, name, object)),
            not(calls(thenB, name, object)),
          ),
        ),
      ),
    );
  });
  return [
    theorem(
      'whoever of two registers first, they come to be the same pair by the same callbacks',
      ['ORDER-1'],
      registering(true),
    ),
    theorem('the same: not if connecting may fail, since then the first stays', ['ORDER-1'], registering(false), false),
    theorem('whoever of a pair leaves first, it is disconnected by the same callbacks', ['ORDER-2'], unregistering),
  ];
}

function isolation(profile: Profile): readonly Theorem[] {
  const isolated = (registers: boolean) =>
    forOperations([registers, registers], (a) => {
      const did = run(profile, a, registered);
      return forAll([Item, Token], (object, token) =>
        implies(
          allOf(registered(object, token), not(equal(token, a.token)), not(equal(object, a.self))),
          allOf(
            forAll([Token], (any) => equal(registered(object, any), after(did)(object, any))),
            forAll([Callback], (name) => not(calls(did, name, object))),
          ),
        ),
      );
    });
  return [
    theorem(
      'a registration neither calls nor changes what is registered under another token',
      ['ISO-1'],
      isolated(true),
    ),
    theorem(
      'an unregistration neither calls nor changes what is registered under another token',
      ['ISO-1'],
      isolated(false),
    ),
  ];
}

/** What follows for operations as a whole. */
export function theoremsOf(profile: Profile): readonly Theorem[] {
  return [...isolation(profile), ...commutation(profile), ...order(profile)];
}
