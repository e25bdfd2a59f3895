/** Runs: verdicts, exposures, seeds, faults, baselines. */
import { describe, expect, test } from 'vitest';
import { createReferenceManager } from '../../reference/index.js';
import type { Report } from '../../spec/formats/results.js';
import type { ManagerFactory } from '../../spec/manager.js';
import { findProfile } from '../../spec/profiles/index.js';
import { rules } from '../../spec/rules/index.js';
import { EBUSY } from '../../spec/vocabulary.js';
import { knownOf, toBaseline } from '../../src/engine/baseline.js';
import { replay } from '../../src/engine/replay.js';
import type { RunOptions } from '../../src/engine/run.js';
import { run } from '../../src/engine/run.js';
import { MOST_DEATHS } from '../../src/engine/worker.js';
import { manager } from '../../src/manager/manager.js';
import type { ManagerShape } from '../../src/manager/shape.js';
import { InProcessTarget } from '../../src/targets/in-process.js';
import { openTarget } from '../../src/targets/resolve.js';
import type { Target } from '../../src/targets/target.js';
import { TargetError } from '../../src/targets/target.js';
import { extent, someProfiles } from './extent.js';

const core = profileOf('core');

function profileOf(name: string) {
  const profile = findProfile(name);
  if (profile === undefined) throw new Error(name);
  return profile;
}

/** Random programs of a run: fewer than any tier has, and enough to meet every rule. */
const PROGRAMS = extent(300, 400, manager.tiers.smoke.programs);

/** A clock that stands still, so that nothing in a report depends on the time. */
const now = () => 0;

function options(target: Target, more: Partial<RunOptions<ManagerShape>> = {}): RunOptions<ManagerShape> {
  return {
    target,
    profile: core,
    rules,
    allRules: true,
    seed: 1,
    programs: PROGRAMS,
    tier: 'smoke',
    now,
    ...more,
  };
}

function targetOf(factory: ManagerFactory): Target {
  return new InProcessTarget(
    'module:here',
    {
      type: 'hello',
      protocol: 1,
      name: 'here',
      version: '1',
      language: 'typescript',
      capabilities: ['allocation-failure', 'null-token', 'missing-mandatory'],
    },
    factory,
  );
}

const reference: ManagerFactory = (environment) => createReferenceManager(core, environment);

/** Never unregisters a producer: its token stays taken. */
const forgetful: ManagerFactory = (environment) => {
  const manager = createReferenceManager(core, environment);
  return { ...methodsOf(manager), unregisterProducer: () => undefined };
};

/** Refuses every consumer. */
const unkind: ManagerFactory = (environment) => {
  const manager = createReferenceManager(core, environment);
  return { ...methodsOf(manager), registerConsumer: () => EBUSY };
};

function methodsOf(manager: ReturnType<ManagerFactory>): ReturnType<ManagerFactory> {
  return {
    registerProducer: (...args) => manager.registerProducer(...args),
    unregisterProducer: (...args) => manager.unregisterProducer(...args),
    registerConsumer: (...args) => manager.registerConsumer(...args),
    unregisterConsumer: (...args) => manager.unregisterConsumer(...args),
  };
}

/** A run that several tests look at is made once. */
function once(made: () => Promise<Report>): () => Promise<Report> {
  let report: Promise<Report> | undefined;
  return () => {
    report ??= made();
    return report;
  };
}

const ofReference = once(() => run(manager, options(targetOf(reference))));
const ofForgetful = once(() => run(manager, options(targetOf(forgetful))));
/** Long enough to meet every form in which it fails. */
const ofForgetfulAtLength = once(() =>
  run(manager, options(targetOf(forgetful), { programs: manager.tiers.smoke.programs })),
);

