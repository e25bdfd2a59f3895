/**
 * What a recording cannot show, and so cannot be judged.
 *
 * The manager keeps tokens apart, so what is not known about one token says nothing about the others. A token of which
 * something is not known is withheld, with all calls under it: what is left is judged as strictly as ever. A token is
 * withheld when
 *
 *     before       one of its objects was registered before the recording began, or while events were lost
 *     unfinished   a call under it was not seen to end
 *     unseen       one of its objects has an add or a del that was not recorded (stop and start can be done without)
 *     overwritten  the caller wrote into a registered object, which is undefined
 *
 * and a single call is withheld when it found no memory, since a recording does not show allocations.
 */
import { bareCallbacks, passesCounterpart } from '../../spec/callbacks.js';
import type { CallbackName, OperationName } from '../../spec/vocabulary.js';
import { ENOMEM } from '../../spec/vocabulary.js';
import type { Address, RecordedCall, RecordedCalls } from './calls.js';
import { CALLBACKS } from './probes.js';

/** Why something is not judged. */
export type Gap = 'before' | 'unfinished' | 'unseen' | 'overwritten' | 'memory' | 'lost';

/** In a sentence, for people. */
export const GAP_TEXTS: Readonly<Record<Gap, string>> = {
  before: 'an object was registered before the recording began, in an earlier stretch of it, or while events were lost',
  unfinished: 'a call was not seen to end',
  unseen: 'an object has a callback that was not recorded',
  overwritten: 'the caller wrote into a registered object, which is undefined',
  memory: 'there was no memory, which a recording cannot show',
  lost: 'events were lost, perhaps among those of these operations',
};

/** What is left, and what is not. */
export interface Sifted {
  readonly judged: readonly RecordedCall[];
  readonly withheld: readonly { readonly call: RecordedCall; readonly gap: Gap }[];
  /** Of stop and start, those that some object of a judged call has and that were not recorded. */
  readonly unseen: ReadonlySet<CallbackName>;
}

/** What is known of the recording as a whole. */
export interface Circumstances {
  /** Whether it is known that nothing was registered when it began. */
  readonly fromNothing: boolean;
  /** The callbacks that were recorded. */
  readonly recorded: ReadonlySet<CallbackName>;
}

/** Part the calls into those that can be judged and those that cannot. */
export function sift({ calls, strays, doubtful }: RecordedCalls, circumstances: Circumstances): Sifted {
  const sifted = new Sieve(calls, strays, circumstances).sift();
  const before = doubtful.map((call) => ({ call, gap: 'before' as const }));
  return { ...sifted, withheld: [...before, ...sifted.withheld] };
}

/** Whether the recording shows the callback that an object has behind a pointer. */
export function isRecorded(callback: CallbackName, target: string, recorded: ReadonlySet<CallbackName>): boolean {
  const known: Readonly<Partial<Record<CallbackName, string>>> = CALLBACKS;
  return recorded.has(callback) && known[callback] === target.split('+')[0];
}

class Sieve {
  readonly #tokens = new Map<Address | undefined, Gap>();
  readonly #objects = new Map<Address, Gap>();
  /** The token that each call is about, as far as the calls on its object tell. */
  readonly #about = new Map<RecordedCall, Address | undefined>();
  /** When each object was first seen to register. */
  readonly #seenFrom = new Map<Address, number>();
  /** When each object was registered under which token, by the operation and either of them. */
  readonly #held = new Map<string, Holding[]>();

  constructor(
    readonly calls: readonly RecordedCall[],
    readonly strays: ReadonlySet<Address>,
    readonly circumstances: Circumstances,
  ) {}

  sift(): Sifted {
    // A function of KVM's may be called by others than the manager; or its caller was not seen to call.
    for (const object of this.strays) this.#objects.set(object, 'before');
    for (const calls of byObject(this.calls).values()) this.#follow(calls);
    for (const call of this.calls) this.#lookAtCallbacks(call);
    for (const call of this.calls) this.#lookAtStatus(call);
    this.#spread();

    const judged: RecordedCall[] = [];
    const withheld: { call: RecordedCall; gap: Gap }[] = [];
    const unseen = new Set<CallbackName>();
    for (const call of this.calls) {
      const gap = this.#gapOf(call) ?? (this.#isWithoutMemory(call) ? 'memory' : undefined);
      if (gap !== undefined) {
        withheld.push({ call, gap });
        continue;
      }
      judged.push(call);
      for (const callback of this.#unseen(call)) unseen.add(callback);
    }
    return { judged, withheld, unseen };
  }

  /** Go through the calls on one object: its callers do one after the other. */
  #follow(calls: readonly RecordedCall[]): void {
    let held: Holding | 'unknown' | undefined = this.circumstances.fromNothing ? undefined : 'unknown';
    for (const call of calls) {
      const { object, token } = call;
      if (isRegistration(call.operation)) {
        this.#about.set(call, token);
        if (!this.#seenFrom.has(object)) this.#seenFrom.set(object, call.begins);
        if (call.ends !== undefined && call.status === 0) {
          held = { token, from: call.begins, to: Number.POSITIVE_INFINITY };
          this.#hold(`${call.operation} of ${object}`, held);
          this.#hold(`${call.operation} under ${token}`, held);
        }
      } else {
        this.#about.set(call, typeof held === 'object' ? held.token : token);
        // An object without a token is not registered, whatever came before.
        if (held === 'unknown' && token !== undefined) this.#taint(call, 'before');
        if (typeof held === 'object') {
          if (call.tokenKnown && token !== held.token) {
            this.#taint(call, 'overwritten');
            this.#tokens.set(token, 'overwritten');
          }
          held.to = call.ends ?? Number.POSITIVE_INFINITY;
        }
        held = undefined;
      }
      if (!call.tokenKnown) this.#taint(call, 'before');
      if (call.ends === undefined || !hasAllResults(call)) this.#taint(call, 'unfinished');
    }
  }

  #hold(key: string, holding: Holding): void {
    const others = this.#held.get(key);
    if (others === undefined) this.#held.set(key, [holding]);
    else others.push(holding);
  }

