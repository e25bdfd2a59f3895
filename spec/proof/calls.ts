/** What the rules ask whenever a callback is made, and of each step. */
import type { Profile } from '../profile.js';
import { SEQUENCES } from '../rules/helpers.js';
import type { CallbackName } from '../vocabulary.js';
import { allOf, anyOf, type Expression, equal, exists, forAll, implies, next, not } from './expression.js';
import type { CallObligation, StepObligation, WayOn } from './obligation.js';
import { askedBy, meets, reasonsOf } from './outcome.js';
import * as state from './state.js';
import { called, Item, isAt, isProducer, registered, Token } from './state.js';
import { type Call, caller, type Step } from './step.js';

function onCall(name: string, rules: readonly string[], holds: CallObligation['holds']): CallObligation {
  return { kind: 'call', name, rules, holds };
}

const self = state.self(caller);
const registers = state.registers(caller);
/** The operation, going by who was registered when it began. */
const asked = askedBy(caller, (object, token) => state.was(caller, object, token));

/** Whether an object is one of the pair that the operation makes or ends. */
const isConcerned = (object: Expression) => anyOf(equal(object, self), meets(asked, object));
const isRegistered = (object: Expression) => exists([Token], (token) => registered(object, token));
const isAdd = ({ callback }: Call) => is(callback, 'addConsumer', 'addProducer');
const isDel = ({ callback }: Call) => is(callback, 'delConsumer', 'delProducer');
const is = (callback: Expression, ...names: readonly CallbackName[]) =>
  callback.kind === 'named' && names.some((name) => name === callback.name);

/** No callback was made yet that comes later in the sequence, or that is this one. */
function inOrder({ callback, object }: Call, sequence: (typeof SEQUENCES)[keyof typeof SEQUENCES]): Expression {
  const onSide = (role: string, one: Expression) => (role === 'producer' ? isProducer(one) : not(isProducer(one)));
  return allOf(
    ...sequence.flatMap(([role, name], index) => {
      if (!is(callback, name)) return [];
      const later = sequence
        .slice(index)
        .map(([otherRole, otherName]) =>
          forAll([Item], (other) =>
            implies(onSide(otherRole, other), not(called(caller, state.callback(otherName), other))),
          ),
        );
      return [implies(onSide(role, object), allOf(...later))];
    }),
  );
}

/** What is asked whenever a callback is made. */
export function callObligationsOf(profile: Profile): readonly CallObligation[] {
  return [
    onCall('while connecting, callbacks come in the order of the rules', ['CALL-1', 'FAIL-1', 'FAIL-2'], (call) =>
      implies(registers, inOrder(call, SEQUENCES['addProducer-fails'])),
    ),
    onCall('while disconnecting, callbacks come in the order of the rules', ['CALL-2'], (call) =>
      implies(not(registers), inOrder(call, SEQUENCES.disconnect)),
    ),
    onCall('only the two of the pair are called', ['CALL-3'], ({ object }) => isConcerned(object)),
    onCall('no callback is made that an object lacks', ['CALL-4'], ({ callback, object }) =>
      state.has(object, callback),
    ),
    onCall('an add or a del is passed the other of the pair, a stop or a start nobody', ['CALL-5'], (call) => {
      const { object, counterpart } = call;
      if (counterpart === undefined) return isAdd(call) || isDel(call) ? anyOf() : allOf();
      if (!isAdd(call) && !isDel(call)) return anyOf();
      return allOf(isConcerned(counterpart), state.opposite(object, counterpart));
    }),
    onCall('addProducer sees the interrupt with which the producer was registered', ['CALL-6'], (call) => {
      const { callback, counterpart, irq } = call;
      if (!is(callback, 'addProducer') || !profile.showsIrq) return undefined;
      if (irq === undefined || counterpart === undefined) return anyOf();
      const isNew = equal(counterpart, self);
      return allOf(implies(isNew, equal(irq, state.irq(caller))), anyOf(isNew, equal(irq, state.gave(counterpart))));
    }),
    onCall('callbacks run inside an operation, with the lock held', ['CALL-8'], () =>
      allOf(state.inside(caller), state.holdsLock(caller)),
    ),
    onCall('an add names nobody who is connected', ['PAIR-3'], (call) => {
      if (!isAdd(call)) return undefined;
      return forAll([Item], (other) => not(state.told(call.object, other)));
    }),
    onCall('nothing is deleted but what was added', ['BAL-2'], (call) => {
      const { object, counterpart } = call;
      if (!isDel(call)) return undefined;
      if (counterpart === undefined) return anyOf();
      return implies(state.learns(object), state.told(object, counterpart));
    }),
    onCall('what is stopped was not stopped, and what is started was', ['BAL-1'], ({ callback, object }) => {
      if (is(callback, 'stop')) return not(state.stopped(object));
      if (is(callback, 'start')) return implies(state.counts(object), state.stopped(object));
      return undefined;
    }),
    onCall(
      'nobody is called, or passed to another, but who is registered or is being registered',
      ['LIFE-5', 'LIFE-6', 'CONC-4'],
      ({ object, counterpart }) =>
        allOf(
          ...[object, ...(counterpart === undefined ? [] : [counterpart])].map((one) =>
            anyOf(isRegistered(one), allOf(registers, equal(one, self))),
          ),
        ),
    ),
    onCall('nobody is called who is registered under another token', ['ISO-1'], ({ object }) =>
      forAll([Token], (token) =>
        implies(allOf(registered(object, token), not(equal(object, self))), equal(token, state.token(caller))),
      ),
    ),
    onCall('nothing is called by what there is a reason to refuse', ['FAIL-7', 'CALL-7', 'TOKEN-1', 'TOKEN-6'], () =>
      implies(
        registers,
        allOf(
          ...reasonsOf(profile, asked)
            .filter(({ optional }) => !optional)
            .map(({ applies }) => not(applies)),
        ),
      ),
    ),
  ];
}

