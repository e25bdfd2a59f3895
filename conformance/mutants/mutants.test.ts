import { describe, expect, it } from 'vitest';
import { Recording } from '../../reference/recording.js';
import { core } from '../../spec/profiles/core.js';
import { isProfileName } from '../../spec/profiles/index.js';
import { rules } from '../../spec/rules/index.js';
import { EBUSY, EINVAL, ENOMEM } from '../../spec/vocabulary.js';
import { CorrectManager } from './base.js';
import { findMutant, mutants, nullImplementations } from './index.js';

const HISTORICAL = [
  'linux-5.9',
  'linux-5.9-no-start',
  'linux-5.9-del-after-success',
  'unregister-by-token',
  'unregister-consumer-by-token',
  'null-token-for-ever',
  'one-to-many-after-lost-entry',
  'connected-but-untracked',
  'del-on-wrong-object',
  'no-roll-back',
  'rekey',
];

describe('the mutants', () => {
  it('have names of their own, which the null implementations do not share', () => {
    const names = [...mutants, ...nullImplementations].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z0-9.]+(-[a-z0-9.]+)*$/);
  });

  it('are found by their names', () => {
    for (const name of HISTORICAL) expect(findMutant(name)?.name).toBe(name);
    expect(findMutant('no-such-mutant')).toBeUndefined();
  });

  it('leave no rule that a trace can show without one', () => {
    const meant = new Set(mutants.map(({ rule }) => rule));
    const testable = rules.filter(({ kind }) => kind !== 'untestable' && kind !== 'schedule').map(({ id }) => id);
    expect(testable.filter((id) => !meant.has(id))).toEqual([]);
  });

  it('each name a rule that holds in a profile that there is', () => {
    for (const { name, rule, profile } of mutants) {
      expect(isProfileName(profile), name).toBe(true);
      const found = rules.find(({ id }) => id === rule);
      expect(found, name).toBeDefined();
      expect(found?.except?.[profile], name).toBeUndefined();
    }
  });

  it('each say in one sentence what they do wrong', () => {
    for (const { name, summary } of [...mutants, ...nullImplementations]) expect(summary, name).toMatch(/^[A-Z].*\.$/);
  });
});

describe('the manager that they are made from', () => {
  const setUp = () => {
    const recording = new Recording();
    const manager = new CorrectManager(core, recording.environment);
    return { recording, manager, p: recording.producer('p'), c: recording.consumer('c') };
  };

  it('connects in either order and disconnects, and pairs again', () => {
    const { recording, manager, p, c } = setUp();
    const connected = 'p.stop c.stop p.addConsumer(c) c.addProducer(p,32) c.start p.start';
    const disconnected = 'p.stop c.stop c.delProducer(p) p.delConsumer(c) c.start p.start';
    expect([manager.registerProducer(p, 't0', 32), manager.registerConsumer(c, 't0')]).toEqual([0, 0]);
    expect(recording.calls()).toBe(connected);
    manager.unregisterProducer(p);
    expect(recording.calls()).toBe(disconnected);
    expect(manager.registerProducer(p, 't0', 32)).toBe(0);
    expect(recording.calls()).toBe(connected);
    manager.unregisterConsumer(c);
    expect(recording.calls()).toBe(disconnected);
  });

  it('refuses duplicates, registered objects, null tokens, missing callbacks, and when there is no memory', () => {
    const { recording, manager, p } = setUp();
    manager.registerProducer(p, 't0', 32);
    expect(manager.registerProducer(recording.producer('q'), 't0', 33)).toBe(EBUSY);
    expect(recording.warnings).toEqual([]);
    expect(manager.registerProducer(p, 't1', 33)).toBe(EBUSY);
    expect(recording.warnings).toHaveLength(1);
    expect(manager.registerConsumer(recording.consumer('d'), null)).toBe(EINVAL);
    expect(manager.registerConsumer(recording.consumer('e', { callbacks: ['addProducer'] }), 't0')).toBe(EINVAL);
    recording.memory = false;
    expect(manager.registerConsumer(recording.consumer('f'), 't0')).toBe(ENOMEM);
    expect(recording.calls()).toBe('');
  });

  it('rolls back what failed, keeps the peer, and tries again', () => {
    const { recording, manager, p } = setUp();
    const c = recording.consumer('c', { results: [1] });
    manager.registerProducer(p, 't0', 32);
    expect(manager.registerConsumer(c, 't0')).toBe(1);
    expect(recording.calls()).toBe(
      'p.stop c.stop p.addConsumer(c) c.addProducer(p,32) p.delConsumer(c) c.start p.start',
    );
    manager.unregisterConsumer(c);
    expect(recording.calls()).toBe('');
    expect(manager.registerConsumer(c, 't0')).toBe(0);
  });

  it('deletes nothing when addConsumer fails', () => {
    const { recording, manager, c } = setUp();
    const p = recording.producer('p', { results: [-5] });
    manager.registerConsumer(c, 't0');
    expect(manager.registerProducer(p, 't0', 32)).toBe(-5);
    expect(recording.calls()).toBe('p.stop c.stop p.addConsumer(c) c.start p.start');
  });

  it('does nothing for what is not registered', () => {
    const { recording, manager, p, c } = setUp();
    manager.unregisterProducer(p);
    manager.registerConsumer(c, 't0');
    manager.registerConsumer(recording.consumer('d'), 't0');
    manager.unregisterConsumer(c);
    manager.unregisterConsumer(c);
    expect(recording.calls()).toBe('');
    expect(recording.warnings).toEqual([]);
  });
});

