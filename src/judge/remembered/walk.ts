/**
 * Goes through a trace of one lane call by call, and finds the kind of each: all that rules and model can tell one call
 * from another by.
 *
 * It keeps account of who is registered, and of what became of whom, as `spec/reading/read-history.ts` does. But it goes no
 * farther than the ordinary: what no call that conforms does, such as a callback on a third object or a crash, is left to
 * those who judge afresh.
 */
import { callbackTable } from '../../../spec/callbacks.js';
import type { Profile } from '../../../spec/profile.js';
import type {
  CallbackName,
  EnterEvent,
  Event,
  LeaveEvent,
  ObjectId,
  ReturnEvent,
  Status,
  Token,
  Trace,
} from '../../../spec/vocabulary.js';
import { isManagerOperation, isRegistration } from '../../../spec/vocabulary.js';
import { Found } from './found.js';
import type { Kind, Kinds } from './kinds.js';
import { HAS, Known, PAST, Place } from './known.js';
import { type About, entered, finds, left, logged, meaning, past, returned } from './record.js';

/** A way through a trace. */
export interface Way {
  /** The kind of each call, in order, and its past. */
  readonly kinds: readonly Kind[];
  readonly pasts: readonly number[];
  /** Whether a registration under the null token was accepted. */
  readonly nullAccepted: boolean;
  readonly hasCallbacks: boolean;
}

/** Walks through traces under one profile. */
export class Walker {
  readonly #statuses: readonly Status[];

  constructor(
    readonly profile: Profile,
    readonly kinds: Kinds,
  ) {
    this.#statuses = meaning(profile);
  }

  /** Find the way through a trace; undefined where it leads out of the ordinary, or there is no room for it. */
  walk({ objects, events }: Trace): Way | undefined {
    const walk = new Walk(events, this.profile, this.kinds, this.#statuses);
    for (const object of objects) if (!walk.meet(object)) return undefined;
    return walk.walk();
  }
}

/** What a call is about, with the interrupt of the producer concerned. */
interface Under extends About {
  readonly irq: number | undefined;
}

class Walk {
  readonly #objects = new Found<ObjectId, Known>();
  readonly #places = new Found<Token, Place>();
  readonly #way: Kind[] = [];
  readonly #pasts: number[] = [];
  #nullAccepted = false;
  #hasCallbacks = false;
  #registered = 0;
  /** The number of objects that were unregistered last, and of those whose last registration was refused or failed. */
  #unregistered = 0;
  #rejected = 0;
  /** Of the call under way: the callback that has not been left, whose it is, and what one of them failed with. */
  #open: CallbackName | undefined;
  #openOn: Known | undefined;
  #failure: Status | undefined;
  #tried = false;

  constructor(
    readonly events: readonly Event[],
    readonly profile: Profile,
    readonly kinds: Kinds,
    readonly statuses: readonly Status[],
  ) {}

  /** Take note of an object. @returns false where it is none of the ordinary */
  meet(object: Trace['objects'][number]): boolean {
    const known = Known.of(object);
    if (known === undefined || this.#objects.find(object.id) !== undefined) return false;
    this.#objects.add(object.id, known);
    return true;
  }

  walk(): Way | undefined {
    const { events } = this;
    let at = 0;
    while (at < events.length) {
      const event = events[at];
      if (event === undefined || event.lane !== undefined) return undefined;
      if (event.type === 'log' && event.level === 'info') at++;
      else {
        if (event.type !== 'call') return undefined;
        const next = this.#call(event, at + 1);
        if (next === undefined) return undefined;
        at = next;
      }
    }
    return {
      kinds: this.#way,
      pasts: this.#pasts,
      nullAccepted: this.#nullAccepted,
      hasCallbacks: this.#hasCallbacks,
    };
  }

  /** Go through a call. @returns the index behind it */
  #call(operation: Extract<Event, { readonly type: 'call' }>, from: number): number | undefined {
    const self = this.#objects.find(operation.object);
    if (self === undefined || !isManagerOperation(operation)) return undefined;
    const registers = isRegistration(operation);
    const place = isRegistration(operation) ? this.#placeOf(operation.token) : self.held;
    const { isProducer } = self;
    const same = isProducer ? place?.producer : place?.consumer;
    const peer = isProducer ? place?.consumer : place?.producer;
    // Whoever is registered was registered last.
    if (peer !== undefined && peer.past !== PAST.registered) return undefined;
    const holder = same === self ? undefined : same;
    const registersProducer = operation.operation === 'registerProducer';
    const irq = registersProducer ? operation.irq : (isProducer ? self : peer)?.irq;
    const under = (same === undefined ? 0 : 1) + (peer === undefined ? 0 : 1);
    const elsewhere = self.held !== undefined && self.held !== place ? 1 : 0;
    const about = { registers, self, place, holder, peer, irq };
    const others = {
      bystanders: this.#registered - under - elsewhere,
      unregistered: this.#unregistered - (self.past === PAST.unregistered ? 1 : 0),
      rejected: this.#rejected - (self.past === PAST.refused || self.past === PAST.failed ? 1 : 0),
    };
    this.#pasts.push(past(about, others));
    const found = finds(about, isRegistration(operation) && operation.memory === 'none');
    return this.#follow(about, this.kinds.beginning(found), from);
  }

  #placeOf(token: Token): Place {
    return this.#places.find(token) ?? this.#places.add(token, new Place(token));
  }

