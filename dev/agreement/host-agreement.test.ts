/** Rules and model of hosts are two formulations of one spec: they agree on right traces, on wrong ones, and on mutants. */
import { describe, expect, test } from 'vitest';
import { findHostMutant } from '../../conformance/host/mutants/index.js';
import { otherwise } from '../../conformance/host/otherwise.js';
import { runOnHost } from '../../reference/host/host.js';
import type { HostChapterRule } from '../../spec/host/rule.js';
import type { BackEnd, HostProgram } from '../../spec/host/vocabulary.js';
import { core } from '../../spec/profiles/core.js';
import { hostRules } from '../../spec/rules/host.js';
import { HostJudge } from '../../src/judge/host-judge.js';
import { extent, someProfiles } from '../tests/extent.js';
import {
  allBackEnds,
  judgeMutants,
  judgeMutations,
  judgeReference,
  orderPrograms,
  randomPrograms,
  scopePrograms,
} from './host-agreement.js';

/** One that posts and one that forwards; in the gate, each. */
const backEnds: readonly BackEnd[] = extent(['vtd-posted', 'arm-forwarding'], allBackEnds);

/** The orders of set-up of a back end are thousands, and take a second to make. */
const orders = new Map<BackEnd, readonly HostProgram[]>();
function ordersOf(backEnd: BackEnd): readonly HostProgram[] {
  const known = orders.get(backEnd) ?? orderPrograms(backEnd, core);
  orders.set(backEnd, known);
  return known;
}

describe('what the reference host does is accepted by both', () => {
  test.each(backEnds)('over the small scope, and in every order of set-up, on %s', (backEnd) => {
    const programs = [
      ...scopePrograms(backEnd, core, 25),
      ...ordersOf(backEnd).filter((_, at) => at % extent(100, 60, 20) === 0),
    ];
    const { traces, faults, disagreements } = judgeReference(programs, core);
    expect(faults).toEqual([]);
    expect(disagreements).toEqual([]);
    expect(traces).toBeGreaterThan(25);
  });

  test.each(someProfiles.map((profile) => [profile.name, profile] as const))(
    'with random programs on %s',
    (_, profile) => {
      const { faults, disagreements } = judgeReference(randomPrograms(extent(10, 20, 40), profile, 5), profile);
      expect(faults).toEqual([]);
      expect(disagreements).toEqual([]);
    },
  );
});

describe('what it does, changed in one place, is refused by both or accepted by both', () => {
  test.each(backEnds)('in orders of set-up, on %s', (backEnd) => {
    const { disagreements, refused, accepted } = judgeMutations(
      ordersOf(backEnd).filter((_, at) => at % extent(900, 450, 150) === 0),
      core,
    );
    expect(disagreements).toEqual([]);
    expect(refused).toBeGreaterThan(accepted);
  });

  test('in random programs', () => {
    const { disagreements, refused, accepted } = judgeMutations(randomPrograms(extent(2, 3), core, 2), core);
    expect(disagreements).toEqual([]);
    expect(refused).toBeGreaterThan(extent(300, 1_000));
    // What nobody can see, or may be so or otherwise: a log, two events of different vectors, an interrupt never freed.
    expect(accepted / (refused + accepted)).toBeLessThan(0.25);
  });
});

describe.each(otherwise)('$name, which is right and not as the reference', ({ participants }) => {
  test('is accepted by both', () => {
    const { faults, disagreements } = judgeReference(randomPrograms(extent(20, 50, 200), core, 8), core, participants);
    expect(faults).toEqual([]);
    expect(disagreements).toEqual([]);
  });

  test('is refused by both or accepted by both when it is changed in one place', () => {
    const { disagreements, refused } = judgeMutations(randomPrograms(extent(1, 2, 4), core, 9), core, participants);
    expect(disagreements).toEqual([]);
    expect(refused).toBeGreaterThan(0);
  });
});

test('what wrong participants do is refused by both or accepted by both', () => {
  const found = judgeMutants((profile) => randomPrograms(extent(8, 8, 12), profile, 4));
  expect([...found.values()].flatMap(({ disagreements }) => disagreements)).toEqual([]);
  const refused = [...found.values()].filter((agreement) => agreement.refused > 0);
  expect(refused.length).toBeGreaterThan(found.size / 2);
});

describe('a trace that breaks off, or goes on where it has ended', () => {
  const [program] = [...randomPrograms(1, core, 6)];
  const whole = program === undefined ? undefined : runOnHost(program, core);

  test('is a breach of DELIV-16, and no trace of the model', () => {
    if (whole === undefined) throw new Error('there is no program');
    const last = whole.events.at(-1);
    if (last === undefined) throw new Error('there is no event');
    for (const events of [whole.events.slice(0, -1), [...whole.events, last]]) {
      const { breaches, followed, disagreement } = new HostJudge(core, hostRules, true).judge({ ...whole, events });
      expect(breaches.map(({ rule }) => rule)).toContain('DELIV-16');
      expect(followed.divergence?.at).toBe(whole.events.length - (events.length < whole.events.length ? 1 : 0));
      expect(disagreement).toBeUndefined();
    }
  });
});

describe('a disagreement', () => {
  const program: HostProgram = {
    backEnd: 'vtd-posted',
    devices: [{ id: 'd0', driver: 'vfio-pci', vectors: 1 }],
    operations: [
      { operation: 'createEventfd', eventfd: 'e0' },
      { operation: 'openDevice', device: 'd0' },
      { operation: 'setIrqs', device: 'd0', index: 'msix', start: 0, eventfds: ['e0'] },
      { operation: 'disableIrqs', device: 'd0', index: 'msix' },
    ],
  };
  const right = runOnHost(program, core);
  const wrong = runOnHost(program, core, findHostMutant('vfio-free-irq-first')?.participants);
  /** All rules, each of which says the same of every call. */
  const saying = (verdict: string | undefined) =>
    hostRules.map((rule): HostChapterRule => (rule.kind === 'host' ? { ...rule, check: () => verdict } : rule));

  test('is said when a rule finds fault with what the model allows', () => {
    const { disagreement } = new HostJudge(core, saying('it is wrong'), true).judge(right);
    expect(disagreement).toBe('PROD-1 finds fault (it is wrong) with a trace that the model allows');
  });

  test('is said when no rule finds fault with what the model does not allow', () => {
    const { disagreement, followed } = new HostJudge(core, saying(undefined), false).judge(wrong);
    expect(disagreement).toBe(
      `the model does not allow event ${followed.divergence?.at} of a trace in which no rule finds fault`,
    );
  });

  test('is none when some rules are left out: only all of them must agree with the model', () => {
    const { breaches, followed, disagreement } = new HostJudge(core, hostRules.slice(-2), false).judge(wrong);
    expect(breaches).toEqual([]);
    expect(followed.divergence?.text).toBe('the interrupt of d0.msix.0 is freed while p0 is registered');
    expect(disagreement).toBeUndefined();
  });
});
