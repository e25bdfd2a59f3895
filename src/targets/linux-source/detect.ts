/**
 * Which version of the manager a file holds, from its text. Kernel releases are no guide: vendors carry old managers
 * in new kernels and backport new ones to old.
 *
 *     header  the object has a field `token`     up to 6.16     token-in-object
 *             register takes an eventfd          6.17 and on    token-as-argument
 *     source  what it refuses, and what it calls after a failed connect, tell the rest
 */
import type { Generation, ProfileName } from '../../../spec/profile.js';
import { releasesOf } from '../../../spec/profiles/releases.js';
import { TargetUnavailable } from '../unavailable.js';

/** What a tree's manager is, and why it is taken for that. */
export interface Detected {
  readonly generation: Generation;
  readonly profile: ProfileName;
  /** One phrase for each thing that was seen in the text. */
  readonly reasons: readonly string[];
}

/**
 * Tells the generation and the profile of a manager from the text of `virt/lib/irqbypass.c` and of
 * `include/linux/irqbypass.h`.
 * @throws {TargetUnavailable} when the text is of no known generation.
 */
export function detectManager(source: string, header: string): Detected {
  const code = withoutComments(source);
  const registration = body(code, 'irq_bypass_register_producer');
  if (registration === undefined) {
    throw new TargetUnavailable(
      'The source has no function irq_bypass_register_producer(). linux-source needs the virt/lib/irqbypass.c of a kernel tree, from Linux 4.4 on.',
    );
  }
  switch (generationOf(header)) {
    case 'token-as-argument':
      return {
        generation: 'token-as-argument',
        profile: 'linux-6.17',
        reasons: ['registering takes an eventfd and an interrupt as arguments'],
      };
    case 'token-in-object':
      return { generation: 'token-in-object', ...detectListProfile(code, registration) };
    case undefined:
      throw new TargetUnavailable(
        `The header is of no known generation: the token is neither a field of the object (${releasesOf('token-in-object')}) nor is an eventfd with an interrupt an argument of irq_bypass_register_producer() (${releasesOf('token-as-argument')}).`,
      );
  }
}

/** How callers hand the token over, from the text of `include/linux/irqbypass.h`; undefined where it is neither way. */
export function generationOf(header: string): Generation | undefined {
  const declarations = withoutComments(header);
  const asArgument = /irq_bypass_register_producer\s*\([^)]*,\s*struct\s+eventfd_ctx\s*\*\s*\w*\s*,\s*int\b[^)]*\)/;
  if (asArgument.test(declarations)) return 'token-as-argument';
  return /\bvoid\s*\*\s*token\s*;/.test(declarations) ? 'token-in-object' : undefined;
}

function detectListProfile(code: string, registration: string): Pick<Detected, 'profile' | 'reasons'> {
  const inObject = 'the token is a field of the object';
  if (/!\s*producer->add_consumer\b/.test(registration)) {
    return { profile: 'premerge-2015', reasons: [inObject, "the producer's callbacks are mandatory"] };
  }
  if (!/!\s*producer->token\b/.test(registration)) {
    return { profile: 'linux-4.4', reasons: [inObject, 'a null token is not refused'] };
  }
  const nullRefused = [inObject, 'a null token is refused'];
  if (leavesOutStart(body(code, '__connect') ?? '')) {
    return { profile: 'linux-5.9', reasons: [...nullRefused, 'a failed connect jumps over start'] };
  }
  return { profile: 'linux-4.7', reasons: [...nullRefused, 'start follows a failed connect'] };
}

/** Linux 5.9 to 5.12: connect leaves for a label that stands behind the calls of start. */
function leavesOutStart(connect: string): boolean {
  const lastStart = connect.lastIndexOf('->start(');
  return [...connect.matchAll(/\bgoto\s+(\w+)\s*;/g)].some((jump) => {
    const label = connect.search(new RegExp(`^\\s*${jump[1]}\\s*:`, 'm'));
    return label > lastStart;
  });
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, ' ').replace(/\/\/.*$/gm, '');
}

/** The body of the function's definition: up to the brace in the first column. */
function body(code: string, name: string): string | undefined {
  return new RegExp(`\\b${name}\\s*\\([^;{]*\\)\\s*\\{([\\s\\S]*?)^\\}`, 'm').exec(code)?.[1];
}
