/** `run --role`: a conformance run on simulated hosts. */
import { join } from 'node:path';
import pc from 'picocolors';
import type { HostReport, RoleUnderTest } from '../../../spec/formats/host-results.js';
import { hostRules } from '../../../spec/rules/host.js';
import type { Tier } from '../../engine/tiers.js';
import { readHostFindingFile } from '../../formats/read.js';
import { writeJsonFile, writeTextFile } from '../../formats/write.js';
import { renderHostReport } from '../../host/pretty.js';
import { replayHost } from '../../host/replay.js';
import { allBackEnds, runHosts } from '../../host/run.js';
import { HOST_TIERS } from '../../host/tiers.js';
import { openHostTarget } from '../../targets/roles/resolve.js';
import { UsageError } from '../exit.js';
import { randomSeed } from '../options.js';
import { startProgress } from '../progress.js';

/** The options of `run` that a run on hosts has, too. */
export interface RoleFlags {
  readonly profile?: string;
  readonly rules?: string;
  readonly tier: Tier;
  readonly budget?: number;
  readonly seed?: number;
  readonly report: readonly string[];
  readonly findings: string;
  readonly failFast?: boolean;
}

/** Judge a target in a role. @returns the exit code */
export async function runRole(address: string, role: RoleUnderTest, flags: RoleFlags): Promise<number> {
  const outputs = flags.report.map(parseOutput);
  const rules = chosenRules(flags.rules);
  const target = await openHostTarget(address, role, flags.profile);
  const progress = await startProgress();
  try {
    const report = await runHosts({
      target,
      rules,
      backEnds: allBackEnds,
      seed: flags.seed ?? randomSeed(),
      programs: flags.budget ?? HOST_TIERS[flags.tier].programs,
      scope: HOST_TIERS[flags.tier].scope,
      tier: flags.tier,
      failFast: flags.failFast ?? false,
      onProgress: (done, total, failing) => progress.update({ phase: 'programs', done, total, operations: 0, failing }),
      now: () => performance.now(),
    });
    progress.stop();
    const files = await writeFindings(report, flags.findings);
    await deliver(report, outputs, files);
    return report.exit;
  } finally {
    progress.stop();
    await target.close();
  }
}

/** Run the program of a finding about a host again. @returns the exit code */
export async function replayRole(
  file: string,
  flags: { readonly target?: string; readonly profile?: string; readonly report: readonly string[] },
): Promise<number> {
  const outputs = flags.report.map(parseOutput);
  const finding = readHostFindingFile(file);
  const target = await openHostTarget(flags.target ?? finding.target, finding.role, flags.profile ?? finding.profile);
  try {
    const report = await replayHost(finding, target, () => performance.now());
    await deliver(report, outputs, new Map());
    return report.exit;
  } finally {
    await target.close();
  }
}

function chosenRules(list: string | undefined): typeof hostRules {
  if (list === undefined) return hostRules;
  const names = list.split(',').map((name) => name.trim());
  const matches = (rule: (typeof hostRules)[number], name: string) =>
    rule.id === name.toUpperCase() || rule.chapter === name.toLowerCase();
  const unknown = names.find((name) => !hostRules.some((rule) => matches(rule, name)));
  if (unknown !== undefined) {
    throw new UsageError(
      `--rules: there is no rule or chapter ${JSON.stringify(unknown)} about a host; 'irqbypass-spec rules' lists them.`,
    );
  }
  return hostRules.filter((rule) => names.some((name) => matches(rule, name)));
}

interface RoleOutput {
  readonly format: 'pretty' | 'json';
  readonly file: string | undefined;
}

function parseOutput(value: string): RoleOutput {
  const [format = '', file] = value.split(/=(.*)/s, 2);
  if (format === 'pretty' || format === 'json') return { format, file };
  throw new UsageError(
    `With --role, --report takes pretty or json, each with =FILE or without; came ${JSON.stringify(value)}.`,
  );
}

async function deliver(
  report: HostReport,
  outputs: readonly RoleOutput[],
  files: ReadonlyMap<string, string>,
): Promise<void> {
  const render = (format: RoleOutput['format'], colors: boolean, width: number) =>
    format === 'json'
      ? `${JSON.stringify(report, null, 2)}\n`
      : renderHostReport(report, { colors, width, findingFiles: files });
  const { stdout } = process;
  const toTerminal = outputs.filter(({ file }) => file === undefined);
  for (const { format } of toTerminal.length > 0 ? toTerminal : [{ format: 'pretty' as const }]) {
    stdout.write(render(format, pc.isColorSupported && stdout.isTTY === true, stdout.columns ?? 100));
  }
  for (const { format, file } of outputs) if (file !== undefined) await writeTextFile(file, render(format, false, 100));
}

/** Write each finding to a file of its own, for `replay`. */
async function writeFindings(report: HostReport, folder: string): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  for (const finding of report.findings) {
    const file = join(folder, `${finding.name}.json`);
    await writeJsonFile(file, finding);
    files.set(finding.name, file);
  }
  return files;
}
