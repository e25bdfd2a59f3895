/** `module:FILE[#EXPORT]` in a role: a participant written in JavaScript, in this process. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Participants } from '../../../reference/host/host.js';
import type { RoleUnderTest } from '../../../spec/formats/host-results.js';
import { isProfileName } from '../../../spec/profiles/index.js';
import { TargetError } from '../target.js';

/** The export that plays each role, and which participant it makes. */
const EXPORTS = { manager: 'createManager', producer: 'createProducers', consumer: 'createConsumers' } as const;

/**
 * Load a module and take what plays the role: `createManager`, `createProducers` or `createConsumers`, or the named
 * export; for a whole host, whatever of the three there is. The module may export `profile`.
 *
 * @throws {TargetError} when there is no such file or export
 */
export async function participantsOfModule(
  address: string,
  where: string,
  role: RoleUnderTest,
): Promise<{ participants: Participants; profile: string }> {
  const [file = '', exported] = where.split('#', 2);
  const path = resolve(file);
  if (file === '' || !existsSync(path)) throw new TargetError(`${address}: there is no file ${path}.`);
  const module = (await import(pathToFileURL(path).href)) as Readonly<Record<string, unknown>>;
  const profile = module.profile;
  if (profile !== undefined && !(typeof profile === 'string' && isProfileName(profile))) {
    throw new TargetError(`${address}: its profile ${JSON.stringify(profile)} is none that there is.`);
  }
  const roles = role === 'host' ? (['manager', 'producer', 'consumer'] as const) : [role];
  const found = roles.flatMap((one) => {
    const factory = module[exported ?? EXPORTS[one]];
    return typeof factory === 'function' ? [[one, factory]] : [];
  });
  if (found.length === 0) {
    const names = exported ?? roles.map((one) => EXPORTS[one]).join(' or ');
    throw new TargetError(
      `${address}: expected a function named ${names}, (environment) => driver; the module exports ${Object.keys(module).join(', ') || 'nothing'}.`,
    );
  }
  return { participants: Object.fromEntries(found) as Participants, profile: profile ?? 'core' };
}