describe('a manager that conforms', () => {
  test.each(someProfiles.map(({ name }) => name))(
    'reference:%s: every rule passes, is not applicable, or is untestable with a reason',
    async (name) => {
      const target = await openTarget(`reference:${name}`);
      const report = await run(manager, options(target, { profile: profileOf(name) }));
      expect(report.summary).toMatch(/conforms/);
      expect(report.exit).toBe(0);
      for (const { rule, verdict, reason, exposures, floor } of report.rules) {
        expect(['pass', 'not-applicable', 'untestable'], rule).toContain(verdict);
        if (verdict === 'pass') expect(exposures, rule).toBeGreaterThanOrEqual(floor);
        else expect(reason, rule).toBeTruthy();
      }
    },
  );

  test('the prototype of the RFC of 2015 conforms to rfc-2015', async () => {
    const report = await run(manager, options(await openTarget('prototype'), { profile: profileOf('rfc-2015') }));
    expect(report).toMatchObject({ exit: 0, findings: [], faults: [] });
  });

  test('no seed raises a false alarm', async () => {
    for (let seed = 100; seed < extent(103, 106, 120); seed++) {
      const report = await run(manager, options(targetOf(reference), { seed, programs: 300 }));
      expect(report.findings, `seed ${seed}`).toEqual([]);
      expect(report.faults, `seed ${seed}`).toEqual([]);
    }
  });
});

describe('a run', () => {
  test('of the same seed and target gives the same report, byte for byte', async () => {
    const [first, second] = [await ofForgetful(), await run(manager, options(targetOf(forgetful)))];
    expect(JSON.stringify(second)).toBe(JSON.stringify(first));
    expect(first.findings.length).toBeGreaterThan(0);
  });

  test('of another seed runs other programs', async () => {
    const [first, second] = [await ofReference(), await run(manager, options(targetOf(reference), { seed: 2 }))];
    expect(second.volume.operations).not.toBe(first.volume.operations);
  });

  test('that meets a rule too rarely is inconclusive, and no pass', async () => {
    const report = await run(manager, options(targetOf(reference), { programs: 3 }));
    expect(report.exit).toBe(2);
    expect(report.summary).toMatch(/could not be judged: \d+ rules met too rarely/);
    const rarely = report.rules.filter(({ verdict }) => verdict === 'inconclusive');
    // What the tour does not show often enough: the rules about two runs.
    expect(rarely.map(({ rule }) => rule)).toEqual(['ORDER-2', 'LIFE-3', 'LIFE-4', 'ISO-2']);
    expect(rarely.every(({ exposures, floor }) => exposures < floor)).toBe(true);
  });

  test('of a target without a capability says so of the rules that need it', async () => {
    const plain = new InProcessTarget('module:here', { ...targetOf(reference).hello, capabilities: [] }, reference);
    const report = await run(manager, options(plain));
    const reasons = report.rules
      .filter(({ verdict }) => verdict === 'not-applicable')
      .map(({ rule, reason }) => [rule, reason]);
    expect(reasons).toEqual([
      ['TOKEN-3', 'the target does not declare the capability null-token'],
      ['CALL-7', 'the target does not declare the capability missing-mandatory'],
      ['FAIL-7', 'the target does not declare the capability allocation-failure'],
      ...[1, 2, 3, 4, 5, 6].map((number) => [
        `CONC-${number}`,
        'not tested: concurrency; the target does not declare the capability lanes',
      ]),
    ]);
    expect(report.exit).toBe(0);
  });

  test('with --fail-fast stops at the first program that fails', async () => {
    const report = await run(manager, options(targetOf(unkind), { failFast: true }));
    expect(report.volume.programs).toBeLessThan(200);
    expect(report.exit).toBe(1);
  });

  test('with --fail-fast stops at the first variant that fails', async () => {
    const wrong = await openTarget('mutant:orders-objects');
    const whole = await run(manager, options(wrong));
    const short = await run(manager, options(wrong, { failFast: true }));
    expect(short.volume.programs).toBeLessThan(whole.volume.programs);
    expect(short.findings[0]?.name).toBe(whole.findings[0]?.name);
    expect(short.findings[0]?.forms[0]?.program).toEqual(whole.findings[0]?.forms[0]?.program);
  });

  test('of some rules reports those and no other', async () => {
    const chosen = rules.filter(({ id }) => id === 'TOKEN-1');
    const report = await run(manager, options(targetOf(unkind), { rules: chosen, allRules: false }));
    expect(report.rules.map(({ rule }) => rule)).toEqual(['TOKEN-1']);
  });

  test('with undefined behaviour does it, tells what came of it, and charges nobody', async () => {
    const target = await openTarget('reference');
    const report = await run(manager, options(target, { undefined: true }));
    expect(report.exit).toBe(0);
    expect(report.undefinedSeen.map(({ what }) => what)).toContain('unregisterProducer in addProducer');
  });

  test('without being asked does nothing that is undefined', async () => {
    expect((await ofReference()).undefinedSeen).toEqual([]);
  });
});

