import type { Fault } from '../fault.js';
import { adapters } from './adapters.js';
import { files } from './files.js';
import { greetings } from './greetings.js';
import { modules } from './modules.js';
import { options } from './options.js';
import { recordings } from './recordings.js';
import { streams } from './streams.js';
import { trees } from './trees.js';

/** All faults, by what has them. */
export const faults = { greetings, adapters, modules, files, streams, options, recordings, trees } satisfies Readonly<
  Record<string, readonly Fault[]>
>;
