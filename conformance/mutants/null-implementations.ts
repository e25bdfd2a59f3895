/**
 * Managers that are none. A kit that lets one of them pass a rule tests nothing with it; they are the zero of the
 * scale, and a rule that one of them passes is listed with the reason.
 */
import type { Consumer, Manager, ManagerFactory, Producer } from '../../spec/manager.js';
import type { Status } from '../../spec/vocabulary.js';
import { EINVAL, OK } from '../../spec/vocabulary.js';

/** A manager that is none. */
export interface NullImplementation {
  readonly name: string;
  readonly summary: string;
  readonly create: ManagerFactory;
}

/** All of them. */
export const nullImplementations: readonly NullImplementation[] = [
  {
    name: 'does-nothing',
    summary: 'Every operation is an empty function; a registration does not even return a status.',
    create: () => everyRegistration(() => NO_STATUS),
  },
  {
    name: 'always-succeeds',
    summary: 'Every registration returns 0, and nobody is ever called.',
    create: () => everyRegistration(() => OK),
  },
  {
    name: 'always-refuses',
    summary: 'Every registration is refused with -EINVAL.',
    create: () => everyRegistration(() => EINVAL),
  },
  {
    name: 'echoes',
    summary:
      'Every operation calls all callbacks that its object has, with the object itself, and a registration returns 0.',
    create: () => ({
      registerProducer: (producer, _token, irq) => echo(producer, irq),
      unregisterProducer: (producer) => void echo(producer, 0),
      registerConsumer: (consumer) => echo(consumer, 0),
      unregisterConsumer: (consumer) => void echo(consumer, 0),
    }),
  },
];

/** What a stub returns that returns nothing. The type of a manager forbids it; JavaScript does not. */
const NO_STATUS = undefined as unknown as Status;

/** A manager that answers every registration alike and does nothing else. */
function everyRegistration(answer: () => Status): Manager {
  return {
    registerProducer: answer,
    unregisterProducer: () => {},
    registerConsumer: answer,
    unregisterConsumer: () => {},
  };
}

function echo(object: Producer & Consumer, irq: number): Status {
  object.stop?.();
  object.start?.();
  object.addConsumer?.(object);
  object.delConsumer?.(object);
  object.addProducer?.(object, irq);
  object.delProducer?.(object);
  return OK;
}
