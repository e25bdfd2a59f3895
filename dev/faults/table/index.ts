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

/** Those that take long and whose like is run by day, here or in src/cli/module.gate.test.ts: they are run by night. */
export const byNight: ReadonlySet<string> = new Set([
  'an adapter that stops itself inside an operation',
  'an adapter that answers twice',
  'an adapter that answers one program with nonsense',
  'an adapter that dies inside an operation, aborting',
  'an adapter that does not stream, and dies inside an operation',
  'an adapter that throws inside an operation',
  'an adapter that exits by count, with status 0',
  'an adapter that exits by count, with status 1',
  'an adapter that closes its output',
  'an adapter that minds no signal, and hangs at the end',
  'a module that is wrong and sets the exit status',
  'a module that keeps a timer open',
  'a module that rejects beside the operations',
  'a module that returns what has a mind of its own',
  'a module that throws beside the operations',
  'a participant that goes after its first answer',
]);
