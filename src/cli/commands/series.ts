import type { Command } from 'commander';
import type { SeriesReport } from '../../../spec/formats/series.js';
import { createProgress } from '../../reports/progress.js';
import { benchOf, shelfOf } from '../../series/bench.js';
import { commitsOf } from '../../series/commits.js';
import { renderSeries, type SeriesStyle } from '../../series/render.js';
import { judgeSeries } from '../../series/series.js';
import type { Tier } from '../../subject/subject.js';
import { profileNamed } from '../../targets/resolve.js';
import { orTargetError } from '../../targets/unavailable.js';
import { UsageError } from '../exit.js';
import { tier, wholeNumber } from '../options.js';

interface Flags {
  readonly report: string;
  readonly tier: Tier;
  readonly seed: number;
  readonly profile?: string;
  readonly include?: readonly string[];
}

const STYLES: readonly string[] = ['mail', 'markdown', 'json'];

/** `series git:DIR@BASE..TIP`: each commit of a series, held against its parent. */
export function addSeries(program: Command): void {
  program
    .command('series')
    .summary('judge each commit of a series that touches the manager')
    .description(
      'Judge each commit of a range that touches virt/lib/irqbypass.c or include/linux/irqbypass.h: what it breaks and its parent does not, what it mends, and the smallest programs that tell the two apart. The files are read from the repository; nothing is checked out. Exit status 1 if a commit brings a defect.',
    )
    .argument('<range>', 'git:DIR@BASE..TIP, as in git:../linux@v6.17..my-branch')
    .option('--report <format>', `${STYLES.join(', ')}; a mail is plain text below 78 columns`, 'mail')
    .option('--tier <name>', 'how much to run on each commit, as in run', tier, 'smoke')
    .option('--seed <number>', 'the seed of the random programs', wholeNumber('--seed', 0), 1)
    .option('--profile <name>', 'judge all commits under this profile, and not each under that of its own code')
    .option(
      '--include <folder>',
      "a folder of the tree's own headers, for what the kit has no stand-in for; can be repeated",
      (folder: string, folders: readonly string[] = []) => [...folders, folder],
    )
    .action(async (series: string, flags: Flags) => {
      if (!STYLES.includes(flags.report)) {
        throw new UsageError(`--report takes ${STYLES.join(', ')}; came ${JSON.stringify(flags.report)}.`);
      }
      const report = await judge(series, flags);
      process.stdout.write(
        flags.report === 'json'
          ? `${JSON.stringify(report, null, 2)}\n`
          : renderSeries(report, flags.report as SeriesStyle),
      );
      process.exitCode = report.exit;
    });
}

async function judge(series: string, flags: Flags): Promise<SeriesReport> {
  const { tier: asked, seed, include = [] } = flags;
  const profile = flags.profile === undefined ? undefined : profileNamed(flags.profile).name;
  const progress = createProgress();
  try {
    return await orTargetError(async () => {
      const { folder, commits } = await commitsOf(series);
      const options = { series, tier: asked, seed };
      const note = (text: string) => progress.note(text);
      const shelf = shelfOf(folder, include, note);
      const bench = benchOf(shelf, { ...options, profile, onNote: note, now: () => performance.now() });
      return judgeSeries(commits, bench, options, ({ commit, subject }, at) =>
        progress.note(`commit ${at + 1} of ${commits.length}: ${commit.slice(0, 12)} ${subject}`),
      );
    });
  } finally {
    progress.stop();
  }
}
