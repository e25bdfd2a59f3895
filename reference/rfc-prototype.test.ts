/** The prototype of the RFC of 2015 does the same as the reference under the profile rfc-2015. */
import { describe, expect, it } from 'vitest';
import type { ManagerFactory } from '../spec/manager.js';
import { rfc2015 } from '../spec/profiles/rfc-2015.js';
import { EINVAL } from '../spec/vocabulary.js';
import { createReferenceManager } from './manager.js';
import { Recording } from './recording.js';
import { createRfcPrototype } from './rfc-prototype.js';

const factories: readonly (readonly [string, ManagerFactory])[] = [
  ['the prototype', createRfcPrototype],
  ['the reference as rfc-2015', (environment) => createReferenceManager(rfc2015, environment)],
];

describe.each(factories)('%s', (_, create) => {
  const setUp = () => {
    const recording = new Recording();
    const manager = create(recording.environment);
    const producer = (name: string) => recording.producer(name, { callbacks: [] });
    const consumer = (name: string, results: readonly number[] = []) =>
      recording.consumer(name, { callbacks: ['addProducer', 'delProducer'], results });
    return { recording, manager, producer, consumer };
  };

  it('pairs in either order, and tells the consumer alone', () => {
    const { recording, manager, producer, consumer } = setUp();
    const [p, c] = [producer('p'), consumer('c')];
    expect(manager.registerProducer(p, 't0', 32)).toBe(0);
    expect(manager.registerConsumer(c, 't0')).toBe(0);
    manager.unregisterProducer(p);
    expect(recording.calls()).toBe('c.addProducer(p,32) c.delProducer(p)');
    expect(manager.registerProducer(p, 't0', 32)).toBe(0);
    manager.unregisterConsumer(c);
    manager.unregisterProducer(p);
    expect(recording.calls()).toBe('c.addProducer(p,32) c.delProducer(p)');
  });

  it('refuses a duplicate with -EINVAL', () => {
    const { recording, manager, producer, consumer } = setUp();
    manager.registerProducer(producer('p'), 't0', 32);
    manager.registerConsumer(consumer('c'), 't0');
    recording.calls();
    expect(manager.registerProducer(producer('q'), 't0', 33)).toBe(EINVAL);
    expect(manager.registerConsumer(consumer('d'), 't0')).toBe(EINVAL);
    expect(recording.calls()).toBe('');
  });

  it('refuses an object that registers again under its token', () => {
    const { manager, producer } = setUp();
    const p = producer('p');
    manager.registerProducer(p, 't0', 32);
    expect(manager.registerProducer(p, 't0', 32)).toBe(EINVAL);
  });

  it('takes a null token for a token like any other', () => {
    const { recording, manager, producer, consumer } = setUp();
    const p = producer('p');
    expect(manager.registerProducer(p, null, 32)).toBe(0);
    expect(manager.registerConsumer(consumer('c'), null)).toBe(0);
    manager.unregisterProducer(p);
    expect(recording.calls()).toBe('c.addProducer(p,32) c.delProducer(p)');
  });

  it('does not ask whether connecting succeeded: the callbacks return nothing', () => {
    const { recording, manager, producer, consumer } = setUp();
    const p = producer('p');
    manager.registerProducer(p, 't0', 32);
    expect(manager.registerConsumer(consumer('c', [-5]), 't0')).toBe(0);
    manager.unregisterProducer(p);
    expect(recording.calls()).toBe('c.addProducer(p,32) c.delProducer(p)');
  });
});

describe('the prototype, where it is undefined', () => {
  it('disconnects whoever is listed with the token of a producer that was refused', () => {
    const recording = new Recording();
    const manager = createRfcPrototype();
    const [p, q, c] = [recording.producer('p'), recording.producer('q'), recording.consumer('c')];
    manager.registerProducer(p, 't0', 32);
    manager.registerConsumer(c, 't0');
    manager.registerProducer(q, 't0', 33);
    recording.calls();
    manager.unregisterProducer(q);
    expect(recording.calls()).toBe('c.delProducer(q)');
  });
});
