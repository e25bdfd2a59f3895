/**
 * The transition system made wrong, one mistake at a time, each with the rule that z3 must refute. Without these, a proof
 * could as well mean that nothing was asked. They are what kernels did, or what a port may do.
 */
import {
  allOf,
  choose,
  type Expression,
  equal,
  exists,
  named,
  no,
  not,
  type Table,
  variable,
  yes,
} from '../../spec/proof/expression.js';
import * as state from '../../spec/proof/state.js';
import {
  consumer,
  Item,
  isProducer,
  partners,
  producer,
  registered,
  self,
  Token,
  token,
} from '../../spec/proof/state.js';
import { caller, type Effect, put, type Step } from '../../spec/proof/step.js';

/** One mistake. */
export interface Broken {
  readonly what: string;
  /** A rule that it breaks: one of whose obligations must have a counterexample. */
  readonly rule: string;
  readonly steps: (steps: readonly Step[]) => readonly Step[];
}

type Change = (step: Step) => Partial<Step>;

/** Change the steps of these names. @throws Error when there is no such step */
function change(names: string | readonly string[], by: Change): Broken['steps'] {
  const wanted = typeof names === 'string' ? [names] : names;
  return (steps) => {
    for (const name of wanted) {
      if (!steps.some((step) => step.name === name)) throw new Error(`the mistake does not fit: no step is ${name}`);
    }
    return steps.map((step) => (wanted.includes(step.name) ? { ...step, ...by(step) } : step));
  };
}

const inTurn =
  (...changes: readonly Broken['steps'][]): Broken['steps'] =>
  (steps) =>
    changes.reduce((changed, one) => one(changed), steps);

const without = (name: string): Broken['steps'] => {
  return (steps) => {
    const left = steps.filter((step) => step.name !== name);
    if (left.length === steps.length) throw new Error(`the mistake does not fit: no step is ${name}`);
    return left;
  };
};

const more =
  (step: Step): Broken['steps'] =>
  (steps) => [...steps, step];

const unwritten =
  (table: Table): Change =>
  ({ effects }) => ({ effects: effects.filter((effect) => effect.table !== table) });

const alsoWritten =
  (...added: readonly Effect[]): Change =>
  ({ effects }) => ({ effects: [...effects, ...added] });

const leadsTo =
  (to: string): Change =>
  () => ({ to });

const [mySelf, myToken, myProducer, myConsumer] = [self, token, producer, consumer].map((table) => table(caller)) as [
  Expression,
  Expression,
  Expression,
  Expression,
];
const locks = ['lock to register', 'lock to unregister'];
const isRegistered = exists([Token], (under) => registered(mySelf, under));
const waits = exists([Item], (other) => allOf(state.opposite(mySelf, other), registered(other, myToken)));
const EBUSY = state.statuses[-16];
const ENOMEM = state.statuses[-12];
/** The guard of going ahead, with the reasons that a broken manager looks at. */
const goesAheadUnless = (...reasons: readonly Expression[]) => allOf(...reasons.map(not));
const isIncomplete = not(
  choose(
    isProducer(mySelf),
    yes,
    allOf(state.has(mySelf, state.callback('addProducer')), state.has(mySelf, state.callback('delProducer'))),
  ),
);
const isTaken = exists([Item], (other) =>
  allOf(not(equal(other, mySelf)), not(state.opposite(mySelf, other)), registered(other, myToken)),
);
const starved = state.starved(caller);
const peer = variable('peer', Item);
const other = variable('other', Item);
const someToken = variable('otherToken', Token);
const someCaller = variable('otherCaller', state.Caller);
const pairWithPeer = [
  put(producer, [caller], choose(isProducer(mySelf), mySelf, peer)),
  put(consumer, [caller], choose(isProducer(mySelf), peer, mySelf)),
];

const takesOutAnother: Change = (step) => ({
  parameters: [...step.parameters, other, someToken],
  effects: [...step.effects, put(registered, [other, someToken], no)],
});

/** Go ahead although there is a reason not to. */
function goAhead(...reasons: readonly Expression[]): Broken['steps'] {
  return inTurn(
    change('enter alone', () => ({ guard: allOf(goesAheadUnless(...reasons), not(waits)) })),
    change('find a peer', ({ parameters }) => {
      const [, found = peer] = parameters;
      return {
        guard: allOf(goesAheadUnless(...reasons), state.opposite(mySelf, found), registered(found, myToken)),
      };
    }),
  );
}

