/** A place that a manager is read from: a folder, or a commit. */

/** A source, and where to look for its headers. */
export interface Place {
  readonly where: string;
  readonly version: string;
  readonly source: string;
  readonly sourceFolder: string;
  readonly root: string;
  readonly folders: readonly string[];
}

/** What a file includes, in its order. */
export function includesOf(source: string): readonly { readonly name: string; readonly quoted: boolean }[] {
  return [...source.matchAll(/^[ \t]*#[ \t]*include[ \t]*(?:<([^>\r\n]+)>|"([^"\r\n]+)")/gm)].map((match) => ({
    name: match[1] ?? match[2] ?? '',
    quoted: match[2] !== undefined,
  }));
}

/** The version that a tree's Makefile gives. */
export function treeVersion(makefile: string): string | undefined {
  const part = (name: string) => new RegExp(`^${name}[ \\t]*=[ \\t]*(\\S*)`, 'm').exec(makefile)?.[1];
  const numbers = [part('VERSION'), part('PATCHLEVEL'), part('SUBLEVEL')].filter((number) => number);
  return numbers.length < 2 ? undefined : `${numbers.join('.')}${part('EXTRAVERSION') ?? ''}`;
}
