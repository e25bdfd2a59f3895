/**
 * `module:FILE[#EXPORT]`: a manager or a participant written in JavaScript, in a process of its own.
 *
 *     tool                     the process of the module
 *      ── programs ──────────────> player, in a realm of its own ── calls ──> the module
 *      <─────────────── traces ──  player                        <─ callbacks ──
 *
 * So a module can loop, exit, crash, print and change what it likes: that ends its process, and the operation that was
 * under way is charged. The tool judges what the player has recorded.
 */
import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { RoleUnderTest } from '../../../spec/formats/host-results.js';
import type { HostEvent, HostProgram } from '../../../spec/host/vocabulary.js';
import { packageRoot } from '../../files/root.js';
import { describe } from '../../formats/problems.js';
import { validate } from '../../formats/validate.js';
import { type End, endText, parseLine, type StdioOptions } from '../life.js';
import type { Read } from '../session.js';
import { type Dialogue, StdioTarget, started, startStdioTarget } from '../stdio.js';
import { type HostTarget, type Target, TargetError } from '../target.js';
import type { Engagement } from './engagement.js';

/** How to open a module. */
export interface ModuleOptions {
  readonly address: string;
  /** `FILE[#EXPORT]` */
  readonly where: string;
  /** Milliseconds without an answer after which it counts as hung. */
  readonly patience?: number;
}

/** The two files that run in the process. It needs JavaScript, also where the rest is run from its sources. */
const RUNNER = join(packageRoot, 'dist', 'src', 'targets', 'module', 'runner.js');
const PLAYER = join(packageRoot, 'dist', 'cli', 'player.js');

/** Open the manager of a module. @throws {TargetError} when there is none, or it cannot be loaded */
export function openModule(options: ModuleOptions): Promise<Target> {
  return startStdioTarget(start(options));
}

/**
 * Open what plays a role in a module, on a simulated host in its process.
 *
 * @param profile the profile that was asked for
 * @throws {TargetError} when there is none, or it cannot be loaded
 */
export async function openParticipants(
  options: ModuleOptions,
  role: RoleUnderTest,
  profile: string | undefined,
): Promise<HostTarget> {
  const asked = { role, ...(profile === undefined ? {} : { profile }) };
  return started(new StdioTarget(start(options, asked), ofHosts));
}

function start(
  { address, where, patience }: ModuleOptions,
  asked: { readonly role?: RoleUnderTest; readonly profile?: string } = {},
): StdioOptions {
  const [file = '', exported] = where.split('#', 2);
  const path = resolve(file);
  if (file === '' || !existsSync(path)) throw new TargetError(`${address}: there is no file ${path}.`);
  const engagement: Engagement = {
    path,
    playerFile: PLAYER,
    assignment: { file: basename(path), ...(exported === undefined ? {} : { exported }), ...asked },
  };
  return {
    address,
    command: process.execPath,
    args: [RUNNER, JSON.stringify(engagement)],
    speaksApart: true,
    explainGreeting: (end) => `${address}: ${whyNotLoaded(end)}`,
    ...(patience === undefined ? {} : { patience }),
  };
}

function whyNotLoaded(end: End): string {
  switch (end.kind) {
    case 'gave-up':
      return endText(end).replace(/^gave up: /, '');
    case 'silent':
      return 'it was not loaded in time: it loops, or awaits at its top level what does not happen.';
    case 'died':
      return `it ended the process that was loading it (${end.detail}).`;
    default:
      return `its process ${endText(end)}.`;
  }
}

const ofHosts: Dialogue<HostProgram, HostEvent> = {
  operations: ({ operations }) => operations.length,
  read: readHostMessage,
  // The host is ours, and does what it was asked.
  unfaithful: () => undefined,
  ending: (event) => event,
};

/** A message about hosts. The frame is the player's; what is in the events may come from the module. */
function readHostMessage(line: string): ReturnType<Read<HostProgram, HostEvent>> {
  const value = parseLine(line);
  if (typeof value === 'string') return value;
  const message = value.json as Exclude<ReturnType<Read<HostProgram, HostEvent>>, string>;
  const events = message.type === 'trace' ? message.events : message.type === 'event' ? [message.event] : [];
  const checked = validate('host-trace', { backEnd: 'refusing', devices: [], events });
  return checked.ok ? message : describe(checked.problems);
}
