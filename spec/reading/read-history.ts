/** The reader of traces. It goes event by event, and keeps account of who is registered and of what became of whom. */

import { isAdd, isDel } from '../callbacks.js';
import type { Objects } from '../model.js';
import type { Profile, Refusal } from '../profile.js';
import type {
  CallbackName,
  EnterEvent,
  Event,
  LogEvent,
  ManagerOperation,
  ObjectId,
  Status,
  Token,
  Trace,
} from '../vocabulary.js';
import { isManagerOperation, isRegistration, roleOf } from '../vocabulary.js';
import type { Break, Call, History, Invocation, Past } from './history.js';
import { hasCallback } from './history.js';
import { Registrations } from './registrations.js';

/** A callback that has not returned yet: what it returns is still to be filled in. */
type OpenInvocation = { -readonly [Member in keyof Invocation]: Invocation[Member] };

const NOTHING: readonly never[] = [];

/** Read a trace of one lane. Never throws: what cannot be read is `broken`. */
export function readHistory(trace: Trace, profile: Profile, objects: Objects): History {
  return new Reader(trace.events, profile, objects).read();
}

class Reader {
  readonly #state = new Registrations();
  /** For each object, and for each token of either side, what became of it last. */
  readonly #past = new Map<ObjectId, Past>();
  readonly #tokenPast = { producer: new Map<Token, Past>(), consumer: new Map<Token, Past>() };
  /** The registered objects whose partner has left. */
  readonly #lostPartner = new Set<ObjectId>();
  /** The registered objects to which some other object failed to connect. */
  readonly #sawFailedConnect = new Set<ObjectId>();
  /** The registered objects that tried to register again and were refused. */
  readonly #survivors = new Set<ObjectId>();
  /** For each object, the other one to which its own callbacks have connected it. */
  readonly #connected = new Map<ObjectId, ObjectId>();
  readonly #calls: Call[] = [];
  /** The number of objects that were unregistered last, and of those whose last registration was refused or failed. */
  #unregisteredCount = 0;
  #rejectedCount = 0;

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
      if ((event.type === 'log' && event.level === 'info') || event.type === 'gave-up') {
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

  /** Read one call from its event on. Returns the index behind the call, or the reason why reading ends there. */
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
    const peerLostPartner = peer !== undefined && this.#lostPartner.has(peer);
    const peerSawFailedConnect = peer !== undefined && this.#sawFailedConnect.has(peer);
    const survivedReregistration = this.#survivors.has(object);
    const holderSurvived = holder !== undefined && this.#survivors.has(holder);
    const peerSurvived = peer !== undefined && this.#survivors.has(peer);
    const sawFailedConnect = this.#sawFailedConnect.has(object);
    const under = token === undefined ? 0 : state.countUnder(token);
    const bystanders = state.size - under - (heldToken !== undefined && heldToken !== token ? 1 : 0);
    const othersUnregistered = this.#unregisteredCount - (past === 'unregistered' ? 1 : 0);
    const othersRejected = this.#rejectedCount - (past === 'refused' || past === 'failed' ? 1 : 0);

    if (isRegistration(operation)) {
      const tried = invocations.length > 0;
      if (status === 0) {
        state.register(object, operation.token, irq);
        this.#become(object, 'registered');
        tokenPasts.set(operation.token, 'registered');
        this.#lostPartner.delete(object);
        this.#sawFailedConnect.delete(object);
        this.#survivors.delete(object);
      } else if (heldToken !== undefined) {
        this.#survivors.add(object);
      } else if (status !== undefined) {
        this.#become(object, tried ? 'failed' : 'refused');
        if (tried && holder === undefined) tokenPasts.set(operation.token, 'failed');
        if (tried && peer !== undefined) this.#sawFailedConnect.add(peer);
      }
    } else if (heldToken !== undefined) {
      state.unregister(object);
      this.#survivors.delete(object);
      this.#become(object, 'unregistered');
      tokenPasts.set(heldToken, 'unregistered');
      if (peer !== undefined) this.#lostPartner.add(peer);
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
      peerLostPartner,
      peerSawFailedConnect,
      survivedReregistration,
      holderSurvived,
      peerSurvived,
      sawFailedConnect,
      bystanders,
      othersUnregistered,
      othersRejected,
      invocations,
      logs,
      outcome,
      status,
      detail,
      dangling: outcome === 'returned' ? this.#dangling(object, peer) : NOTHING,
    };
  }

  /** True for a status with which one of the reasons refuses. */
  #mayRefuse(reasons: readonly Refusal[], status: Status | undefined): boolean {
    if (status === undefined) return false;
    return this.profile.refusals.some((choice) => reasons.includes(choice.refusal) && choice.statuses.includes(status));
  }

  #become(object: ObjectId, past: Past): void {
    const before = this.#past.get(object);
    if (before === 'unregistered') this.#unregisteredCount--;
    else if (before === 'refused' || before === 'failed') this.#rejectedCount--;
    if (past === 'unregistered') this.#unregisteredCount++;
    else if (past === 'refused' || past === 'failed') this.#rejectedCount++;
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
    case 'gave-up':
      return 'an operation returns that was not called';
  }
}
