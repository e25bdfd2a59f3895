/** The files that `check` is given: traces in JSON, and raw recordings of the kernel's. */
import type { ProfileName } from '../../spec/profile.js';
import { isGeneration, profileOfRelease } from '../../spec/profiles/releases.js';
import { mustBeText, openInput, textOf } from '../formats/input.js';
import { traceOf } from '../formats/read.js';
import { inKernelsWords, isDialect } from './dialects.js';
import { isTraceDat, refuseForeign, withReport } from './foreign.js';
import { looksLikeFtrace } from './ftrace.js';
import type { Evidence, NamedTrace } from './read.js';
import { RecordingStream } from './read.js';

/** How many megabytes a trace in JSON may have: it is read as a whole. A recording may have any number. */
const MOST_MEGABYTES = 128;

const REMEDY = 'irqbypass-spec record shows how to record one.';

/**
 * Open files, each of which may be either. A trace is read, a recording is left to be read as it is judged: once, so
 * that it may come through a pipe, and piece by piece, so that it may be of any size.
 *
 * @throws {BadInput} for a file that is not there, or is neither
 */
export function readEvidence(paths: readonly string[]): Evidence & { readonly recordings: readonly RecordingStream[] } {
  const read = paths.map(readOne);
  return {
    traces: read.flatMap(({ trace }) => (trace === undefined ? [] : [trace])),
    recordings: read.flatMap(({ recording }) => (recording === undefined ? [] : [recording])),
  };
}

/** One file. */
function readOne(given: string): { readonly trace?: NamedTrace; readonly recording?: RecordingStream } {
  // Every shell has a name for what comes through a pipe, but for those who are used to another.
  const path = given === '-' ? '/dev/stdin' : given;
  const expected = { what: 'trace', mostMegabytes: MOST_MEGABYTES, remedy: REMEDY };
  const input = openInput(path, expected);
  if (isTraceDat(input.start)) {
    return withReport(path, (text) => {
      const report = openInput(text, expected);
      return { recording: new RecordingStream(path, inKernelsWords(report.chunks())) };
    });
  }
  refuseForeign(path, input.start);
  const lines = input.start.toString('utf8').split('\n', LOOKED_AT);
  if (lines.some(isDialect)) return { recording: new RecordingStream(path, inKernelsWords(input.chunks())) };
  if (!lines.some(looksLikeFtrace)) {
    return { trace: { name: path, trace: traceOf(textOf(path, expected, input), path) } };
  }
  mustBeText(path, expected, input.start);
  return { recording: new RecordingStream(path, input.chunks()) };
}

/** How many lines are looked at to see what a file is. */
const LOOKED_AT = 50;

/** The profile of the kernel that recorded; core where the recording does not tell, or where several do not agree. */
export function profileOf(recordings: readonly RecordingStream[]): ProfileName {
  const names = new Set(recordings.map((recording) => profileOfFacts(recording.facts())));
  const [name] = names;
  return names.size === 1 && name !== undefined ? name : 'core';
}

type Facts = Readonly<Record<string, string>>;

/** Core where a recording does not tell the generation: a release alone is no guide to what a vendor's kernel carries. */
function profileOfFacts({ release, generation }: Facts): ProfileName {
  if (generation === undefined || !isGeneration(generation)) return 'core';
  return profileOfRelease(release, generation)?.name ?? 'core';
}
