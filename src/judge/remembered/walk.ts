/**
 * Goes through a trace of one lane call by call, and finds the kind of each: all that rules and model can tell one call
 * from another by.
 *
 * It keeps account of who is registered, and of what became of whom, as `spec/reading/read-history.ts` does. But it goes no
 * farther than the ordinary: what no call that conforms does, such as a callback on a third object or a crash, is left to
 * those who judge afresh.
 */
import type { Profile } from '../../../spec/profile.js';
import type {
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
import { Known, Place } from './known.js';
import {
  type About,
  type Callback,
  callbackOf,
  DEL,
  entered,
  finds,
  left,
  logged,
  meaning,
  PAST,
  past,
  returned,
} from './record.js';

/** What a call is about, with the interrupt of the producer concerned. */
interface Under extends About {
  readonly irq: number | undefined;
}

/** Walks through traces under one profile, one after the other. What it says of one holds until the next. */
export class Walker {
  /** The kind of each call, in order, its past, and the index behind its return. */
  readonly kinds: Kind[] = [];
  readonly pasts: number[] = [];
  readonly ends: number[] = [];
  /** Whether a registration under the null token was accepted. */
  nullAccepted = false;
  hasCallbacks = false;

  readonly #statuses: readonly Status[];
  readonly #objects = new Found<ObjectId, Known>();
  readonly #places = new Found<Token, Place>();
  #registered = 0;
  /** The number of objects that were unregistered last, and of those whose last registration was refused or failed. */
  #unregistered = 0;
  #rejected = 0;
  /** Of the call under way: the callback that has not been left and whose it is, and what one of them failed with. */
  #open: Callback | undefined;
  #openOn: Known | undefined;
  #failure: Status | undefined;
  #hasTried = false;

  constructor(
    readonly profile: Profile,
    readonly all: Kinds,
  ) {
    this.#statuses = meaning(profile);
  }

  /** Walk through a trace. @returns false where it leads out of the ordinary, or there is no room for its kinds */
  walk({ objects, events }: Trace): boolean {
    this.#begin();
    for (const object of objects) if (!this.#meet(object)) return false;
    for (let at = 0; at < events.length; ) {
      const event = events[at];
      if (event === undefined || event.lane !== undefined) return false;
      if (event.type === 'call') {
        const next = this.#call(events, event, at + 1);
        if (next === 0) return false;
        at = next;
      } else if (event.type === 'log' && event.level === 'info') at++;
      else return false;
    }
    return true;
  }

  #begin(): void {
    this.kinds.length = 0;
    this.pasts.length = 0;
    this.ends.length = 0;
    this.nullAccepted = false;
    this.hasCallbacks = false;
    this.#objects.clear();
    this.#places.clear();
    this.#registered = 0;
    this.#unregistered = 0;
    this.#rejected = 0;
  }

  #meet(object: Trace['objects'][number]): boolean {
    const known = Known.of(object);
    if (known === undefined || this.#objects.find(object.id) !== undefined) return false;
    this.#objects.add(object.id, known);
    return true;
  }

  /** Go through a call. @returns the index behind it; 0 where it leads out of the ordinary */
  #call(events: readonly Event[], operation: Extract<Event, { readonly type: 'call' }>, from: number): number {
    const self = this.#objects.find(operation.object);
    if (self === undefined || !isManagerOperation(operation)) return 0;
    const registers = isRegistration(operation);
    const place = registers ? this.#placeOf(operation.token) : self.held;
    const { isProducer } = self;
    const same = isProducer ? place?.producer : place?.consumer;
    const peer = isProducer ? place?.consumer : place?.producer;
    // Whoever is registered was registered last.
    if (peer !== undefined && peer.past !== PAST.registered) return 0;
    const holder = same === self ? undefined : same;
    const registersProducer = operation.operation === 'registerProducer';
    const irq = registersProducer ? operation.irq : isProducer ? self.irq : peer?.irq;
    const about: Under = { registers, self, place, holder, peer, irq };
    this.pasts.push(past(about, this.#others(about)));
    return this.#follow(events, about, finds(about, registers && operation.memory === 'none'), from);
  }

  #others({ self, place }: Under): { bystanders: number; unregistered: number; rejected: number } {
    const under = Number(place?.producer !== undefined) + Number(place?.consumer !== undefined);
    const elsewhere = Number(self.held !== undefined && self.held !== place);
    return {
      bystanders: this.#registered - under - elsewhere,
      unregistered: this.#unregistered - Number(self.past === PAST.unregistered),
      rejected: this.#rejected - Number(self.past === PAST.refused || self.past === PAST.failed),
    };
  }

  #placeOf(token: Token): Place {
    return this.#places.find(token) ?? this.#places.add(token, new Place(token));
  }

  /** Follow what happens in a call to its return. @returns the same */
  #follow(events: readonly Event[], about: Under, found: number, from: number): number {
    this.#open = undefined;
    this.#failure = undefined;
    this.#hasTried = false;
    let kind = this.all.beginning(found);
    for (let at = from; kind !== undefined; at++) {
      const event = events[at];
      if (event === undefined || event.lane !== undefined) return 0;
      const code = this.#code(event, about);
      if (code === undefined) return 0;
      kind = kind.after(code, this.all);
      if (event.type !== 'return') continue;
      if (kind === undefined || isLeftConnected(about)) return 0;
      this.kinds.push(kind);
      this.ends.push(at + 1);
      return at + 1;
    }
    return 0;
  }

  /** Take note of what happens in a call. @returns its code; undefined where it is out of the ordinary */
  #code(event: Event, about: Under): number | undefined {
    switch (event.type) {
      case 'enter':
        return this.#enter(event, about);
      case 'leave':
        return this.#leave(event, about);
      case 'return':
        return this.#return(event, about);
      case 'log':
        return logged(event.level);
      default:
        return undefined;
    }
  }

  #enter({ callback, object, counterpart, irq }: EnterEvent, { self, peer, irq: due }: Under): number | undefined {
    if (this.#open !== undefined || peer === undefined) return undefined;
    const onPeer = object === peer.id;
    if (!onPeer && object !== self.id) return undefined;
    const on = onPeer ? peer : self;
    const other = onPeer ? self : peer;
    const called = callbackOf(callback);
    if (!(on.isProducer ? called.ofProducers : called.ofConsumers)) return undefined;
    if (counterpart !== (called.passesCounterpart ? other.id : undefined)) return undefined;
    // To add who is connected is wrong whatever comes of it.
    if (called.isAdd && (on.connected !== undefined || (other.connected ?? on) !== on)) return undefined;
    this.#open = called;
    this.#openOn = on;
    this.#hasTried = true;
    this.hasCallbacks = true;
    const wasAdded = called.passesCounterpart && on.connected === other;
    return entered(called, onPeer, wasAdded, irq !== (called.showsIrq ? due : undefined));
  }

  #leave({ callback, object, result }: LeaveEvent, { self, peer }: Under): number | undefined {
    const on = this.#openOn;
    const called = this.#open;
    if (on === undefined || called === undefined || on.id !== object || called !== callbackOf(callback))
      return undefined;
    const other = on === self ? peer : self;
    if (called.isAdd) {
      // An object without a del is never told that a pair has ended.
      const hasAdded = result === 0 || !this.profile.fallible;
      if (hasAdded && (on.callbacks & DEL) !== 0) on.connected = other;
    } else if (called.isDel && on.connected === other) on.connected = undefined;
    if (result !== undefined && result !== 0) {
      if (this.#failure !== undefined) return undefined;
      this.#failure = result;
    }
    this.#open = undefined;
    return left(result);
  }

  #return({ status }: ReturnEvent, about: Under): number | undefined {
    const { registers, place } = about;
    if (this.#open !== undefined || (status !== undefined) !== registers) return undefined;
    if (registers && place !== undefined) this.#hasRegistered(about, place, status);
    else if (!registers) this.#hasUnregistered(about);
    return returned(status, this.#failure, this.#statuses);
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
      if (place.token === null) this.nullAccepted = true;
    } else if (self.held !== undefined) {
      self.survived = 1;
    } else {
      this.#become(self, this.#hasTried ? PAST.failed : PAST.refused);
      if (this.#hasTried && holder === undefined) setPast(place, self.isProducer, PAST.failed);
      if (this.#hasTried && peer !== undefined) peer.sawFailedConnect = 1;
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
