/** The files that `check` is given: traces in JSON, and raw recordings of the kernel's. */
import { readFileSync } from 'node:fs';
import type { ProfileName } from '../../spec/profile.js';
import { isGeneration, profileOfRelease } from '../../spec/profiles/releases.js';
import { readTraceFile } from '../formats/read.js';
import { looksLikeFtrace } from './ftrace.js';
import type { Evidence, Recording } from './read.js';
import { readRecording } from './read.js';

/**
 * Read files, each of which may be either.
 * @throws {BadInput} for a file that is not there, or is neither
 */
export function readEvidence(paths: readonly string[]): Evidence {
  const read = paths.map((path) => {
    const text = textOf(path);
    return text !== undefined && looksLikeFtrace(text)
      ? { recording: readRecording(text, path) }
      : { trace: { name: path, trace: readTraceFile(path) } };
  });
  return {
    traces: read.flatMap(({ trace }) => (trace === undefined ? [] : [trace])),
    recordings: read.flatMap(({ recording }) => (recording === undefined ? [] : [recording])),
  };
}

/** Undefined where it cannot be read: reading it as JSON then says why. */
function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
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
