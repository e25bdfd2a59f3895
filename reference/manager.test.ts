/** The reference in the scenarios that tell the versions of the manager apart. `spec/README.md` lists them. */
import { describe, expect, it } from 'vitest';
import type { Manager } from '../spec/manager.js';
import type { Profile } from '../spec/profile.js';
import { profiles } from '../spec/profiles/index.js';
import type { Status } from '../spec/vocabulary.js';
import { EBUSY, EINVAL, ENOMEM } from '../spec/vocabulary.js';
import { createReferenceManager } from './manager.js';
import { Recording } from './recording.js';

const CONNECT = 'p.stop c.stop p.addConsumer(c) c.addProducer(p,32) c.start p.start';
const DISCONNECT = 'p.stop c.stop c.delProducer(p) p.delConsumer(c) c.start p.start';
const QUIET = '';

/** A manager of a profile with nothing registered, and what it is watched by. */
function setUp(profile: Profile): { recording: Recording; manager: Manager } {
  const recording = new Recording();
  return { recording, manager: createReferenceManager(profile, recording.environment) };
}

function statusIn(profile: Profile, refusal: Profile['refusals'][number]['refusal']): Status | undefined {
  return profile.refusals.find((choice) => choice.refusal === refusal)?.statuses[0];
}

const full = profiles.filter(({ name }) => name !== 'rfc-2015');