describe('a finding', () => {
  test('is as small as it can be: a token that stays taken takes three operations', async () => {
    const { findings } = await ofForgetful();
    expect(findings[0]?.forms[0]?.program.lanes[0]?.map(({ operation }) => operation)).toEqual([
      'registerProducer',
      'unregisterProducer',
      'registerProducer',
    ]);
    expect(findings.flatMap(({ forms }) => forms.flatMap(({ broken }) => broken.map(({ text }) => text)))).toContain(
      "nobody holds t0 any more on the producers' side, yet registering p1 under t0 returned -16 (-EBUSY)",
    );
  });

  test('names the event at which it leaves what is allowed, and what was', async () => {
    const { findings } = await ofForgetful();
    for (const { forms } of findings) {
      for (const { difference, trace } of forms) {
        expect(difference?.expected.length).toBeGreaterThan(0);
        expect(difference?.at).toBeLessThan(trace.events.length);
      }
    }
  });

  test('fails again when it is replayed, and not on a manager that is right', async () => {
    const { findings } = await ofForgetful();
    for (const finding of findings) {
      expect((await replay(manager, finding, targetOf(forgetful), core, now)).exit).toBe(1);
      expect((await replay(manager, finding, targetOf(reference), core, now)).exit).toBe(0);
    }
  });
});

describe('a baseline', () => {
  test('makes known what it lists, from any seed', async () => {
    const target = targetOf(forgetful);
    const { findings } = await extent(
      ofForgetfulAtLength,
      ofForgetfulAtLength,
      once(() => run(manager, options(target, { programs: 10_000 }))),
    )();
    const baseline = toBaseline(manager, { findings }, 'module:here', core, undefined);
    for (const seed of extent([2], [2, 3], [2, 3, 4])) {
      const report = await run(manager, options(target, { seed, baseline, programs: manager.tiers.smoke.programs }));
      expect(report).toMatchObject({ exit: 0, findings: [], stale: [] });
      expect(report.known.length).toBeGreaterThan(0);
      expect(report.rules.some(({ verdict }) => verdict === 'known')).toBe(true);
    }
  });

  test('that lists what no longer fails makes the run red', async () => {
    const { findings } = await ofForgetful();
    const baseline = toBaseline(manager, { findings }, 'module:here', core, undefined);
    const report = await run(manager, options(targetOf(reference), { baseline }));
    expect(report.exit).toBe(1);
    expect(report.stale[0]?.text).toBe('its program breaks no rule any more');
    expect(report.summary).toMatch(/^The baseline is out of date: \d+ stored programs? of it no longer fail/);
  });

  test('does not hide what it does not list', async () => {
    // The second run looks behind what is known, and so farther: the first must have met every form.
    const { programs } = manager.tiers.smoke;
    const { findings } = await ofForgetfulAtLength();
    const baseline = toBaseline(manager, { findings: findings.slice(1) }, 'module:here', core, undefined);
    const report = await run(manager, options(targetOf(forgetful), { programs, baseline }));
    expect(report.exit).toBe(1);
    expect(report.findings.map(({ key }) => key)).toEqual([findings[0]?.key]);
  });

  test('keeps the reasons of an earlier one', async () => {
    const { findings } = await ofForgetful();
    const first = toBaseline(manager, { findings }, 'module:here', core, undefined);
    const explained = {
      ...first,
      entries: first.entries.map((entry) => ({ ...entry, reason: 'Because.', fixedIn: '6.17' })),
    };
    const second = toBaseline(manager, { findings }, 'module:here', core, explained);
    for (const entry of second.entries) expect(entry).toMatchObject({ reason: 'Because.', fixedIn: '6.17' });
  });

  test('is about all targets, but for what it says of some only', async () => {
    const target = targetOf(forgetful);
    const { findings } = await ofForgetful();
    const all = toBaseline(manager, { findings }, target.address, core, undefined);
    const elsewhere = { ...all, entries: all.entries.map((entry) => ({ ...entry, only: ['exec:./other'] })) };
    const known = knownOf(elsewhere, target.address);
    expect([knownOf(all, 'exec:./other').entries, known.entries]).toEqual([all.entries, []]);
    expect((await run(manager, options(target, { baseline: known }))).exit).toBe(1);
    // Written anew for this target, it keeps what it says of the other one.
    const both = toBaseline(manager, { findings }, target.address, core, elsewhere);
    expect(both.entries).toEqual([...all.entries, ...elsewhere.entries]);
    expect(toBaseline(manager, { findings: [] }, 'exec:./other', core, both).entries).toEqual([]);
    expect(toBaseline(manager, { findings }, 'exec:./other', core, elsewhere).entries).toEqual(elsewhere.entries);
  });
});

