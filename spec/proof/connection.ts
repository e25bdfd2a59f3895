/**
 * The steps of connecting and disconnecting: at each callback's point, it is made, or it fails, or the object lacks it and
 * it is passed by.
 *
 *     stop ── stop ── addConsumer ── addProducer ──────────────── start ── start ── enter
 *                          \               \ fails                 /
 *                           \ fails         └── delConsumer ──────┤
 *                            └────────────────────────────────────┘         \── give up
 */
import { passesCounterpart, returnsStatus, showsIrq } from '../callbacks.js';
import type { Profile } from '../profile.js';
import { enter } from './deciding.js';
import { allOf, choose, type Expression, equal, no, not, variable, yes } from './expression.js';
import type { Row } from './sequence.js';
import * as state from './state.js';
import { ok, Status } from './state.js';
import { caller, type Effect, put, type Step } from './step.js';

const ROLL_BACK = 'connect.producer.delConsumer';
const ON_FAILURE: Readonly<Record<string, string>> = {
  addConsumer: 'connect.consumer.start',
  addProducer: ROLL_BACK,
};

/** The steps of connecting and disconnecting. What a profile makes mandatory is never lacking. */
export function connectionSteps({ mandatory }: Profile): readonly Step[] {
  const canLack = ({ role, callback }: Row) => !mandatory[role].includes(callback);
  const { connecting, disconnecting } = state;
  // Whoever connects without a failure passes the roll-back by.
  const straight = connecting.filter(({ point }) => point !== ROLL_BACK);
  const after = (rows: readonly Row[], point: string, end: string) => {
    const index = rows.findIndex((row) => row.point === point);
    return rows[index + 1]?.point ?? end;
  };
  return [
    ...connecting.flatMap((row) => {
      const rows = row.point === ROLL_BACK ? connecting : straight;
      return stepsAt(row, after(rows, row.point, 'entering'), canLack(row), ON_FAILURE[row.callback]);
    }),
    {
      name: 'enter connected',
      words: 'an object that was connected is entered, and its pair remembered',
      parameters: [caller],
      from: 'entering',
      to: 'returning',
      guard: equal(state.status(caller), ok),
      effects: [...enter(), put(state.partners, [state.producer(caller), state.consumer(caller)], yes)],
    },
    {
      name: 'give up',
      words: 'an object that could not be connected is not entered',
      parameters: [caller],
      from: 'entering',
      to: 'returning',
      guard: not(equal(state.status(caller), ok)),
      effects: [],
    },
    ...disconnecting.flatMap((row) => stepsAt(row, after(disconnecting, row.point, 'removing'), canLack(row))),
  ];
}

/** What may happen at a callback's point. */
function stepsAt(row: Row, to: string, canLack: boolean, onFailure?: string): readonly Step[] {
  const { point, callback } = row;
  const [object, other] = state.objectsAt(row, caller);
  const name = state.callback(callback);
  const isThere = state.has(object, name);
  const passed = passesCounterpart(callback) ? { counterpart: other } : {};
  const shown = showsIrq(callback) ? { irq: irqShown() } : {};
  const call = { callback: name, object, ...passed, ...shown };
  const made = put(state.called, [caller, name, object], yes);
  const what = `while ${point.startsWith('connect') ? 'connecting' : 'disconnecting'}, the ${row.role}'s ${callback}`;
  const common = { from: point, parameters: [caller] };
  const found: Step[] = [
    {
      ...common,
      name: point,
      words: `${what} is called`,
      to,
      guard: isThere,
      effects: [made, seen(callback, object, other)],
      call,
    },
  ];
  if (canLack) {
    found.push({
      ...common,
      name: `${point} is lacking`,
      words: `${what} does not exist and is passed by`,
      to,
      guard: not(isThere),
      effects: [],
    });
  }
  if (returnsStatus(callback) && onFailure !== undefined) {
    const given = variable('status', Status);
    found.push({
      ...common,
      name: `${point} fails`,
      words: `${what} is called and fails`,
      parameters: [caller, given],
      to: onFailure,
      guard: allOf(isThere, not(equal(given, ok))),
      effects: [
        made,
        put(state.failed, [caller, name], yes),
        put(state.answer, [caller], given),
        put(state.status, [caller], given),
      ],
      call: { ...call, fails: true },
    });
  }
  return found;
}

/** What a callback leaves behind with its object, as far as there is a counterpart of it to undo that. */
function seen(callback: Row['callback'], object: Expression, other: Expression): Effect {
  switch (callback) {
    case 'stop':
      return put(state.stopped, [object], state.counts(object));
    case 'start':
      return put(state.stopped, [object], no);
    case 'addConsumer':
    case 'addProducer':
      return put(state.told, [object, other], state.learns(object));
    case 'delConsumer':
    case 'delProducer':
      return put(state.told, [object, other], no);
  }
}

/** The newcomer's, which is not entered yet, or that of the producer that waits. */
function irqShown(): Expression {
  const { producer, self, irq, irqOf } = state;
  return choose(equal(producer(caller), self(caller)), irq(caller), irqOf(producer(caller)));
}