  /** Follow what happens in a call to its return. */
  #follow(under: Under, beginning: Kind | undefined, from: number): number | undefined {
    const { events, kinds } = this;
    this.#open = undefined;
    this.#failure = undefined;
    this.#tried = false;
    let kind = beginning;
    for (let at = from; kind !== undefined; at++) {
      const event = events[at];
      if (event === undefined || event.lane !== undefined) return undefined;
      let code: number | undefined;
      switch (event.type) {
        case 'enter':
          code = this.#enter(event, under);
          break;
        case 'leave':
          code = this.#leave(event, under);
          break;
        case 'log':
          code = logged(event.level);
          break;
        case 'return': {
          code = this.#return(event, under);
          const end = code === undefined ? undefined : kind.after(code, kinds);
          if (end === undefined || isLeftConnected(under)) return undefined;
          this.#way.push(end);
          return at + 1;
        }
        default:
          return undefined;
      }
      if (code === undefined) return undefined;
      kind = kind.after(code, kinds);
    }
    return undefined;
  }

  #enter({ callback, object, counterpart, irq }: EnterEvent, { self, peer, irq: due }: Under): number | undefined {
    if (this.#open !== undefined || peer === undefined) return undefined;
    const onPeer = object === peer.id;
    if (!onPeer && object !== self.id) return undefined;
    const [on, other] = onPeer ? [peer, self] : [self, peer];
    const { kind, roles, passesCounterpart, showsIrq } = rowOf(callback);
    if (!roles.includes(on.isProducer ? 'producer' : 'consumer')) return undefined;
    if (counterpart !== (passesCounterpart ? other.id : undefined)) return undefined;
    // To add who is connected is wrong whatever comes of it.
    if (kind === 'add' && (on.connected !== undefined || (other.connected ?? on) !== on)) return undefined;
    this.#open = callback;
    this.#openOn = on;
    this.#tried = true;
    this.#hasCallbacks = true;
    return entered(callback, onPeer, passesCounterpart && on.connected === other, irq !== (showsIrq ? due : undefined));
  }

  #leave({ callback, object, result }: LeaveEvent, { self, peer }: Under): number | undefined {
    const on = this.#openOn;
    if (on === undefined || this.#open !== callback || on.id !== object) return undefined;
    const other = on === self ? peer : self;
    const { kind } = rowOf(callback);
    const hasAdded = kind === 'add' && (result === 0 || !this.profile.fallible);
    // An object without a del is never told that a pair has ended.
    if (hasAdded && (on.callbacks & HAS.del) !== 0) on.connected = other;
    else if (kind === 'del' && on.connected === other) on.connected = undefined;
    if (result !== undefined && result !== 0) {
      if (this.#failure !== undefined) return undefined;
      this.#failure = result;
    }
    this.#open = undefined;
    return left(result);
  }

  #return({ status }: ReturnEvent, under: Under): number | undefined {
    const { registers, place } = under;
    if (this.#open !== undefined || (status !== undefined) !== registers) return undefined;
    if (registers && place !== undefined) this.#hasRegistered(under, place, status);
    else if (!registers) this.#hasUnregistered(under);
    return returned(status, this.#failure, this.statuses);
  }

  #hasRegistered({ self, holder, peer, irq }: Under, place: Place, status: Status | undefined): void {
    if (status === 0) {
      this.#remove(self);
      this.#registered++;
      self.held = place;
      self.irq = irq;
      if (self.isProducer) place.producer = self;
      else place.consumer = self;
      this.#become(self, PAST.registered);
      setPast(place, self.isProducer, PAST.registered);
      self.lostPartner = 0;
      self.sawFailedConnect = 0;
      self.survived = 0;
      if (place.token === null) this.#nullAccepted = true;
    } else if (self.held !== undefined) {
      self.survived = 1;
    } else {
      this.#become(self, this.#tried ? PAST.failed : PAST.refused);
      if (this.#tried && holder === undefined) setPast(place, self.isProducer, PAST.failed);
      if (this.#tried && peer !== undefined) peer.sawFailedConnect = 1;
    }
  }

  #hasUnregistered({ self, place, peer }: Under): void {
    if (place === undefined) return;
    this.#remove(self);
    self.survived = 0;
    this.#become(self, PAST.unregistered);
    setPast(place, self.isProducer, PAST.unregistered);
    if (peer !== undefined) peer.lostPartner = 1;
  }

  #remove(self: Known): void {
    const { held, isProducer } = self;
    if (held === undefined) return;
    if (isProducer && held.producer === self) held.producer = undefined;
    if (!isProducer && held.consumer === self) held.consumer = undefined;
    self.held = undefined;
    self.irq = undefined;
    this.#registered--;
  }

  #become(self: Known, past: number): void {
    if (self.past === PAST.unregistered) this.#unregistered--;
    else if (self.past === PAST.refused || self.past === PAST.failed) this.#rejected--;
    if (past === PAST.unregistered) this.#unregistered++;
    else if (past === PAST.refused || past === PAST.failed) this.#rejected++;
    self.past = past;
  }
}

function rowOf(callback: CallbackName): (typeof callbackTable)[CallbackName] & { readonly roles: readonly string[] } {
  return callbackTable[callback];
}

function setPast(place: Place, isProducer: boolean, past: number): void {
  if (isProducer) place.producerPast = past;
  else place.consumerPast = past;
}

/** Whether one of the two is connected to what it is not registered with. */
function isLeftConnected({ self, peer }: Under): boolean {
  return isDangling(self) || (peer !== undefined && isDangling(peer));
}

function isDangling({ connected, held }: Known): boolean {
  return connected !== undefined && (held === undefined || connected.held !== held);
}
