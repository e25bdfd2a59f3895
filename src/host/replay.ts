/** Run the program of a finding about a host again, on any target that plays its role. */
import type { HostFinding, HostReport } from '../../spec/formats/host-results.js';
import { hostRules } from '../../spec/rules/host.js';
import { judgeOf } from '../judge/host-judge.js';
import { findingOf } from './investigate.js';
import { assembleHost } from './report.js';
import type { HostTarget } from './target.js';

/** Judge what a target does with the program of a finding. Exit 1 if it breaks a rule, 0 if it breaks none. */
export async function replayHost(finding: HostFinding, target: HostTarget, now: () => number): Promise<HostReport> {
  const started = now();
  const { program } = finding;
  const judge = judgeOf(target, hostRules);
  const [trace] = await target.run([program]);
  const breaches = trace === undefined ? [] : judge.judge(trace).breaches;
  const broken = new Map<string, number>([...new Set(breaches.map(({ rule }) => rule))].map((rule) => [rule, 1]));
  const findings =
    trace === undefined || breaches.length === 0
      ? []
      : [
          {
            finding: findingOf({ key: breaches[0]?.rule ?? finding.key, program, trace, breaches, met: 1 }, target),
            rules: new Set(broken.keys()),
          },
        ];
  return assembleHost({
    command: 'replay',
    options: { target, rules: hostRules, seed: null, tier: null, programs: null },
    volume: {
      programs: 1,
      operations: program.operations.length,
      events: trace?.events.length ?? 0,
      notRun: 0,
      died: 0,
    },
    certificate: null,
    exposures: judge.exposures(),
    broken,
    findings,
    faults: trace === undefined ? [`${target.address} did not answer`] : [],
    seconds: (now() - started) / 1000,
  });
}
