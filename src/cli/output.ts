/** Where reports go: standard output, files, and the folder of findings. */
import { join } from 'node:path';
import type { Command } from 'commander';
import pc from 'picocolors';
import { writeJsonFile, writeTextFile } from '../formats/write.js';
import { type FormatName, formats } from '../reports/index.js';
import type { AnyReport } from '../text/describe.js';
import { UsageError } from './exit.js';

/** One report that was asked for: a format, and a file, or standard output. */
export interface Output {
  readonly format: FormatName;
  readonly file: string | undefined;
}

/** The option `--report`, which may be given more than once. */
export function reportOption(command: Command): Command {
  return command.option(
    '--report <format[=file]>',
    `${Object.keys(formats).join(', ')}; to a file, or instead of the usual output`,
    (value: string, before: readonly string[]) => [...before, value],
    [],
  );
}

/** Read `FORMAT[=FILE]` options. @throws {UsageError} for a format that there is not */
export function parseOutputs(values: readonly string[]): readonly Output[] {
  return values.map((value) => {
    const equals = value.indexOf('=');
    const format = equals === -1 ? value : value.slice(0, equals);
    if (!isFormat(format)) {
      throw new UsageError(
        `--report takes ${Object.keys(formats).join(', ')}, each with =FILE or without; came ${JSON.stringify(value)}.`,
      );
    }
    return { format, file: equals === -1 ? undefined : value.slice(equals + 1) };
  });
}

function isFormat(name: string): name is FormatName {
  return Object.hasOwn(formats, name);
}

/**
 * Write a report wherever it was asked for, and its findings to a folder.
 *
 * @param folder the folder of findings; none are written without one
 * @returns the exit code
 */
export async function deliver(
  report: AnyReport,
  outputs: readonly Output[],
  folder: string | undefined,
): Promise<number> {
  const findingFiles = folder === undefined ? new Map<string, string>() : writeFindings(report, folder);
  const toTerminal = outputs.filter(({ file }) => file === undefined);
  for (const { format } of toTerminal.length > 0 ? toTerminal : [{ format: 'pretty' as const }]) {
    const { stdout } = process;
    const { render } = await formats[format]();
    const text = render(report, {
      colors: pc.isColorSupported && stdout.isTTY === true,
      width: stdout.columns ?? 100,
      findingFiles,
    });
    stdout.write(text.endsWith('\n') ? text : `${text}\n`);
  }
  for (const { format, file } of outputs) {
    if (file === undefined) continue;
    const { render } = await formats[format]();
    writeTextFile(file, render(report, { colors: false, width: 100, findingFiles }));
  }
  return report.exit;
}

/** Write each new finding to a file of its own, for `replay`. */
function writeFindings(report: AnyReport, folder: string): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  if (report.findings.length === 0) return files;
  for (const finding of report.findings) {
    const file = join(folder, `${finding.name}.json`);
    writeJsonFile(file, finding);
    files.set(finding.name, file);
  }
  writeTextFile(join(folder, '.gitignore'), '*\n');
  return files;
}
