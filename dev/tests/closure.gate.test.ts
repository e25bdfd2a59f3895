/** The closure of managers in C: the real ones, and small ones of our own with one thing wrong. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { findProfile } from '../../spec/profiles/index.js';
import { rules } from '../../spec/rules/index.js';
import type { Event } from '../../spec/vocabulary.js';
import { type Closure, type ClosureOptions, closeOver, closureText, type WrongRun } from '../../src/closure/index.js';
import { investigate } from '../../src/engine/investigate.js';
import { run } from '../../src/engine/run.js';
import { Samples } from '../../src/engine/samples.js';
import { parseScope, type Without } from '../../src/explore/scope.js';
import { packageRoot } from '../../src/files/root.js';
import { formsOf, unusual } from '../../src/judge/defect.js';
import { Judge } from '../../src/judge/judge.js';
import { manager } from '../../src/manager/manager.js';
import type { ManagerShape } from '../../src/manager/shape.js';
import { buildParts, type Parts } from '../../src/targets/linux-source/build.js';
import { findManager } from '../../src/targets/linux-source/index.js';
import { openTarget } from '../../src/targets/resolve.js';
import type { Target } from '../../src/targets/target.js';
import { extent } from './extent.js';

function known<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('what the test is about is not there');
  return value;
}

async function closureOf(version: string, size: string, without: Without = {}): Promise<Closure> {
  const { build, detected } = await findManager(`debian:${version}`);
  const scope = { ...known(parseScope(size)), without };
  const profile = known(findProfile(detected.profile));
  return closeOver(build, profile, scope);
}

const CORRECT_USE: Without = { misuse: true, nullToken: true, memoryFailure: true };

const rulesOf = ({ judgement }: WrongRun) => judgement.breaches.map(({ rule }) => rule);
const spell = ({ program }: WrongRun) =>
  (program.lanes[0] ?? []).map((one) => `${one.operation} ${one.object}${'token' in one ? ` ${one.token}` : ''}`);

/** The first run that breaks a rule, which is a shortest one. */
const firstOf = (closure: Closure, rule: string) =>
  spell(known(closure.wrong.find((one) => rulesOf(one).includes(rule))));

