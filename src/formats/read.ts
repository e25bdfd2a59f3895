/** Reads the files that people and tools hand us: traces, findings, baselines. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ExplorationShard } from '../../spec/formats/exploration.js';
import type { HostFinding, HostReport } from '../../spec/formats/host-results.js';
import type { KillMatrixShard } from '../../spec/formats/kill-matrix.js';
import type { Baseline, Finding, Report, StoredSchedule } from '../../spec/formats/results.js';
import type { HostShard, Shard } from '../../spec/formats/shard.js';
import type { Trace } from '../../spec/vocabulary.js';
import { type Kind, type Kinds, kinds, schemaFile } from '../schemas/kinds.js';
import { BadInput } from './errors.js';
import { readText } from './input.js';
import { parseJson, placeOf } from './json.js';
import { describe, quote } from './problems.js';
import { validate } from './validate.js';

const REMEDIES = {
  trace: 'A trace file is written by a recorder or taken from a finding (forms[].trace).',
  finding: 'A finding file is written by "irqbypass-spec run".',
  baseline: 'A baseline file is written by "irqbypass-spec baseline".',
  report: 'A report file is written by "irqbypass-spec run --report json=FILE".',
  shard: 'The file of a shard is written by "irqbypass-spec run" or "explore", with --shard i/n --report json=FILE.',
} satisfies { readonly [K in Kind]?: string };

/** Read a trace. @throws {BadInput} when there is no such file, or it holds no trace. */
export function readTraceFile(path: string): Trace {
  return readFileOf('trace', path, REMEDIES.trace);
}

/** The trace of a text that was read from a file. @throws {BadInput} when it is none. */
export function traceOf(text: string, path: string): Trace {
  return contentsOf('trace', text, path, REMEDIES.trace);
}

/**
 * The .json files of a folder, in the order of their names; none when there is no such folder.
 *
 * @throws {BadInput} when it is no folder, or may not be read
 */
export function filesIn(folder: string): readonly string[] {
  try {
    const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
    return names.sort().map((name) => join(folder, name));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return [];
    const reason = code === 'ENOTDIR' ? 'it is a file' : code === 'EACCES' ? 'it may not be read' : `came ${code}`;
    throw new BadInput({ where: folder, problem: `expected a folder of findings; ${reason}.` }, { cause });
  }
}

/** Read a finding about a manager. @throws {BadInput} when there is no such file, or it holds none. */
export function readFindingFile(path: string): Finding {
  return readFileOf('finding', path, REMEDIES.finding);
}

/** What a run writes into the folder of findings. */
export type Found =
  | { readonly kind: 'finding'; readonly value: Finding }
  | { readonly kind: 'host-finding'; readonly value: HostFinding }
  | { readonly kind: 'schedule'; readonly value: StoredSchedule };

/**
 * Read a finding, of whatever subject, or a wrong schedule. A file that says nothing of itself is meant to hold a finding about a
 * manager.
 *
 * @throws {BadInput} when there is no such file, or it holds none of them
 */
export function readFoundFile(path: string): Found {
  const text = readText(path, { what: 'finding', remedy: REMEDIES.finding });
  const read = <K extends Kind>(kind: K) => contentsOf(kind, text, path, REMEDIES.finding);
  if (begins(text, 'schedule')) return { kind: 'schedule', value: read('schedule') };
  if (begins(text, 'host-finding')) return { kind: 'host-finding', value: read('host-finding') };
  return { kind: 'finding', value: read('finding') };
}

/** Read a baseline. @throws {BadInput} when there is no such file, or it holds no baseline. */
export function readBaselineFile(path: string): Baseline {
  return readFileOf('baseline', path, REMEDIES.baseline);
}

/** Read a report, of whatever subject. @throws {BadInput} when there is no such file, or it holds no report */
export function readReportFile(path: string): Report | HostReport {
  const text = readText(path, { what: 'report', remedy: REMEDIES.report });
  const kind = begins(text, 'host-report') ? 'host-report' : 'report';
  return contentsOf(kind, text, path, REMEDIES.report);
}

/** Read a shard of a kill matrix. @throws {BadInput} when there is no such file, or it holds none */
export function readMatrixShardFile(path: string): KillMatrixShard {
  return readFileOf(
    'kill-matrix-shard',
    path,
    'It is written by "npm run kill-matrix -- --shard i/n --report json=FILE".',
  );
}

/** The most that the file of a shard may have: a night of what fails is kept in it. */
const MOST_MEGABYTES_OF_SHARDS = 512;

/** The kinds of shards; the first is meant where a file says nothing of itself. */
const SHARDS = ['shard', 'host-shard', 'exploration-shard'] as const satisfies readonly Kind[];

/** Read a shard of whatever work. @throws {BadInput} when there is no such file, or it holds no shard */
export function readShardFile(path: string): Shard | HostShard | ExplorationShard {
  const expected = { what: 'shard', remedy: REMEDIES.shard, mostMegabytes: MOST_MEGABYTES_OF_SHARDS };
  const text = readText(path, expected);
  const kind = SHARDS.find((one) => begins(text, one)) ?? SHARDS[0];
  return contentsOf(kind, text, path, REMEDIES.shard);
}

/** Whether the text of a file says at its beginning that it holds data of a kind. */
function begins(text: string, kind: Kind): boolean {
  return text.slice(0, 200).includes(`irqbypass-spec/${kind}/`);
}

/** Read and validate a file of any kind. */
export function readFileOf<K extends Kind>(kind: K, path: string, remedy: string): Kinds[K] {
  return contentsOf(kind, readText(path, { what: kind, remedy }), path, remedy);
}

/** The value of a text that was read from a file. */
function contentsOf<K extends Kind>(kind: K, text: string, path: string, remedy: string): Kinds[K] {
  const page = `spec/schemas/${schemaFile(kind)} and ${kinds[kind].page}`;
  const parsed = parseJson(text, 'file');
  if (!parsed.ok) {
    const { line, column } = placeOf(text, parsed.at);
    throw new BadInput({ where: `${path}:${line}:${column}`, problem: `${parsed.problem}.`, remedy });
  }
  const validated = validate(kind, parsed.value);
  if (validated.ok) return validated.value;
  const other = formatOf(parsed.value);
  if (other !== undefined && validated.problems.some((one) => one.path === 'format')) {
    const problem = `expected a ${kind}; the file says that it holds ${quote(other)}.`;
    throw new BadInput({ where: path, problem, page, remedy });
  }
  throw new BadInput({ where: path, problem: `not a ${kind}: ${describe(validated.problems)}`, page, remedy });
}

/** What a file of ours says that it is. */
function formatOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('format' in value)) return undefined;
  const { format } = value;
  return typeof format === 'string' && format.startsWith('irqbypass-spec/') ? format : undefined;
}