describe('the certificate of a run', () => {
  const scope = extent({ producers: 1, consumers: 1, tokens: 2 }, { producers: 2, consumers: 2, tokens: 2 });
  const everything = { coverage: { ...manager.tiers.pr.coverage, scope }, programs: 100 };

  test('is complete where every program of every suite ran as the model does', async () => {
    const { certificate } = await run(manager, options(targetOf(reference), everything));
    const covered = `${scope.producers}x${scope.consumers}x${scope.tokens}`;
    expect(certificate).toMatchObject({ complete: true, scope: covered, extraStates: 0, inseparable: 0 });
    for (const { covered, all } of [certificate?.states, certificate?.transitions, certificate?.pairs].map(
      (count) => count ?? { covered: 0, all: -1 },
    )) {
      expect(covered).toBe(all);
    }
    expect(certificate?.suites.map(({ name }) => name)).toEqual([
      'transition tour',
      'callback sets',
      'transition pairs',
      'distinguishing',
    ]);
  });

  test('is not complete, and claims nothing of extra states, where the target is wrong', async () => {
    const target = await openTarget('mutant:linux-5.9');
    const { certificate } = await run(manager, options(target, { ...everything, profile: core }));
    expect(certificate).toMatchObject({ complete: false, extraStates: null });
    expect(certificate?.transitions.covered).toBeLessThan(certificate?.transitions.all ?? 0);
    expect(certificate?.reason).toMatch(/^[\d,]+ of its programs did not go on as the model does to their end$/);
  });

  test('of a run that ended at the first failure says what it did not come to', async () => {
    const target = await openTarget('mutant:linux-5.9');
    const { certificate, volume } = await run(manager, options(target, { ...everything, failFast: true }));
    expect(certificate).toMatchObject({
      complete: false,
      reason: 'the run ended before it came to: callback sets, transition pairs, distinguishing',
    });
    expect(certificate?.suites.map(({ name }) => name)).toEqual(['transition tour']);
    expect(volume.notRun).toBe((certificate?.programs.all ?? 0) + everything.programs - volume.programs);
  });

  test('is not complete where a null token is refused in some states and accepted in others', async () => {
    const target = targetOf((environment) => {
      const manager = createReferenceManager(profileOf('linux-4.4'), environment);
      let registered = 0;
      return {
        registerProducer: (producer, token, irq) =>
          token === null && ++registered > 1 ? -22 : manager.registerProducer(producer, token, irq),
        registerConsumer: (consumer, token) => (token === null ? -22 : manager.registerConsumer(consumer, token)),
        unregisterProducer: (producer) => manager.unregisterProducer(producer),
        unregisterConsumer: (consumer) => manager.unregisterConsumer(consumer),
      };
    });
    const { certificate } = await run(manager, options(target, everything));
    expect(certificate).toMatchObject({
      complete: false,
      reason: expect.stringContaining('accepts a null token in some states and refuses it in others'),
    });
  });
});

test('programs of earlier findings are judged first, and what no longer fails is counted', async () => {
  const wrong = await openTarget('mutant:linux-5.9');
  const { findings } = await run(manager, options(wrong, { programs: 100 }));
  const stored = findings.flatMap(({ forms }) => forms.map(({ program }) => program));
  expect(stored.length).toBeGreaterThan(0);
  const again = await run(manager, options(wrong, { programs: 1, stored, failFast: true }));
  expect(again).toMatchObject({ exit: 1, stored: { programs: stored.length, failing: 1 }, volume: { programs: 1 } });
  const mended = await run(manager, options(targetOf(reference), { stored }));
  expect(mended).toMatchObject({ exit: 0, stored: { programs: stored.length, failing: 0 } });
});

