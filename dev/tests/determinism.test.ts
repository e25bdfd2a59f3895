/** A target that changes as a run goes on is found out at its end, whatever it did when it was first asked twice. */
import { expect, test } from 'vitest';
import { createReferenceManager } from '../../reference/index.js';
import { core } from '../../spec/profiles/core.js';
import type { Program } from '../../spec/vocabulary.js';
import { objectWith, registering } from '../../spec/vocabulary.js';
import { Spread } from '../../src/engine/determinism.js';
import { manager } from '../../src/manager/manager.js';
import type { ManagerShape } from '../../src/manager/shape.js';
import { play } from '../../src/targets/in-process.js';
import type { Outcome, Target } from '../../src/targets/target.js';
import { judgeManager } from './judge-manager.js';

const hello = { type: 'hello', protocol: 1, name: 'x', version: '1', language: 'none', capabilities: [] } as const;

/** The reference, but for what is done to its answer: told how many programs came before. */
function changing(change: (outcome: Outcome, before: number) => Outcome): Target {
  let before = 0;
  return {
    address: 'changing',
    hello,
    run: async (programs) =>
      programs.map((program) => {
        const events = play(program, (environment) => createReferenceManager(core, environment));
        return change({ events }, before++);
      }),
    close: async () => undefined,
  };
}

const busy = ({ events }: Outcome): Outcome => ({
  events: events.map((event) =>
    event.type === 'return' && event.status !== undefined ? { ...event, status: -16 } : event,
  ),
});

const judge = (target: Target) => judgeManager(target, { programs: 600, tier: 'smoke' });

test('one that is right at first and wrong later: what fails is not charged to it', async () => {
  const { exit, summary, findings, rules } = await judge(
    changing((outcome, before) => (before < 700 ? outcome : busy(outcome))),
  );
  expect({ exit, findings }).toEqual({ exit: 2, findings: [] });
  expect(summary).toMatch(
    /does not do the same twice: \d+ of \d+ programs of this run did something else when asked again at its end, and went on doing it: it depends on what ran before; event \d+ was/,
  );
  const broken = rules.filter((rule) => rule.broken > 0);
  expect(broken).not.toEqual([]);
  for (const rule of broken)
    expect(rule).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringContaining('that changed as it went on'),
    });
});

test('one that is wrong throughout, and once otherwise wrong: its defect is found all the same', async () => {
  const { exit, findings } = await judge(
    changing((outcome, before) => (before > 500 && before % 31 === 30 ? outcome : busy(outcome))),
  );
  expect({ exit, some: findings.length > 0 }).toEqual({ exit: 1, some: true });
});

test('one that differs in one program of many, and never again: no verdict, and how often', async () => {
  const { exit, summary } = await judge(changing((outcome, before) => (before === 700 ? busy(outcome) : outcome)));
  expect(exit).toBe(2);
  expect(summary).toMatch(
    /does not do the same twice: 1 program such as this broke .*, and it did not when it was run again/,
  );
});

test('one that is right is asked again, and nothing is said', async () => {
  let asked = 0;
  const { exit, volume } = await judge(
    changing((outcome) => {
      asked++;
      return outcome;
    }),
  );
  expect(exit).toBe(0);
  expect(asked).toBeGreaterThan(volume.programs);
});

test('what is kept is spread over the whole run, and is never much', async () => {
  const spread = new Spread<ManagerShape>();
  const program = (irq: number): Program => ({
    objects: [objectWith('p0', [])],
    lanes: [[registering('p0', 't0', irq)]],
  });
  for (let irq = 0; irq < 10_000; irq++) spread.add(program(irq), { events: [] });
  spread.add(program(-1), { events: [], fault: 'no answer' });
  const asked: number[] = [];
  const target: Pick<Target, 'run'> = {
    run: async (programs) => {
      for (const { lanes } of programs) for (const one of lanes.flat()) if ('irq' in one) asked.push(one.irq);
      return programs.map(() => ({ events: [] }));
    },
  };
  expect(await spread.differing(manager, target)).toBeUndefined();
  expect(asked.length).toBeLessThanOrEqual(128);
  expect(asked.length).toBeGreaterThan(64);
  expect(asked.at(-1)).toBe(0);
  expect(asked[0]).toBeGreaterThan(9_800);
});
