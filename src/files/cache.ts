/** The cache, in which what is built is found by a hash. */
import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where downloads and builds are kept. `IRQBYPASS_SPEC_CACHE` goes first, then the user's cache folder. */
export function cacheFolder(environment: Readonly<Record<string, string | undefined>> = process.env): string {
  const chosen = environment.IRQBYPASS_SPEC_CACHE;
  if (chosen) return chosen;
  return join(environment.XDG_CACHE_HOME || join(homedir(), '.cache'), 'irqbypass-spec');
}

/** One hash of several texts, of which none runs into the next: 32 hexadecimal digits. */
export function hashOf(texts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(`${text.length}\n${text}`);
  return hash.digest('hex').slice(0, 32);
}
