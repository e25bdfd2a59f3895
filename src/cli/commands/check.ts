import type { Command } from 'commander';
import { check } from '../../check/check.js';
import { interruptibly } from '../../files/interruptible.js';
import { manager } from '../../manager/manager.js';
import { profileOf, readEvidence } from '../../recording/files.js';
import { profileNamed } from '../../targets/resolve.js';
import { harmless } from '../../text/text.js';
import { selectRules } from '../options.js';
import { deliver, orReport, parseOutputs, reportOption } from '../output.js';

interface Flags {
  readonly profile?: string;
  readonly rules?: string;
  readonly report: readonly string[];
}

/** `check TRACE...`: judge recorded traces. */
export function addCheck(program: Command): void {
  const command = program
    .command('check')
    .summary('judge recorded traces')
    .description(
      'Judge recorded traces without running anything: what "irqbypass-spec record" recorded, or JSON (spec/schemas/trace.schema.json). Rules that no trace exposes stay inconclusive, and do not make the check fail; what a recording cannot show is not judged.',
    )
    .argument('<trace...>', 'trace files')
    .option('--profile <name>', 'judge under this profile; that of the kernel that recorded, or core, when left out')
    .option('--rules <list>', 'only these rules or chapters, such as BAL-1,tokens');
  reportOption(command).action(async (files: string[], flags: Flags) => {
    const outputs = parseOutputs(flags.report);
    const { rules: chosen, allRules: all } = selectRules(manager, flags.rules);
    const attempted = { command: 'check', target: files.join(' '), profile: flags.profile } as const;
    process.exitCode = await orReport(attempted, outputs, async () => {
      // Reading never waits, but for a pipe, and judging not at all.
      const { evidence, report } = interruptibly(() => {
        const evidence = readEvidence(files);
        const isRecorded = evidence.traces.length === 0;
        const profile = profileNamed(flags.profile ?? (isRecorded ? profileOf(evidence.recordings) : 'core'));
        const heading = { command: 'check', target: files.join(' '), hello: null, seed: null } as const;
        return { evidence, report: check(evidence, profile, chosen, all, () => performance.now(), heading) };
      });
      for (const recording of evidence.recordings) {
        for (const remark of recording.ending().remarks)
          process.stderr.write(`${harmless(`${recording.name}: ${remark}`)}\n`);
      }
      return deliver(report, outputs, undefined);
    });
  });
}
