import { join } from 'node:path';
import type { Command } from 'commander';
import { checkOutput, namedTwice } from '../../formats/place.js';
import { readReportFile } from '../../formats/read.js';
import { writeTextFile } from '../../formats/write.js';
import { matrixOf } from '../../gathered/matrix.js';
import { type MatrixFormat, matrixFormats } from '../../gathered/matrix-text.js';
import { UsageError } from '../exit.js';

interface Flags {
  readonly report: readonly string[];
}

const NAMES = Object.keys(matrixFormats).join(', ');

/** `matrix REPORT...`: implementations by rules. */
export function addMatrix(program: Command): void {
  const formats = Object.entries(matrixFormats).map(([name, { summary }]) => `  ${name.padEnd(10)}${summary}`);
  program
    .command('matrix')
    .summary('implementations by rules, from their reports')
    .description(
      'Put reports that "run --report json=FILE" wrote side by side. Those that were judged against other rules, by another version of the spec, stand apart.',
    )
    .argument('<report...>', 'the reports')
    .option(
      '--report <format=file>',
      `${NAMES}; markdown is printed when left out; badges takes a folder`,
      (value: string, before: readonly string[]) => [...before, value],
      [],
    )
    .addHelpText('after', `\nFormats:\n${formats.join('\n')}`)
    .action((files: readonly string[], { report }: Flags) => {
      const outputs = report.map(parseOutput);
      const twice = namedTwice(outputs.map(({ file }) => file));
      if (twice !== undefined) throw new UsageError(`${twice} is to be written twice.`);
      for (const { format, file } of outputs) if (format !== 'badges') checkOutput(file);
      const matrix = matrixOf(files.map((file) => ({ file, report: readReportFile(file) })));
      if (outputs.length === 0) process.stdout.write(matrixFormats.markdown.write(matrix));
      for (const { format, file } of outputs) {
        const written = matrixFormats[format].write(matrix);
        if (typeof written === 'string') writeTextFile(file, written);
        else for (const [name, text] of written) writeTextFile(join(file, name), text);
      }
    });
}

function parseOutput(value: string): { readonly format: MatrixFormat; readonly file: string } {
  const [, format = '', file = ''] = /^(\w+)=(.+)$/s.exec(value) ?? [];
  if (Object.hasOwn(matrixFormats, format)) return { format: format as MatrixFormat, file };
  throw new UsageError(`--report takes ${NAMES}, each with =FILE; came ${JSON.stringify(value)}.`);
}
