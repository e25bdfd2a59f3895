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
  const { args } = await machineCommand(options);
  const { stdout } = await execa(architectures[options.architecture].qemu, ['--version'], { reject: false });
  const folder = join(cacheFolder(), 'guest', hashOf(['greeted 1', stdout ?? '', ...args]));
  try {
    await makeFolder(folder, async (unfinished) => {
      onProgress('booting the kernel once');
      const machine = await startMachine(options, patience);
      try {
        await greet(machine);
        await machine.keep(join(unfinished, 'guest'), 'at-once');
      } finally {
        await machine.kill();
      }
    });
  } catch (error) {
    if (error instanceof TargetError) return undefined;
    throw error;
  }
  return join(folder, 'guest');
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
