/** Where reports go: standard output, files, and the folder of findings. */
import { join } from 'node:path';
import type { Command } from 'commander';
import pc from 'picocolors';
import type { JudgedRole } from '../../spec/formats/host-results.js';
import type { Report, StoredSchedule } from '../../spec/formats/results.js';
import { core } from '../../spec/profiles/core.js';
import { findProfile } from '../../spec/profiles/index.js';
import { NotWritten } from '../formats/errors.js';
import { checkOutput, namedTwice } from '../formats/place.js';
import { addToFile, ensureIgnored, writeJsonFile, writeTextFile } from '../formats/write.js';
import { type FormatName, formats, type ReportFormat } from '../reports/index.js';
import type { Shape, Subject } from '../subject/subject.js';
import type { AnyReport } from '../text/describe.js';
import { EXIT, exitCodeOf, UsageError } from './exit.js';
import { version } from './version.js';

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

/**
 * Read `FORMAT[=FILE]` options.
 *
 * @param others files that are written beside them
 * @throws {UsageError} for a format that there is not, or a file that one text would take from another
 * @throws {NotWritten} for a file that cannot be written, before any work is done
 */
export function parseOutputs(values: readonly string[], others: readonly string[] = []): readonly Output[] {
  const outputs = values.map(parseOutput);
  const files = [...outputs.flatMap(({ file }) => file ?? []), ...others];
  const twice = namedTwice(files);
  if (twice !== undefined) {
    throw new UsageError(`${twice} is to be written twice: the second text would take the place of the first.`);
  }
  if (outputs.filter(({ file }) => file === undefined).length > 1) {
    throw new UsageError('--report goes to standard output once; give the others a file, as in --report json=FILE.');
  }
  for (const file of files) checkOutput(file);
  return outputs;
}

function parseOutput(value: string): Output {
  const equals = value.indexOf('=');
  const format = equals === -1 ? value : value.slice(0, equals);
  if (!isFormat(format)) {
    throw new UsageError(
      `--report takes ${Object.keys(formats).join(', ')}, each with =FILE or without; came ${JSON.stringify(value)}.`,
    );
  }
  return { format, file: equals === -1 ? undefined : value.slice(equals + 1) };
}

function isFormat(name: string): name is FormatName {
  return Object.hasOwn(formats, name);
}

/**
 * Write a report wherever it was asked for, and then its findings to a folder. What cannot be written is said, and
 * never keeps the rest from being told.
 *
 * @param folder the folder of findings; none are written without one
 * @returns the exit code: that of the report, but 2 where a report that was asked for could not be written; findings
 * that could not be written change it only where all was well
 */
export async function deliver(
  found: AnyReport,
  outputs: readonly Output[],
  folder: string | undefined,
): Promise<number> {
  const report = { ...found, version: version() };
  const schedules = report.exhaustive?.wrong ?? [];
  const findingFiles = new Map(
    folder === undefined
      ? []
      : [...report.findings, ...schedules].map(({ name }) => [name, join(folder, `${name}.json`)] as const),
  );
  const shown = outputs.find(({ file }) => file === undefined)?.format ?? 'pretty';
  await print(report, shown, findingFiles);
  const isReported = await writeFiles(report, outputs, findingFiles);
  const isKept =
    folder === undefined || findingFiles.size === 0 || attempt(() => writeFindings(report, folder, findingFiles));
  return isReported && (isKept || report.exit !== EXIT.conforms) ? report.exit : EXIT.notJudged;
}

async function print(report: AnyReport, format: FormatName, findingFiles: ReadonlyMap<string, string>): Promise<void> {
  const { stdout } = process;
  const { render, beside } = await formats[format]();
  const options = { colors: pc.isColorSupported && stdout.isTTY === true, width: stdout.columns ?? 100, findingFiles };
  const text = render(report, { ...options, when: now() });
  stdout.write(text.endsWith('\n') ? text : `${text}\n`);
  addBeside(report, beside, findingFiles);
}

