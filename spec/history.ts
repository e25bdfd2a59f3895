/**
 * A trace, read: one **call** an operation, with what it found and what it did.
 *
 * The rules judge calls. What a call found (who held the token, who was waiting, what had become of the object before)
 * is taken from what the trace itself shows: a registration that returned 0 is registered until its unregistration is
 * called. The model has no part in it, so that rules and model stay two judgements.
 */
import type { Objects } from './model.js';
import type { Profile, Refusal } from './profile.js';
import { Registrations } from './registrations.js';
import type {
  CallbackName,
  EnterEvent,
  Event,
  LogEvent,
  ManagerOperation,
  ObjectId,
  Role,
  Status,
  Token,
  Trace,
} from './vocabulary.js';
import { isManagerOperation, isRegistration, roleOf } from './vocabulary.js';

/** One callback that the manager made. */
export interface Invocation {
  readonly callback: CallbackName;
  readonly object: ObjectId;
  readonly counterpart: ObjectId | undefined;
  readonly irq: number | undefined;
  /** What a fallible callback returned; undefined for others, and while it has not returned. */
  readonly result: Status | undefined;
  /** The index of the enter event. */
  readonly at: number;
  /** For an add: another object to which this object or its counterpart is connected already. */
  readonly takenBy: ObjectId | undefined;
  /** For a del: whether the pair had been added and not yet deleted. */
  readonly wasAdded: boolean;
  /** The token under which the object was registered then, and what had become of it and of its counterpart. */
  readonly token: Token | undefined;
  readonly past: Past;
  readonly counterpartPast: Past;
}

/** What last became of an object or of a token before a call. */
export type Past = 'new' | 'registered' | 'unregistered' | 'refused' | 'failed';

/** One operation as the trace shows it. */
export interface Call {
  /** Its place among the calls, from 0. */
  readonly index: number;
  /** The index of the call event. */
  readonly at: number;
  readonly operation: ManagerOperation;
  readonly registers: boolean;
  readonly role: Role;
  readonly object: ObjectId;
  /** Register: the token asked for. Unregister: the token it is registered under, undefined when it is not. */
  readonly token: Token | undefined;
  /** The token under which the object is registered already. */
  readonly heldToken: Token | undefined;
  /** Register: another object of this side that holds the token. */
  readonly holder: ObjectId | undefined;
  /** The object of the other side that is registered under the token. */
  readonly peer: ObjectId | undefined;
  /** The producer and the consumer concerned, where there is a peer. */
  readonly producer: ObjectId | undefined;
  readonly consumer: ObjectId | undefined;
  /** The interrupt that the producer concerned was registered with. */
  readonly irq: number | undefined;
  /** Register: every reason to refuse that applies, in the profile's order, and whether one of them must be obeyed. */
  readonly reasons: readonly Refusal[];
  readonly mustRefuse: boolean;
  /** Register: no reason had to be obeyed, and the implementation did not use its choice to refuse. */
  readonly goesAhead: boolean;
  /** What had become of the object. */
  readonly past: Past;
  /** What had become of the token on this side, and through which object. */
  readonly tokenPast: Past;
  /** Whether the peer had lost a partner since it was registered, and whether one failed to connect to it. */
  readonly peerWidowed: boolean;
  readonly peerRefused: boolean;
  /** Whether the registration of the object, of the holder, of the peer survived a refused attempt to repeat it. */
  readonly survivedReregistration: boolean;
  readonly holderSurvived: boolean;
  readonly peerSurvived: boolean;
  /** Whether some object failed to connect to this one since it was registered. */
  readonly refusedAPeer: boolean;
  /** How many objects were registered under other tokens, how many had left, and how many had been turned away. */
  readonly bystanders: number;
  readonly departed: number;
  readonly turnedAway: number;

  /** The callbacks made, in order of entering. */
  readonly invocations: readonly Invocation[];
  readonly logs: readonly LogEvent[];
  /** How it ended. `broken`: the trace breaks off or makes no sense inside it. */
  readonly outcome: 'returned' | 'crashed' | 'hung' | 'broken';
  /** What it returned. */
  readonly status: Status | undefined;
  /** What is known of a crash or a hang. */
  readonly detail: string;
  /** Pairs of this object that are still connected, by their callbacks, though they are not registered together. */
  readonly dangling: readonly ObjectId[];
}

/** Something in the order of the events that no run of a manager can show. */
export interface Break {
  readonly at: number;
  readonly text: string;
}

/** A trace, read. */
export interface History {
  readonly calls: readonly Call[];
  readonly objects: Objects;
  readonly profile: Profile;
  readonly broken?: Break;
  /** The index of the event from which on the behaviour is undefined; nothing behind it is read. */
  readonly undefinedFrom?: number;
}

