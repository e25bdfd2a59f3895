/** Put a report together: the verdict on each rule, then the verdict on the run. */
import type { Hello } from '../../spec/formats/protocol.js';
import type {
  Covered,
  Exhaustive,
  Fault,
  InLanes,
  Reach,
  Recorded,
  Report,
  ReportOf,
  RuleResult,
  RuleVerdict,
  StaleEntry,
  Stored,
  UndefinedSeen,
  Volume,
} from '../../spec/formats/results.js';
import type { Profile } from '../../spec/profile.js';
import { findAnyRule } from '../../spec/rules/all.js';
import type { BaselineOn, FindingOn, Shape, Subject, SubjectRule } from '../subject/subject.js';
import { counted, listed } from '../text/text.js';
import { type Split, splitKnown } from './baseline.js';
import { explainedBy, type Investigated } from './finding.js';
import { hashOfRules } from './rules-hash.js';
import { splitSchedules } from './schedules.js';

/** Everything that a run, a check or a replay has gathered. */
export interface Gathered<S extends Shape> {
  readonly command: Report['command'];
  readonly target: string;
  readonly hello: Hello | null;
  readonly profile: Profile;
  readonly rules: readonly S['rule'][];
  readonly seed: number | null;
  readonly tier: Report['tier'];
  readonly random?: number;
  readonly volume: Volume;
  readonly stored?: Stored;
  /** How far it was looked behind the known defects. */
  readonly beyondKnown?: Covered;
  /** How many programs of the suites were judged on behind a defect. */
  readonly behindKnown?: number;
  readonly certificate: S['certificate'] | null;
  readonly exposures: ReadonlyMap<string, number>;
  readonly broken: ReadonlyMap<string, number>;
  readonly findings: readonly Investigated<S>[];
  readonly baseline?: BaselineOn<S>;
  readonly stale: readonly StaleEntry[];
  readonly faults: readonly Fault<S['program']>[];
  readonly undefinedSeen: readonly UndefinedSeen[];
  /** How wide and how long the programs were. */
  readonly reach?: Reach;
  /** What was explored of the implementation itself. */
  readonly exhaustive?: Exhaustive;
  /** What was asked in several lanes. */
  readonly inLanes?: InLanes;
  /** Why it was not asked in several lanes, though it has them. */
  readonly notInLanes?: string;
  /** What recordings could show. */
  readonly recorded?: Recorded;
  /** Rules about which a recording says too little, each with the reason. They are inconclusive, unless broken. */
  readonly unsure?: ReadonlyMap<string, string>;
  /** Replaces every rule's floor: a recorded trace is judged by what it shows, were it once. */
  readonly floor?: number;
  /** Whether the target became another one while it ran. */
  readonly hasChanged?: boolean;
  readonly seconds: number;
}

/** A report before the verdict. */
type Unjudged<S extends Shape> = Omit<ReportOf<S['program'], FindingOn<S>, S['certificate']>, 'exit' | 'summary'>;

/** The report of what was gathered. */
export function assemble<S extends Shape>(subject: Subject<S>, all: Gathered<S>): S['report'] {
  const { exhaustive, baseline } = all;
  const gathered =
    exhaustive === undefined || baseline === undefined
      ? all
      : { ...all, exhaustive: splitSchedules(exhaustive, baseline) };
  const split = splitKnown(subject, gathered.findings, gathered.baseline);
  const report: Unjudged<S> = {
    ...subject.heads.report,
    command: gathered.command,
    target: gathered.target,
    hello: gathered.hello,
    profile: gathered.profile.name,
    rulesHash: hashOfRules(subject.rules),
    seed: gathered.seed,
    tier: gathered.tier,
    random: gathered.random ?? null,
    volume: gathered.volume,
    stored: gathered.stored ?? null,
    ...(gathered.beyondKnown === undefined ? {} : { beyondKnown: gathered.beyondKnown }),
    ...(gathered.behindKnown === undefined ? {} : { behindKnown: gathered.behindKnown }),
    certificate: gathered.certificate,
    ...(gathered.reach === undefined ? {} : { reach: gathered.reach }),
    ...(gathered.exhaustive === undefined ? {} : { exhaustive: gathered.exhaustive }),
    ...(gathered.inLanes === undefined ? {} : { inLanes: gathered.inLanes }),
    ...(gathered.recorded === undefined ? {} : { recorded: gathered.recorded }),
    rules: toldOf(gathered).map((rule) => resultOf(rule, gathered, split)),
    findings: split.fresh.map(({ finding }) => finding),
    known: split.known.map(({ finding }) => finding),
    stale: gathered.stale,
    faults: gathered.faults,
    undefinedSeen: gathered.undefinedSeen,
    seconds: gathered.seconds,
  };
  // The head says which report it is.
  return { ...report, ...verdictOf(report, subject.conformance(gathered.profile.name)) } as S['report'];
}