describe('the closure of the real irqbypass.c', () => {
  const closed: readonly (readonly [string, number])[] = [
    ['6.12', 2321],
    ['7.3', 98],
  ];
  // The sources of 6.1 and 6.12 are the same.
  test.each(extent(closed, closed, [['6.1', 2321], ...closed]))(
    'of Linux %s, used as it should be, is %i states and none of their steps is wrong',
    async (version, states) => {
      const closure = await closureOf(version, '2x2x2', { ...CORRECT_USE, subsets: true });
      expect(closure).toMatchObject({ closed: true, states, stopped: 0, wrong: [], faults: [] });
      expect(closureText(closure)).toBe(
        `closed: ${states} states of the implementation, every program of any length over 2x2x2`,
      );
    },
  );

  test.each(['6.12', '7.3'])('of Linux %s is right whichever optional callbacks there are', async (version) => {
    expect(await closureOf(version, '2x2x2', CORRECT_USE)).toMatchObject({ closed: true, wrong: [], faults: [] });
  });

  test('of Linux 6.12 has LIFE-2 and TOKEN-7 broken by three operations each', async () => {
    const closure = await closureOf('6.12', '2x2x2', { subsets: true });
    expect(closure).toMatchObject({ closed: true, faults: [] });
    expect(closureText(closure)).toMatch(/, but for what follows a finding$/);
    expect(firstOf(closure, 'LIFE-2')).toEqual([
      'registerProducer p0 t0',
      'registerProducer p1 t0',
      'unregisterProducer p1',
    ]);
    expect(firstOf(closure, 'TOKEN-7')).toEqual([
      'registerProducer p0 t0',
      'registerProducer p0 t1',
      'registerProducer p1 t0',
    ]);
  });

  test('of Linux 7.3 has LIFE-7 broken by an object with the null token', async () => {
    const closure = await closureOf('7.3', '2x2x2', { subsets: true });
    expect(closure).toMatchObject({ closed: true, faults: [] });
    expect(firstOf(closure, 'LIFE-7')).toEqual([
      'registerProducer p0 null',
      'unregisterProducer p0',
      'registerProducer p0 null',
    ]);
  });

  test('of a scope is the same each time', async () => {
    const twice = [await closureOf('7.3', '1x2x1'), await closureOf('7.3', '1x2x1')];
    expect(twice[0]).toEqual(twice[1]);
  });

  describe.each(['6.12', '7.3'])('of Linux %s, beside the target', (version) => {
    let target: Target;
    let closure: Closure;
    beforeAll(async () => {
      target = await openTarget(`linux-source:debian:${version}`);
      closure = await closureOf(version, '2x2x2');
      return () => target.close();
    });

    test('shows of each wrong run what the target does', async () => {
      expect(closure.wrong.length).toBeGreaterThan(0);
      const outcomes = await target.run(closure.wrong.map(({ program }) => program));
      for (const [index, { trace, program }] of closure.wrong.entries()) {
        const events = known(outcomes[index]).events.map(withoutDetail);
        expect(events, JSON.stringify(program)).toEqual(trace.events.map(withoutDetail));
      }
    });

    test('gives the findings that the suites give, by the same names', async () => {
      const profile = known(closure.wrong[0]).judgement.history.profile;
      const samples = new Samples<ManagerShape>();
      for (const { program, trace, judgement } of closure.wrong) {
        const broken = judgement.breaches.map(({ rule }) => rule);
        for (const form of formsOf(trace, judgement.followed)) {
          samples.add(form, unusual(judgement.followed), { program, trace, rules: broken });
        }
      }
      const judge = new Judge(profile, rules, true);
      const found = await investigate(manager, samples, target, judge, [], () => undefined);
      const report = await run(manager, {
        target,
        profile,
        rules,
        allRules: true,
        seed: 1,
        programs: 500,
        tier: null,
        now: () => 0,
      });
      const names = (findings: readonly { readonly name: string }[]) => findings.map(({ name }) => name).sort();
      expect(found.faults).toEqual([]);
      expect(report.findings.length).toBeGreaterThan(0);
      expect(names(found.findings.map(({ finding }) => finding))).toEqual(names(report.findings));
    });
  });
});

/** How a crash is described depends on who sees it. */
function withoutDetail(event: Event): Event {
  return event.type === 'crash' || event.type === 'hang' ? { ...event, detail: '' } : event;
}

