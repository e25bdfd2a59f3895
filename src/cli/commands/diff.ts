import type { Command } from 'commander';
import type { Diff, HostDiff } from '../../../spec/formats/diff.js';
import type { RoleUnderTest } from '../../../spec/formats/host-results.js';
import { diffByPrograms } from '../../diff/by-programs.js';
import { type DiffProgress, diff } from '../../diff/diff.js';
import { renderDifferences } from '../../diff/render.js';
import { renderPrograms } from '../../diff/render-programs.js';
import { createProgress, type Progress } from '../../reports/progress.js';
import { withHosts, withSides } from '../diff-job.js';
import { jobsFor, needConsent, secondsToDiff } from '../estimate.js';
import { EXIT, UsageError } from '../exit.js';
import { role, wholeNumber } from '../options.js';

/** The most operations of a program, and how many random programs are run, where nothing else is said. */
const LENGTH = 4;
const BUDGET = 1_000;

interface Flags {
  readonly length?: number;
  readonly role?: RoleUnderTest;
  readonly budget?: number;
  readonly seed?: number;
  readonly report: string;
  readonly yes?: boolean;
  readonly jobs?: number;
}

/** `diff A B`: the smallest programs that tell two targets or profiles apart. */
export function addDiff(program: Command): void {
  program
    .command('diff')
    .summary('the smallest programs on which two targets or profiles differ')
    .description(
      'Run every program of up to so many operations (two objects of one side and one of the other, two tokens and the null token; bare, whole, failing and incomplete objects; where both can be asked, also what the spec leaves undefined) on two targets, or on the model of a profile, and show the smallest ones whose traces differ: first what breaks a rule, then what is a choice, then what is undefined. With --role, the programs of the suites and random ones are run on two hosts. Exit status 1 if there is one.',
    )
    .argument('<a>', 'a target, or the name of a profile')
    .argument('<b>', 'another one')
    .option(
      '--length <operations>',
      `the most operations of a program; ${LENGTH} when left out`,
      wholeNumber('--length', 1),
    )
    .option('--role <name>', 'both play this role, as in run --role', role)
    .option('--budget <programs>', 'with --role: how many random programs are run', wholeNumber('--budget', 1))
    .option('--seed <number>', 'with --role: the seed of the random programs', wholeNumber('--seed', 0))
    .option('--yes', 'begin even what takes hours')
    .option(
      '--jobs <n>',
      'so many processes compare, and the result is the same; as many as there are processors where it takes long',
      wholeNumber('--jobs', 1, 1024),
    )
    .option('--report <format>', 'pretty, markdown or json', 'pretty')
    .action(async (a: string, b: string, flags: Flags) => {
      const { report, role: asked } = flags;
      if (!isStyle(report)) {
        throw new UsageError(`--report takes pretty, markdown or json; came ${JSON.stringify(report)}.`);
      }
      refuseOthers(flags);
      if (asked === undefined) {
        const { length = LENGTH } = flags;
        needConsent(`--length ${length}`, secondsToDiff(length), flags.yes === true);
      }
      const progress = createProgress();
      try {
        const text =
          asked === undefined
            ? await ofManagers(a, b, flags, report, progress)
            : await ofRoles(a, b, asked, flags, report, progress);
        progress.stop();
        process.stdout.write(text.text);
        if (text.differences > 0) process.exitCode = EXIT.doesNotConform;
      } finally {
        progress.stop();
      }
    });
}

type Style = 'pretty' | 'markdown' | 'json';

function isStyle(name: string): name is Style {
  return name === 'pretty' || name === 'markdown' || name === 'json';
}

/** What is not taken is refused, not ignored. */
function refuseOthers({ role: asked, length, budget, seed, yes }: Flags): void {
  if (asked !== undefined && yes !== undefined) {
    throw new UsageError(`--yes is about --length; it cannot be given with --role ${asked}.`);
  }
  if (asked !== undefined && length !== undefined) {
    throw new UsageError(`--length is about a manager alone; it cannot be given with --role ${asked}.`);
  }
  if (asked === undefined && (budget !== undefined || seed !== undefined)) {
    throw new UsageError('--budget and --seed are for random programs, which are run with --role only.');
  }
}

/** How many processes compare managers where nothing is said. A helper for a real kernel boots a guest. */
function usualJobs(length: number, ...names: readonly string[]): number {
  const isReal = names.some((name) => name.startsWith('linux:'));
  return isReal ? 1 : jobsFor(secondsToDiff(length));
}

interface Found {
  readonly text: string;
  readonly differences: number;
}

async function ofManagers(a: string, b: string, flags: Flags, style: Style, progress: Progress): Promise<Found> {
  const { length = LENGTH, jobs = usualJobs(length, a, b) } = flags;
  const names = { left: a, right: b };
  const note = (text: string) => progress.note(text);
  return withSides(names, length, jobs, note, async (left, right, helpers) => {
    let begun = false;
    const onProgress = ({ worlds, of, operations, differences }: DiffProgress) => {
      if (!begun) progress.start(of, 'comparing');
      begun = true;
      progress.update(worlds, operations, differences);
    };
    const differences = await diff(left, right, length, onProgress, helpers);
    const text =
      style === 'json'
        ? jsonOf({ format: 'irqbypass-spec/diff/1', ...names, length, differences })
        : renderDifferences(differences, names, style);
    return { text, differences: differences.length };
  });
}

async function ofRoles(
  a: string,
  b: string,
  asked: RoleUnderTest,
  { budget = BUDGET, seed = 1, jobs = 1 }: Flags,
  style: Style,
  progress: Progress,
): Promise<Found> {
  const names = { left: a, right: b };
  const onProgress = (done: number) => progress.note(`${done} programs`);
  const compared = { ...names, role: asked, seed, programs: budget };
  return withHosts(compared, jobs, async (subject, left, right, reach, helpers) => {
    const programs = await diffByPrograms(subject, left, right, reach, onProgress, helpers);
    const text =
      style === 'json'
        ? jsonOf({ format: 'irqbypass-spec/host-diff/1', ...names, role: asked, seed, differences: programs })
        : renderPrograms(subject, programs, names, style);
    return { text, differences: programs.length };
  });
}

function jsonOf(found: Diff | HostDiff): string {
  return `${JSON.stringify(found, null, 2)}\n`;
}