describe.each(full.map((profile) => [profile.name, profile] as const))('the reference as %s', (_, profile) => {
  it('pairs when the consumer comes second, and disconnects when the producer leaves (S01)', () => {
    const { recording, manager } = setUp(profile);
    const [p, c] = [recording.producer('p'), recording.consumer('c')];
    expect(manager.registerProducer(p, 't0', 32)).toBe(0);
    expect(recording.calls()).toBe(QUIET);
    expect(manager.registerConsumer(c, 't0')).toBe(0);
    expect(recording.calls()).toBe(CONNECT);
    manager.unregisterProducer(p);
    expect(recording.calls()).toBe(DISCONNECT);
    manager.unregisterConsumer(c);
    expect(recording.calls()).toBe(QUIET);
  });

  it('pairs in the same way when the producer comes second, and the consumer leaves first (S02)', () => {
    const { recording, manager } = setUp(profile);
    const [p, c] = [recording.producer('p'), recording.consumer('c')];
    expect(manager.registerConsumer(c, 't0')).toBe(0);
    expect(manager.registerProducer(p, 't0', 32)).toBe(0);
    expect(recording.calls()).toBe(CONNECT);
    manager.unregisterConsumer(c);
    expect(recording.calls()).toBe(DISCONNECT);
    manager.unregisterProducer(p);
    expect(recording.calls()).toBe(QUIET);
  });

  it('starts both and deletes nothing when addConsumer fails; unregistering then does nothing (S03)', () => {
    const { recording, manager } = setUp(profile);
    const [p, c] = [recording.producer('p', { results: [-5] }), recording.consumer('c')];
    manager.registerConsumer(c, 't0');
    expect(manager.registerProducer(p, 't0', 32)).toBe(-5);
    expect(recording.calls()).toBe('p.stop c.stop p.addConsumer(c) c.start p.start');
    manager.unregisterProducer(p);
    manager.unregisterConsumer(c);
    expect(recording.calls()).toBe(QUIET);
  });

  it('takes back addConsumer when addProducer fails, whoever registers (S04, S05)', () => {
    const { recording, manager } = setUp(profile);
    const rolledBack = 'p.stop c.stop p.addConsumer(c) c.addProducer(p,32) p.delConsumer(c) c.start p.start';
    const [p, c] = [recording.producer('p'), recording.consumer('c', { results: [-5, -5] })];
    manager.registerConsumer(c, 't0');
    expect(manager.registerProducer(p, 't0', 32)).toBe(-5);
    expect(recording.calls()).toBe(rolledBack);
    manager.unregisterProducer(p);
    manager.unregisterConsumer(c);
    expect(recording.calls()).toBe(QUIET);

    expect(manager.registerProducer(p, 't0', 32)).toBe(0);
    expect(manager.registerConsumer(c, 't0')).toBe(-5);
    expect(recording.calls()).toBe(rolledBack);
  });

  it('refuses a second producer of a token, whose unregistration then does nothing (S06)', () => {
    const { recording, manager } = setUp(profile);
    const [p, q, c] = [recording.producer('p'), recording.producer('q'), recording.consumer('c')];
    manager.registerProducer(p, 't0', 32);
    manager.registerConsumer(c, 't0');
    recording.calls();
    expect(manager.registerProducer(q, 't0', 33)).toBe(statusIn(profile, 'duplicate-token'));
    manager.unregisterProducer(q);
    expect(recording.calls()).toBe(QUIET);
    manager.unregisterConsumer(c);
    expect(recording.calls()).toBe(DISCONNECT);
  });

  it('refuses a second consumer of a token, whose unregistration then does nothing (S07)', () => {
    const { recording, manager } = setUp(profile);
    const [p, c, d] = [recording.producer('p'), recording.consumer('c'), recording.consumer('d')];
    manager.registerProducer(p, 't0', 32);
    manager.registerConsumer(c, 't0');
    recording.calls();
    expect(manager.registerConsumer(d, 't0')).toBe(statusIn(profile, 'duplicate-token'));
    manager.unregisterConsumer(d);
    expect(recording.calls()).toBe(QUIET);
  });

  it('refuses a null token where it may, and pairs under it where it must (S08, S28)', () => {
    const { recording, manager } = setUp(profile);
    const [p, c] = [recording.producer('p'), recording.consumer('c')];
    const status = statusIn(profile, 'null-token') ?? 0;
    expect(manager.registerProducer(p, null, 32)).toBe(status);
    expect(manager.registerConsumer(c, null)).toBe(status);
    expect(recording.calls()).toBe(status === 0 ? CONNECT : QUIET);
    manager.unregisterProducer(p);
    expect(recording.calls()).toBe(status === 0 ? DISCONNECT : QUIET);
  });

  it('refuses a consumer that lacks a mandatory callback (S09)', () => {
    const { recording, manager } = setUp(profile);
    const half = recording.consumer('c', { callbacks: ['addProducer'] });
    expect(manager.registerConsumer(half, 't0')).toBe(EINVAL);
    expect(manager.registerConsumer(recording.consumer('d', { callbacks: ['delProducer'] }), 't0')).toBe(EINVAL);
  });

  it('refuses to register what is registered, and warns where the version does (S11, S12)', () => {
    const { recording, manager } = setUp(profile);
    const [p, c] = [recording.producer('p'), recording.consumer('c')];
    manager.registerProducer(p, 't0', 32);
    manager.registerConsumer(c, 't0');
    recording.calls();
    expect(manager.registerProducer(p, 't0', 33)).toBe(statusIn(profile, 'registered'));
    expect(manager.registerConsumer(c, 't0')).toBe(statusIn(profile, 'registered'));
    expect(recording.calls()).toBe(QUIET);
    expect(recording.warnings).toHaveLength(profile.warnsWhenRegistered.length);
  });

  it('leaves a pair as it was when one of the two is refused under another token (S13, S14, S25)', () => {
    const { recording, manager } = setUp(profile);
    const [p, c] = [recording.producer('p'), recording.consumer('c')];
    manager.registerProducer(p, 't0', 32);
    manager.registerConsumer(c, 't0');
    recording.calls();
    expect(manager.registerProducer(p, 't1', 33)).toBe(statusIn(profile, 'registered'));
    expect(manager.registerConsumer(c, 't1')).toBe(statusIn(profile, 'registered'));
    manager.unregisterProducer(p);
    expect(recording.calls()).toBe(DISCONNECT);
  });

  it('tries in full again after a failure (S15)', () => {
    const { recording, manager } = setUp(profile);
    const [p, c] = [recording.producer('p', { results: [-5] }), recording.consumer('c')];
    manager.registerConsumer(c, 't0');
    expect(manager.registerProducer(p, 't0', 7)).toBe(-5);
    recording.calls();
    expect(manager.registerProducer(p, 't0', 32)).toBe(0);
    expect(recording.calls()).toBe(CONNECT);
  });

  it('returns a positive result as the failure that it is (S16)', () => {
    const { recording, manager } = setUp(profile);
    manager.registerProducer(recording.producer('p'), 't0', 32);
    expect(manager.registerConsumer(recording.consumer('c', { results: [1] }), 't0')).toBe(1);
  });

  it('skips the callbacks that the two may lack (S17, S23)', () => {
    const { recording, manager } = setUp(profile);
    const p = recording.producer('p', {
      callbacks: profile.mandatory.producer.length === 0 ? [] : ['addConsumer', 'delConsumer'],
    });
    const c = recording.consumer('c', { callbacks: ['addProducer', 'delProducer'] });
    manager.registerProducer(p, 't0', 32);
    expect(manager.registerConsumer(c, 't0')).toBe(0);
    manager.unregisterProducer(p);
    expect(recording.calls()).toBe(
      profile.mandatory.producer.length === 0
        ? 'c.addProducer(p,32) c.delProducer(p)'
        : 'p.addConsumer(c) c.addProducer(p,32) c.delProducer(p) p.delConsumer(c)',
    );
  });

  it('pairs a producer again when its consumer is replaced (S18)', () => {
    const { recording, manager } = setUp(profile);
    const [p, old, c] = [recording.producer('p'), recording.consumer('old'), recording.consumer('c')];
    manager.registerProducer(p, 't0', 32);
    manager.registerConsumer(old, 't0');
    manager.unregisterConsumer(old);
    recording.calls();
    expect(manager.registerConsumer(c, 't0')).toBe(0);
    expect(recording.calls()).toBe(CONNECT);
  });

  it('asks for memory once, before it connects, where it can run out (S21)', () => {
    const { recording, manager } = setUp(profile);
    const [p, c] = [recording.producer('p'), recording.consumer('c')];
    manager.registerConsumer(c, 't0');
    recording.memory = false;
    const status = manager.registerProducer(p, 't0', 32);
    if (statusIn(profile, 'no-memory') === undefined) {
      expect([status, recording.allocations]).toEqual([0, 0]);
      return;
    }
    expect([status, recording.allocations]).toEqual([ENOMEM, 2]);
    expect(recording.calls()).toBe(QUIET);
    recording.memory = true;
    expect(manager.registerProducer(p, 't0', 32)).toBe(0);
    expect(recording.calls()).toBe(CONNECT);
  });

  it('shows the interrupt of the registration that stands, whatever was refused since (S22)', () => {
    const { recording, manager } = setUp(profile);
    const [p, c] = [recording.producer('p'), recording.consumer('c')];
    manager.registerProducer(p, 't0', 32);
    manager.registerProducer(p, 't0', 99);
    manager.registerConsumer(c, 't0');
    expect(recording.calls()).toBe(CONNECT);
  });

  it('does nothing for what was never registered, or is unregistered already (S24)', () => {
    const { recording, manager } = setUp(profile);
    const [p, c] = [recording.producer('p'), recording.consumer('c')];
    manager.unregisterProducer(p);
    manager.unregisterConsumer(c);
    manager.registerProducer(p, 't0', 32);
    manager.registerConsumer(c, 't0');
    manager.unregisterProducer(p);
    recording.calls();
    manager.unregisterProducer(p);
    expect(recording.calls()).toBe(QUIET);
    expect(recording.warnings).toEqual([]);
  });

  it('leaves alone who took the token of a producer that failed to connect (S29)', () => {
    const { recording, manager } = setUp(profile);
    const [failed, p, c] = [
      recording.producer('f', { results: [-5] }),
      recording.producer('p'),
      recording.consumer('c'),
    ];
    manager.registerConsumer(c, 't0');
    manager.registerProducer(failed, 't0', 7);
    manager.registerProducer(p, 't0', 32);
    recording.calls();
    manager.unregisterProducer(failed);
    expect(recording.calls()).toBe(QUIET);
    manager.unregisterProducer(p);
    expect(recording.calls()).toBe(DISCONNECT);
  });
});