interface OpenInvocation {
  callback: CallbackName;
  object: ObjectId;
  counterpart: ObjectId | undefined;
  irq: number | undefined;
  result: Status | undefined;
  at: number;
  takenBy: ObjectId | undefined;
  wasAdded: boolean;
  token: Token | undefined;
  past: Past;
  counterpartPast: Past;
}

const NOTHING: readonly never[] = [];

/** Read a trace of one lane. Never throws: what cannot be read is `broken`. */
export function readHistory(trace: Trace, profile: Profile, objects: Objects): History {
  return new Reader(trace.events, profile, objects).read();
}

class Reader {
  readonly #state = new Registrations();
  readonly #past = new Map<ObjectId, Past>();
  readonly #tokenPast = { producer: new Map<Token, Past>(), consumer: new Map<Token, Past>() };
  readonly #widowed = new Set<ObjectId>();
  readonly #jilted = new Set<ObjectId>();
  readonly #survivors = new Set<ObjectId>();
  /** Who is connected to whom, by the callbacks of each side that succeeded. */
  readonly #connected = new Map<ObjectId, ObjectId>();
  readonly #calls: Call[] = [];
  #departed = 0;
  #turnedAway = 0;

  constructor(
    readonly events: readonly Event[],
    readonly profile: Profile,
    readonly objects: Objects,
  ) {}

  read(): History {
    const { events, objects, profile } = this;
    const calls = this.#calls;
    let at = 0;
    while (at < events.length) {
      const event = events[at];
      if (event === undefined) break;
      if (event.type === 'log' && event.level === 'info') {
        at++;
        continue;
      }
      if (event.type !== 'call') {
        return { calls, objects, profile, broken: { at, text: outside(event) } };
      }
      if (!isManagerOperation(event) || this.#isUndefined(event)) {
        return { calls, objects, profile, undefinedFrom: at };
      }
      const end = this.#readCall(event, at);
      if (typeof end !== 'number') return { calls, objects, profile, ...end };
      at = end;
    }
    return { calls, objects, profile };
  }