  #lookAtCallbacks(call: RecordedCall): void {
    const missing = this.#unseen(call).filter(passesCounterpart);
    if (missing.length > 0) this.#taint(call, 'unseen');
    if (this.circumstances.fromNothing) return;
    for (const { object, counterpart, begins } of call.callbacks) {
      for (const one of [object, counterpart]) {
        if (one === undefined || one === call.object) continue;
        if ((this.#seenFrom.get(one) ?? Number.POSITIVE_INFINITY) < begins) continue;
        this.#objects.set(one, 'before');
        this.#taint(call, 'before');
      }
    }
  }

  /** A refusal without a reason in the recording has one from before it. */
  #lookAtStatus(call: RecordedCall): void {
    if (this.circumstances.fromNothing || this.#isWithoutMemory(call)) return;
    if (call.status === undefined || call.status === 0 || this.#isExplained(call)) return;
    this.#taint(call, 'before');
  }

  #isExplained(call: RecordedCall): boolean {
    const { object, operation, token, begins, ends = begins, status, pointers } = call;
    if (call.callbacks.some(({ result }) => result !== undefined && result !== 0 && result === status)) return true;
    if (token === undefined) return true;
    if (operation === 'registerConsumer' && !bareCallbacks.consumer.every((callback) => pointers.has(callback)))
      return true;
    const overlaps = (one: Holding) => one.from < ends && one.to > begins;
    // What explains it is most often what was last.
    const among = (key: string) => this.#held.get(key)?.findLast(overlaps) !== undefined;
    return among(`${operation} of ${object}`) || among(`${operation} under ${token}`);
  }

  #isWithoutMemory(call: RecordedCall): boolean {
    return call.status === ENOMEM && call.callbacks.length === 0;
  }

  /** The callbacks of the object that the recording does not show. */
  #unseen({ pointers }: RecordedCall): readonly CallbackName[] {
    const { recorded } = this.circumstances;
    return [...pointers].filter(([name, target]) => !isRecorded(name, target, recorded)).map(([name]) => name);
  }

  #taint(call: RecordedCall, gap: Gap): void {
    if (!this.#objects.has(call.object)) this.#objects.set(call.object, gap);
    const token = this.#about.get(call);
    if (!this.#tokens.has(token)) this.#tokens.set(token, gap);
  }

  /** What is not known of an object is not known of the tokens that it came to; until nothing more is withheld. */
  #spread(): void {
    for (let size = -1; size !== this.#tokens.size; ) {
      size = this.#tokens.size;
      for (const call of this.calls) {
        const gap = this.#objects.get(call.object);
        const token = this.#about.get(call);
        if (gap !== undefined && !this.#tokens.has(token)) this.#tokens.set(token, gap);
      }
    }
  }

  #gapOf(call: RecordedCall): Gap | undefined {
    return this.#tokens.get(this.#about.get(call)) ?? this.#objects.get(call.object);
  }
}

/** An object is registered under a token, from the call of its registration to the end of its unregistration. */
interface Holding {
  readonly token: Address | undefined;
  readonly from: number;
  to: number;
}

function isRegistration(operation: OperationName): boolean {
  return operation === 'registerProducer' || operation === 'registerConsumer';
}

function hasAllResults(call: RecordedCall): boolean {
  return call.callbacks.every(
    ({ ends, callback, result }) => ends !== undefined && (callback !== 'addProducer' || result !== undefined),
  );
}

function byObject(calls: readonly RecordedCall[]): ReadonlyMap<Address, readonly RecordedCall[]> {
  const groups = new Map<Address, RecordedCall[]>();
  for (const call of calls) {
    const group = groups.get(call.object);
    if (group === undefined) groups.set(call.object, [call]);
    else group.push(call);
  }
  return groups;
}
