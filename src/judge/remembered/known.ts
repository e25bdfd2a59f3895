/** What a walk knows of an object and of a token between two calls: what `spec/reading/read-history.ts` keeps account of. */
import { type CallbackKind, callbackTable } from '../../../spec/callbacks.js';
import type { Past } from '../../../spec/reading/history.js';
import type { CallbackName, ObjectId, ProgramObject, Role, Token } from '../../../spec/vocabulary.js';
import { roleOf } from '../../../spec/vocabulary.js';

/** What may have become of an object or a token last; its place here stands for it. */
export const PASTS: readonly Past[] = ['new', 'registered', 'unregistered', 'refused', 'failed'];
export const PAST = { new: 0, registered: 1, unregistered: 2, refused: 3, failed: 4 } as const satisfies Record<
  Past,
  number
>;

/** A bit for each kind of callback that an object may have. */
export const HAS: Readonly<Record<CallbackKind, number>> = { stop: 1, start: 2, add: 4, del: 8 };

/** What is known of an object. What is said of it as a number, 0 or 1, goes into the record of a call as it is. */
export class Known {
  held: Place | undefined = undefined;
  irq: number | undefined = undefined;
  past: number = PAST.new;
  lostPartner = 0;
  sawFailedConnect = 0;
  survived = 0;
  /** The other object to which its own callbacks have connected it. */
  connected: Known | undefined = undefined;

  constructor(
    readonly id: ObjectId,
    readonly isProducer: boolean,
    /** The callbacks that it has, a bit each. */
    readonly callbacks: number,
  ) {}

  /** An object before the first call; undefined where it has a callback that none of its role has. */
  static of({ id, callbacks }: ProgramObject): Known | undefined {
    const role = roleOf(id);
    let has = 0;
    for (const callback of callbacks as readonly CallbackName[]) {
      const { kind, roles }: { readonly kind: CallbackKind; readonly roles: readonly Role[] } = callbackTable[callback];
      if (!roles.includes(role)) return undefined;
      has |= HAS[kind];
    }
    return new Known(id, role === 'producer', has);
  }
}

/** What is known of a token: who holds it on each side, and what became of it there. */
export class Place {
  producer: Known | undefined = undefined;
  consumer: Known | undefined = undefined;
  producerPast: number = PAST.new;
  consumerPast: number = PAST.new;

  constructor(readonly token: Token) {}
}
