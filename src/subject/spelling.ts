import { createHash } from 'node:crypto';

/** A program as a string: two programs are the same if these are. */
export function spell(program: unknown): string {
  return JSON.stringify(program);
}

/** The name of something that is known by what it is: twelve hexadecimal digits of the hash of that. */
export function nameFrom(identity: readonly unknown[]): string {
  return createHash('sha256').update(spell(identity)).digest('hex').slice(0, 12);
}
