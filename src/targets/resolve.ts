/**
 * Addresses of targets: `kind:where`. A kind of target is a row of this table; what it needs is loaded when it is used.
 */

import type { Capability, Hello } from '../../spec/formats/protocol.js';
import type { Profile } from '../../spec/profile.js';
import { findProfile, profiles } from '../../spec/profiles/index.js';
import { debianVersions } from './debian/kernels.js';
import type { Target } from './target.js';
import { AddressError } from './target.js';

/** What opening a target may need. */
export interface OpenOptions {
  /** The name of the profile that it is judged under, where that was asked for. */
  readonly profile?: string | undefined;
  /** Told what takes long, such as a download. */
  readonly onProgress?: (text: string) => void;
  /** Milliseconds without an answer after which a target in another process counts as hung. */
  readonly patience?: number;
  /** Folders of headers, for the source of a Linux tree. */
  readonly includes?: readonly string[];
  /** Have ThreadSanitizer watch the source of a Linux tree. */
  readonly tsan?: boolean;
}

interface Kind {
  readonly name: string;
  /** How it is written, for help texts. */
  readonly usage: string;
  readonly summary: string;
  readonly open: (address: string, where: string, options: OpenOptions) => Promise<Target>;
}

const IN_PROCESS: readonly Capability[] = ['allocation-failure', 'null-token', 'missing-mandatory', 'reentry'];

/** The kinds of targets. */
export const kinds: readonly Kind[] = [
  {
    name: 'reference',
    usage: 'reference[:PROFILE]',
    summary: 'the reference manager, in this process; by default of the profile that it is judged under',
    open: async (address, where, { profile: judgedUnder = 'core' }) => {
      const profile = profileNamed(where === '' ? judgedUnder : where);
      const [{ createReferenceManager }, { InProcessTarget }] = await Promise.all([
        import('../../reference/index.js'),
        import('./in-process.js'),
      ]);
      const hello = inProcessHello('reference', profile.name, IN_PROCESS);
      return new InProcessTarget(address, hello, (environment) => createReferenceManager(profile, environment));
    },
  },
  {
    name: 'prototype',
    usage: 'prototype',
    summary: 'the prototype of the RFC of 2015, in this process',
    open: async (address) => {
      const [{ createRfcPrototype }, { InProcessTarget }] = await Promise.all([
        import('../../reference/index.js'),
        import('./in-process.js'),
      ]);
      return new InProcessTarget(address, inProcessHello('prototype', 'rfc-2015', ['null-token']), createRfcPrototype);
    },
  },
  {
    name: 'mutant',
    usage: 'mutant:NAME',
    summary: 'a manager that is known to be wrong, in this process',
    open: async (address, where) => {
      const [{ findMutant, mutants, nullImplementations }, { InProcessTarget }] = await Promise.all([
        import('../../conformance/mutants/index.js'),
        import('./in-process.js'),
      ]);
      const mutant = findMutant(where);
      if (mutant !== undefined) {
        const hello = inProcessHello(`mutant ${where}`, mutant.profile ?? 'core', IN_PROCESS);
        return new InProcessTarget(address, hello, mutant.create);
      }
      const nothing = nullImplementations.find(({ name }) => name === where);
      if (nothing !== undefined) {
        return new InProcessTarget(address, inProcessHello(where, 'core', IN_PROCESS), nothing.create);
      }
      const names = [...mutants, ...nullImplementations].map(({ name }) => name).join(', ');
      throw new AddressError(`There is no mutant ${JSON.stringify(where)}. There are: ${names}.`);
    },
  },
  {
    name: 'module',
    usage: 'module:FILE[#EXPORT]',
    summary: 'a manager written in JavaScript, in a process of its own',
    open: async (address, where, options) => {
      if (where === '') throw new AddressError('module: needs a file, as in module:./manager.js#createManager.');
      const { openModule } = await import('./module/target.js');
      return openModule({ address, where, ...patience(options) });
    },
  },
  {
    name: 'exec',
    usage: 'exec:PROGRAM [ARGS]',
    summary: 'a program in any language that speaks the stdio protocol (spec/protocol.md)',
    open: async (address, where, options) => {
      const [command, ...args] = splitWords(where);
      if (command === undefined || command === '')
        throw new AddressError('exec: needs a program, as in exec:./my-adapter.');
      const { startStdioTarget } = await import('./stdio.js');
      return startStdioTarget({ address, command, args, ...patience(options) });
    },
  },
  {
    name: 'library',
    usage: 'library:FILE[#TABLE]',
    summary: 'a shared library that exports the table of conformance/harnesses/c/irqbypass_adapter.h',
    open: async (address, where, options) => {
      if (where === '') throw new AddressError('library: needs a file, as in library:./libmanager.so.');
      const [{ prepareLibrary }, { orTargetError }, { startStdioTarget }] = await Promise.all([
        import('./library/index.js'),
        import('./unavailable.js'),
        import('./stdio.js'),
      ]);
      return orTargetError(async () => {
        const { command, args } = await prepareLibrary(where, options.onProgress ?? (() => {}));
        return startStdioTarget({ address, command, args, ...patience(options) });
      });
    },
  },
  {
    name: 'linux-source',
    usage: 'linux-source:PATH | linux-source:git:DIR@REF | linux-source:debian:VERSION',
    summary: `a Linux tree's own virt/lib/irqbypass.c, compiled with sanitizers (Debian: ${debianVersions.join(', ')})`,
    open: async (address, where, options) => {
      if (where === '')
        throw new AddressError('linux-source: needs a tree or a version, as in linux-source:debian:6.12.');
      const [{ prepareLinuxSource }, { noteOrigin }, { orTargetError }, { startStdioTarget }] = await Promise.all([
        import('./linux-source/index.js'),
        import('./linux-source/origin.js'),
        import('./unavailable.js'),
        import('./stdio.js'),
      ]);
      return orTargetError(async () => {
        const { manager, command, args, env, facts } = await prepareLinuxSource(where, options);
        const target = await startStdioTarget({ address, command, args, env, facts, ...patience(options) });
        noteOrigin(target, manager);
        return target;
      });
    },
  },
  {
    name: 'linux',
    usage: 'linux:debian:VERSION[@ARCHITECTURE] | linux:kernel=VMLINUZ,module=IRQBYPASS.KO,headers=DIR',
    summary: `an unmodified kernel and its own irqbypass.ko, in QEMU (Debian: ${debianVersions.join(', ')})`,
    open: async (address, where, options) => {
      if (where === '') throw new AddressError('linux: needs a kernel, as in linux:debian:6.12.');
      const [{ prepareLinux }, { orTargetError }, { startStdioTarget }] = await Promise.all([
        import('./linux/index.js'),
        import('./unavailable.js'),
        import('./stdio.js'),
      ]);
      return orTargetError(async () => startStdioTarget(await prepareLinux(address, where, options)));
    },
  },
];