describe('the reference, where the profile orders its refusals', () => {
  it.each(full.filter(({ ordered }) => ordered).map((profile) => [profile.name, profile] as const))(
    'gives the status of the first reason that applies as %s',
    (_, profile) => {
      const { recording, manager } = setUp(profile);
      manager.registerConsumer(recording.consumer('c'), 't0');
      const half = recording.consumer('d', { callbacks: [] });
      const first = profile.refusals.find(({ refusal }) => ['missing-callback', 'duplicate-token'].includes(refusal));
      expect(manager.registerConsumer(half, 't0')).toBe(first?.statuses[0]);
    },
  );

  it('warns of a registered object as linux-6.17 although its token is taken, too', () => {
    const profile = profiles.find(({ name }) => name === 'linux-6.17');
    if (profile === undefined) throw new Error('there is no such profile');
    const { recording, manager } = setUp(profile);
    const [p, q] = [recording.producer('p'), recording.producer('q')];
    manager.registerProducer(p, 't0', 32);
    manager.registerProducer(q, 't1', 33);
    expect(manager.registerProducer(p, 't1', 32)).toBe(EINVAL);
    expect(recording.warnings).toEqual(['a registered producer registers again']);
    expect(manager.registerProducer(recording.producer('r'), 't1', 34)).toBe(EBUSY);
  });
});
