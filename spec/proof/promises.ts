/**
 * What the rules ask of a state: while nobody is inside, and when an operation is about to return. Everything that an
 * operation did is in the evidence by then, and `outcome.ts` says what it must be.
 */
import type { Profile, Refusal } from '../profile.js';
import { core } from '../profiles/core.js';
import { allOf, anyOf, type Expression, equal, exists, forAll, implies, not } from './expression.js';
import type { Invariant } from './obligation.js';
import {
  calls,
  hasFailed,
  isComplete,
  joins,
  meets,
  parts,
  reasonsOf,
  registeredAfter,
  returnsTheAnswer,
  type Settled,
  settledBy,
} from './outcome.js';
import * as state from './state.js';
import {
  Callback,
  Caller,
  Item,
  inside,
  isAt,
  isProducer,
  ok,
  opposite,
  partners,
  registered,
  Token,
} from './state.js';

function promise(name: string, rules: readonly string[], holds: Expression): Invariant {
  return { kind: 'invariant', name, rules, holds };
}

/** A promise about every operation that is about to return. */
function atReturn(name: string, rules: readonly string[], holds: (did: Settled, caller: Expression) => Expression) {
  return promise(
    name,
    rules,
    forAll([Caller], (caller) => implies(isAt(caller, 'returning'), holds(settledBy(caller), caller))),
  );
}

/** A promise about the time from when an operation is about to return until the next one begins. */
function atRest(name: string, rules: readonly string[], holds: () => Expression): Invariant {
  const nobodyInside = forAll([Caller], (caller) => not(inside(caller)));
  const returning = forAll([Caller], (caller) => implies(isAt(caller, 'returning'), holds()));
  return promise(name, rules, allOf(returning, implies(nobodyInside, holds())));
}

/** Who holds what, in every state. */
const registrations: readonly Invariant[] = [
  promise(
    'a token has at most one holder on a side',
    ['TOKEN-1'],
    forAll([Item, Item, Token], (one, other, token) =>
      implies(allOf(registered(one, token), registered(other, token), not(opposite(one, other))), equal(one, other)),
    ),
  ),
  promise(
    'an object is registered under at most one token',
    ['TOKEN-6'],
    forAll([Item, Token, Token], (object, one, other) =>
      implies(allOf(registered(object, one), registered(object, other)), equal(one, other)),
    ),
  ),
];

const pairs: readonly Invariant[] = [
  promise(
    'a producer has at most one partner',
    ['PAIR-3'],
    forAll([Item, Item, Item], (producer, one, other) =>
      implies(allOf(partners(producer, one), partners(producer, other)), equal(one, other)),
    ),
  ),
  promise(
    'a consumer has at most one partner',
    ['PAIR-3'],
    forAll([Item, Item, Item], (consumer, one, other) =>
      implies(allOf(partners(one, consumer), partners(other, consumer)), equal(one, other)),
    ),
  ),
  promise(
    'partners are a producer and a consumer, registered under one token',
    ['PAIR-4', 'FAIL-4', 'LIFE-5'],
    forAll([Item, Item], (producer, consumer) =>
      implies(
        partners(producer, consumer),
        allOf(
          isProducer(producer),
          not(isProducer(consumer)),
          exists([Token], (token) => allOf(registered(producer, token), registered(consumer, token))),
        ),
      ),
    ),
  ),
  promise(
    'a producer and a consumer registered under one token are partners',
    ['PAIR-1', 'PAIR-5'],
    forAll([Item, Item, Token], (producer, consumer, token) =>
      implies(
        allOf(
          isProducer(producer),
          not(isProducer(consumer)),
          registered(producer, token),
          registered(consumer, token),
        ),
        partners(producer, consumer),
      ),
    ),
  ),
];

const balance: readonly Invariant[] = [
  atRest('nothing is left stopped when an operation returns', ['BAL-1'], () =>
    forAll([Item], (object) => not(state.stopped(object))),
  ),
  atRest('who was told of each other are partners, when an operation returns', ['BAL-2', 'PAIR-1', 'PAIR-4'], () =>
    toldArePartners(),
  ),
];

