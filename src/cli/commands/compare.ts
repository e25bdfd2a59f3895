import { type Command, Option } from 'commander';
import { layOut } from '../../formats/layout.js';
import { readReportFile } from '../../formats/read.js';
import { compareReports } from '../../gathered/compare.js';
import { comparisonMarkdown, comparisonText } from '../../gathered/compare-text.js';

interface Flags {
  readonly format: keyof typeof FORMATS;
}

const FORMATS = { text: comparisonText, markdown: comparisonMarkdown, json: layOut } as const;

/** `compare OLD NEW`: what a later report shows that an earlier one did not. */
export function addCompare(program: Command): void {
  program
    .command('compare')
    .summary('what is new between two reports')
    .description(
      'Compare two reports that "run --report json=FILE" wrote: what is new, what is gone, what is still there. What is new, or breaks more rules than before, ends it with exit status 1; a new report that could not judge its target, with 2.',
    )
    .argument('<old>', 'the earlier report')
    .argument('<new>', 'the later report')
    .addOption(new Option('--format <name>', 'how it is told').choices(Object.keys(FORMATS)).default('text'))
    .action((older: string, newer: string, { format }: Flags) => {
      const [old, current] = [older, newer].map((file) => ({ file, report: readReportFile(file) }));
      if (old === undefined || current === undefined) return;
      const comparison = compareReports(old, current);
      process.stdout.write(FORMATS[format](comparison));
      process.exitCode = comparison.exit;
    });
}
