/** Put a report together: the verdict on each rule, then the verdict on the run. */

import type { Hello } from '../../spec/formats/protocol.js';
import type {
  Baseline,
  Certificate,
  Fault,
  Finding,
  Recorded,
  Report,
  RuleResult,
  RuleVerdict,
  StaleEntry,
  Stored,
  UndefinedSeen,
  Volume,
} from '../../spec/formats/results.js';
import type { Profile } from '../../spec/profile.js';
import type { ChapterRule } from '../../spec/rule.js';
import { rules as allRules } from '../../spec/rules/index.js';
import { whyNotApplicable } from './applicable.js';
import { splitKnown } from './baseline.js';
import type { Investigated } from './investigate.js';
import { hashOfRules } from './rules-hash.js';

/** Everything that a run, a check or a replay has gathered. */
export interface Gathered {
  readonly command: Report['command'];
  readonly target: string;
  readonly hello: Hello | null;
  readonly profile: Profile;
  readonly rules: readonly ChapterRule[];
  readonly seed: number | null;
  readonly tier: Report['tier'];
  readonly random?: number;
  readonly volume: Volume;
  readonly stored?: Stored;
  readonly certificate?: Certificate;
  readonly exposures: ReadonlyMap<string, number>;
  readonly broken: ReadonlyMap<string, number>;
  readonly findings: readonly Investigated[];
  readonly baseline?: Baseline;
  readonly stale: readonly StaleEntry[];
  readonly faults: readonly Fault[];
  readonly undefinedSeen: readonly UndefinedSeen[];
  /** What recordings could show. */
  readonly recorded?: Recorded;
  /** Rules about which a recording says too little, each with the reason. They are inconclusive, unless broken. */
  readonly unsure?: ReadonlyMap<string, string>;
  /** Replaces every rule's floor: a recorded trace is judged by what it shows, were it once. */
  readonly floor?: number;
  readonly seconds: number;
}

/** The report of what was gathered. */
export function assemble(gathered: Gathered): Report {
  const { known, fresh } = splitKnown(
    gathered.findings.map(({ finding }) => finding),
    gathered.baseline,
  );
  const results = gathered.rules.map((rule) => resultOf(rule, gathered, fresh));
  const report: Omit<Report, 'exit' | 'summary'> = {
    format: 'irqbypass-spec/report/1',
    command: gathered.command,
    target: gathered.target,
    hello: gathered.hello,
    profile: gathered.profile.name,
    rulesHash: hashOfRules(allRules),
    seed: gathered.seed,
    tier: gathered.tier,
    random: gathered.random ?? null,
    volume: gathered.volume,
    stored: gathered.stored ?? null,
    certificate: gathered.certificate ?? null,
    ...(gathered.recorded === undefined ? {} : { recorded: gathered.recorded }),
    rules: results,
    findings: fresh,
    known,
    stale: gathered.stale,
    faults: gathered.faults,
    undefinedSeen: gathered.undefinedSeen,
    seconds: gathered.seconds,
  };
  return { ...report, ...verdict(report) };
}

function resultOf(rule: ChapterRule, gathered: Gathered, fresh: readonly Finding[]): RuleResult {
  const floor = rule.kind === 'untestable' ? 0 : (gathered.floor ?? rule.floor);
  const exposures = gathered.exposures.get(rule.id) ?? 0;
  const broken = gathered.broken.get(rule.id) ?? 0;
  const findings = gathered.findings.filter(({ rules }) => rules.has(rule.id)).map(({ finding }) => finding);
  const names = findings.map(({ name }) => name);
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
  if (broken > 0) {
    const isKnown = findings.length > 0 && findings.every(({ name }) => !fresh.some((one) => one.name === name));
    return of(isKnown ? 'known' : 'fail');
  }
  const reason = whyNotApplicable(rule, gathered.profile, gathered.hello);
  if (reason !== undefined) return of('not-applicable', reason);
  const unsure = gathered.unsure?.get(rule.id);
  if (unsure !== undefined) return of('inconclusive', unsure);
  return of(exposures < floor ? 'inconclusive' : 'pass');
}

/** 1 if something is wrong with the implementation, else 2 if something kept it from being judged, else 0. */
function verdict(report: Omit<Report, 'exit' | 'summary'>): Pick<Report, 'exit' | 'summary'> {
  const { target, profile, rules, findings, known, stale, faults, volume } = report;
  const failing = rules.filter((rule) => rule.verdict === 'fail').length;
  if (failing > 0 || findings.length > 0) {
    const rest = known.length === 0 ? '' : `, and ${counted(known.length, 'known one')}`;
    const summary = `${target} does not conform to ${profile}: ${counted(failing, 'rule')} broken, ${counted(findings.length, 'finding')}${rest}.`;
    return { exit: 1, summary };
  }
  if (stale.length > 0) {
    const summary = `The baseline is out of date: ${counted(stale.length, 'stored program')} of it no longer ${stale.length === 1 ? 'fails' : 'fail'}. Take ${stale.length === 1 ? 'it' : 'them'} out, or write it anew.`;
    return { exit: 1, summary };
  }
  if (faults.length > 0) {
    return { exit: 2, summary: `${target} could not be judged: ${faults[0]?.text ?? ''}` };
  }
  const held = rules.filter((rule) => rule.verdict === 'pass').length;
  if (report.command === 'run') {
    const unsure = rules.filter((rule) => rule.verdict === 'inconclusive');
    if (volume.notRun > 0) {
      return { exit: 2, summary: `${target} could not be judged: ${counted(volume.notRun, 'program')} did not run.` };
    }
    if (unsure.length > 0) {
      const names = unsure.map(({ rule }) => rule).join(', ');
      const summary = `${target} could not be judged: ${counted(unsure.length, 'rule')} met too rarely (${names}). Raise --budget or --tier.`;
      return { exit: 2, summary };
    }
  }
  if (held === 0 && known.length === 0) {
    return { exit: 2, summary: `${target} could not be judged: no rule was exposed.` };
  }
  const rest = known.length === 0 ? '' : `, but for ${counted(known.length, 'known defect')}`;
  return { exit: 0, summary: `${target} conforms to ${profile}${rest}: ${counted(held, 'rule')} held.` };
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
