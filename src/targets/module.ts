/** `module:FILE[#EXPORT]`: a manager written in JavaScript, in this process. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Capability, Hello } from '../../spec/formats/protocol.js';
import type { ManagerFactory } from '../../spec/manager.js';
import { isProfileName } from '../../spec/profiles/index.js';
import { InProcessTarget } from './in-process.js';
import type { Target } from './target.js';
import { TargetError } from './target.js';

const CAPABILITIES: readonly Capability[] = ['allocation-failure', 'null-token', 'missing-mandatory', 'reentry'];

/** What a module may export beside the factory, to say who it is. */
interface Described {
  readonly name?: string;
  readonly version?: string;
  readonly profile?: string;
  readonly capabilities?: readonly Capability[];
}

/**
 * Load a module and take its manager factory: the named export, else the default export, else `createManager`.
 * The factory may carry the properties `profile`, `version` and `capabilities`.
 *
 * @throws {TargetError} when there is no such file or export
 */
export async function loadModuleTarget(address: string, where: string): Promise<Target> {
  const [file = '', exported] = where.split('#', 2);
  const path = resolve(file);
  if (!existsSync(path)) throw new TargetError(`${address}: there is no file ${path}.`);
  const module = await importModule(address, path);
  const names = exported === undefined ? ['default', 'createManager'] : [exported];
  const name = names.find((one) => typeof module[one] === 'function');
  if (name === undefined) {
    const found = Object.keys(module).join(', ') || 'nothing';
    throw new TargetError(
      `${address}: expected a function named ${names.join(' or ')}, (environment) => manager; the module exports ${found}.`,
    );
  }
  const factory = module[name] as ManagerFactory & Described;
  const { profile, version, capabilities } = factory;
  if (profile !== undefined && !isProfileName(profile)) {
    throw new TargetError(`${address}: its profile ${JSON.stringify(profile)} is none that there is.`);
  }
  const unknown = capabilities?.find((one) => !CAPABILITIES.includes(one));
  if (unknown !== undefined) {
    throw new TargetError(
      `${address}: its capability ${JSON.stringify(unknown)} is none that a module can have (${CAPABILITIES.join(', ')}).`,
    );
  }
  const hello: Hello = {
    type: 'hello',
    protocol: 1,
    name: exported ?? file.replace(/^.*\//, ''),
    version: version ?? 'unversioned',
    language: 'javascript',
    ...(profile === undefined ? {} : { profile }),
    capabilities: capabilities ?? ['null-token', 'missing-mandatory'],
  };
  return new InProcessTarget(address, hello, factory);
}

async function importModule(address: string, path: string): Promise<Record<string, unknown>> {
  try {
    return (await import(pathToFileURL(path).href)) as Record<string, unknown>;
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    const advice = path.endsWith('.ts')
      ? ' This version of Node may not run TypeScript: give the compiled JavaScript.'
      : '';
    throw new TargetError(`${address}: it cannot be loaded: ${reason}.${advice}`);
  }
}
