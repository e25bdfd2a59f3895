import type { Command } from 'commander';
import type { Report } from '../../../spec/formats/results.js';
import { hashOfRules } from '../../engine/rules-hash.js';
import { type Verified, verify } from '../../engine/verify.js';
import { BadInput } from '../../formats/errors.js';
import { readReportFile } from '../../formats/read.js';
import { host } from '../../host/host.js';
import { coverageOf } from '../../manager/campaign.js';
import { manager } from '../../manager/manager.js';
import type { Shape, Subject } from '../../subject/subject.js';
import { profileNamed } from '../../targets/resolve.js';
import { counted, harmless } from '../../text/text.js';
import { costOfSuites, tooLarge } from '../estimate.js';
import { EXIT } from '../exit.js';

/** `verify REPORT`: hold a report against itself. */
export function addVerify(program: Command): void {
  program
    .command('verify')
    .summary('hold a report against itself')
    .description(
      'Hold a report that "run --report json=FILE" wrote against itself, without its target: its verdict is the one that its rules and findings give, the traces of its findings break what it says, and a certificate that is complete is that of all there is to cover. Exit status 1 if something does not hold; 2 if it was judged by other rules than those of this version.',
    )
    .argument('<report>', 'the report')
    .action((file: string) => {
      const report = readReportFile(file);
      if (!('role' in report)) needPlan(report, file);
      const { problems, judged, unshown, certified } =
        'role' in report ? held(host(report.role), report, file) : held(manager, report, file);
      for (const problem of problems) process.stdout.write(`✗ ${harmless(problem)}\n`);
      const traces = `${counted(judged, 'trace')} of findings judged anew`;
      const rest = unshown === 0 ? '' : `; ${counted(unshown, 'form')} of findings take more than one trace to show`;
      const made = certified ? ', and its certificate made anew' : '';
      const verdict = problems.length === 0 ? '✓ it holds' : `✗ ${counted(problems.length, 'claim')} of it do not hold`;
      process.stdout.write(`${verdict}: ${traces}${made}${rest}.\n  ${harmless(report.summary)}\n`);
      if (report.again !== undefined) process.stdout.write(`  the same run again: ${harmless(report.again)}\n`);
      process.exitCode = problems.length === 0 ? EXIT.conforms : EXIT.doesNotConform;
    });
}

/** @throws {BadInput} when its certificate is about more than any run can have covered */
function needPlan(report: Report, file: string): void {
  const coverage = coverageOf(report);
  const reason = coverage && tooLarge(costOfSuites(profileNamed(report.profile), coverage).bytes);
  if (reason === undefined) return;
  throw new BadInput({
    where: file,
    problem: `expected a certificate of what a run can cover; came one over ${report.certificate?.scope}: ${reason}.`,
    remedy: 'Make it anew.',
  });
}

/** @throws {BadInput} when it was judged by other rules */
function held<S extends Shape>(subject: Subject<S>, report: S['report'], file: string): Verified {
  const own = hashOfRules(subject.rules);
  if (report.command !== 'observe' && report.rulesHash === own)
    return verify(subject, report, profileNamed(report.profile));
  throw new BadInput({
    where: file,
    problem:
      report.command === 'observe'
        ? 'expected the report of a run; came one of an observed kernel, whose traces are not in it.'
        : `expected a report that was judged by the rules ${own}; came one by ${report.rulesHash}.`,
    remedy: 'Make it anew, or take the version of this tool that made it.',
  });
}
