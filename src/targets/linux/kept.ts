/**
 * A guest that is booted once, greeted, and kept in a file of the cache: others go on from there, which takes a tenth of
 * the time. All guests of a kernel so begin in one state, its random numbers and the places of its code among it.
 *
 *     boot ──> hello ──> kept ──> each guest waits to be asked
 */

import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { type Hello, PROTOCOL } from '../../../spec/formats/protocol.js';
import { cacheFolder, hashOf } from '../../files/cache.js';
import { makeFolder } from '../../files/folder.js';
import { architectures } from '../debian/architectures.js';
import { TargetError } from '../target.js';
import { type Machine, type MachineOptions, machineCommand, startMachine } from './machine.js';

/**
 * The file of a guest from which others go on, made unless the cache has it.
 *
 * @param options the guest's; its kernel and its initramfs must be of the cache, where a path stands for a content
 * @param patience milliseconds until it must have said hello
 * @returns undefined where it did not come up, or cannot be kept: whoever boots one is told why
 */
export async function keptGuest(
  options: MachineOptions,
  patience: number,
  onProgress: (text: string) => void,
): Promise<string | undefined> {
  try {
    const folder = await guestFolder(options, ['greeted 1'], patience, async (machine, unfinished) => {
      onProgress('booting the kernel once');
      await greet(machine);
      await machine.keep(join(unfinished, KEPT), 'at-once');
    });
    return join(folder, KEPT);
  } catch (error) {
    if (error instanceof TargetError) return undefined;
    throw error;
  }
}

/** The name of the file of a guest in its folder. */
export const KEPT = 'guest';

/**
 * The folder of the cache with a guest that was booted and kept, made unless it is there.
 *
 * @param name what else such a guest differs in, beside the emulator and its options
 * @param patience milliseconds until it must have come up
 * @param keep brings it to where others go on from, and keeps it in the folder under the name `KEPT`, with what else is needed
 */
export async function guestFolder(
  options: MachineOptions,
  name: readonly string[],
  patience: number,
  keep: (machine: Machine, unfinished: string) => Promise<void>,
): Promise<string> {
  const { args } = await machineCommand(options);
  const { stdout } = await execa(architectures[options.architecture].qemu, ['--version'], { reject: false });
  const folder = join(cacheFolder(), 'guest', hashOf([stdout ?? '', ...args, ...name]));
  await makeFolder(folder, async (unfinished) => {
    const machine = await startMachine(options, patience);
    try {
      await keep(machine, unfinished);
    } finally {
      await machine.kill();
    }
  });
  return folder;
}

/** @throws {TargetError} when it ends, or says something else */
async function greet(machine: Machine): Promise<void> {
  const lines = createInterface({ input: machine.output });
  machine.input.write(`${JSON.stringify({ type: 'hello', protocol: PROTOCOL })}\n`);
  const said = await new Promise<string>((resolve) => {
    lines.once('line', resolve);
    machine.ended.then(({ text }) => resolve(text));
  });
  lines.close();
  if (!isHello(said)) throw new TargetError('The guest was greeted, and did not say hello.');
}

function isHello(line: string): boolean {
  try {
    return (JSON.parse(line) as Partial<Hello>).type === 'hello';
  } catch {
    return false;
  }
}