/**
 * Open the target of an address.
 *
 * @throws {AddressError} when there is no such kind
 * @throws {TargetError} when the target cannot be started
 */
export async function openTarget(address: string, options: OpenOptions = {}): Promise<Target> {
  const colon = address.indexOf(':');
  const name = colon === -1 ? address : address.slice(0, colon);
  const where = colon === -1 ? '' : address.slice(colon + 1);
  const kind = kinds.find((one) => one.name === name);
  if (kind === undefined) {
    const usages = kinds.map(({ usage }) => `  ${usage}`).join('\n');
    throw new AddressError(`There is no target ${JSON.stringify(address)}. A target is one of\n${usages}`);
  }
  return kind.open(address, where, options);
}

/** The profile of a name. @throws {AddressError} when there is none */
export function profileNamed(name: string): Profile {
  const profile = findProfile(name);
  if (profile !== undefined) return profile;
  throw new AddressError(
    `There is no profile ${JSON.stringify(name)}. There are: ${profiles.map((one) => one.name).join(', ')}.`,
  );
}

function inProcessHello(name: string, profile: string, capabilities: readonly Capability[]): Hello {
  return { type: 'hello', protocol: 1, name, version: 'of this kit', language: 'typescript', profile, capabilities };
}

function patience(options: OpenOptions): { readonly patience?: number } {
  return options.patience === undefined ? {} : { patience: options.patience };
}

/** Words as a shell splits them: blanks part, quotes hold together, a backslash takes the next character as it is. */
export function splitWords(line: string): readonly string[] {
  const words: string[] = [];
  const pattern = /(?:[^\s"'\\]|\\.|"(?:[^"\\]|\\.)*"|'[^']*')+/g;
  for (const [word] of line.matchAll(pattern)) {
    words.push(
      word.replace(/"((?:[^"\\]|\\.)*)"|'([^']*)'|\\(.)/g, (_, double?: string, single?: string, escaped?: string) =>
        double === undefined ? (single ?? escaped ?? '') : double.replace(/\\(.)/g, '$1'),
      ),
    );
  }
  return words;
}
