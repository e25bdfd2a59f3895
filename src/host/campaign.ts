/** What a run covers of a host before it goes on at random: its small scope, and every order of set-up. */
import { type SetUp, setUps } from '../../conformance/host/orders.js';
import { hostMachine, hostWalks, SCOPE } from '../../conformance/host/scope.js';
import type { HostCertificate } from '../../spec/formats/host-results.js';
import type { BrokenRule } from '../../spec/formats/results.js';
import type { HostOrderRule } from '../../spec/host/rule.js';
import type { BackEnd, HostTrace } from '../../spec/host/vocabulary.js';
import type { Profile } from '../../spec/profile.js';
import type { Ask, Campaign, Noted, Plan, Planned, Suite } from '../subject/subject.js';
import { runWholly } from '../suites/suites.js';
import { hostCertificate, type Walked } from './certificate.js';
import { askingOf, randomHostPrograms } from './random.js';
import type { HostShape } from './shape.js';

/** How many programs are run twice. */
const SAMPLE = 64;

/** Where a program left what was planned; of a host it is not asked how far it came. */
const WRONG: Noted = { short: { steps: 0 } };

/** Plan the suites of a run on hosts. */
export async function hostCampaign(ask: Ask<HostShape>): Promise<Campaign<HostShape>> {
  const { suites, certificate } = covering(ask);
  return { suites: [sample(ask), ...suites], certificate };
}

/** The certificate of a run that covered everything that the certificate of a report is about. */
export function wholeHostCertificate(
  { certificate }: HostShape['report'],
  profile: Profile,
): HostCertificate | undefined {
  const backEnds = certificate?.backEnds.map(({ backEnd }) => backEnd) ?? [];
  const { suites, certificate: of } = covering({ profile, rules: [], coverage: { scope: true, backEnds } });
  return of(runWholly(suites)) ?? undefined;
}

/** The small scopes, and every order of set-up. */
function covering(ask: Pick<Ask<HostShape>, 'profile' | 'rules' | 'coverage'>): Campaign<HostShape> {
  const { profile, coverage } = ask;
  const scopes = coverage.scope ? coverage.backEnds.map((backEnd) => smallScope(backEnd, profile)) : [];
  const orders = coverage.backEnds.map((backEnd) => ordersOn(backEnd, ask));
  return {
    suites: [...scopes.map(({ suite }) => suite), ...orders],
    certificate: (begun) => {
      if (!coverage.scope) return null;
      const walks = scopes.flatMap(({ suite, walked }) => {
        const ran = begun.get(suite.name);
        return ran === undefined ? [] : [[walked(), ran] as const];
      });
      return hostCertificate(
        SCOPE,
        walks,
        orders.flatMap(({ name }) => begun.get(name) ?? []),
      );
    },
  };
}

/** Some programs that nothing is planned about: they show whether the target does the same twice. */
function sample({ profile, coverage, target }: Ask<HostShape>): Suite<HostShape> {
  const make = randomHostPrograms(0, coverage.backEnds, profile, askingOf(target));
  const programs = Array.from({ length: SAMPLE }, () => ({ program: make() }));
  return { name: 'sample', plan: () => ({ count: SAMPLE, programs: () => programs }) };
}

type OrderRule = Extract<HostShape['rule'], HostOrderRule>;

interface SmallScope {
  readonly suite: Suite<HostShape>;
  readonly walked: () => Walked;
}

function smallScope(backEnd: BackEnd, profile: Profile): SmallScope {
  const made = once(() => {
    const machine = hostMachine(backEnd, profile);
    const walks = [...hostWalks(machine)];
    return { walked: { machine, paths: walks.map(({ path }) => path) }, programs: walks.map(({ program }) => program) };
  });
  const note = (_: HostTrace, judgement: HostShape['judgement'] | undefined) =>
    judgement?.breaches.length === 0 ? undefined : WRONG;
  const plan = () => planOf(made().programs.map((program) => ({ program, note })));
  return { suite: { name: `small scope on ${backEnd}`, plan }, walked: () => made().walked };
}

/** Of each set-up, what the first order came to is what all others must come to: so one run runs all of them. */
function ordersOn(backEnd: BackEnd, ask: Pick<Ask<HostShape>, 'profile' | 'rules'>): Suite<HostShape> {
  const rules = ask.rules.filter((rule) => rule.kind === 'host-order');
  const all = once(() => setUps(backEnd, ask.profile));
  const plan = () => ({ ...planOf(all().flatMap((setUp) => ordersOf(setUp, rules))), isWhole: true });
  return { name: `orders of set-up on ${backEnd}`, plan };
}

function ordersOf({ name, programs, probes }: SetUp, rules: readonly OrderRule[]): readonly Planned<HostShape>[] {
  const outcomes = new Map<string, string>();
  return programs.map((program) => ({
    program,
    note: (_, judgement) => {
      if (judgement === undefined) return WRONG;
      const broken = rules.flatMap((rule): readonly BrokenRule[] => {
        const outcome = rule.outcome(judgement.history, probes);
        const first = outcomes.get(rule.id) ?? outcome;
        outcomes.set(rule.id, first);
        if (outcome === first) return [];
        const text = `setting up ${name} in this order comes to: ${outcome}. Another order came to: ${first}`;
        return [{ rule: rule.id, text }];
      });
      return { ...(judgement.breaches.length === 0 ? {} : WRONG), broken, exposed: rules.map(({ id }) => id) };
    },
  }));
}

function planOf(programs: readonly Planned<HostShape>[]): Plan<HostShape> {
  return { count: programs.length, programs: () => programs };
}

/** Something that is made when it is first asked for. */
function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
