/** What a module exports: the factory of a manager, or what plays a role of a host, and who it says it is. */
import type { Participants } from '../../../reference/host/host.js';
import type { RoleUnderTest } from '../../../spec/formats/host-results.js';
import { type Capability, type Hello, PROTOCOL } from '../../../spec/formats/protocol.js';
import type { ManagerFactory } from '../../../spec/manager.js';
import { isProfileName } from '../../../spec/profiles/index.js';
import { TargetError } from '../target.js';

/** What a module exports, by name. */
export type Exports = Readonly<Record<string, unknown>>;

/** What is asked of a module. */
export interface Asked {
  /** The last part of its file's name. */
  readonly file: string;
  /** The export that the user has named. */
  readonly exported?: string;
}

const CAPABILITIES: readonly Capability[] = ['allocation-failure', 'null-token', 'missing-mandatory', 'reentry'];

/** The export that plays each role, and which participant it makes. */
const EXPORTS = { manager: 'createManager', producer: 'createProducers', consumer: 'createConsumers' } as const;

/**
 * The manager factory of a module: the named export, else the default export, else `createManager`. The factory may
 * carry the properties `profile`, `version` and `capabilities`.
 *
 * @throws {TargetError} when there is no such export, or it says what cannot be
 */
export function managerOf(module: Exports, { file, exported }: Asked): { factory: ManagerFactory; hello: Hello } {
  const names = exported === undefined ? ['default', 'createManager'] : [exported];
  const name = names.find((one) => typeof module[one] === 'function');
  if (name === undefined) {
    throw new TargetError(
      `expected a function named ${names.join(' or ')}, (environment) => manager; the module exports ${namesIn(module)}.`,
    );
  }
  const factory = module[name] as ManagerFactory & Exports;
  const { version = 'unversioned', capabilities = ['null-token', 'missing-mandatory'] } = factory;
  const profile = profileOf(factory);
  if (typeof version !== 'string') throw new TargetError('the version of its factory is no text.');
  if (!Array.isArray(capabilities)) throw new TargetError('the capabilities of its factory are no list.');
  const unknown: unknown = capabilities.find((one) => !CAPABILITIES.includes(one));
  if (unknown !== undefined) {
    throw new TargetError(
      `its capability ${JSON.stringify(unknown)} is none that a module can have (${CAPABILITIES.join(', ')}).`,
    );
  }
  return {
    factory,
    hello: {
      type: 'hello',
      protocol: PROTOCOL,
      name: exported ?? file,
      version,
      language: 'javascript',
      ...(profile === undefined ? {} : { profile }),
      capabilities: [...(capabilities as readonly Capability[])],
    },
  };
}

/**
 * What plays a role in a module: `createManager`, `createProducers` or `createConsumers`, or the named export; for a
 * whole host, whatever of the three there is. The module may export `profile`.
 *
 * @throws {TargetError} when there is no such export
 */
export function participantsOf(
  module: Exports,
  role: RoleUnderTest,
  { exported }: Asked,
): { participants: Participants; profile: string } {
  const roles = role === 'host' ? (['manager', 'producer', 'consumer'] as const) : [role];
  const found = roles.flatMap((one) => {
    const factory = module[exported ?? EXPORTS[one]];
    return typeof factory === 'function' ? [[one, factory]] : [];
  });
  if (found.length === 0) {
    const names = exported ?? roles.map((one) => EXPORTS[one]).join(' or ');
    throw new TargetError(
      `expected a function named ${names}, (environment) => driver; the module exports ${namesIn(module)}.`,
    );
  }
  return { participants: Object.fromEntries(found) as Participants, profile: profileOf(module) ?? 'core' };
}

function profileOf({ profile }: Exports): string | undefined {
  if (profile === undefined || (typeof profile === 'string' && isProfileName(profile))) return profile;
  throw new TargetError(`its profile ${JSON.stringify(profile)} is none that there is.`);
}

function namesIn(module: Exports): string {
  return Object.keys(module).join(', ') || 'nothing';
}
