/**
 * A meeting place for each token that somebody holds: it has a chair for a producer and one for a consumer, and knows how
 * many of them are taken. An object knows the place that it is at. A place that everybody has left is given up.
 *
 *     token ──> place ──> producer, consumer
 *                 ^──────── object
 */
import type { Consumer, Manager, ManagerEnvironment, Producer } from '../../spec/manager.js';
import type { Status, Token } from '../../spec/vocabulary.js';
import { EBUSY, EINVAL, OK } from '../../spec/vocabulary.js';
import type { Design } from './design.js';
import { connect, disconnect, isIncomplete } from './pair.js';

class Place {
  producer: { readonly object: Producer; readonly irq: number } | undefined;
  consumer: Consumer | undefined;

  constructor(readonly token: Token) {}

  get isEmpty(): boolean {
    return this.producer === undefined && this.consumer === undefined;
  }

  seatProducer(object: Producer, irq: number): Status {
    if (this.producer !== undefined) return EBUSY;
    const result = this.consumer === undefined ? OK : connect(object, this.consumer, irq);
    if (result === OK) this.producer = { object, irq };
    return result;
  }

  seatConsumer(object: Consumer): Status {
    if (this.consumer !== undefined) return EBUSY;
    const result = this.producer === undefined ? OK : connect(this.producer.object, object, this.producer.irq);
    if (result === OK) this.consumer = object;
    return result;
  }

  part(): void {
    if (this.producer !== undefined && this.consumer !== undefined) disconnect(this.producer.object, this.consumer);
  }
}

class MeetingPlaces implements Manager {
  readonly #byToken = new Map<Token, Place>();
  readonly #byObject = new WeakMap<object, Place>();

  constructor(readonly environment: ManagerEnvironment) {}

  registerProducer(producer: Producer, token: Token, irq: number): Status {
    return this.#register(producer, token, (place) => place.seatProducer(producer, irq));
  }

  registerConsumer(consumer: Consumer, token: Token): Status {
    if (isIncomplete(consumer)) return EINVAL;
    return this.#register(consumer, token, (place) => place.seatConsumer(consumer));
  }

  unregisterProducer(producer: Producer): void {
    this.#unregister(producer, (place) => {
      place.producer = undefined;
    });
  }

  unregisterConsumer(consumer: Consumer): void {
    this.#unregister(consumer, (place) => {
      place.consumer = undefined;
    });
  }

  #register(object: object, token: Token, seat: (place: Place) => Status): Status {
    if (this.#byObject.has(object)) return EINVAL;
    const place = this.#byToken.get(token) ?? new Place(token);
    const result = seat(place);
    if (result !== OK) return result;
    this.#byToken.set(token, place);
    this.#byObject.set(object, place);
    return OK;
  }

  #unregister(object: object, leave: (place: Place) => void): void {
    const place = this.#byObject.get(object);
    if (place === undefined) return;
    place.part();
    leave(place);
    this.#byObject.delete(object);
    if (place.isEmpty) this.#byToken.delete(place.token);
  }
}

export const meetingPlaces: Design = {
  name: 'meeting-places',
  summary: 'A place for each token, at which the two sides meet; the null token has one, too.',
  capabilities: ['null-token', 'missing-mandatory'],
  create: (environment) => new MeetingPlaces(environment),
};