  #isUndefined(operation: ManagerOperation): boolean {
    const { undefined: free } = this.profile;
    const registered = this.#state.tokenOf(operation.object) !== undefined;
    if (!isRegistration(operation)) return !registered && free['unregister-unregistered'] !== undefined;
    if (registered) return free['register-registered'] !== undefined;
    return free['missing-callback'] !== undefined && this.#lacksMandatory(operation.object);
  }

  #lacksMandatory(object: ObjectId): boolean {
    for (const callback of this.profile.mandatory[roleOf(object)]) {
      if (!hasCallback(this.objects, object, callback)) return true;
    }
    return false;
  }

  /** Read one call from its event on. Returns the index behind it, or why reading ends here. */
  #readCall(operation: ManagerOperation, at: number): number | Pick<History, 'broken' | 'undefinedFrom'> {
    const { events } = this;
    const invocations: OpenInvocation[] = [];
    let logs: LogEvent[] | undefined;
    let open: OpenInvocation | undefined;
    let broken: Break | undefined;
    let status: Status | undefined;
    let detail = '';
    let outcome: Call['outcome'] = 'broken';
    let next = at + 1;

    reading: for (; ; next++) {
      const event = events[next];
      if (event === undefined) {
        broken = { at: next, text: 'the trace ends inside an operation' };
        break;
      }
      switch (event.type) {
        case 'log':
          logs ??= [];
          logs.push(event);
          continue;
        case 'enter':
          if (open !== undefined) {
            broken = { at: next, text: `${name(event)} is entered inside ${name(open)}` };
            break reading;
          }
          open = this.#enter(event, next);
          invocations.push(open);
          continue;
        case 'leave':
          if (open === undefined || open.callback !== event.callback || open.object !== event.object) {
            broken = { at: next, text: `${name(event)} returns, which was not entered` };
            break reading;
          }
          if (isAdd(event.callback) && this.profile.fallible && event.result === undefined) {
            broken = { at: next, text: `${name(event)} returns no status` };
            break reading;
          }
          open.result = event.result;
          this.#left(open);
          open = undefined;
          continue;
        case 'return':
          if (open !== undefined) {
            broken = { at: next, text: `the operation returns inside ${name(open)}` };
            break reading;
          }
          if ((event.status !== undefined) !== isRegistration(operation)) {
            broken = { at: next, text: `${operation.operation} returns ${event.status ?? 'no status'}` };
            break reading;
          }
          status = event.status;
          outcome = 'returned';
          break reading;
        case 'crash':
        case 'hang':
          outcome = event.type === 'crash' ? 'crashed' : 'hung';
          detail = event.detail;
          break reading;
        case 'call':
          if (open !== undefined) return { undefinedFrom: at };
          broken = { at: next, text: `${event.operation} is called inside ${operation.operation}` };
          break reading;
      }
    }

    this.#calls.push(this.#complete(operation, at, invocations, logs ?? NOTHING, outcome, status, detail));
    if (broken !== undefined) return { broken };
    if (outcome !== 'returned' && next + 1 < events.length) {
      return { broken: { at: next + 1, text: 'the trace goes on after the implementation ended' } };
    }
    return next + 1;
  }

  #enter(event: EnterEvent, at: number): OpenInvocation {
    const { callback, object, counterpart } = event;
    const mine = this.#connected.get(object);
    let takenBy: ObjectId | undefined;
    if (isAdd(callback) && counterpart !== undefined) {
      const theirs = this.#connected.get(counterpart);
      if (mine !== undefined && mine !== counterpart) takenBy = mine;
      else if (theirs !== undefined && theirs !== object) takenBy = theirs;
      else if (mine !== undefined) takenBy = mine;
    }
    return {
      callback,
      object,
      counterpart,
      irq: event.irq,
      result: undefined,
      at,
      takenBy,
      wasAdded: counterpart !== undefined && mine === counterpart,
      token: this.#state.tokenOf(object),
      past: this.#past.get(object) ?? 'new',
      counterpartPast: counterpart === undefined ? 'new' : (this.#past.get(counterpart) ?? 'new'),
    };
  }

  #left(invocation: OpenInvocation): void {
    const { callback, object, counterpart, result } = invocation;
    if (counterpart === undefined) return;
    const succeeded = isAdd(callback) && (result === 0 || !this.profile.fallible);
    // An object without a del is never told that a pair has ended, so its adds say nothing about how long it lasts.
    if (succeeded && this.#canDelete(object)) this.#connected.set(object, counterpart);
    else if (isDel(callback) && this.#connected.get(object) === counterpart) this.#connected.delete(object);
  }

  /** Put a call together: first what it found, then what it changed. */
  #complete(
    operation: ManagerOperation,
    at: number,
    invocations: readonly Invocation[],
    logs: readonly LogEvent[],
    outcome: Call['outcome'],
    status: Status | undefined,
    detail: string,
  ): Call {
    const state = this.#state;
    const { object } = operation;
    const role = roleOf(object);
    const registers = isRegistration(operation);
    const heldToken = state.tokenOf(object);
    const token = isRegistration(operation) ? operation.token : heldToken;
    const other = token === undefined ? undefined : state.holder(object, token);
    const holder = other === object ? undefined : other;
    const peer = token === undefined ? undefined : state.peer(object, token);
    const producer = role === 'producer' ? object : peer;
    const consumer = role === 'producer' ? peer : object;
    const irq =
      operation.operation === 'registerProducer'
        ? operation.irq
        : producer === undefined
          ? undefined
          : state.irqOf(producer);

    let reasons: Refusal[] | undefined;
    let mustRefuse = false;
    if (isRegistration(operation)) {
      for (const { refusal, optional } of this.profile.refusals) {
        if (!this.#applies(refusal, operation, heldToken !== undefined, holder !== undefined)) continue;
        reasons ??= [];
        reasons.push(refusal);
        mustRefuse ||= optional !== true;
      }
    }
    const refusedByChoice =
      reasons !== undefined && outcome === 'returned' && invocations.length === 0 && this.#mayRefuse(reasons, status);
    const past = this.#past.get(object) ?? 'new';
    const tokenPasts = this.#tokenPast[role];
    const tokenPast = token === undefined ? 'new' : (tokenPasts.get(token) ?? 'new');
    const peerWidowed = peer !== undefined && this.#widowed.has(peer);
    const peerRefused = peer !== undefined && this.#jilted.has(peer);
    const survivedReregistration = this.#survivors.has(object);
    const holderSurvived = holder !== undefined && this.#survivors.has(holder);
    const peerSurvived = peer !== undefined && this.#survivors.has(peer);
    const refusedAPeer = this.#jilted.has(object);
    const under = token === undefined ? 0 : state.countUnder(token);
    const bystanders = state.size - under - (heldToken !== undefined && heldToken !== token ? 1 : 0);
    const departed = this.#departed - (past === 'unregistered' ? 1 : 0);
    const turnedAway = this.#turnedAway - (past === 'refused' || past === 'failed' ? 1 : 0);

    if (isRegistration(operation)) {
      const tried = invocations.length > 0;
      if (status === 0) {
        state.register(object, operation.token, irq);
        this.#become(object, 'registered');
        tokenPasts.set(operation.token, 'registered');
        this.#widowed.delete(object);
        this.#jilted.delete(object);
        this.#survivors.delete(object);
      } else if (heldToken !== undefined) {
        this.#survivors.add(object);
      } else if (status !== undefined) {
        this.#become(object, tried ? 'failed' : 'refused');
        if (tried && holder === undefined) tokenPasts.set(operation.token, 'failed');
        if (tried && peer !== undefined) this.#jilted.add(peer);
      }
    } else if (heldToken !== undefined) {
      state.unregister(object);
      this.#survivors.delete(object);
      this.#become(object, 'unregistered');
      tokenPasts.set(heldToken, 'unregistered');
      if (peer !== undefined) this.#widowed.add(peer);
    }

    return {
      index: this.#calls.length,
      at,
      operation,
      registers,
      role,
      object,
      token,
      heldToken,
      holder,
      peer,
      producer,
      consumer,
      irq,
      reasons: reasons ?? NOTHING,
      mustRefuse,
      goesAhead: registers && !mustRefuse && !refusedByChoice,
      past,
      tokenPast,
      peerWidowed,
      peerRefused,
      survivedReregistration,
      holderSurvived,
      peerSurvived,
      refusedAPeer,
      bystanders,
      departed,
      turnedAway,
      invocations,
      logs,
      outcome,
      status,
      detail,
      dangling: outcome === 'returned' ? this.#dangling(object, peer) : NOTHING,
    };
  }

  /** Whether a status is one with which one of the reasons refuses. */
  #mayRefuse(reasons: readonly Refusal[], status: Status | undefined): boolean {
    if (status === undefined) return false;
    return this.profile.refusals.some((choice) => reasons.includes(choice.refusal) && choice.statuses.includes(status));
  }

  #become(object: ObjectId, past: Past): void {
    const before = this.#past.get(object);
    if (before === 'unregistered') this.#departed--;
    else if (before === 'refused' || before === 'failed') this.#turnedAway--;
    if (past === 'unregistered') this.#departed++;
    else if (past === 'refused' || past === 'failed') this.#turnedAway++;
    this.#past.set(object, past);
  }

  #applies(
    refusal: Refusal,
    operation: Extract<ManagerOperation, { token: Token }>,
    registered: boolean,
    held: boolean,
  ): boolean {
    switch (refusal) {
      case 'registered':
        return registered;
      case 'null-token':
        return operation.token === null;
      case 'missing-callback':
        return this.#lacksMandatory(operation.object);
      case 'duplicate-token':
        return held;
      case 'no-memory':
        return operation.memory === 'none';
    }
  }

  #dangling(object: ObjectId, peer: ObjectId | undefined): readonly ObjectId[] {
    let found: ObjectId[] | undefined;
    for (const one of peer === undefined ? [object] : [object, peer]) {
      const other = this.#connected.get(one);
      if (other === undefined) continue;
      const token = this.#state.tokenOf(one);
      if (token !== undefined && this.#state.tokenOf(other) === token) continue;
      found ??= [];
      found.push(one);
    }
    return found ?? NOTHING;
  }

  #canDelete(object: ObjectId): boolean {
    return hasCallback(this.objects, object, roleOf(object) === 'producer' ? 'delConsumer' : 'delProducer');
  }
}

/** Whether an object has a callback. */
export function hasCallback(objects: Objects, object: ObjectId, callback: CallbackName): boolean {
  const callbacks: readonly CallbackName[] | undefined = objects.get(object)?.callbacks;
  return callbacks?.includes(callback) ?? false;
}

/** Whether a callback connects. */
export function isAdd(callback: CallbackName): boolean {
  return callback === 'addConsumer' || callback === 'addProducer';
}

/** Whether a callback disconnects. */
export function isDel(callback: CallbackName): boolean {
  return callback === 'delConsumer' || callback === 'delProducer';
}

function name(event: { readonly callback: CallbackName; readonly object: ObjectId }): string {
  return `${event.object}.${event.callback}`;
}

function outside(event: Event): string {
  switch (event.type) {
    case 'enter':
      return `${name(event)} is entered outside any operation`;
    case 'leave':
      return `${name(event)} returns outside any operation`;
    case 'crash':
    case 'hang':
      return `a ${event.type} outside any operation: ${event.detail}`;
    case 'log':
      return `a ${event.level} is logged outside any operation: ${event.text}`;
    case 'return':
    case 'call':
      return 'an operation returns that was not called';
  }
}
