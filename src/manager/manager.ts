/** A manager as a subject: the four operations of one manager, called by the kit, which plays producers and consumers. */
import { randomPrograms } from '../../conformance/generators/program.js';
import type { BrokenRule, UndefinedSeen } from '../../spec/formats/results.js';
import { holdsIn } from '../../spec/rule.js';
import { rules } from '../../spec/rules/index.js';
import type { Operation, Program, Trace } from '../../spec/vocabulary.js';
import { unusual } from '../judge/defect.js';
import type { Judgement } from '../judge/judge.js';
import { mend } from '../judge/mend.js';
import { RememberingJudge } from '../judge/remembering.js';
import { generality } from '../judge/specificity.js';
import { spell } from '../subject/spelling.js';
import type { DifferenceOn, Relation, Setting, Subject } from '../subject/subject.js';
import { managerDescription } from '../text/format.js';
import { managerCampaign, wholeCertificate } from './campaign.js';
import { renameByFirstUse } from './canonical.js';
import { lesserNeighbours } from './minimal.js';
import { needs } from './needs.js';
import { farther } from './reach.js';
import type { ManagerShape } from './shape.js';
import { beginnings, lesserSpellings, simplerPrograms } from './simpler.js';
import { smoke } from './smoke.js';
import { lanePrograms, managerTiers } from './tiers.js';

/** The languages in which an integer is no C int, and nobody has to declare how large it can be. */
const LARGE_INTEGERS: readonly string[] = ['javascript', 'typescript', 'python', 'ruby'];

/** A program of several lanes that takes luck to go wrong is run so often when it is replayed. */
const TRIES = 100;

/** A manager, judged alone. */
export const manager: Subject<ManagerShape> = {
  name: 'manager',
  rules,
  tiers: managerTiers,
  coverage: (tier, asked) => ({ ...managerTiers[tier].coverage, ...asked }),
  heads: {
    finding: { format: 'irqbypass-spec/finding/1' },
    report: { format: 'irqbypass-spec/report/1' },
    baseline: { format: 'irqbypass-spec/baseline/1' },
    shard: { format: 'irqbypass-spec/shard/1' },
  },
  lastResort: 'LIFE-8',
  describe: managerDescription,
  conformance: (profile) => `to ${profile}`,
  prepare: managerCampaign,
  wholeCertificate,
  // Most targets are no kernel tree: what takes one apart is loaded for those that are.
  exhaust: async (ask, tier, onProgress, schedules) => {
    if (!ask.target.address.startsWith('linux-source:')) return undefined;
    return (await import('./exhaust.js')).exhaustManager(ask, tier, onProgress, schedules);
  },
  inLanes: async (ask, tier, programs, seed, onProgress) => {
    if (!ask.target.hello.capabilities.includes('lanes')) return undefined;
    return (await import('./in-lanes.js')).askInLanes(
      manager,
      ask,
      Math.min(lanePrograms[tier], programs),
      seed,
      onProgress,
    );
  },
  tries: ({ lanes }) => (lanes.length > 1 ? TRIES : 1),
  random: (seed, { target: { hello }, profile, undefined: withUndefined, from }) => {
    const capabilities = new Set(hello.capabilities);
    const largeIrqs = LARGE_INTEGERS.includes(hello.language.toLowerCase());
    return randomPrograms(seed, { profile, capabilities, largeIrqs, undefined: withUndefined }, from);
  },
  relations,
  judge: ({ profile, rules: held, allRules }) => new RememberingJudge(profile, held, allRules),
  trace: ({ objects }, events) => ({ objects, events }),
  operations: ({ lanes }) => lanes.reduce((sum, lane) => sum + lane.length, 0),
  reach: farther,
  beginnings,
  simpler: function* (program) {
    yield* simplerPrograms(program);
    yield* lesserSpellings(program);
  },
  lesser: lesserNeighbours,
  canonical: renameByFirstUse,
  isFair: () => true,
  plainer: withMemory,
  mend,
  unusual: ({ followed }) => unusual(followed),
  needs: (trace, { followed }) => needs(trace, followed),
  broken: brokenRules,
  specificity: generality,
  difference: (_, __, judgement) => differenceOf(judgement),
  undefinedBehaviour,
  smoke,
};

/** The rules about two runs. They do not speak of programs in which something undefined was done. */
function relations({ profile, rules: held }: Setting<ManagerShape>): readonly Relation<ManagerShape>[] {
  return held
    .filter((rule) => rule.kind === 'relation')
    .filter((rule) => holdsIn(rule, profile))
    .map(({ id, variant }) => ({
      id,
      variant: (program, { followed, history }) =>
        followed.undefinedFrom === undefined ? variant(program, history) : undefined,
    }));
}

/** The first difference of a judged trace, as reports show it. */
export function differenceOf({ followed: { divergence } }: Judgement): DifferenceOn<ManagerShape> | undefined {
  if (divergence === undefined) return undefined;
  const { at, call, expected, allowed } = divergence;
  return { at, call, expected, allowed };
}

/**
 * The rules broken in a trace. Those that speak of the operation of the first difference come first, and among them
 * the one with the narrowest precondition: a rule that is about this very situation tells more than a general one.
 */
export function brokenRules(trace: Trace, { breaches, followed: { divergence } }: Judgement): readonly BrokenRule[] {
  const starts = trace.events.flatMap((event, at) => (event.type === 'call' ? [at] : []));
  const here = divergence === undefined ? -1 : (starts[divergence.call] ?? -1);
  const seen = new Map<string, BrokenRule & { readonly rank: number }>();
  for (const { rule, at, text } of breaches) {
    if (seen.has(rule)) continue;
    seen.set(rule, { rule, text, rank: (at === here ? 0 : 1000) + generality(rule) });
  }
  return [...seen.values()].sort((a, b) => a.rank - b.rank).map(({ rule, text }) => ({ rule, text }));
}

/** The same program with memory for every operation: running out of it may be beside the point. */
function withMemory(program: Program, trace: Trace): { program: Program; trace: Trace } | undefined {
  const plainer = { ...program, lanes: program.lanes.map((lane) => lane.map(supplied)) };
  if (spell(plainer) === spell(program)) return undefined;
  const events = trace.events.map((event) => (event.type === 'call' ? supplied(event) : event));
  return { program: plainer, trace: { objects: plainer.objects, events } };
}

function supplied<T extends Operation>(operation: T): T {
  if (!('memory' in operation)) return operation;
  const { memory: _, ...rest } = operation;
  return rest as T;
}

function undefinedBehaviour(
  program: Program,
  { events }: Trace,
  { followed }: Judgement,
): Omit<UndefinedSeen, 'times'> | undefined {
  if (followed.undefinedFrom === undefined) return undefined;
  const what = new Set<string>();
  for (const { operation } of program.lanes.flat()) {
    if (operation === 'overwriteToken' || operation === 'wipeObject') what.add(operation);
  }
  for (const object of program.objects) {
    for (const one of object.reenters ?? []) what.add(`${one.operation.operation} in ${one.callback}`);
  }
  const last = events.at(-1)?.type;
  const warned = events.some((event) => event.type === 'log' && event.level !== 'info');
  const outcome = last === 'crash' || last === 'hang' ? last : warned ? 'warning' : 'returned';
  return { what: [...what].sort().join(' and '), outcome };
}
