/** The cache, in which what is built is found by a hash. */
import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';

/**
 * Where downloads and builds are kept, as an absolute path. `IRQBYPASS_SPEC_CACHE` goes first, then the user's cache
 * folder; a relative `XDG_CACHE_HOME` counts for nothing, as its specification has it.
 */
export function cacheFolder(environment: Readonly<Record<string, string | undefined>> = process.env): string {
  const chosen = environment.IRQBYPASS_SPEC_CACHE;
  if (chosen) return resolve(chosen);
  const users = environment.XDG_CACHE_HOME;
  return join(users && isAbsolute(users) ? users : join(homedir(), '.cache'), 'irqbypass-spec');
}

/** One hash of several texts, of which none runs into the next: 32 hexadecimal digits. */
export function hashOf(texts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(`${text.length}\n${text}`);
  return hash.digest('hex').slice(0, 32);
}
