/** Put a report on hosts together: the verdict on each rule, then the verdict on the run. */
import type { HostCertificate, HostReport } from '../../spec/formats/host-results.js';
import type { RuleResult, RuleVerdict, Volume } from '../../spec/formats/results.js';
import { hostRules } from '../../spec/rules/host.js';
import { findRule } from '../../spec/rules/index.js';
import { hashOfRules } from '../engine/rules-hash.js';
import { counted } from '../text/text.js';
import type { HostInvestigated } from './investigate.js';
import type { HostRunOptions } from './run.js';

/** Everything that a run has gathered. */
export interface HostGathered {
  readonly command: HostReport['command'];
  readonly options: Pick<HostRunOptions, 'target' | 'rules' | 'tier'> & {
    readonly seed: number | null;
    readonly programs: number | null;
  };
  readonly volume: Volume;
  readonly certificate: HostCertificate | null;
  readonly exposures: ReadonlyMap<string, number>;
  readonly broken: ReadonlyMap<string, number>;
  readonly findings: readonly HostInvestigated[];
  readonly faults: readonly string[];
  readonly seconds: number;
}

/** The report of what was gathered. */
export function assembleHost(gathered: HostGathered): HostReport {
  const { options, volume, certificate, faults, seconds } = gathered;
  const { target } = options;
  const managers = [...gathered.broken.keys()].flatMap((id) => findRule(id) ?? []);
  const rules = [
    ...options.rules.map((rule) => resultOf(rule, gathered)),
    // The manager's own rules are told only where they are broken: a host does not set out to expose them.
    ...managers.map((rule) => resultOf(rule, gathered)),
  ];
  const report = {
    format: 'irqbypass-spec/host-report/1',
    command: gathered.command,
    role: target.role,
    target: target.address,
    profile: target.profile.name,
    rulesHash: hashOfRules(hostRules),
    seed: options.seed,
    tier: options.tier,
    random: options.programs,
    volume,
    certificate,
    rules,
    findings: gathered.findings.map(({ finding }) => finding),
    faults,
    seconds,
  } as const;
  return { ...report, ...verdict(report) };
}

function resultOf(
  rule: { readonly id: string; readonly kind: string } & { readonly floor?: number; readonly reason?: string },
  gathered: HostGathered,
): RuleResult {
  const exposures = gathered.exposures.get(rule.id) ?? 0;
  const broken = gathered.broken.get(rule.id) ?? 0;
  const floor = rule.floor ?? 0;
  const findings = gathered.findings.filter(({ rules }) => rules.has(rule.id)).map(({ finding }) => finding.name);
  const of = (verdict: RuleVerdict, reason?: string): RuleResult => ({
    rule: rule.id,
    verdict,
    exposures,
    floor,
    broken,
    ...(reason === undefined ? {} : { reason }),
    findings,
  });
  if (rule.kind === 'untestable') return of('untestable', rule.reason);
  if (broken > 0) return of('fail');
  return of(exposures < floor ? 'inconclusive' : 'pass');
}

/** 1 if something is wrong with the target, else 2 if something kept it from being judged, else 0. */
function verdict(report: Omit<HostReport, 'exit' | 'summary'>): Pick<HostReport, 'exit' | 'summary'> {
  const { target, role, profile, rules, findings, faults, volume } = report;
  const failing = rules.filter((rule) => rule.verdict === 'fail').length;
  if (failing > 0 || findings.length > 0) {
    return {
      exit: 1,
      summary: `${target} does not conform as ${role} under ${profile}: ${counted(failing, 'rule')} broken, ${counted(findings.length, 'finding')}.`,
    };
  }
  if (faults.length > 0) return { exit: 2, summary: `${target} could not be judged: ${faults[0] ?? ''}` };
  if (volume.notRun > 0) {
    return { exit: 2, summary: `${target} could not be judged: ${counted(volume.notRun, 'program')} did not run.` };
  }
  if (report.command === 'replay') {
    return { exit: 0, summary: `${target} as ${role} breaks no rule with this program.` };
  }
  const unsure = rules.filter((rule) => rule.verdict === 'inconclusive').map(({ rule }) => rule);
  if (unsure.length > 0) {
    return {
      exit: 2,
      summary: `${target} could not be judged: ${counted(unsure.length, 'rule')} met too rarely (${unsure.join(', ')}). Raise --budget or --tier.`,
    };
  }
  const held = rules.filter((rule) => rule.verdict === 'pass').length;
  return { exit: 0, summary: `${target} conforms as ${role} under ${profile}: ${counted(held, 'rule')} held.` };
}
