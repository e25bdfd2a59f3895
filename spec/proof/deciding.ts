/**
 * The steps of the manager but for those of callbacks: take the lock, decide what is to be done, enter or take out, let the
 * lock go. This is `spec/model.ts` taken apart: one branch there is here the steps from lock to unlock.
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
  no,
  not,
  variable,
  yes,
} from './expression.js';
import { askedBy, reasonsOf } from './outcome.js';
import * as state from './state.js';
import {
  Caller,
  consumer,
  holdsLock,
  Irq,
  Item,
  irq,
  irqOf,
  isProducer,
  noIrq,
  ok,
  opposite,
  partners,
  producer,
  registered,
  registers,
  Status,
  self,
  status,
  Token,
  token,
} from './state.js';
import { caller, type Effect, fill, put, type Step } from './step.js';

const lockIsFree = forAll([Caller], (other) => not(holdsLock(other)));

/** Waiting for the lock is no point of its own: whoever is outside may have come to take it. */
function begin(registering: Expression, object: Expression): readonly Effect[] {
  return [
    put(holdsLock, [caller], yes),
    put(registers, [caller], registering),
    put(self, [caller], object),
    put(status, [caller], ok),
    fill(state.was, (item, under) => registered(item, under)),
    fill(state.called, () => no),
    fill(state.failed, () => no),
  ];
}

export function lockToRegister(): Step {
  const [object, under, interrupt] = [variable('object', Item), variable('token', Token), variable('irq', Irq)];
  const starved = variable('starved', Bool);
  return {
    name: 'lock to register',
    words: 'a caller takes the lock to register an object',
    parameters: [caller, object, under, interrupt, starved],
    from: 'outside',
    to: 'registering',
    guard: allOf(lockIsFree, anyOf(isProducer(object), equal(interrupt, noIrq))),
    effects: [
      ...begin(yes, object),
      put(token, [caller], under),
      put(irq, [caller], interrupt),
      put(state.starved, [caller], starved),
    ],
  };
}

export function lockToUnregister(): Step {
  const object = variable('object', Item);
  return {
    name: 'lock to unregister',
    words: 'a caller takes the lock to unregister an object',
    parameters: [caller, object],
    from: 'outside',
    to: 'unregistering',
    guard: lockIsFree,
    effects: begin(no, object),
  };
}

/** Refuse, enter an object that nobody waits for, or go on to connect it. */
export function decideRegistration(profile: Profile): readonly Step[] {
  const asked = askedBy(caller);
  const reasons = reasonsOf(profile, asked);
  const given = variable('status', Status);
  const found = { name: '', from: 'registering', parameters: [caller] };
  const refusals = reasons.map(({ refusal, applies, allows }, index): Step => {
    const earlier = profile.ordered ? reasons.slice(0, index).filter(({ optional }) => !optional) : [];
    return {
      ...found,
      name: `refuse: ${refusal}`,
      words: `a registration is refused (${refusal})`,
      parameters: [caller, given],
      to: 'returning',
      guard: allOf(applies, ...earlier.map((one) => not(one.applies)), allows(given)),
      effects: [put(status, [caller], given)],
      finds: refusal,
    };
  });
  const goesAhead = allOf(...reasons.filter(({ optional }) => !optional).map(({ applies }) => not(applies)));
  const waits = (other: Expression) => allOf(opposite(self(caller), other), registered(other, token(caller)));
  const peer = variable('peer', Item);
  return [
    ...refusals,
    {
      ...found,
      name: 'enter alone',
      words: 'an object that nobody waits for is entered',
      to: 'returning',
      guard: allOf(goesAhead, not(exists([Item], waits))),
      effects: enter(),
      finds: 'alone',
    },
    {
      ...found,
      name: 'find a peer',
      words: 'an object is registered for which a peer waits',
      parameters: [caller, peer],
      to: 'connect.producer.stop',
      guard: allOf(goesAhead, waits(peer)),
      effects: pairOf(peer),
      finds: 'peer-waiting',
    },
  ];
}

/** Leave alone what is not registered, take out what has no partner, or go on to disconnect. */
export function decideUnregistration(): readonly Step[] {
  const found = { from: 'unregistering', parameters: [caller] };
  const [under, partner] = [variable('token', Token), variable('partner', Item)];
  const isRegistered = registered(self(caller), under);
  const isPartner = (other: Expression) => anyOf(partners(self(caller), other), partners(other, self(caller)));
  return [
    {
      ...found,
      name: 'leave alone',
      words: 'what is to be unregistered is not registered',
      to: 'returning',
      guard: forAll([Token], (any) => not(registered(self(caller), any))),
      effects: [],
      finds: 'not-registered',
    },
    {
      ...found,
      name: 'find no partner',
      words: 'an object without a partner is unregistered',
      parameters: [caller, under],
      to: 'returning',
      guard: allOf(isRegistered, not(exists([Item], isPartner))),
      effects: [put(token, [caller], under), ...leave(under)],
      finds: 'unpaired',
    },
    {
      ...found,
      name: 'find a partner',
      words: 'one of a pair is unregistered',
      parameters: [caller, partner, under],
      to: 'disconnect.producer.stop',
      guard: allOf(isRegistered, isPartner(partner)),
      effects: [put(token, [caller], under), ...pairOf(partner)],
      finds: 'paired',
    },
    {
      ...found,
      name: 'leave',
      words: 'an object that was disconnected is taken out, and its pair forgotten',
      from: 'removing',
      to: 'returning',
      guard: yes,
      effects: [...leave(token(caller)), put(partners, [producer(caller), consumer(caller)], no)],
    },
  ];
}

/** Enter the object under its token. */
export function enter(): readonly Effect[] {
  return [put(registered, [self(caller), token(caller)], yes), put(irqOf, [self(caller)], irq(caller))];
}

function leave(under: Expression): readonly Effect[] {
  return [put(registered, [self(caller), under], no), put(irqOf, [self(caller)], noIrq)];
}

function pairOf(other: Expression): readonly Effect[] {
  const mine = isProducer(self(caller));
  return [
    put(producer, [caller], choose(mine, self(caller), other)),
    put(consumer, [caller], choose(mine, other, self(caller))),
  ];
}

export function unlock(): Step {
  const [registering, own] = [registers(caller), self(caller)];
  const entered = allOf(registering, equal(status(caller), ok));
  return {
    name: 'unlock',
    words: 'an operation lets the lock go and returns',
    parameters: [caller],
    from: 'returning',
    to: 'outside',
    guard: yes,
    effects: [
      put(holdsLock, [caller], no),
      put(state.gave, [own], choose(entered, irq(caller), choose(registering, state.gave(own), noIrq))),
    ],
  };
}
