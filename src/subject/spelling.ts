/** A program as a string: two programs are the same if these are. */
export function spell(program: unknown): string {
  return JSON.stringify(program);
}