/** Of those whose add has a del. */
function toldArePartners(): Expression {
  return forAll([Item, Item], (object, other) =>
    implies(
      state.learns(object),
      equal(state.told(object, other), anyOf(partners(object, other), partners(other, object))),
    ),
  );
}

const lock: readonly Invariant[] = [
  promise(
    'one operation at a time is inside, so that no two callbacks overlap',
    ['CALL-8', 'CONC-1'],
    forAll([Caller, Caller], (one, other) => implies(allOf(inside(one), inside(other)), equal(one, other))),
  ),
  promise(
    'the lock is held by whoever is inside, and by nobody else',
    ['CALL-8', 'LIFE-8', 'CONC-6'],
    forAll([Caller], (caller) => equal(state.holdsLock(caller), inside(caller))),
  ),
];

/** Which rule asks for a reason to refuse. */
const RULE_OF: Readonly<Record<Refusal, string>> = {
  registered: 'TOKEN-6',
  'null-token': 'TOKEN-3',
  'missing-callback': 'CALL-7',
  'duplicate-token': 'TOKEN-1',
  'no-memory': 'FAIL-7',
};

/** Who is refused, with which status. */
function refusals(profile: Profile): readonly Invariant[] {
  const single = profile.refusals.map(({ refusal }) =>
    atReturn(`what is refused for one reason alone has its status: ${refusal}`, [RULE_OF[refusal]], (did, caller) => {
      const reasons = reasonsOf(profile, did);
      const reason = reasons.find((one) => one.refusal === refusal);
      if (reason === undefined) return allOf();
      const others = reasons.filter((one) => one !== reason).map(({ applies }) => not(applies));
      const refused = allOf(not(did.goesAhead), reason.allows(state.status(caller)));
      return implies(
        allOf(did.registers, reason.applies, ...others),
        reason.optional ? anyOf(did.goesAhead, refused) : refused,
      );
    }),
  );
  return [
    ...single,
    atReturn('what several reasons refuse has the status of one of them', ['TOKEN-9'], (did, caller) =>
      implies(
        allOf(did.registers, not(did.goesAhead)),
        anyOf(
          ...reasonsOf(profile, did).map((reason, index, all) => {
            const earlier = profile.ordered ? all.slice(0, index).filter(({ optional }) => !optional) : [];
            return allOf(
              reason.applies,
              reason.allows(state.status(caller)),
              ...earlier.map(({ applies }) => not(applies)),
            );
          }),
        ),
      ),
    ),
    atReturn(
      'what there is a reason to refuse does not go ahead',
      ['TOKEN-1', 'TOKEN-6', 'TOKEN-9', 'CALL-7', 'FAIL-7'],
      (did) =>
        implies(
          did.registers,
          allOf(
            ...reasonsOf(profile, did)
              .filter(({ optional }) => !optional)
              .map(({ applies }) => implies(applies, not(did.goesAhead))),
          ),
        ),
    ),
    atReturn(
      'what there is no reason to refuse returns 0 unless a callback fails, whatever became of object and token before',
      ['TOKEN-2', 'TOKEN-4', 'TOKEN-5', 'LIFE-7', 'FAIL-6', 'PAIR-1', 'PAIR-2'],
      (did) =>
        implies(allOf(did.registers, ...reasonsOf(profile, did).map(({ applies }) => not(applies))), did.goesAhead),
    ),
    promise(
      'what is registered has its mandatory callbacks',
      ['CALL-7'],
      forAll([Item, Token], (object, token) => implies(registered(object, token), isComplete(profile, object))),
    ),
  ];
}

/** Who is registered when an operation returns. */
const changes: readonly Invariant[] = [
  atReturn(
    'a refused registration changes nothing',
    ['TOKEN-1', 'TOKEN-3', 'TOKEN-6', 'TOKEN-7', 'CALL-7', 'FAIL-7'],
    (did) => implies(allOf(did.registers, not(did.goesAhead)), unchanged(did)),
  ),
  atReturn(
    'a registration that fails to connect changes nothing: the newcomer is not in, the peer stays',
    ['FAIL-4', 'FAIL-5', 'FAIL-6', 'TOKEN-5'],
    (did) => implies(allOf(did.registers, hasFailed(did)), unchanged(did)),
  ),
  atReturn(
    'a registration that succeeds enters the object under its token, and changes nothing else',
    ['PAIR-1', 'PAIR-2', 'ISO-1'],
    (did) => implies(allOf(did.registers, did.goesAhead, not(hasFailed(did))), asExpected(did)),
  ),
  atReturn(
    'an unregistration takes the object out under whatever token it was, and changes nothing else',
    ['TOKEN-4', 'LIFE-7', 'PAIR-5', 'ISO-1'],
    (did) => implies(not(did.registers), asExpected(did)),
  ),
];

