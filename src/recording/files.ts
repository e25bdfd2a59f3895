/** The files that `check` is given: traces in JSON, and raw recordings of the kernel's. */
import { readFileSync } from 'node:fs';
import type { ProfileName } from '../../spec/profile.js';
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
  const names = new Set(recordings.map(({ facts }) => profileOfRelease(facts.release, facts.generation)));
  const [name] = names;
  return names.size === 1 && name !== undefined ? name : 'core';
}

/** The profile of a kernel's release. The generation goes first: vendors carry new managers to old kernels. */
export function profileOfRelease(release: string | undefined, generation: string | undefined): ProfileName {
  if (generation === 'token-as-argument') return 'linux-6.17';
  const [major, minor] = (release ?? '').split('.').map((part) => Number.parseInt(part, 10));
  if (generation !== 'token-in-object' || major === undefined || minor === undefined) return 'core';
  const number = major * 1000 + minor;
  if (number < 4007) return 'linux-4.4';
  return number >= 5009 && number < 5013 ? 'linux-5.9' : 'linux-4.7';
}
