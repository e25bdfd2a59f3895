/** What a walk knows of an object and of a token between two calls: what `spec/reading/read-history.ts` keeps account of. */
import type { CallbackName, ObjectId, ProgramObject, Token } from '../../../spec/vocabulary.js';
import { isProducerId } from '../../../spec/vocabulary.js';
import { callbackOf, PAST } from './record.js';

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
    const isProducer = isProducerId(id);
    let has = 0;
    for (const name of callbacks as readonly CallbackName[]) {
      const { bit, ofProducers, ofConsumers } = callbackOf(name);
      if (!(isProducer ? ofProducers : ofConsumers)) return undefined;
      has |= bit;
    }
    return new Known(id, isProducer, has);
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