function unchanged({ before }: Settled): Expression {
  return forAll([Item, Token], (object, token) => equal(registered(object, token), before(object, token)));
}

function asExpected(did: Settled): Expression {
  return forAll([Item, Token], (object, token) =>
    equal(registered(object, token), registeredAfter(did, object, token)),
  );
}

/** What an operation called back, by what it was. Their order is an obligation of each call. */
const callbacks: readonly Invariant[] = [
  atReturn(
    'connecting makes every callback of its sequence that is there, and no other',
    ['CALL-1', 'CALL-4', 'PAIR-1'],
    (did, caller) => implies(allOf(joins(did), not(hasFailed(did))), exactly(did, caller)),
  ),
  atReturn(
    'after addConsumer failed, nothing is added or deleted, and both are started',
    ['FAIL-1', 'CALL-4'],
    (did, caller) => implies(allOf(joins(did), did.failed('addConsumer')), exactly(did, caller)),
  ),
  atReturn(
    'after addProducer failed, the consumer is deleted again, and both are started',
    ['FAIL-2', 'CALL-4'],
    (did, caller) => implies(allOf(joins(did), did.failed('addProducer')), exactly(did, caller)),
  ),
  atReturn(
    'disconnecting makes every callback of its sequence that is there, and no other',
    ['CALL-2', 'CALL-4', 'PAIR-4'],
    (did, caller) => implies(parts(did), exactly(did, caller)),
  ),
  atReturn(
    'a registration that is refused, or that nobody waits for, makes no callback',
    ['TOKEN-1', 'TOKEN-3', 'TOKEN-6', 'TOKEN-9', 'CALL-7', 'FAIL-7', 'PAIR-2'],
    (did, caller) => implies(allOf(did.registers, not(joins(did))), nothing(caller)),
  ),
  atReturn(
    'unregistering what is not registered does nothing, whatever became of it before',
    ['LIFE-1', 'LIFE-2', 'LIFE-3', 'LIFE-4'],
    (did, caller) =>
      implies(
        allOf(
          not(did.registers),
          forAll([Token], (token) => not(did.before(did.self, token))),
        ),
        allOf(nothing(caller), unchanged(did)),
      ),
  ),
  atReturn('unregistering what has no partner makes no callback', ['PAIR-6', 'FAIL-4', 'TOKEN-7'], (did, caller) =>
    implies(
      allOf(
        not(did.registers),
        forAll([Item], (object) => not(meets(did, object))),
      ),
      nothing(caller),
    ),
  ),
];

/** Exactly the callbacks that are expected of it. */
function exactly(did: Settled, caller: Expression): Expression {
  return forAll([Callback, Item], (name, object) =>
    equal(state.called(caller, name, object), calls(did, name, object)),
  );
}

function nothing(caller: Expression): Expression {
  return forAll([Callback, Item], (name, object) => not(state.called(caller, name, object)));
}

const statuses: readonly Invariant[] = [
  atReturn('a registration returns what the callback that failed gave', ['FAIL-3'], (did, caller) =>
    implies(did.registers, returnsTheAnswer(caller)),
  ),
  atReturn('what fails to connect does not return 0', ['FAIL-3'], (did, caller) =>
    implies(allOf(did.registers, hasFailed(did)), not(equal(state.status(caller), ok))),
  ),
];

/** Every promise about states. */
export function promisesOf(profile: Profile = core): readonly Invariant[] {
  return [...registrations, ...pairs, ...lock, ...refusals(profile), ...changes, ...callbacks, ...statuses, ...balance];
}

/** What an operation finds before it looks: theorems about operations follow from these alone. */
export const aboutRegistrations = registrations;

/** Who is inside: what an invariant says of the operations of others matters to no step because of these. */
export const aboutLock: readonly Invariant[] = lock;
