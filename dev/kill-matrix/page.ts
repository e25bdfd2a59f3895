/** Whether the page that is there is the one that would be made. */

/** What is wrong with a page; nothing when it is as it should be. `there` is undefined where there is none. */
export function drift(there: string | undefined, made: string): readonly string[] {
  if (there === undefined) return ['There is no conformance/kill-matrix.md. `npm run kill-matrix` makes it.'];
  if (there === made) return [];
  const [old, fresh] = [there.split('\n'), made.split('\n')];
  const at = fresh.findIndex((line, index) => line !== old[index]);
  const line = at === -1 ? fresh.length : at;
  return [
    `conformance/kill-matrix.md is not up to date; run \`npm run kill-matrix\`. From line ${line + 1} on it reads\n     ${old[line] ?? '(its end)'}\n   and should read\n     ${fresh[line] ?? '(its end)'}`,
  ];
}