describe('what was once real', () => {
  const setUp = (name: string) => {
    const mutant = findMutant(name);
    if (mutant === undefined) throw new Error(`there is no mutant ${name}`);
    const recording = new Recording();
    return { recording, manager: mutant.create(recording.environment) };
  };

  it('Linux 5.9 leaves a guest stopped, and deletes what it has just added', () => {
    const { recording, manager } = setUp('linux-5.9');
    manager.registerConsumer(recording.consumer('c', { results: [-5] }), 't0');
    expect(manager.registerProducer(recording.producer('p'), 't0', 32)).toBe(-5);
    expect(recording.calls()).toBe('p.stop c.stop p.addConsumer(c) c.addProducer(p,32) p.delConsumer(c)');
    expect(manager.registerProducer(recording.producer('q'), 't0', 33)).toBe(0);
    expect(recording.calls()).toMatch(/ c.start q.start q.delConsumer\(c\)$/);
  });

  it('up to Linux 6.16 a refused producer takes the consumer of the one that holds the token, and dies', () => {
    const { recording, manager } = setUp('unregister-by-token');
    const refused = recording.producer('q');
    manager.registerProducer(recording.producer('p'), 't0', 32);
    manager.registerConsumer(recording.consumer('c'), 't0');
    manager.registerProducer(refused, 't0', 33);
    recording.calls();
    expect(() => manager.unregisterProducer(refused)).toThrow(/on no list/);
    expect(recording.calls()).toBe('q.stop c.stop c.delProducer(q) q.delConsumer(c) c.start q.start');
  });

  it('Linux 6.17 pairs two null tokens and cannot part them', () => {
    const { recording, manager } = setUp('null-token-for-ever');
    const p = recording.producer('p');
    expect(manager.registerProducer(p, null, 32)).toBe(0);
    expect(manager.registerConsumer(recording.consumer('c'), null)).toBe(0);
    recording.calls();
    manager.unregisterProducer(p);
    expect(recording.calls()).toBe('');
    expect(manager.registerProducer(p, null, 32)).toBe(EBUSY);
  });

  it('up to Linux 6.16 a consumer is never told that a producer has left that tried another token', () => {
    const { recording, manager } = setUp('rekey');
    const p = recording.producer('p');
    manager.registerProducer(p, 't0', 32);
    manager.registerConsumer(recording.consumer('c'), 't0');
    recording.calls();
    expect(manager.registerProducer(p, 't1', 32)).toBe(EBUSY);
    manager.unregisterProducer(p);
    expect(recording.calls()).toBe('');
  });

  it('an entry that is lost gives its consumer a second producer', () => {
    const { recording, manager } = setUp('one-to-many-after-lost-entry');
    const p = recording.producer('p');
    manager.registerProducer(p, 't0', 32);
    manager.registerConsumer(recording.consumer('c'), 't0');
    manager.registerProducer(p, 't0', 32);
    manager.unregisterProducer(p);
    recording.calls();
    expect(manager.registerProducer(recording.producer('q'), 't0', 33)).toBe(0);
    expect(recording.calls()).toContain('c.addProducer(q,33)');
  });

  it('memory asked for too late leaves a pair that nobody knows of', () => {
    const { recording, manager } = setUp('connected-but-untracked');
    const p = recording.producer('p');
    manager.registerConsumer(recording.consumer('c'), 't0');
    recording.memory = false;
    expect(manager.registerProducer(p, 't0', 32)).toBe(ENOMEM);
    expect(recording.calls()).toContain('c.addProducer(p,32)');
    manager.unregisterProducer(p);
    expect(recording.calls()).toBe('');
  });
});
