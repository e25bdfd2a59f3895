/**
 * Eventfds with their references. An eventfd is there as long as somebody refers to it: user space, until it closes its
 * file; VFIO and KVM, which hold one from before they register with the manager until after they unregister, so that a
 * token cannot come to mean another eventfd.
 */
import type { Waiter } from '../../spec/host/roles.js';
import type { EventfdId, Holder, HostEvent } from '../../spec/host/vocabulary.js';

interface Eventfd {
  open: boolean;
  signalled: boolean;
  /** The first one is told. */
  waiters: Waiter[];
}

/** All eventfds of a host. */
export class Eventfds {
  readonly #eventfds = new Map<EventfdId, Eventfd>();

  constructor(readonly note: (event: HostEvent) => void) {}

  create(id: EventfdId): void {
    this.#eventfds.set(id, { open: true, signalled: false, waiters: [] });
  }

  /** User space closes its file: those who wait are told, and it cannot be referred to anew. @returns whether it was open */
  close(id: EventfdId): boolean {
    const eventfd = this.#eventfds.get(id);
    if (eventfd?.open !== true) return false;
    eventfd.open = false;
    for (const waiter of [...eventfd.waiters]) waiter.hungUp?.();
    return true;
  }

  isOpen(id: EventfdId): boolean {
    return this.#eventfds.get(id)?.open === true;
  }

  take(eventfd: EventfdId, holder: Holder): boolean {
    if (!this.isOpen(eventfd)) return false;
    this.note({ type: 'referenceTaken', eventfd, holder });
    return true;
  }

  drop(eventfd: EventfdId, holder: Holder): void {
    this.note({ type: 'referenceDropped', eventfd, holder });
  }

  signal(id: EventfdId): void {
    this.note({ type: 'signalled', eventfd: id });
    const eventfd = this.#eventfds.get(id);
    if (eventfd === undefined) return;
    const [first] = eventfd.waiters;
    if (first === undefined) eventfd.signalled = true;
    else first.signalled();
  }

  wait(id: EventfdId, waiter: Waiter): () => void {
    const eventfd = this.#eventfds.get(id);
    if (eventfd === undefined) return () => {};
    eventfd.waiters.push(waiter);
    if (eventfd.signalled) {
      eventfd.signalled = false;
      waiter.signalled();
    }
    return () => {
      eventfd.waiters = eventfd.waiters.filter((one) => one !== waiter);
    };
  }
}
