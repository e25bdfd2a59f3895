/**
 * The interactions of a host with the manager, in words that do not depend on the host. For each operation of user space,
 * these are the registrations and unregistrations that it set off, each with its callbacks and its result.
 *
 *     setIrqs d0.msix ...    register d0.msix.1 under e0: vm0.e0.addProducer(d0.msix.1) 0 -> 0
 *
 * An object is named by its holder and a token by its eventfd, so that a simulated host and a real one can be laid beside
 * each other. Hosts may differ in some things, which are left out:
 *
 *     interrupt numbers            every host gives them out as they are free
 *     stop and start               KVM gives them to every consumer; on x86 they are empty, and another host may have none
 *     unregistering what is not    VFIO takes back what was refused as well; it does nothing
 *     the order among irqfds       that go with their VM or eventfd: KVM hands them to a work queue, which does several at once
 */
import { passesCounterpart } from '../../spec/callbacks.js';
import type { Holder, HostEvent, HostTrace } from '../../spec/host/vocabulary.js';
import type { Event, ObjectId, Status } from '../../spec/vocabulary.js';

/** The interactions of each operation, in the order in which they began. */
export type Interactions = readonly (readonly string[])[];

/** Read a host's trace. */
export function interactionsOf({ events }: HostTrace): Interactions {
  const reader = new Reader();
  for (const event of events) reader.read(event);
  return reader.all.map(({ operation, list }) => {
    const interactions = list.filter((text) => text !== '');
    return operation === 'destroyVm' || operation === 'closeEventfd' ? interactions.sort() : interactions;
  });
}

/** A call of the manager that has not returned. */
interface OpenCall {
  readonly event: Event & { readonly type: 'call' };
  readonly text: string;
  readonly callbacks: string[];
  readonly list: string[];
  readonly place: number;
}

class Reader {
  readonly all: { readonly operation: string; readonly list: string[] }[] = [];
  readonly #holders = new Map<ObjectId, Holder>();
  readonly #registered = new Set<ObjectId>();
  readonly #open = new Map<number, OpenCall>();
  #operation: (HostEvent & { readonly type: 'call' }) | undefined;

  read(event: HostEvent): void {
    if (event.type === 'call') {
      this.#operation = event;
      this.all.push({ operation: event.operation, list: [] });
    } else if (event.type === 'named') {
      this.#holders.set(event.object, event.holder);
    } else if (event.type === 'manager') {
      this.#readManager(event.event);
    }
  }

  #readManager(event: Event): void {
    const lane = event.lane ?? 0;
    const call = this.#open.get(lane);
    if (event.type === 'call') {
      const list = this.all.at(-1)?.list;
      if (list === undefined) return;
      // Its place is where it began, whatever ends before it.
      this.#open.set(lane, { event, text: this.#textOf(event), callbacks: [], list, place: list.push('') - 1 });
    } else if (call === undefined) {
      return;
    } else if (event.type === 'enter' && passesCounterpart(event.callback)) {
      const passed = event.counterpart === undefined ? '' : `(${this.#name(event.counterpart)})`;
      call.callbacks.push(`${this.#name(event.object)}.${event.callback}${passed}`);
    } else if (event.type === 'leave' && event.result !== undefined) {
      call.callbacks.push(`${call.callbacks.pop() ?? ''} ${event.result}`);
    } else if (event.type === 'return') {
      this.#open.delete(lane);
      this.#finish(call, event.status);
    }
  }

  #finish({ event, text, callbacks, list, place }: OpenCall, status: Status | undefined): void {
    const { object, operation } = event;
    const registers = operation === 'registerProducer' || operation === 'registerConsumer';
    const wasRegistered = this.#registered.has(object);
    if (registers && status === 0) this.#registered.add(object);
    if (!registers) this.#registered.delete(object);
    if (!registers && !wasRegistered && callbacks.length === 0) return;
    const made = callbacks.length === 0 ? '' : `: ${callbacks.join(', ')}`;
    list[place] = `${text}${made}${status === undefined ? '' : ` -> ${status}`}`;
  }

  #textOf({ operation, object }: Event & { readonly type: 'call' }): string {
    const name = this.#name(object);
    if (!operation.startsWith('register')) return `unregister ${name}`;
    return `register ${name} under ${eventfdOf(name, this.#operation) ?? 'an unknown eventfd'}`;
  }

  #name(object: ObjectId): string {
    return this.#holders.get(object) ?? `an unknown ${object.startsWith('p') ? 'producer' : 'consumer'}`;
  }
}

/** The eventfd that an operation gives to a vector or an irqfd. */
function eventfdOf(holder: string, operation: HostEvent | undefined): string | undefined {
  if (operation?.type !== 'call') return undefined;
  if (operation.operation === 'assignIrqfd') return operation.eventfd;
  if (operation.operation !== 'setIrqs') return undefined;
  const vector = Number(/\d+$/.exec(holder)?.[0]) - operation.start;
  return operation.eventfds[vector] ?? undefined;
}
