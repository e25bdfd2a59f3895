/** Reads the files that people and tools hand us: traces, findings, baselines. */
import { existsSync, readFileSync } from 'node:fs';
import type { Baseline, Finding } from '../../spec/formats/results.js';
import type { Trace } from '../../spec/vocabulary.js';
import { type Kind, type Kinds, kinds, schemaFile } from '../schemas/kinds.js';
import { BadInput } from './errors.js';
import { describe } from './problems.js';
import { placeOf, syntaxErrorAt } from './syntax.js';
import { validate } from './validate.js';

/** Read a trace. @throws BadInput when there is no such file, or it holds no trace. */
export function readTraceFile(path: string): Trace {
  return readFileOf('trace', path, 'A trace file is written by a recorder or taken from a finding (forms[].trace).');
}

/** Read a finding. @throws BadInput when there is no such file, or it holds no finding. */
export function readFindingFile(path: string): Finding {
  return readFileOf('finding', path, 'A finding file is written by "irqbypass-spec run".');
}

/** Whether a file says that it holds a finding about a host. */
export function isHostFindingFile(path: string): boolean {
  return existsSync(path) && readFileSync(path, 'utf8').slice(0, 200).includes('irqbypass-spec/host-finding/');
}

/** Read a baseline. @throws BadInput when there is no such file, or it holds no baseline. */
export function readBaselineFile(path: string): Baseline {
  return readFileOf('baseline', path, 'A baseline file is written by "irqbypass-spec baseline".');
}

/** Read and validate a file of any kind. */
export function readFileOf<K extends Kind>(kind: K, path: string, remedy: string): Kinds[K] {
  const page = `spec/schemas/${schemaFile(kind)} and ${kinds[kind].page}`;
  const value = parse(readText(kind, path), path, remedy);
  const validated = validate(kind, value);
  if (validated.ok) return validated.value;
  const other = formatOf(value);
  if (other !== undefined && !other.startsWith(`irqbypass-spec/${kind}/`)) {
    const problem = `expected a ${kind}; the file says that it holds ${JSON.stringify(other)}.`;
    throw new BadInput({ where: path, problem, page, remedy });
  }
  throw new BadInput({ where: path, problem: `not a ${kind}: ${describe(validated.problems)}`, page, remedy });
}

function readText(kind: Kind, path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new BadInput(
      { where: path, problem: `expected a ${kind} file; ${reasons[code] ?? `came ${code}`}.` },
      { cause },
    );
  }
}

/** What a file of ours says that it is. */
function formatOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('format' in value)) return undefined;
  const { format } = value;
  return typeof format === 'string' && format.startsWith('irqbypass-spec/') ? format : undefined;
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'it may not be read',
};

function parse(text: string, path: string, remedy: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const at = syntaxErrorAt(text);
    const { line, column } = placeOf(text, at);
    const came = at >= text.length ? 'the file ends' : `came ${JSON.stringify(text.slice(at, at + 20))}`;
    throw new BadInput({ where: `${path}:${line}:${column}`, problem: `expected JSON; ${came}.`, remedy }, { cause });
  }
}