/**
 * The rules that are told of: those that were asked for, and others where they are broken, such as the rules of another
 * subject, or those that explain why one that was asked for is broken.
 */
function toldOf<S extends Shape>(gathered: Gathered<S>): readonly SubjectRule[] {
  const asked = new Set(gathered.rules.map(({ id }) => id));
  const broken = new Set([...gathered.findings.flatMap(explainedBy), ...gathered.broken.keys()]);
  return [...gathered.rules, ...[...broken].filter((id) => !asked.has(id)).flatMap((id) => findAnyRule(id) ?? [])];
}

/** How many programs showed some findings. */
function metIn<S extends Shape>(findings: readonly Investigated<S>[]): number {
  return findings.reduce((sum, { finding }) => sum + finding.forms.reduce((all, { met }) => all + met, 0), 0);
}

function resultOf<S extends Shape>(rule: SubjectRule, gathered: Gathered<S>, { fresh, known }: Split<S>): RuleResult {
  const floor = rule.kind === 'untestable' ? 0 : (gathered.floor ?? rule.floor ?? 0);
  const schedules = rule.kind === 'schedule' ? gathered.exhaustive : undefined;
  const wrong = schedules?.wrong.filter((one) => one.rule === rule.id).length ?? 0;
  const knownWrong = schedules?.known?.filter((one) => one.rule === rule.id).length ?? 0;
  const explored = schedules?.interleavings.reduce((sum, one) => sum + one.programs, 0) ?? 0;
  const explains = (one: Investigated<S>) => explainedBy(one).includes(rule.id);
  const inPrograms = gathered.broken.get(rule.id) ?? metIn(gathered.findings.filter(explains));
  const exposures = Math.max(explored + (gathered.exposures.get(rule.id) ?? 0), inPrograms);
  const broken = wrong + knownWrong + inPrograms;
  const met = [...fresh, ...known].filter((one) => broken > 0 && (one.rules.has(rule.id) || explains(one)));
  const names = met.map(({ finding }) => finding.name);
  const of = (verdict: RuleVerdict, reason?: string): RuleResult => ({
    rule: rule.id,
    verdict,
    exposures,
    floor,
    broken,
    ...(reason === undefined ? {} : { reason }),
    findings: names,
  });
  if (rule.kind === 'untestable') return of('untestable', rule.reason);
  if (wrong > 0) return of('fail');
  if (broken > 0) {
    if (fresh.some(explains)) return of('fail');
    if (known.some(explains) || (knownWrong > 0 && inPrograms === 0)) return of('known');
    if (met.length > 0) return of('follows', `it is broken only where finding ${listed(names)} shows`);
    if (gathered.hasChanged === true)
      return of(
        'inconclusive',
        `it was broken in ${counted(broken, 'program')} of a target that changed as it went on`,
      );
    return of('inconclusive', `it was broken in ${counted(broken, 'program')}, and not when they were run again`);
  }
  const reason = whyNotApplicable(rule, gathered.profile, gathered.hello);
  if (reason !== undefined) return of('not-applicable', reason);
  const unsure = gathered.unsure?.get(rule.id);
  if (unsure !== undefined) return of('inconclusive', unsure);
  if (rule.kind !== 'schedule') return of(exposures < floor ? 'inconclusive' : 'pass');
  const untested = whyNotInLanes(rule, gathered);
  if (untested !== undefined) return of('not-applicable', untested);
  const inThreads = gathered.inLanes !== undefined && isShownInThreads(rule, gathered.hello);
  // One schedule that is run again is all that there is to it.
  const unfinished =
    gathered.command === 'replay' ? undefined : schedules?.interleavings.find(({ complete }) => !complete);
  if (unfinished !== undefined && !inThreads)
    return of('inconclusive', `not every interleaving was explored: ${unfinished.reason ?? ''}`);
  return of(explored === 0 && exposures < floor ? 'inconclusive' : 'pass');
}

/** Whether real threads of a target can show that a rule is broken: a trace shows what comes of a race, and not the race. */
function isShownInThreads({ shownBy }: SubjectRule, hello: Hello | null): boolean {
  return shownBy !== 'accesses' || hello?.capabilities.includes('data-races') === true;
}

/**
 * What keeps a rule about several lanes from a verdict, where neither every interleaving of a few lanes was explored, nor
 * what real threads did could show it; undefined where something can be said.
 */
