/** A target that dies is expensive: what it died of is asked once, and nothing is asked in vain beside it. */
import { expect, test } from 'vitest';
import type { Event, Program } from '../../spec/vocabulary.js';
import { objectWith, registering } from '../../spec/vocabulary.js';
import { DeathsRemembered } from '../../src/engine/deaths.js';
import { shrink } from '../../src/engine/shrink.js';
import { manager } from '../../src/manager/manager.js';
import type { ManagerShape } from '../../src/manager/shape.js';
import type { Outcome, Target } from '../../src/targets/target.js';

const program = (irq: number): Program => ({
  objects: [objectWith('p0', [])],
  lanes: [[registering('p0', 't0', irq)]],
});

/** A target that crashes when a producer has a certain interrupt, and answers at most so many programs at once. */
function mortal(deadly: (irq: number) => boolean, most = Number.POSITIVE_INFINITY) {
  const asked: number[] = [];
  const target: Target = {
    address: 'mortal',
    hello: { type: 'hello', protocol: 1, name: 'mortal', version: '1', language: 'none', capabilities: [] },
    run: async (programs) =>
      programs.slice(0, most).map(({ lanes }): Outcome => {
        const [call] = lanes.flat();
        const irq = call?.operation === 'registerProducer' ? call.irq : 0;
        asked.push(irq);
        const ending: Event = deadly(irq) ? { type: 'crash', detail: 'SIGSEGV' } : { type: 'return', status: 0 };
        return { events: call === undefined ? [] : [{ type: 'call', ...call }, ending] };
      }),
    close: async () => undefined,
  };
  return { asked, target };
}

test('a program in which it died is not asked again, and all answers stand in their places', async () => {
  const { asked, target } = mortal((irq) => irq === 2);
  const remembered = new DeathsRemembered<ManagerShape>(target);
  const before = await remembered.run([program(1), program(2), program(3)]);
  const after = await remembered.run([program(3), program(2), program(1)]);
  expect(after).toEqual(before.toReversed());
  expect(asked).toEqual([1, 2, 3, 3, 1]);
});

test('where the target answers no more, nothing is made up', async () => {
  const { target } = mortal((irq) => irq === 2, 1);
  const remembered = new DeathsRemembered<ManagerShape>(target);
  await remembered.run([program(2)]);
  const outcomes = await remembered.run([program(2), program(4), program(5), program(2)]);
  expect(outcomes).toHaveLength(2);
});

test('while a crash is made small, each crash is a step: none is asked beside another', async () => {
  const { asked, target } = mortal(() => true);
  const remembered = new DeathsRemembered<ManagerShape>(target);
  const stillFails = async (programs: readonly Program[]) =>
    (await remembered.run(programs)).map(({ events }) => events.at(-1)?.type === 'crash');
  const small = await shrink<ManagerShape>(manager, program(70_001), stillFails, undefined, true);
  expect(small).toEqual(program(1));
  expect(asked).toEqual([1]);
});

test('a hang that is told of is confirmed; what is slow and no hang is not told of as one', async () => {
  const hang: Outcome = { events: [{ type: 'hang', detail: 'no answer' }] };
  const slow: Outcome = { events: [{ type: 'return', status: 0 }] };
  for (const truth of [hang, slow]) {
    const { target } = mortal(() => false);
    const impatient: Target = {
      ...target,
      run: async (programs) => programs.map(() => hang),
      confirm: async () => truth,
    };
    const remembered = new DeathsRemembered<ManagerShape>(impatient);
    expect(await remembered.run([program(1)])).toEqual([hang]);
    expect(await remembered.confirmed(program(1))).toEqual(truth);
  }
});