/** The time, in UTC, to the second. */
function now(): string {
  return new Date().toISOString().slice(0, 19);
}

/** Add the text that belongs beside a format to the file that a CI names for it; nothing where none does. */
function addBeside(report: AnyReport, beside: ReportFormat['beside'], findingFiles: ReadonlyMap<string, string>): void {
  const file = beside === undefined ? '' : (process.env[beside.variable] ?? '');
  if (beside === undefined || file === '') return;
  attempt(() => addToFile(file, beside.render(report, { colors: false, findingFiles })));
}

/** Write the reports that go to files. @returns whether all of them were written */
async function writeFiles(
  report: AnyReport,
  outputs: readonly Output[],
  findingFiles: ReadonlyMap<string, string>,
): Promise<boolean> {
  let isWritten = true;
  for (const { format, file } of outputs) {
    if (file === undefined) continue;
    const { render, beside } = await formats[format]();
    const text = render(report, { colors: false, width: 100, findingFiles, when: now() });
    isWritten = attempt(() => writeTextFile(file, text)) && isWritten;
    addBeside(report, beside, findingFiles);
  }
  return isWritten;
}

/** Write each new finding to a file of its own, for `replay`. */
function writeFindings(report: AnyReport, folder: string, files: ReadonlyMap<string, string>): void {
  ensureIgnored(folder);
  for (const finding of report.findings) {
    const file = files.get(finding.name);
    if (file !== undefined) writeJsonFile(file, finding);
  }
  for (const schedule of report.exhaustive?.wrong ?? []) {
    const { target, profile } = report;
    const stored: StoredSchedule = { format: 'irqbypass-spec/schedule/1', target, profile, ...schedule };
    const file = files.get(schedule.name);
    if (file !== undefined) writeJsonFile(file, stored);
  }
}

/** Write something. @returns whether it could be written; where it could not, that was said */
function attempt(write: () => void): boolean {
  try {
    write();
    return true;
  } catch (error) {
    if (!(error instanceof NotWritten)) throw error;
    process.stderr.write(`irqbypass-spec: ${error.message}\n`);
    return false;
  }
}

/** What a report says of itself where nothing could be judged. */
export interface Attempted {
  readonly role?: JudgedRole | undefined;
  readonly command: Report['command'];
  readonly target: string;
  readonly profile?: string | undefined;
}

/**
 * Do the work of a command. Where it cannot be done, the reports that were asked for say so, so that no report of an
 * earlier run is taken for one of this.
 *
 * @throws whatever the work throws
 */
export async function orReport<R>(
  { role, command, target, profile }: Attempted,
  outputs: readonly Output[],
  work: () => Promise<R>,
): Promise<R> {
  try {
    return await work();
  } catch (error) {
    if (outputs.length === 0 || exitCodeOf(error) !== EXIT.notJudged || error instanceof NotWritten) throw error;
    const gathered = {
      command,
      target,
      hello: null,
      profile: findProfile(profile ?? 'core') ?? core,
      seed: null,
      tier: null,
      volume: { programs: 0, operations: 0, events: 0, notRun: 0, died: 0 },
      certificate: null,
      exposures: new Map(),
      broken: new Map(),
      findings: [],
      stale: [],
      faults: [{ text: (error as Error).message }],
      undefinedSeen: [],
      seconds: 0,
    } as const;
    const { assemble } = await import('../engine/report.js');
    const report = await emptyReport(role, (subject) => assemble(subject, { ...gathered, rules: subject.rules }));
    const shown = outputs.find(({ file }) => file === undefined);
    if (shown !== undefined) await print(report, shown.format, new Map());
    await writeFiles(report, outputs, new Map());
    throw error;
  }
}

async function emptyReport(
  role: JudgedRole | undefined,
  make: <S extends Shape>(subject: Subject<S>) => S['report'],
): Promise<AnyReport> {
  if (role === undefined) return make((await import('../manager/manager.js')).manager);
  return make((await import('../host/host.js')).host(role));
}