/** Whether an object is the one that acts, or is registered under the token that its operation is about. */
const isOfToken = (object: Expression) =>
  anyOf(equal(object, next(self)), registered(object, next(state.token(caller))));

function onStep(name: string, rules: readonly string[], holds: Expression): StepObligation {
  return { kind: 'step', name, rules, holds };
}

/** What is asked of each step. */
export const stepObligations: readonly StepObligation[] = [
  onStep(
    'a step touches nobody who is registered under another token: not its registration, its pair, nor what it was told',
    ['ISO-1'],
    allOf(
      forAll([Item, Token], (object, token) =>
        anyOf(equal(registered(object, token), next(registered(object, token))), isOfToken(object)),
      ),
      forAll([Item], (object) => anyOf(equal(state.stopped(object), next(state.stopped(object))), isOfToken(object))),
      forAll([Item, Item], (object, other) =>
        anyOf(
          allOf(
            equal(state.partners(object, other), next(state.partners(object, other))),
            equal(state.told(object, other), next(state.told(object, other))),
          ),
          allOf(isOfToken(object), isOfToken(other)),
        ),
      ),
    ),
  ),
  onStep(
    'a step leads further on the way, so that an operation ends after a bounded number of them',
    ['LIFE-8', 'CONC-3'],
    allOf(
      ...(state.Point.members ?? []).map((point, index, all) =>
        implies(
          isAt(caller, point),
          next(isAt(caller, ...all.slice(index + 1), ...(point === 'returning' ? ['outside'] : []))),
        ),
      ),
    ),
  ),
  onStep(
    'a step moves nobody but who takes it',
    ['LIFE-8', 'CONC-3'],
    forAll([state.Caller], (other) => anyOf(equal(other, caller), equal(state.at(other), next(state.at(other))))),
  ),
];

/** Whoever is at a point can go on; outside, if the lock is free. */
export const waysOn: readonly WayOn[] = (state.Point.members ?? []).map((point) => ({
  kind: 'way on',
  name:
    point === 'outside'
      ? 'whoever is outside can come in while the lock is free'
      : `whoever is at ${point} can go on, whatever the others do`,
  rules: ['LIFE-8', 'CONC-3'],
  point,
}));

/** The condition under which a step can be taken: that of its way on. */
export function isPossible({ parameters, guard }: Step): Expression {
  const [, ...others] = parameters;
  return others.length === 0 ? guard : { kind: 'exists', sort: guard.sort, variables: others, of: guard };
}