/** The mistakes. */
export const broken: readonly Broken[] = [
  { what: 'takes no lock', rule: 'CALL-8', steps: change(locks, () => ({ guard: yes })) },
  {
    what: 'lets the lock go while it connects',
    rule: 'CALL-8',
    steps: change('connect.producer.stop', alsoWritten(put(state.holdsLock, [caller], no))),
  },
  { what: 'never lets the lock go', rule: 'LIFE-8', steps: change('unlock', unwritten(state.holdsLock)) },
  { what: 'waits for ever for what is not registered', rule: 'LIFE-8', steps: without('leave alone') },
  {
    what: 'begins to connect anew after a failure',
    rule: 'LIFE-8',
    steps: change('connect.producer.addConsumer fails', leadsTo('connect.producer.stop')),
  },
  { what: 'takes a token that is held', rule: 'TOKEN-1', steps: goAhead(isRegistered, isIncomplete, starved) },
  {
    what: 'takes a token of the other side for taken',
    rule: 'TOKEN-2',
    steps: change('refuse: duplicate-token', ({ parameters }) => ({
      guard: allOf(waits, equal(parameters[1] ?? caller, EBUSY)),
    })),
  },
  {
    what: 'refuses a null token with another status',
    rule: 'TOKEN-3',
    steps: change('refuse: null-token', ({ parameters }) => ({
      guard: allOf(equal(myToken, state.nullToken), equal(parameters[1] ?? caller, EBUSY)),
    })),
  },
  {
    what: 'registers what is registered, under another token',
    rule: 'TOKEN-6',
    steps: goAhead(isIncomplete, isTaken, starved),
  },
  {
    what: 'takes the registration of what is registered again',
    rule: 'TOKEN-7',
    steps: change('refuse: registered', (step) => ({
      parameters: [...step.parameters, someToken],
      guard: allOf(step.guard, registered(mySelf, someToken)),
      effects: [...step.effects, put(registered, [mySelf, someToken], no)],
    })),
  },
  {
    what: 'says of a duplicate that there is no memory',
    rule: 'TOKEN-9',
    steps: change('refuse: duplicate-token', ({ parameters }) => ({
      guard: allOf(isTaken, equal(parameters[1] ?? caller, ENOMEM)),
    })),
  },
  {
    what: 'finds a peer under any token',
    rule: 'ISO-1',
    steps: change('find a peer', (step) => {
      const [, found = peer] = step.parameters;
      return {
        parameters: [...step.parameters, someToken],
        guard: allOf(
          goesAheadUnless(isRegistered, isIncomplete, isTaken, starved),
          state.opposite(mySelf, found),
          registered(found, someToken),
        ),
      };
    }),
  },
  {
    what: 'does not look for a peer when a consumer registers',
    rule: 'PAIR-1',
    steps: change('enter alone', () => ({
      guard: allOf(
        goesAheadUnless(isRegistered, isIncomplete, isTaken, starved),
        not(allOf(waits, isProducer(mySelf))),
      ),
    })),
  },
  {
    what: 'does not remember the pair',
    rule: 'PAIR-1',
    steps: change('enter connected', unwritten(partners)),
  },
  {
    what: 'remembers a partner that left',
    rule: 'PAIR-4',
    steps: change('leave', unwritten(partners)),
  },
  {
    what: 'does not disconnect when one of a pair leaves',
    rule: 'PAIR-4',
    steps: change('find no partner', ({ parameters }) => ({ guard: registered(mySelf, parameters[1] ?? someToken) })),
  },
  {
    what: 'takes out the partner as well',
    rule: 'PAIR-5',
    steps: change(
      'leave',
      alsoWritten(put(registered, [choose(isProducer(mySelf), myConsumer, myProducer), myToken], no)),
    ),
  },
  {
    what: 'stops and starts what has no partner',
    rule: 'PAIR-6',
    steps: change(
      'find no partner',
      alsoWritten(
        put(state.called, [caller, state.callback('stop'), mySelf], state.has(mySelf, state.callback('stop'))),
      ),
    ),
  },
  {
    what: 'stops the consumer first',
    rule: 'CALL-1',
    steps: inTurn(
      change('find a peer', leadsTo('connect.consumer.stop')),
      change(['connect.consumer.stop', 'connect.consumer.stop is lacking'], leadsTo('connect.producer.stop')),
      change(['connect.producer.stop', 'connect.producer.stop is lacking'], leadsTo('connect.producer.addConsumer')),
    ),
  },
  {
    what: 'deletes after it connected, as Linux 5.9 did',
    rule: 'CALL-1',
    steps: change('connect.consumer.addProducer', leadsTo('connect.producer.delConsumer')),
  },
  {
    what: 'forgets delConsumer',
    rule: 'CALL-2',
    steps: change('disconnect.consumer.delProducer', leadsTo('disconnect.consumer.start')),
  },
  {
    what: 'unregisters by token, as Linux 4.7 did: what was refused takes away the pair of another',
    rule: 'CALL-3',
    steps: more({
      name: 'find another by token',
      words: 'what is not registered is unregistered, and the pair of another is found',
      parameters: [caller, other, peer, someToken],
      from: 'unregistering',
      to: 'disconnect.producer.stop',
      guard: allOf(not(isRegistered), registered(other, someToken), partners(other, peer)),
      effects: [put(token, [caller], someToken), put(producer, [caller], other), put(consumer, [caller], peer)],
    }),
  },
  {
    what: 'calls what an object lacks',
    rule: 'CALL-4',
    steps: change('disconnect.producer.delConsumer', () => ({ guard: yes })),
  },
  {
    what: 'passes another consumer',
    rule: 'CALL-5',
    steps: change('connect.producer.addConsumer', (step) => ({
      parameters: [caller, other],
      guard: allOf(step.guard, not(isProducer(other))),
      ...(step.call === undefined ? {} : { call: { ...step.call, counterpart: other } }),
    })),
  },
  {
    what: 'shows the interrupt before it is known',
    rule: 'CALL-6',
    steps: change('connect.consumer.addProducer', ({ call }) =>
      call === undefined ? {} : { call: { ...call, irq: state.irqOf(myProducer) } },
    ),
  },
  {
    what: 'accepts a consumer without its mandatory callbacks',
    rule: 'CALL-7',
    steps: goAhead(isRegistered, isTaken, starved),
  },
  {
    what: 'goes on after addConsumer failed',
    rule: 'FAIL-1',
    steps: change('connect.producer.addConsumer fails', leadsTo('connect.consumer.addProducer')),
  },
  {
    what: 'does not roll back',
    rule: 'FAIL-2',
    steps: change('connect.consumer.addProducer fails', leadsTo('connect.consumer.start')),
  },
  {
    what: 'returns a status of its own for a failure',
    rule: 'FAIL-3',
    steps: change('give up', alsoWritten(put(state.status, [caller], ENOMEM))),
  },
  {
    what: 'enters what failed to connect',
    rule: 'FAIL-4',
    steps: change('give up', alsoWritten(put(registered, [mySelf, myToken], yes))),
  },
  {
    what: 'takes out the peer of what failed to connect',
    rule: 'FAIL-5',
    steps: change(
      'give up',
      alsoWritten(put(registered, [choose(isProducer(mySelf), myConsumer, myProducer), myToken], no)),
    ),
  },
  {
    what: 'connects before it asks for memory',
    rule: 'FAIL-7',
    steps: goAhead(isRegistered, isIncomplete, isTaken),
  },
  {
    what: 'leaves start out after a failure, as Linux 5.9 did',
    rule: 'BAL-1',
    steps: change('connect.producer.addConsumer fails', leadsTo('entering')),
  },
  {
    what: 'deletes what was not added',
    rule: 'BAL-2',
    steps: change('connect.producer.addConsumer fails', leadsTo('connect.producer.delConsumer')),
  },
  {
    what: 'calls back for what is not registered',
    rule: 'LIFE-1',
    steps: change(
      'leave alone',
      alsoWritten(
        put(state.called, [caller, state.callback('stop'), mySelf], state.has(mySelf, state.callback('stop'))),
      ),
    ),
  },
  {
    what: 'connects to what has left',
    rule: 'LIFE-5',
    steps: more({
      name: 'find one that left',
      words: 'an object finds a peer that is not registered any more',
      parameters: [caller, peer],
      from: 'registering',
      to: 'connect.producer.stop',
      guard: allOf(
        goesAheadUnless(isRegistered, isIncomplete, isTaken, starved),
        state.opposite(mySelf, peer),
        not(exists([Token], (under) => registered(peer, under))),
      ),
      effects: pairWithPeer,
    }),
  },
  {
    what: 'keeps what leaves',
    rule: 'LIFE-7',
    steps: change('find no partner', unwritten(registered)),
  },
  {
    what: 'remembers another partner as well',
    rule: 'PAIR-3',
    steps: change('enter connected', (step) => ({
      parameters: [caller, other, peer],
      effects: [...step.effects, put(partners, [myProducer, other], yes), put(partners, [peer, myConsumer], yes)],
    })),
  },
  {
    what: 'takes out somebody else as it enters an object',
    rule: 'PAIR-2',
    steps: change('enter alone', takesOutAnother),
  },
  {
    what: 'takes out somebody else as it takes out an object',
    rule: 'ISO-1',
    steps: change('find no partner', takesOutAnother),
  },
  {
    what: 'stops what it refuses',
    rule: 'TOKEN-1',
    steps: change(
      'refuse: duplicate-token',
      alsoWritten(
        put(state.called, [caller, state.callback('stop'), mySelf], state.has(mySelf, state.callback('stop'))),
      ),
    ),
  },
  {
    what: 'returns 0 for a failure',
    rule: 'FAIL-3',
    steps: change('give up', alsoWritten(put(state.status, [caller], state.ok))),
  },
  {
    what: 'deletes the consumer before the producer',
    rule: 'CALL-2',
    steps: inTurn(
      change(
        ['disconnect.consumer.stop', 'disconnect.consumer.stop is lacking'],
        leadsTo('disconnect.producer.delConsumer'),
      ),
      change(
        ['disconnect.producer.delConsumer', 'disconnect.producer.delConsumer is lacking'],
        leadsTo('disconnect.consumer.delProducer'),
      ),
      change('disconnect.consumer.delProducer', leadsTo('disconnect.consumer.start')),
    ),
  },
  {
    what: 'starts what it did not stop',
    rule: 'BAL-1',
    steps: change('find a partner', leadsTo('disconnect.consumer.stop')),
  },
  {
    what: 'sends another caller out of its operation',
    rule: 'LIFE-8',
    steps: change('lock to register', (step) => ({
      parameters: [...step.parameters, someCaller],
      guard: state.inside(someCaller),
      effects: [...step.effects, put(state.at, [someCaller], named(state.Point, 'outside'))],
    })),
  },
];
