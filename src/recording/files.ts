/** The files that `check` is given: traces in JSON, and raw recordings of the kernel's. */
import type { ProfileName } from '../../spec/profile.js';
import { isGeneration, profileOfRelease } from '../../spec/profiles/releases.js';
import { readText } from '../formats/input.js';
import { traceOf } from '../formats/read.js';
import { looksLikeFtrace } from './ftrace.js';
import type { Evidence, Recording } from './read.js';
import { readRecording } from './read.js';

/** How many megabytes a recording may have: about a million events. */
const MOST_MEGABYTES = 128;

const REMEDY = 'irqbypass-spec record shows how to record one.';

/**
 * Read files, each of which may be either.
 * @throws {BadInput} for a file that is not there, or is neither
 */
export function readEvidence(paths: readonly string[]): Evidence {
  const read = paths.map((path) => {
    const text = readText(path, { what: 'trace', mostMegabytes: MOST_MEGABYTES, remedy: REMEDY });
    return looksLikeFtrace(text)
      ? { recording: readRecording(text, path) }
      : { trace: { name: path, trace: traceOf(text, path) } };
  });
  return {
    traces: read.flatMap(({ trace }) => (trace === undefined ? [] : [trace])),
    recordings: read.flatMap(({ recording }) => (recording === undefined ? [] : [recording])),
  };
}

/** The profile of the kernel that recorded; core where the recording does not tell, or where several do not agree. */
export function profileOf(recordings: readonly Recording[]): ProfileName {
  const names = new Set(recordings.map(({ facts }) => profileOfFacts(facts)));
  const [name] = names;
  return names.size === 1 && name !== undefined ? name : 'core';
}

/** Core where a recording does not tell the generation: a release alone is no guide to what a vendor's kernel carries. */
function profileOfFacts({ release, generation }: Recording['facts']): ProfileName {
  if (generation === undefined || !isGeneration(generation)) return 'core';
  return profileOfRelease(release, generation)?.name ?? 'core';
}