describe('the closure of a small manager', () => {
  const fixtures = join(packageRoot, 'dev', 'tests', 'fixtures', 'closure');
  let parts: Parts;
  let source = '';
  beforeAll(async () => {
    source = await readFile(join(fixtures, 'manager.c'), 'utf8');
    const tree = { where: fixtures, version: '1', sourceFolder: fixtures, includes: [], ownIncludes: fixtures };
    const header = await readFile(join(fixtures, 'irqbypass.h'), 'utf8');
    parts = await buildParts({ ...tree, header, headerName: 'linux/irqbypass.h' });
  });

  /** Guards come from macros of the stand-ins; this one's takes the lock and has nothing to do at the end. */
  const KEEPS_LOCK = `#include <linux/mutex.h>
    #undef guard
    #define guard(kind) mutex_lock`;
  const close = (before: string, options: ClosureOptions = {}, without: Without = {}) =>
    closeOver(
      { source: `${before}\n${source}`, parts, allocates: false },
      known(findProfile('core')),
      // It allocates nothing.
      { producers: 2, consumers: 1, tokens: 2, without: { memoryFailure: true, ...without } },
      options,
    );

  test('that is right has no finding', async () => {
    expect(await close('')).toMatchObject({ closed: true, wrong: [], faults: [] });
  });

  test.each([
    [
      'in memory of another allocator',
      `#include <stdlib.h>
       static unsigned int *count;
       #define AT_REGISTRATION ({ if (!count) count = calloc(1, sizeof(*count)); if (++*count % 5 == 0) return -5; })`,
      /the manager uses calloc, which is none of the stand-ins.*did not do the same/,
    ],
    [
      'in the number of its process',
      `#include <unistd.h>
       #define AT_REGISTRATION ({ static int first; if (!first) first = getpid(); if (first != getpid()) return -5; })`,
      /the manager uses getpid, which is none of the stand-ins/,
    ],
    [
      'in a variable of its thread',
      `static _Thread_local unsigned int count;
       #define AT_REGISTRATION ({ if (++count % 5 == 0) return -5; })`,
      /the manager has variables of its own for each thread.*did not do the same/,
    ],
    [
      'behind an address that it makes up',
      `#include <stdint.h>
       static unsigned long here[1];
       #define COUNT (*(unsigned long *)(((uintptr_t)__builtin_frame_address(0) & ~0xfffful) - 0x8000))
       #define AT_REGISTRATION ({ here[0] = 1; if (++COUNT % 5 == 0) return -5; })`,
      /did not do the same/,
    ],
  ])('that keeps a counter %s is not closed, and says why', async (_, before, reason) => {
    const closure = await close(before);
    expect(closure.closed).toBe(false);
    expect(closure.reason).toMatch(/^there is state that the walk does not see: /);
    expect(closure.reason).toMatch(reason);
    expect(closureText(closure)).toMatch(/^not closed over 2x1x2: /);
  });

  test('that counts for ever is not closed, and the variable is named', async () => {
    const closure = await close(
      'static unsigned long served;\n#define AT_REGISTRATION (served++)',
      {},
      { subsets: true },
    );
    expect(closure.closed).toBe(false);
    expect(closure.reason).toMatch(/new ones still come: a word of memory has ever more values \(served\)$/);
  });

  test('that counts in a circle is closed: what it counts is state', async () => {
    const right = await close('');
    const counting = await close('static unsigned int served;\n#define AT_REGISTRATION (served = (served + 1) % 3)');
    expect(counting).toMatchObject({ closed: true, wrong: [] });
    expect(counting.states).toBeGreaterThan(2 * right.states);
  });

  test('that gives up after so many states says so', async () => {
    const closure = await close('', { mostStates: 20 }, { subsets: true });
    expect(closure).toMatchObject({
      closed: false,
      reason: 'after 20 states new ones still come: there are more states than were to be kept',
    });
  });

  test.each([
    ['reads through a null pointer', '(void)*(volatile int *)NULL', 'crash', /SIGSEGV/],
    ['finds a bug of its own', 'BUG()', 'crash', /SIG/],
    ['looks behind an array', '({ volatile int at = 99; (void)*(void *volatile *)&producers[at]; })', 'crash', /SIG/],
    ['goes in circles', 'for (;;) __asm__ volatile("")', 'hang', /does not return/],
    ['takes its lock again', 'mutex_lock(&lock)', 'hang', /takes the lock that it holds/],
  ])('that %s when something is unregistered has a finding, and the walk goes on', async (_, what, type, detail) => {
    const closure = await close(`#define AT_UNREGISTRATION ${what}`, {}, { subsets: true, failures: true });
    expect(closure).toMatchObject({ closed: true, faults: [] });
    const first = known(closure.wrong[0]);
    expect(spell(first)).toEqual(['registerProducer p0 t0', 'unregisterProducer p0']);
    expect(first.trace.events.at(-1)).toMatchObject({ type, detail: expect.stringMatching(detail) });
    expect(rulesOf(first)).toContain('LIFE-8');
  });

  test('that never lets go of its lock hangs in the second operation', async () => {
    const closure = await close(KEEPS_LOCK, {}, { subsets: true });
    expect(closure).toMatchObject({ closed: true, faults: [] });
    expect(spell(known(closure.wrong[0]))).toHaveLength(2);
    expect(known(closure.wrong[0]).trace.events.at(-1)).toMatchObject({ type: 'hang' });
  });

  test('that remembers the seventh registration is found out, however long the program', async () => {
    const closure = await close(
      'static unsigned int served;\n#define AT_REGISTRATION ({ if (served < 7 && ++served == 7) return -5; })',
      {},
      { subsets: true, failures: true },
    );
    const [first] = closure.wrong;
    expect(closure).toMatchObject({ closed: true, faults: [] });
    expect(known(first).program.lanes[0]?.length).toBeGreaterThan(7);
  });
});
