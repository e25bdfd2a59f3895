/**
 * The claim of the certificate, on implementations that a run judges: one with k extra states, wrong only in the last of
 * them, is found by the suite for k, and not always by the suite for k - 1.
 *
 * Such an implementation is the reference, and counts how far a secret sequence of operations has come since the
 * manager was in a certain state: each operation of the sequence but the last leads to one more state, and the last is
 * answered wrongly. Any other operation in between leads back.
 */

import { describe, expect, test } from 'vitest';
import { createReferenceManager } from '../../reference/index.js';
import type { Hello } from '../../spec/formats/protocol.js';
import type { ManagerFactory } from '../../spec/manager.js';
import { core } from '../../spec/profiles/core.js';
import { rules } from '../../spec/rules/index.js';
import type { Status, Token } from '../../spec/vocabulary.js';
import { OK } from '../../spec/vocabulary.js';
import { run } from '../../src/engine/run.js';
import { manager } from '../../src/manager/manager.js';
import { InProcessTarget } from '../../src/targets/in-process.js';
import { extent } from './extent.js';

const SCOPE = { producers: 1, consumers: 1, tokens: 1 };
/** An answer that no rule allows. */
const WRONG = -999;

/** What of the one producer and the one consumer is registered: under which token, or not at all. */
type Registered = string;

/** An operation of the scope, as the manager is called. */
type Call =
  | `${'registerProducer' | 'registerConsumer'} ${'t0' | 'null'} ${'fed' | 'starved'}`
  | 'unregisterProducer'
  | 'unregisterConsumer';

const CALLS: readonly Call[] = [
  ...(['registerProducer', 'registerConsumer'] as const).flatMap((one) =>
    (['t0', 'null'] as const).flatMap((token) =>
      (['fed', 'starved'] as const).map((memory): Call => `${one} ${token} ${memory}`),
    ),
  ),
  'unregisterProducer',
  'unregisterConsumer',
];

/** The reference, wrong at the end of a sequence that begins in a state; it refuses the null token. */
function secretive(from: Registered, sequence: readonly Call[]): ManagerFactory {
  return (environment) => {
    const manager = createReferenceManager(core, environment);
    const tokens: { producer: Token | undefined; consumer: Token | undefined } = {
      producer: undefined,
      consumer: undefined,
    };
    let deep = 0;
    const comes = (call: Call): boolean => {
      const here = `${tokens.producer ?? '-'} ${tokens.consumer ?? '-'}`;
      if (deep > 0 && call === sequence[deep]) deep++;
      else deep = here === from && call === sequence[0] ? 1 : 0;
      const wrong = deep === sequence.length;
      if (wrong) deep = 0;
      return wrong;
    };
    const memory = () => (environment.allocate() ? 'fed' : 'starved');
    const registering = (side: 'producer' | 'consumer', token: Token, register: () => Status): Status => {
      const name = side === 'producer' ? 'registerProducer' : 'registerConsumer';
      const wrong = comes(`${name} ${token === null ? 'null' : 't0'} ${memory()}`);
      const status = register();
      if (status === OK) tokens[side] = token;
      return wrong ? WRONG : status;
    };
    const unregistering = (side: 'producer' | 'consumer', unregister: () => void): void => {
      const wrong = comes(side === 'producer' ? 'unregisterProducer' : 'unregisterConsumer');
      unregister();
      tokens[side] = undefined;
      if (wrong) throw new Error('the end of the sequence');
    };
    return {
      registerProducer: (object, token, irq) =>
        registering('producer', token, () => manager.registerProducer(object, token, irq)),
      registerConsumer: (object, token) =>
        registering('consumer', token, () => manager.registerConsumer(object, token)),
      unregisterProducer: (object) => unregistering('producer', () => manager.unregisterProducer(object)),
      unregisterConsumer: (object) => unregistering('consumer', () => manager.unregisterConsumer(object)),
    };
  };
}

/** Whether a run with the suite for so many extra states, and no random program, finds an implementation wrong. */
async function finds(factory: ManagerFactory, extraStates: number): Promise<boolean> {
  const hello: Hello = {
    type: 'hello',
    protocol: 1,
    name: 'secretive',
    version: '1',
    language: 'typescript',
    capabilities: ['allocation-failure', 'null-token', 'missing-mandatory'],
  };
  const report = await run(manager, {
    target: new InProcessTarget('module:secretive', hello, factory),
    profile: core,
    rules,
    allRules: true,
    seed: 1,
    programs: 0,
    tier: null,
    coverage: { scope: SCOPE, pairs: false, extraStates },
    failFast: true,
    now: () => 0,
  });
  expect(report.faults).toEqual([]);
  if (report.findings.length === 0) expect(report.certificate?.complete).toBe(true);
  return report.findings.length > 0;
}

function* sequences(length: number): Iterable<readonly Call[]> {
  if (length === 0) yield [];
  else for (const call of CALLS) for (const rest of sequences(length - 1)) yield [call, ...rest];
}

const STATES: readonly Registered[] = ['- -', 't0 -', '- t0', 't0 t0'];

describe('the suite of a run', () => {
  test.each([
    // Every so many sequences; each is a run of its own.
    [1, extent(61, 13)],
    [2, extent(601, 211)],
  ])('for %i extra states finds every implementation with so many; for one fewer it does not', async (k, every) => {
    let asked = 0;
    let isMissed = false;
    for (const from of STATES) {
      let nth = 0;
      for (const sequence of sequences(k + 1)) {
        if (nth++ % every !== 0) continue;
        asked++;
        const factory = secretive(from, sequence);
        expect(await finds(factory, k), `${from}: ${sequence.join(', ')}`).toBe(true);
        // One that is missed is enough.
        isMissed ||= !(await finds(factory, k - 1));
      }
    }
    expect(asked).toBeGreaterThan(extent(3, 15));
    expect(isMissed).toBe(true);
  });
});