describe('a fault of the kit or of the harness', () => {
  test('is never charged to the implementation: exit status 2 and no finding', async () => {
    const broken: Target = {
      ...targetOf(reference),
      address: 'exec:here',
      run: async (programs) => programs.map(() => ({ events: [], fault: 'the adapter lies' })),
      close: async () => undefined,
    };
    const report = await run(manager, options(broken));
    expect(report).toMatchObject({ exit: 2, findings: [], summary: 'exec:here could not be judged: the adapter lies' });
    expect(report.faults).toHaveLength(20);
    expect(report.volume.notRun).toBeGreaterThan(0);
  });

  test('that ends the target ends the run, and what was not run is not run', async () => {
    const target = targetOf(reference);
    let batches = 0;
    const dying: Target = {
      address: 'exec:here',
      hello: target.hello,
      run: async (programs) => {
        if (++batches > 5) throw new TargetError('exec:here gave up: no more paper');
        return target.run(programs);
      },
      close: async () => undefined,
    };
    const report = await run(manager, options(dying));
    expect(report).toMatchObject({
      exit: 2,
      summary: 'exec:here could not be judged: exec:here gave up: no more paper',
    });
    // The tour, its variants, and one batch of the next suite.
    const { covered, all } = report.certificate?.programs ?? { covered: 0, all: 0 };
    expect(covered).toBeGreaterThan(128);
    expect(report.volume).toMatchObject({ programs: covered, notRun: all + PROGRAMS - covered });
    const reason = expect.stringMatching(/^[\d,]+ of its programs were not run$/);
    expect(report.certificate).toMatchObject({ complete: false, reason });
  });

  test('that keeps programs from being made small is told of once, with how many', async () => {
    const target = await openTarget('mutant:linux-5.9');
    let isOver = false;
    const exhausted: Target = {
      address: 'exec:here',
      hello: target.hello,
      allow: (deaths) => {
        isOver = deaths > MOST_DEATHS;
      },
      run: async (programs) => (isOver ? [] : target.run(programs)),
      close: async () => undefined,
    };
    const { exit, faults } = await run(manager, options(exhausted));
    expect([exit, faults.length]).toEqual([1, 1]);
    expect(faults[0]?.text).toMatch(
      /^exec:here died or hung so often .* that it was not started again\. So \d+ failing programs could not be made small/,
    );
  });

  test('a target that does not do the same twice is not judged at all', async () => {
    let calls = 0;
    const fickle = targetOf((environment) => {
      const manager = createReferenceManager(core, environment);
      return {
        ...methodsOf(manager),
        registerProducer: (...args) => (++calls % 97 === 0 ? EBUSY : manager.registerProducer(...args)),
      };
    });
    const report = await run(manager, options(fickle));
    expect(report).toMatchObject({ exit: 2, findings: [], volume: { programs: 0 } });
    expect(report.summary).toMatch(/does not do the same twice: event \d+ was .* at first, and .* the second time\./);
  });

  test('a manager that returns a promise is refused with advice', async () => {
    const later = targetOf((environment) => ({
      ...methodsOf(createReferenceManager(core, environment)),
      registerProducer: (() => Promise.resolve(0)) as never,
    }));
    const report = await run(manager, options(later));
    expect(report).toMatchObject({
      exit: 2,
      faults: [{ text: 'the manager returned a promise; the operations of a manager are synchronous' }],
    });
  });
});

describe('an exception', () => {
  test('is a crash of the implementation, charged to the operation', async () => {
    const throwing = targetOf((environment) => ({
      ...methodsOf(createReferenceManager(core, environment)),
      unregisterConsumer: () => {
        throw new RangeError('out of interrupts');
      },
    }));
    const report = await run(manager, options(throwing));
    const form = report.findings[0]?.forms[0];
    expect(report.exit).toBe(1);
    expect(form?.trace.events.at(-1)).toEqual({ type: 'crash', detail: 'RangeError: out of interrupts' });
    expect(form?.program.lanes).toEqual([[{ operation: 'unregisterConsumer', object: 'c0' }]]);
    expect(form?.broken.map(({ rule }) => rule)).toEqual(['LIFE-1', 'LIFE-8']);
  });
});
