import type { Consumer, Producer } from '../spec/manager.js';
import type { Status } from '../spec/vocabulary.js';
import { OK } from '../spec/vocabulary.js';

/**
 * Connect a producer and a consumer. Both are still while they are joined, and go on afterwards, whatever came of it:
 *
 *     P.stop C.stop P.addConsumer C.addProducer C.start P.start
 *
 * A callback that an object lacks is skipped.
 *
 * @param irq the host interrupt that the producer registered with
 * @returns 0, or the result of the callback that refused, as it is: powerpc refuses with +1
 */
export function connect(producer: Producer, consumer: Consumer, irq: number): Status {
  stop(producer, consumer);
  const result = add(producer, consumer, irq);
  // On failure too: Linux 5.9 to 5.12 left it out, and a guest on Arm never ran again.
  start(producer, consumer);
  return result;
}

/** Connect where no callback can fail: the callbacks of rfc-2015 return nothing, and what they return means nothing. */
export function connectInfallibly(producer: Producer, consumer: Consumer, irq: number): Status {
  stop(producer, consumer);
  producer.addConsumer?.(consumer);
  consumer.addProducer?.(producer, irq);
  start(producer, consumer);
  return OK;
}

/**
 * Disconnect a pair. The consumer lets go first, for it was told last:
 *
 *     P.stop C.stop C.delProducer P.delConsumer C.start P.start
 */
export function disconnect(producer: Producer, consumer: Consumer): void {
  stop(producer, consumer);
  consumer.delProducer?.(producer);
  producer.delConsumer?.(consumer);
  start(producer, consumer);
}

/** Add each to the other. What was added is taken back when the second add fails; what failed was never added. */
function add(producer: Producer, consumer: Consumer, irq: number): Status {
  const refused = producer.addConsumer?.(consumer) ?? OK;
  if (refused !== OK) return refused;
  const failed = consumer.addProducer?.(producer, irq) ?? OK;
  if (failed !== OK) producer.delConsumer?.(consumer);
  return failed;
}

function stop(producer: Producer, consumer: Consumer): void {
  producer.stop?.();
  consumer.stop?.();
}

/** In the opposite order of stop, so that the two nest. */
function start(producer: Producer, consumer: Consumer): void {
  consumer.start?.();
  producer.start?.();
}