function whyNotInLanes(
  rule: SubjectRule,
  { exhaustive, inLanes, notInLanes, exposures, hello, rules }: Gathered<Shape>,
): string | undefined {
  const inTraces = rules.some(({ id, kind }) => kind === 'schedule' && (exposures.get(id) ?? 0) > 0);
  if (exhaustive !== undefined && exhaustive.interleavings.length > 0) return undefined;
  const isShown = isShownInThreads(rule, hello);
  if (isShown && (inLanes !== undefined || inTraces)) return undefined;
  if (inLanes !== undefined || inTraces) return 'not tested: a trace shows what comes of a data race, and not the race';
  const cannot = hello !== null && !hello.capabilities.includes('lanes');
  const why = cannot
    ? 'the target does not declare the capability lanes'
    : (notInLanes ?? 'this target was not asked in several lanes');
  return `not tested: concurrency; ${exhaustive?.closed.reason ?? why}`;
}

/** Why a rule does not apply to a target under a profile; undefined when it does. */
function whyNotApplicable(rule: SubjectRule, profile: Profile, hello: Hello | null): string | undefined {
  const exception = rule.except?.[profile.name];
  if (exception !== undefined) return exception;
  if (rule.needs !== undefined && hello !== null && !hello.capabilities.includes(rule.needs)) {
    return `the target does not declare the capability ${rule.needs}`;
  }
  return undefined;
}

/** 1 if something is wrong with the implementation, else 2 if something kept it from being judged, else 0. */
export function verdictOf<S extends Shape>(report: Unjudged<S>, conformance: string): Pick<Report, 'exit' | 'summary'> {
  const { command, target, rules, findings, known, stale, faults, volume } = report;
  const having = (one: RuleVerdict) => rules.filter((rule) => rule.verdict === one);
  const notJudged = (why: string) => ({ exit: 2, summary: `${target} could not be judged: ${why}` }) as const;
  const failing = having('fail').length;
  const knownDefects = known.length + (report.exhaustive?.known?.length ?? 0);
  const schedules = report.exhaustive?.wrong.length ?? 0;
  const found = findings.length + schedules;
  if (failing > 0 || found > 0) {
    const rest = knownDefects === 0 ? '' : `, and ${counted(knownDefects, 'known one')}`;
    const summary = `${target} does not conform ${conformance}: ${counted(failing, 'rule')} broken, ${counted(found, 'finding')}${rest}.`;
    return { exit: 1, summary };
  }
  if (stale.length > 0) {
    const changed = stale.filter(({ is }) => is === 'changed');
    const [first] = changed;
    if (first !== undefined) {
      const summary = `${counted(changed.length, 'known defect')} changed: of ${JSON.stringify(first.key)}, ${first.text}.`;
      return { exit: 1, summary };
    }
    const summary = `The baseline is out of date: ${counted(stale.length, 'stored program')} of it no longer ${stale.length === 1 ? 'fails' : 'fail'}. Take ${stale.length === 1 ? 'it' : 'them'} out, or write it anew.`;
    return { exit: 1, summary };
  }
  if (faults.length > 0) return notJudged(faults[0]?.text ?? '');
  const unexplained = rules.filter((rule) => rule.verdict === 'inconclusive' && rule.broken > 0);
  if (unexplained.length > 0) {
    const names = listed(unexplained.map(({ rule }) => rule));
    return notJudged(
      `${names} ${unexplained.length === 1 ? 'was' : 'were'} broken, and not when the same programs were run again.`,
    );
  }
  if (command === 'run') {
    if (volume.notRun > 0) return notJudged(`${counted(volume.notRun, 'program')} did not run.`);
    const unsure = having('inconclusive');
    if (unsure.length > 0) {
      const [first] = unsure;
      if (first?.reason !== undefined) return notJudged(`of ${first.rule}, ${first.reason}.`);
      const names = unsure.map(({ rule }) => rule).join(', ');
      return notJudged(`${counted(unsure.length, 'rule')} met too rarely (${names}). Raise --budget or --tier.`);
    }
  }
  const held = having('pass').length;
  if (held === 0 && knownDefects === 0) {
    const reasons = new Set(rules.map((rule) => (rule.verdict === 'not-applicable' ? rule.reason : undefined)));
    const [only] = reasons;
    return notJudged(reasons.size === 1 && only !== undefined ? `${only}.` : 'no rule was exposed.');
  }
  if (command === 'replay') {
    return { exit: 0, summary: `${target} breaks no rule with this: ${counted(held, 'rule')} held.` };
  }
  const rest = knownDefects === 0 ? '' : `, but for ${counted(knownDefects, 'known defect')}`;
  return { exit: 0, summary: `${target} conforms ${conformance}${rest}: ${counted(held, 'rule')} held.` };
}
