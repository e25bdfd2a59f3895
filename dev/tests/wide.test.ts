/** The random programs of a run are wide and long now and then, can be played everywhere, and become small quickly. */
import { beforeAll, describe, expect, test } from 'vitest';
import { randomPrograms } from '../../conformance/generators/program.js';
import type { Reach } from '../../spec/formats/results.js';
import { core } from '../../spec/profiles/core.js';
import type { Event, Operation, Program } from '../../spec/vocabulary.js';
import { isProducerId, isRegistration, objectWith, registering, unregistering } from '../../spec/vocabulary.js';
import { shrink } from '../../src/engine/shrink.js';
import { validate } from '../../src/formats/index.js';
import { manager } from '../../src/manager/manager.js';
import { farther } from '../../src/manager/reach.js';
import type { ManagerShape } from '../../src/manager/shape.js';
import { openTarget } from '../../src/targets/resolve.js';
import { someProfiles } from './extent.js';

const CAPABILITIES = new Set(['allocation-failure', 'null-token', 'missing-mandatory'] as const);
const SMOKE = manager.tiers.smoke.programs;

const programsOf = (seed: number, count: number, profile = core): readonly Program[] =>
  Array.from({ length: count }, randomPrograms(seed, { profile, capabilities: CAPABILITIES }));

const isInt32 = (number: number) => number === (number | 0);

describe.each(someProfiles.map((profile) => [profile.name, profile] as const))('%s', (_, profile) => {
  const programs = programsOf(3, SMOKE, profile);

  test('the same seed gives the same programs', () => {
    expect(programsOf(3, SMOKE, profile)).toEqual(programs);
  });

  test('every program fits its schema, and what a harness in C has room for', () => {
    for (const program of programs) {
      expect(validate('program', program)).toMatchObject({ ok: true });
      expect(program.objects.length).toBeLessThan(4096);
      for (const { results = [] } of program.objects) expect(results.every(isInt32)).toBe(true);
      for (const operation of program.lanes.flat()) {
        if (operation.operation === 'registerProducer') expect(isInt32(operation.irq)).toBe(true);
        if ('token' in operation && operation.token !== null)
          expect(Number(operation.token.slice(1))).toBeLessThan(2 ** 17);
      }
    }
  });
});

