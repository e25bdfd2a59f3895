/** What is remembered of a call is what rules and model say of it, on everything that the suites run and on wrong traces. */
import { describe, expect, test } from 'vitest';
import { randomPrograms } from '../../conformance/generators/program.js';
import { mutants } from '../../conformance/mutants/index.js';
import { createReferenceManager } from '../../reference/index.js';
import type { Capability } from '../../spec/formats/protocol.js';
import type { ManagerFactory } from '../../spec/manager.js';
import type { Profile } from '../../spec/profile.js';
import { core } from '../../spec/profiles/core.js';
import { rules } from '../../spec/rules/index.js';
import type { Program, Trace } from '../../spec/vocabulary.js';
import { Judge } from '../../src/judge/judge.js';
import { Kinds } from '../../src/judge/remembered/kinds.js';
import { RememberingJudge } from '../../src/judge/remembering.js';
import { NOT_ASKED } from '../../src/manager/certificate.js';
import { managerTiers } from '../../src/manager/tiers.js';
import { makeSuites } from '../../src/suites/suites.js';
import { play } from '../../src/targets/in-process.js';
import { extent, someProfiles } from '../tests/extent.js';
import { mutations } from './mutate.js';

const CAPABILITIES: ReadonlySet<Capability> = new Set(['allocation-failure', 'null-token', 'missing-mandatory']);

/** Holds a judge that remembers against one that does not. */
class Both {
  readonly afresh: Judge;
  readonly remembering: RememberingJudge;

  constructor(profile: Profile, kinds?: Kinds) {
    this.afresh = new Judge(profile, rules, true);
    this.remembering = new RememberingJudge(profile, rules, true, kinds);
  }

  /** Both judge a trace, and say the same. @returns whether a rule is broken */
  judge(trace: Trace): boolean {
    const one = this.afresh.judge(trace);
    const other = this.remembering.judge(trace);
    const isSame =
      spell(one.breaches) === spell(other.breaches) &&
      spell(one.followed) === spell(other.followed) &&
      one.disagreement === other.disagreement;
    if (!isSame) {
      const { breaches, followed, disagreement } = other;
      expect.fail(`${spell(trace)}: ${spell({ breaches, followed, disagreement })}, afresh ${spell(one)}`);
    }
    return one.breaches.length > 0;
  }

  /** Both have counted the same exposures. */
  haveCountedTheSame(): void {
    const counted = (judge: Judge | RememberingJudge) => Object.fromEntries(judge.exposures());
    expect(counted(this.remembering)).toEqual(counted(this.afresh));
  }
}

const spell = (value: unknown) => JSON.stringify(value);

function traceOf(program: Program, factory: ManagerFactory): Trace {
  return { objects: program.objects, events: play(program, factory) };
}

describe.each(someProfiles.map((profile) => [profile.name, profile] as const))('%s', (_, profile) => {
  const reference: ManagerFactory = (environment) => createReferenceManager(profile, environment);

  test('on every program of the suites', () => {
    const both = new Both(profile);
    const { coverage } = managerTiers[extent('smoke', 'smoke', 'pr')];
    let count = 0;
    for (const { plan } of makeSuites(profile, CAPABILITIES, NOT_ASKED, coverage).suites) {
      for (const { program } of plan().programs()) {
        both.judge(traceOf(program, reference));
        count++;
      }
    }
    expect(count).toBeGreaterThan(extent(70, 50, 70));
    both.haveCountedTheSame();
  });

  test('on random programs, and on what one small change makes of their traces', () => {
    const both = new Both(profile);
    const make = randomPrograms(1, { profile, capabilities: CAPABILITIES });
    const traces = Array.from({ length: extent(1_000, 2_000, 20_000) }, () => traceOf(make(), reference));
    for (const trace of traces) both.judge(trace);
    let wrong = 0;
    for (const { objects, events } of traces.slice(0, extent(20, 40, 400))) {
      if (events.length > 200) continue;
      for (const changed of mutations(events)) if (both.judge({ objects, events: changed.events })) wrong++;
    }
    expect(wrong).toBeGreaterThan(1_500);
    both.haveCountedTheSame();
  });
});

test('on what managers do that are known to be wrong', () => {
  const both = new Both(core);
  const programs = Array.from(
    { length: extent(30, 60, 600) },
    randomPrograms(2, { profile: core, capabilities: CAPABILITIES }),
  );
  let wrong = 0;
  for (const { create } of mutants) {
    for (const program of programs) if (both.judge(traceOf(program, create))) wrong++;
  }
  expect(wrong).toBeGreaterThan(300);
  both.haveCountedTheSame();
});

test('when there is room for little', () => {
  const make = randomPrograms(3, { profile: core, capabilities: CAPABILITIES });
  const both = new Both(core, new Kinds(200));
  for (let count = 0; count < 500; count++) {
    both.judge(traceOf(make(), (environment) => createReferenceManager(core, environment)));
  }
  both.haveCountedTheSame();
});

test('by a judge that goes on where another one has stopped, which counts for itself', () => {
  const make = randomPrograms(4, { profile: core, capabilities: CAPABILITIES });
  const traces = Array.from({ length: 200 }, () =>
    traceOf(make(), (environment) => createReferenceManager(core, environment)),
  );
  const first = new RememberingJudge(core, rules, true);
  for (const trace of traces) first.judge(trace);
  const again = first.anew();
  for (const trace of traces) again.judge(trace);
  const afresh = new Judge(core, rules, true);
  for (const trace of traces) afresh.judge(trace);
  expect(Object.fromEntries(again.exposures())).toEqual(Object.fromEntries(afresh.exposures()));
});
