/** A run by any number of workers gives the report of a run in one piece, byte for byte. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toBaseline } from '../../src/engine/baseline.js';
import { run } from '../../src/engine/run.js';
import { askOf, Worker } from '../../src/engine/worker.js';
import { manager } from '../../src/manager/manager.js';
import { openTarget, profileNamed } from '../../src/targets/resolve.js';
import { type Target, TargetError } from '../../src/targets/target.js';
import { extent } from './extent.js';
import { expectSame, ofManager } from './fixtures/in-shards.js';

/** Targets, right and wrong. */
const addresses = ['reference', 'mutant:no-roll-back', 'mutant:linux-5.9', 'mutant:does-nothing'];

test('the shards of a run on a manager, merged, are the run', async () => {
  const runs = fc.record({
    address: fc.constantFrom(...addresses),
    seed: fc.nat(1000),
    programs: fc.integer({ min: 1, max: 150 }),
    partLength: fc.integer({ min: 20, max: 200 }),
    of: fc.integer({ min: 2, max: 5 }),
  });
  await fc.assert(
    fc.asyncProperty(runs, async ({ address, of, ...more }) => {
      await expectSame(manager, () => ofManager(address, more), of);
    }),
    { numRuns: extent(3, 6, 40), endOnFailure: true },
  );
});

test('the shards of a run with a baseline and programs of earlier findings, merged, are the run', async () => {
  const { findings } = await run(manager, await ofManager('mutant:no-roll-back'));
  const baseline = toBaseline(manager, { findings: findings.slice(0, 1) }, 'mutant', profileNamed('core'), undefined);
  const stored = findings.flatMap(({ forms }) => forms.map(({ program }) => program));
  const whole = await expectSame(manager, () => ofManager('mutant:no-roll-back', { baseline, stored }), 3);
  expect(whole.known.length).toBeGreaterThan(0);
  expect(whole.stored?.failing).toBeGreaterThan(0);
});

/** The reference, with something done about what it is asked. */
async function reference(run: (target: Target) => Target['run']): Promise<Target> {
  const target = await openTarget('reference');
  return { address: target.address, hello: target.hello, run: run(target), close: () => target.close() };
}

test('what comes after a target gives up is in no report, whoever has run it', async () => {
  const options = async () => {
    const target = await reference((right) => async (programs) => {
      if (programs.some((program) => program.objects.length > 6)) throw new TargetError('no more paper');
      return right.run(programs);
    });
    return ofManager('reference', { target, programs: 400 });
  };
  const whole = await expectSame(manager, options, 4);
  expect(whole).toMatchObject({ exit: 2, faults: [{ text: 'no more paper' }] });
  expect(whole.volume.notRun).toBeGreaterThan(0);
});

test('a target that does not do the same twice is judged by no shard', async () => {
  const options = async () => {
    let turn = 0;
    const target = await reference((right) => async (programs) => {
      const outcomes = await right.run(programs);
      return turn++ % 2 === 0 ? outcomes : outcomes.map((one) => ({ ...one, events: one.events.slice(0, 1) }));
    });
    return ofManager('reference', { target });
  };
  const whole = await expectSame(manager, options, 2);
  expect(whole).toMatchObject({ exit: 2, volume: { programs: 0 } });
  expect(whole.summary).toMatch(/does not do the same twice/);
});

test('parts are worked through by whoever is free, and the report is the same', async () => {
  const options = await ofManager('mutant:no-roll-back', { programs: 200 });
  const whole = await run(manager, options);
  const helper = new Worker(manager, options, await manager.prepare(askOf(manager, options)));
  const ran: number[] = [];
  // A worker works through one part at a time; a process that helps lets others wait, too.
  let turn: Promise<unknown> = Promise.resolve();
  const shared = await run(manager, options, {
    helpers: [
      {
        run: (part, number) => {
          ran.push(number);
          const own = turn.then(() => helper.run(part, number));
          turn = own;
          return own;
        },
      },
    ],
  });
  expect(ran.length).toBeGreaterThan(0);
  expect(JSON.stringify(shared)).toBe(JSON.stringify(whole));
});
