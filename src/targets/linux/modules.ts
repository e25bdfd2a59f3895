/**
 * Modules of a kernel by name, with the modules that they need, in the order in which they must be loaded.
 *
 * The packages have no modules.dep, which is made when they are installed; each module says itself what it depends on.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { TargetUnavailable } from '../unavailable.js';
import { filesBelow } from './packages.js';

/** A module, ready to be loaded. */
export interface KernelModule {
  /** Its name as lsmod shows it: with underscores. */
  readonly name: string;
  readonly contents: Buffer;
}

/** The modules of a kernel. */
export class ModuleFolder {
  /** From the name to the path, for those that are files; undefined for those that are built in. */
  readonly #places: ReadonlyMap<string, string | undefined>;

  private constructor(
    readonly folder: string,
    places: ReadonlyMap<string, string | undefined>,
  ) {
    this.#places = places;
  }

  /** Look at a folder such as `lib/modules/RELEASE`. */
  static async open(folder: string): Promise<ModuleFolder> {
    const places = new Map<string, string | undefined>();
    const builtIn = await readFile(join(folder, 'modules.builtin'), 'utf8').catch(() => '');
    for (const line of builtIn.split('\n')) if (line !== '') places.set(nameOf(line), undefined);
    for (const path of await filesBelow(folder)) if (/\.ko(?:\.\w+)?$/.test(path)) places.set(nameOf(path), path);
    return new ModuleFolder(folder, places);
  }

  /** Whether there is one of that name, built in or as a file. */
  has(name: string): boolean {
    return this.#places.has(nameOf(name));
  }

  /** Whether it is a part of the kernel's image. */
  isBuiltIn(name: string): boolean {
    return this.#places.has(nameOf(name)) && this.#places.get(nameOf(name)) === undefined;
  }

  /**
   * Some modules and all that they need, each behind what it needs; those that are built in are left out.
   * @throws {TargetUnavailable} when the kernel has none of such a name
   */
  async withDependencies(names: readonly string[]): Promise<readonly KernelModule[]> {
    const loaded = new Map<string, KernelModule>();
    const begun = new Set<string>();
    const add = async (name: string): Promise<void> => {
      if (begun.has(name)) return;
      begun.add(name);
      if (!this.#places.has(name)) throw new TargetUnavailable(`${this.folder} has no module ${name}.`);
      const path = this.#places.get(name);
      if (path === undefined) return;
      const contents = await readModule(path);
      for (const one of dependenciesOf(contents)) await add(nameOf(one));
      loaded.set(name, { name, contents });
    };
    for (const name of names) await add(nameOf(name));
    return [...loaded.values()];
  }
}

/**
 * The contents of a module's file, unpacked when it is compressed.
 * @throws {TargetUnavailable} when it cannot be read
 */
export async function readModule(path: string): Promise<Buffer> {
  const raw = await readFile(path).catch(() => undefined);
  if (raw === undefined) throw new TargetUnavailable(`The module ${path} cannot be read.`);
  const tool = /\.(xz|zst|gz)$/.exec(path)?.[1];
  if (tool === undefined) return raw;
  const program = { xz: 'xz', zst: 'zstd', gz: 'gzip' }[tool] ?? tool;
  const unpacked = await execa(program, ['-dc'], { input: raw, encoding: 'buffer', reject: false });
  if (unpacked.exitCode !== 0) throw new TargetUnavailable(`${path} cannot be unpacked: it takes ${program}.`);
  return Buffer.from(unpacked.stdout);
}

/** The SHA-256 of a module's contents, in hexadecimal. */
export function hashOfModule({ contents }: Pick<KernelModule, 'contents'>): string {
  return createHash('sha256').update(contents).digest('hex');
}

/** Lines `NAME=VALUE`, ended by a zero byte each, in the section .modinfo. */
function dependenciesOf(module: Buffer): readonly string[] {
  const key = Buffer.from('\0depends=');
  const at = module.indexOf(key);
  if (at === -1) return [];
  const from = at + key.length;
  const list = module.toString('latin1', from, module.indexOf(0, from));
  return list.split(',').filter((name) => name !== '');
}

/** `kernel/drivers/net/foo-bar.ko.xz` is the module foo_bar. */
function nameOf(path: string): string {
  return basename(path)
    .replace(/\.ko(?:\.\w+)?$/, '')
    .replaceAll('-', '_');
}
