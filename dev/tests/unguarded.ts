/** The manager of Linux 7.3 without its locks, made at run time from the sources that the distribution has. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findManager } from '../../src/targets/linux-source/index.js';

/** Linux 7.3 takes its locks with guards: without them it has none. @throws {Error} when there are not four of them */
export function withoutGuards(source: string): string {
  const guard = /\bguard\(mutex\)\(&\w+\);/g;
  const found = source.match(guard)?.length ?? 0;
  if (found !== 4) throw new Error(`The manager of Linux 7.3 was to have 4 guards, and has ${found}.`);
  return source.replace(guard, ';');
}

/**
 * Writes such a tree into a folder.
 * @returns its address
 * @throws {TargetUnavailable} when the sources cannot be had
 */
export async function unguardedTree(folder: string): Promise<string> {
  const { tree } = await findManager('debian:7.3');
  const files = { 'virt/lib/irqbypass.c': withoutGuards(tree.source), 'include/linux/irqbypass.h': tree.header };
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return `linux-source:${folder}`;
}
