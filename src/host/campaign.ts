/** What a run covers of a host before it goes on at random: its small scope, and every order of set-up. */
import { setUps } from '../../conformance/host/orders.js';
import { hostMachine, hostWalks, SCOPE } from '../../conformance/host/scope.js';
import type { BrokenRule } from '../../spec/formats/results.js';
import type { BackEnd } from '../../spec/host/vocabulary.js';
import type { Profile } from '../../spec/profile.js';
import type { Ask, Campaign, Plan, Planned, Suite } from '../subject/subject.js';
import { HostCertification } from './certificate.js';
import { askingOf, randomHostPrograms } from './random.js';
import type { HostShape } from './shape.js';

/** How many programs are run twice. */
const SAMPLE = 64;

/** Plan the suites of a run on hosts. */
export async function hostCampaign(ask: Ask<HostShape>): Promise<Campaign<HostShape>> {
  const { profile, coverage } = ask;
  const certification = new HostCertification();
  const orders = new Orders(ask, certification);
  const onEach = (suite: (backEnd: BackEnd) => Suite<HostShape>) => coverage.backEnds.map(suite);
  return {
    suites: [
      sample(ask),
      ...(coverage.scope ? onEach((backEnd) => smallScope(backEnd, profile, certification)) : []),
      ...onEach((backEnd) => orders.suite(backEnd)),
    ],
    exposures: () => orders.exposures,
    certificate: () => (coverage.scope ? certification.certificate(SCOPE) : null),
  };
}

/** Some programs that nothing is planned about: they show whether the target does the same twice. */
function sample({ profile, coverage, target }: Ask<HostShape>): Suite<HostShape> {
  const make = randomHostPrograms(0, coverage.backEnds, profile, askingOf(target));
  const programs = Array.from({ length: SAMPLE }, () => ({ program: make() }));
  return { name: 'sample', plan: () => ({ count: SAMPLE, programs: () => programs }) };
}

function smallScope(backEnd: BackEnd, profile: Profile, certification: HostCertification): Suite<HostShape> {
  return {
    name: `small scope on ${backEnd}`,
    plan: once(() => {
      const machine = hostMachine(backEnd, profile);
      const walks = [...hostWalks(machine)];
      certification.plan(machine, walks.length);
      return walks.map(({ program, path }) => ({
        program,
        note: (_, judgement) => {
          certification.note(machine, path, judgement?.breaches.length === 0);
          return undefined;
        },
      }));
    }),
  };
}

/** Of each set-up, what the first order came to is what all others must come to. */
class Orders {
  readonly exposures = new Map<string, number>();

  constructor(
    readonly ask: Ask<HostShape>,
    readonly certification: HostCertification,
  ) {}

  suite(backEnd: BackEnd): Suite<HostShape> {
    const all = once(() => setUps(backEnd, this.ask.profile).flatMap((setUp) => this.#planned(setUp)));
    return { name: `orders of set-up on ${backEnd}`, plan: all };
  }

  #planned({ name, programs, probes }: ReturnType<typeof setUps>[number]): readonly Planned<HostShape>[] {
    const rules = this.ask.rules.filter((rule) => rule.kind === 'host-order');
    const outcomes = new Map<string, string>();
    return programs.map((program) => ({
      program,
      note: (_, judgement) => {
        this.certification.noteOrder(judgement?.breaches.length === 0);
        if (judgement === undefined) return undefined;
        return rules.flatMap((rule): readonly BrokenRule[] => {
          this.exposures.set(rule.id, (this.exposures.get(rule.id) ?? 0) + 1);
          const outcome = rule.outcome(judgement.history, probes);
          const first = outcomes.get(rule.id) ?? outcome;
          outcomes.set(rule.id, first);
          if (outcome === first) return [];
          const text = `setting up ${name} in this order comes to: ${outcome}. Another order came to: ${first}`;
          return [{ rule: rule.id, text }];
        });
      },
    }));
  }
}

/** A plan that is made when it is first asked for. */
function once(make: () => readonly Planned<HostShape>[]): () => Plan<HostShape> {
  let made: readonly Planned<HostShape>[] | undefined;
  return () => {
    made ??= make();
    const programs = made;
    return { count: programs.length, programs: () => programs };
  };
}