/** How often each thing happened in the program in which it happened most often. */
function mostIn(programs: readonly Program[], traces: readonly (readonly Event[])[]): ReadonlyMap<string, number> {
  const most = new Map<string, number>();
  for (const [index] of programs.entries()) {
    const counts = new Map<string, number>();
    let call: Operation | undefined;
    let connecting = false;
    for (const event of traces[index] ?? []) {
      if (event.type === 'call') [call, connecting] = [event, false];
      if (event.type === 'enter') connecting = true;
      if (event.type !== 'return' || call === undefined || !isRegistration(call)) continue;
      const how = event.status === 0 ? (connecting ? 'paired' : 'alone') : connecting ? 'failed' : 'refused';
      for (const name of [how, event.status === 0 ? 'registered' : 'not registered'])
        counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    for (const [name, count] of counts) most.set(name, Math.max(most.get(name) ?? 0, count));
  }
  return most;
}

describe.each([1, 2, 3])('the smoke tier, seed %s', (seed) => {
  const programs = programsOf(seed, SMOKE);
  let traces: readonly (readonly Event[])[] = [];

  beforeAll(async () => {
    const target = await openTarget('reference');
    traces = (await target.run(programs)).map(({ events }) => events);
  });

  test('goes past 256 objects a side and 256 tokens alive at once, and to thousands of operations', () => {
    let reach: Reach | undefined;
    for (const [index, program] of programs.entries())
      reach = farther(reach, program, { objects: program.objects, events: traces[index] ?? [] });
    expect(reach?.objects).toBeGreaterThan(2 * 256);
    expect(reach?.tokens).toBeGreaterThan(256);
    expect(reach?.operations).toBeGreaterThanOrEqual(2_200);
  });

  test('counts past a byte in one program, and registers a thousand times', () => {
    const most = mostIn(programs, traces);
    for (const what of ['paired', 'alone', 'failed', 'refused']) expect(most.get(what), what).toBeGreaterThan(256);
    expect(most.get('registered')).toBeGreaterThan(1_000);
  });
});

test('what was refused, and what has left, is not alive', () => {
  const program: Program = {
    objects: [objectWith('p0', []), objectWith('p1', []), objectWith('p2', [])],
    lanes: [[registering('p0', 't0', 1), registering('p1', 't0', 1), unregistering('p0'), registering('p2', 't1', 1)]],
  };
  const statuses = [0, -16, undefined, 0];
  const events = (program.lanes[0] ?? []).flatMap((operation, at): Event[] => {
    const status = statuses[at];
    return [{ type: 'call', ...operation }, status === undefined ? { type: 'return' } : { type: 'return', status }];
  });
  const reach = farther(undefined, program, { objects: program.objects, events });
  expect(reach).toEqual({ objects: 1, tokens: 1, operations: 4 });
  expect(farther(reach, { objects: [], lanes: [[]] }, { objects: [], events: [] })).toEqual(reach);
});

describe('a big program becomes small', () => {
  /** Shrink by what a program is, and count the operations that were asked. */
  async function small(program: Program, fails: (operations: readonly Operation[], program: Program) => boolean) {
    let asked = 0;
    const shrunk = await shrink<ManagerShape>(manager, program, async (programs) =>
      programs.map((one) => {
        asked += one.lanes.flat().length;
        return fails(one.lanes.flat(), one);
      }),
    );
    return { shrunk, operations: shrunk.lanes.flat(), asked };
  }
  const big = programsOf(1, SMOKE).filter(({ lanes }) => lanes.flat().length > 600);
  const producersOf = (operations: readonly Operation[]) =>
    new Set(operations.filter(isRegistration).flatMap(({ object }) => (isProducerId(object) ? [object] : []))).size;
  /** Some ten seconds on a slow machine, in process. */
  const MOST_ASKED = 1_000_000;

  test('that needs 257 producers, to 257 plain registrations', async () => {
    const wide = big.find(({ lanes }) => producersOf(lanes.flat()) >= 257);
    const { shrunk, operations, asked } = await small(
      wide ?? { objects: [], lanes: [] },
      (some) => producersOf(some) >= 257,
    );
    expect(operations).toHaveLength(257);
    expect(shrunk.objects.every(({ callbacks, results }) => callbacks.length === 0 && results === undefined)).toBe(
      true,
    );
    expect(operations.every((one) => one.operation === 'registerProducer' && one.irq === 1)).toBe(true);
    expect(asked).toBeLessThan(MOST_ASKED);
  });

  test('that needs a thousand registrations, to hardly more than those and what makes them possible', async () => {
    const [long] = big.filter(({ lanes }) => lanes.flat().length >= 2_200);
    const count = (some: readonly Operation[]) => some.filter(isRegistration).length;
    const { operations, asked } = await small(long ?? { objects: [], lanes: [] }, (some) => count(some) >= 1_000);
    expect(count(operations)).toBeGreaterThanOrEqual(1_000);
    expect(count(operations)).toBeLessThan(1_050);
    expect(operations.length).toBeLessThan(2_100);
    expect(asked).toBeLessThan(MOST_ASKED);
  });

  test.each(big.map((program, at) => [at, program] as const))(
    'that needs none of it, to one operation: %s',
    async (_, program) => {
      const { operations, asked } = await small(program, (some) => some.some(isRegistration));
      expect(operations).toHaveLength(1);
      expect(asked).toBeLessThan(MOST_ASKED / 10);
    },
  );

  test('and nothing is looked for near one that is long', () => {
    for (const program of big) expect([...manager.lesser(program)]).toEqual([]);
  });
});

describe('a value at an edge becomes the plainest that will do', () => {
  const irqOf = async (irq: number, fails: (irq: number) => boolean) => {
    const program: Program = { objects: [objectWith('p0', [])], lanes: [[registering('p0', 't0', irq)]] };
    const shrunk = await shrink<ManagerShape>(manager, program, async (programs) =>
      programs.map(({ lanes }) => lanes.flat().some((one) => one.operation === 'registerProducer' && fails(one.irq))),
    );
    return shrunk.lanes.flat().map((one) => (one.operation === 'registerProducer' ? one.irq : undefined));
  };

  test.each([
    ['any', -7, () => true, 1],
    ['0', 0, (irq: number) => irq === 0, 0],
    ['a negative one', -4_097, (irq: number) => irq < 0, -1],
    ['one beyond a byte', 70_001, (irq: number) => irq > 255, 256],
    ['one beyond 16 bits', 2 ** 30 + 1, (irq: number) => irq > 65_535, 65_536],
    ['one at the end of 32 bits', 2 ** 31 - 1, (irq: number) => irq === 2 ** 31 - 1, 2 ** 31 - 1],
  ])('an interrupt: %s', async (_, irq, fails, plainest) => {
    expect(await irqOf(irq, fails)).toEqual([plainest]);
  });

  test('a result: a positive one beyond a byte', async () => {
    const program: Program = {
      objects: [objectWith('p0', ['addConsumer'], [0, 5_000, 0, 77])],
      lanes: [[registering('p0', 't0', 1)]],
    };
    const shrunk = await shrink<ManagerShape>(manager, program, async (programs) =>
      programs.map(({ objects }) => objects.some(({ results = [] }) => results.some((result) => result > 255))),
    );
    expect(shrunk.objects.map(({ results }) => results)).toEqual([[0, 256]]);
  });

  test('tokens of which one begins like the other: t1 and t10', async () => {
    const program: Program = {
      objects: [objectWith('p0', []), objectWith('p1', [])],
      lanes: [[registering('p0', 't25', 1), registering('p1', 't256', 1)]],
    };
    const shrunk = await shrink<ManagerShape>(manager, program, async (programs) =>
      programs.map(({ lanes }) => {
        const [one, other] = lanes.flat().flatMap((operation) => ('token' in operation ? [operation.token ?? ''] : []));
        return one !== undefined && other !== undefined && one !== other && other.startsWith(one);
      }),
    );
    expect(shrunk.lanes.flat().map((operation) => ('token' in operation ? operation.token : undefined))).toEqual([
      't1',
      't10',
    ]);
  });
});

test.each([1, 2])(
  'whatever the seed is, here %i, each value that may be wrong alone is passed within 150 programs',
  (seed) => {
    const programs = programsOf(seed, 150);
    const operations = programs.flatMap(({ lanes }) => lanes.flat());
    const results = (role: 'p' | 'c') =>
      new Set(
        programs.flatMap(({ objects }) =>
          objects.flatMap((one) => (one.id.startsWith(role) ? (one.results ?? []) : [])),
        ),
      );
    const irqs = new Set(operations.flatMap((one) => (one.operation === 'registerProducer' ? [one.irq] : [])));
    const tokens = new Set(operations.flatMap((one) => ('token' in one ? [one.token] : [])));
    for (let errno = 1; errno <= 530; errno++)
      for (const role of ['p', 'c'] as const) expect(results(role).has(-errno)).toBe(true);
    for (const value of [...Array(256).keys(), 999, 1_000, 99_999, 100_000, 1_000_000]) {
      expect(irqs.has(value)).toBe(true);
      if (value !== 0) expect(results('c').has(value) && results('p').has(value)).toBe(true);
    }
    for (let power = 0; power < 31; power++) {
      for (const value of [2 ** power, -(2 ** power), 2 ** power - 1, 1 - 2 ** power]) {
        expect(irqs.has(value)).toBe(true);
        if (value !== 0) expect(results('c').has(value) && results('p').has(value)).toBe(true);
      }
      if (power < 17) expect(tokens.has(`t${2 ** power - 1}`)).toBe(true);
    }
  },
);
