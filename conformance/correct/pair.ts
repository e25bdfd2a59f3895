/** What is done to a pair, for all designs: they differ in how they find who belongs together. */
import type { Consumer, Producer } from '../../spec/manager.js';
import type { Status } from '../../spec/vocabulary.js';
import { OK } from '../../spec/vocabulary.js';

/** Connect two objects. Returns what the callback returned that failed, and 0 when none did. */
export function connect(producer: Producer, consumer: Consumer, irq: number): Status {
  return stilled(producer, consumer, () => {
    const refused = producer.addConsumer?.(consumer) ?? OK;
    if (refused !== OK) return refused;
    const failed = consumer.addProducer?.(producer, irq) ?? OK;
    if (failed !== OK) producer.delConsumer?.(consumer);
    return failed;
  });
}

/** Take a pair apart. */
export function disconnect(producer: Producer, consumer: Consumer): void {
  stilled(producer, consumer, () => {
    consumer.delProducer?.(producer);
    producer.delConsumer?.(consumer);
  });
}

/** Whether a consumer lacks a callback without which it must be refused. */
export function isIncomplete(consumer: Consumer): boolean {
  return consumer.addProducer === undefined || consumer.delProducer === undefined;
}

/** Do something while both are still. */
function stilled<T>(producer: Producer, consumer: Consumer, change: () => T): T {
  producer.stop?.();
  consumer.stop?.();
  const result = change();
  consumer.start?.();
  producer.start?.();
  return result;
}
