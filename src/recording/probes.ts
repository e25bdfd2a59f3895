/**
 * What is recorded of a kernel: the manager's four functions, what they return, and KVM's callbacks.
 *
 *     p:irqbypass_spec/registerConsumer       irq_bypass_register_consumer      object= token= addProducer= ...
 *     r:irqbypass_spec/registerConsumerReturn irq_bypass_register_consumer      status=
 *     p:irqbypass_spec/addProducer            kvm_arch_irq_bypass_add_producer  object= counterpart= irq=
 *     r:irqbypass_spec/addProducerReturn      kvm_arch_irq_bypass_add_producer  result=
 *
 * Each line is a kprobe event as the kernel's Documentation/trace/kprobetrace.rst has it. The name of an event is the
 * word of the spec. With a registration the object's own pointers to its callbacks are recorded, so that it is known
 * which it has, and whether the recording would show them.
 */

import { callbackTable, passesCounterpart, returnsStatus, showsIrq, wholeCallbacks } from '../../spec/callbacks.js';
import type { Generation } from '../../spec/profile.js';
import type { CallbackName, ConsumerCallback, OperationName, ProducerCallback, Role } from '../../spec/vocabulary.js';

/** The group of the events in tracefs, and the name of the instance. */
export const GROUP = 'irqbypass_spec';

/** Where the fields of an object lie, in bytes. */
export interface Layout {
  readonly producer: Readonly<Record<'token' | 'irq' | ProducerCallback, number>>;
  readonly consumer: Readonly<Record<'token' | ConsumerCallback, number>>;
}

/** The layouts of 64-bit kernels, where the kernel itself does not tell (BTF). */
export const LAYOUTS: Readonly<Record<Generation, Layout>> = {
  'token-in-object': {
    producer: { token: 16, irq: 24, addConsumer: 32, delConsumer: 40, stop: 48, start: 56 },
    consumer: { token: 16, addProducer: 24, delProducer: 32, stop: 40, start: 48 },
  },
  'token-as-argument': {
    producer: { token: 0, irq: 16, addConsumer: 24, delConsumer: 32, stop: 40, start: 48 },
    consumer: { token: 0, addProducer: 16, delProducer: 24, stop: 32, start: 40 },
  },
};

const { producer: OF_PRODUCER, consumer: OF_CONSUMER } = LAYOUTS['token-in-object'];

/** The pointers to the callbacks of each role, in the order of the kernel's structures, which never changed. */
export const POINTERS = {
  producer: wholeCallbacks.producer.toSorted((a, b) => OF_PRODUCER[a] - OF_PRODUCER[b]),
  consumer: wholeCallbacks.consumer.toSorted((a, b) => OF_CONSUMER[a] - OF_CONSUMER[b]),
} as const satisfies Readonly<Record<Role, readonly CallbackName[]>>;

/** The functions of the manager. Without one of them nothing can be recorded. */
export const OPERATIONS = {
  registerProducer: 'irq_bypass_register_producer',
  unregisterProducer: 'irq_bypass_unregister_producer',
  registerConsumer: 'irq_bypass_register_consumer',
  unregisterConsumer: 'irq_bypass_unregister_consumer',
} as const satisfies Readonly<Record<OperationName, string>>;

/** KVM's callbacks, the same on every architecture. VFIO's producers have none. */
export const CALLBACKS = Object.fromEntries(
  POINTERS.consumer.map((name) => [name, `kvm_arch_irq_bypass_${callbackTable[name].c}`]),
) as Readonly<Record<ConsumerCallback, string>>;

/** One kprobe event. */
export interface Probe {
  readonly event: string;
  readonly function: string;
  /** The line for tracefs' kprobe_events. */
  readonly line: string;
  /** Whether there is no recording without it. */
  readonly needed: boolean;
}

/** The events that record a kernel of a generation. */
export function probes(
  generation: Generation,
  layout: Layout = LAYOUTS[generation],
  group: string = GROUP,
): readonly Probe[] {
  const { producer, consumer } = layout;
  const asArgument = generation === 'token-as-argument';
  const token = (offset: number) => (asArgument ? 'token=$arg2:x64' : `token=+${offset}($arg1):x64`);
  const irq = asArgument ? 'irq=$arg3:s32' : `irq=+${producer.irq}($arg1):s32`;
  const pointers = (names: readonly string[], offsets: Readonly<Record<string, number>>) =>
    names.map((name) => `${name}=+${offsets[name]}($arg1):symbol`);
  return [
    ...both(
      group,
      'registerProducer',
      OPERATIONS.registerProducer,
      true,
      ['status=$retval:s32'],
      [token(producer.token), irq, ...pointers(POINTERS.producer, producer)],
    ),
    ...both(
      group,
      'registerConsumer',
      OPERATIONS.registerConsumer,
      true,
      ['status=$retval:s32'],
      [token(consumer.token), ...pointers(POINTERS.consumer, consumer)],
    ),
    // What an unregistration finds lies in the object in either generation.
    ...both(
      group,
      'unregisterProducer',
      OPERATIONS.unregisterProducer,
      true,
      [],
      [`token=+${producer.token}($arg1):x64`],
    ),
    ...both(
      group,
      'unregisterConsumer',
      OPERATIONS.unregisterConsumer,
      true,
      [],
      [`token=+${consumer.token}($arg1):x64`],
    ),
    ...POINTERS.consumer.flatMap((name) => {
      const shown = showsIrq(name) ? [`irq=+${producer.irq}($arg2):s32`] : [];
      const passed = passesCounterpart(name) ? ['counterpart=$arg2', ...shown] : [];
      return both(group, name, CALLBACKS[name], false, returnsStatus(name) ? ['result=$retval:s32'] : [], passed);
    }),
  ];
}

/** The entry of a function and its return. */
function both(
  group: string,
  event: string,
  symbol: string,
  needed: boolean,
  result: readonly string[],
  fields: readonly string[],
): readonly Probe[] {
  const entry = ['object=$arg1', ...fields].join(' ');
  const leaving = [`${event}Return`, symbol, ...result].join(' ');
  return [
    { event, function: symbol, needed, line: `p:${group}/${event} ${symbol} ${entry}` },
    { event: `${event}Return`, function: symbol, needed, line: `r:${group}/${leaving}` },
  ];
}
