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
  /** The first one is told, and takes what was signalled. */
  waiters: Waiter[];
  /** All of them are told. */
  listeners: Waiter[];
}

/** All eventfds of a host. */
export class Eventfds {
  readonly #eventfds = new Map<EventfdId, Eventfd>();

  constructor(readonly note: (event: HostEvent) => void) {}

  create(id: EventfdId): void {
    this.#eventfds.set(id, { open: true, signalled: false, waiters: [], listeners: [] });
  }

  /** User space closes its file: those who wait are told, and it cannot be referred to anew. @returns whether it was open */
  close(id: EventfdId): boolean {
    const eventfd = this.#eventfds.get(id);
    if (eventfd?.open !== true) return false;
    eventfd.open = false;
    for (const waiter of [...eventfd.waiters, ...eventfd.listeners]) waiter.hungUp?.();
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
    const { listeners } = eventfd;
    if (first === undefined && listeners.length === 0) eventfd.signalled = true;
    first?.signalled();
    for (const listener of listeners) listener.signalled();
  }

  /** Wait as an irqfd does: the first one is told, and nobody else. @returns ends the waiting */
  wait(id: EventfdId, waiter: Waiter): () => void {
    return this.#wait(id, waiter, 'waiters');
  }

  /** Wait as a line does for the end of its interrupt: several lines may share an eventfd. @returns ends the waiting */
  listen(id: EventfdId, waiter: Waiter): () => void {
    return this.#wait(id, waiter, 'listeners');
  }

  #wait(id: EventfdId, waiter: Waiter, how: 'waiters' | 'listeners'): () => void {
    const eventfd = this.#eventfds.get(id);
    if (eventfd === undefined) return () => {};
    eventfd[how].push(waiter);
    if (eventfd.signalled) {
      eventfd.signalled = false;
      waiter.signalled();
    }
    return () => {
      eventfd[how] = eventfd[how].filter((one) => one !== waiter);
    };
  }
}
