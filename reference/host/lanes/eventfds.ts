/**
 * Eventfds of a host with lanes. A file of one is user space's, or held for a while by a call that looked it up; when the
 * last is let go after user space has closed its own, those who wait are told that it hung up.
 */
import type { EventfdId, Holder } from '../../../spec/host/vocabulary.js';
import { OK, type Status } from '../../../spec/vocabulary.js';
import { EBADF } from '../vfio-msi.js';
import type { LaneHost } from './host.js';
import { act, holding, type Steps } from './steps.js';
import type { LaneEventfd } from './world.js';

export class LaneEventfds {
  constructor(protected readonly host: LaneHost) {}

  create(id: EventfdId): Steps<Status> {
    return act('creates an eventfd', () => {
      const made: LaneEventfd = { open: true, files: 1, closer: null, signalled: false, waiters: [], listeners: [] };
      this.host.world.eventfds[id] = made;
      return OK;
    });
  }

  *close(id: EventfdId): Steps<Status> {
    const wasOpen = yield* act('closes the file', () => {
      const eventfd = this.#of(id);
      if (eventfd?.open !== true) return false;
      eventfd.open = false;
      eventfd.closer = this.host.running;
      return true;
    });
    if (!wasOpen) return EBADF;
    yield* this.putFile(id);
    return OK;
  }

  /** Look up an open file and hold it. @returns whether there is one */
  getFile(id: EventfdId): Steps<boolean> {
    return act('looks the file up', () => {
      const eventfd = this.#of(id);
      if (eventfd?.open !== true) return false;
      eventfd.files++;
      return true;
    });
  }

  *putFile(id: EventfdId): Steps {
    const isLast = yield* act('lets go of the file', () => {
      const eventfd = this.#of(id);
      return eventfd !== undefined && --eventfd.files === 0;
    });
    if (isLast) yield* holding(queueOf(id), this.#hangUp(id));
  }

  /** Take a reference through a file that is open for that moment. @returns whether it is */
  takeReference(id: EventfdId, holder: Holder): Steps<boolean> {
    return act('takes a reference', () => {
      if (this.#of(id)?.open !== true) return false;
      this.host.note({ type: 'referenceTaken', eventfd: id, holder });
      return true;
    });
  }

  dropReference(id: EventfdId, holder: Holder): Steps {
    return act('drops a reference', () => this.host.note({ type: 'referenceDropped', eventfd: id, holder }));
  }

  /** Signal: the first irqfd that waits injects, and every line that it unmasks is unmasked. */
  signal(id: EventfdId): Steps {
    return holding(queueOf(id), this.#tell(id));
  }

  /** An irqfd waits from now on; what was signalled before is injected. */
  wait(id: EventfdId, irqfd: number): Steps {
    return holding(queueOf(id), this.#queue(id, irqfd));
  }

  endWaiting(id: EventfdId, irqfd: number): Steps {
    const ends = act('waits no more', () => {
      const eventfd = this.#of(id);
      if (eventfd !== undefined) eventfd.waiters = eventfd.waiters.filter((one) => one !== irqfd);
    });
    return holding(queueOf(id), ends);
  }

  *#tell(id: EventfdId): Steps {
    const { waiter, listeners } = yield* act('signals', () => {
      this.host.note({ type: 'signalled', eventfd: id });
      const { waiters = [], listeners = [] } = this.#of(id) ?? {};
      const eventfd = this.#of(id);
      if (eventfd !== undefined && waiters.length === 0 && listeners.length === 0) eventfd.signalled = true;
      return { waiter: waiters[0] ?? null, listeners: [...listeners] };
    });
    if (waiter !== null) yield* this.host.kvm.inject(waiter);
    for (const device of listeners) yield* this.host.vfio.ended(device);
  }

  *#queue(id: EventfdId, irqfd: number): Steps {
    const wasSignalled = yield* act('waits', () => {
      const eventfd = this.#of(id);
      if (eventfd === undefined) return false;
      eventfd.waiters.push(irqfd);
      const { signalled } = eventfd;
      eventfd.signalled = false;
      return signalled;
    });
    if (wasSignalled) yield* this.host.kvm.inject(irqfd);
  }

  *#hangUp(id: EventfdId): Steps {
    const waiters = yield* act('hangs up', () => [...(this.#of(id)?.waiters ?? [])]);
    for (const irqfd of waiters) yield* this.host.kvm.hungUp(irqfd, this.#of(id)?.closer ?? this.host.running);
  }

  #of(id: EventfdId): LaneEventfd | undefined {
    return this.host.world.eventfds[id];
  }
}

/** The lock of those who wait for an eventfd. */
const queueOf = (id: EventfdId) => `queue of ${id}`;
