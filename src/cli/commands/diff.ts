import type { Command } from 'commander';
import { diff } from '../../diff/diff.js';
import { renderDifferences } from '../../diff/render.js';
import { openSide } from '../../diff/side.js';
import { createProgress } from '../../reports/progress.js';
import { EXIT, UsageError } from '../exit.js';
import { wholeNumber } from '../options.js';

interface Flags {
  readonly length: number;
  readonly report: string;
}

/** `diff A B`: the smallest programs that tell two targets or profiles apart. */
export function addDiff(program: Command): void {
  program
    .command('diff')
    .summary('the smallest programs on which two targets or profiles differ')
    .description(
      'Run every program of up to so many operations (two objects of one side and one of the other, two tokens and the null token; bare, whole, failing and incomplete objects; where both can be asked, also what the spec leaves undefined) on two targets, or on the model of a profile, and show the smallest ones whose traces differ: first what breaks a rule, then what is a choice, then what is undefined. Exit status 1 if there is one.',
    )
    .argument('<a>', 'a target, or the name of a profile')
    .argument('<b>', 'another one')
    .option('--length <operations>', 'the most operations of a program', wholeNumber('--length', 1), 4)
    .option('--report <format>', 'pretty, markdown or json', 'pretty')
    .action(async (a: string, b: string, { length, report }: Flags) => {
      if (report !== 'pretty' && report !== 'markdown' && report !== 'json') {
        throw new UsageError(`--report takes pretty, markdown or json; came ${JSON.stringify(report)}.`);
      }
      const progress = createProgress();
      const note = (text: string) => progress.note(text);
      const left = await openSide(a, note);
      try {
        const right = await openSide(b, note);
        try {
          let begun = false;
          const differences = await diff(left, right, length, ({ worlds, of, operations, differences: found }) => {
            if (!begun) progress.start(of, 'comparing');
            begun = true;
            progress.update(worlds, operations, found);
          });
          progress.stop();
          const names = { left: a, right: b };
          process.stdout.write(
            report === 'json'
              ? `${JSON.stringify({ format: 'irqbypass-spec/diff/1', ...names, length, differences }, null, 2)}\n`
              : renderDifferences(differences, names, report),
          );
          if (differences.length > 0) process.exitCode = EXIT.doesNotConform;
        } finally {
          await right.close();
        }
      } finally {
        progress.stop();
        await left.close();
      }
    });
}
