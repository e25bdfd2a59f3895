/**
 * Where Debian's packages come from: the machine's own apt sources, and further suites of the same mirror.
 *
 * The mirror is whichever the machine uses; none is named here.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { kernelSuites } from './kernels.js';

/** Sources to look in together, in apt's deb822 form. */
export interface Sources {
  /** What to call them. */
  readonly suites: string;
  readonly text: string;
}

/** Where packages come from, and the key that signs them, if one is named. */
export interface Mirror {
  readonly uri: string;
  readonly signedBy?: string;
}

/** The machine's mirror of Debian; undefined when its apt sources name none. */
export async function machineMirror(): Promise<Mirror | undefined> {
  return findMirror(await machineSources());
}

/** The machine's own sources as they are, then each suite with kernels from the same mirror; none without a mirror. */
export async function candidateSources(): Promise<readonly Sources[]> {
  const own = await machineSources();
  const mirror = findMirror(own);
  if (mirror === undefined) return [];
  const further = kernelSuites.map((suite) => ({
    suites: suite,
    text: stanzaOf(mirror.uri, suite, 'main', mirror.signedBy),
  }));
  return [{ suites: "the machine's own suites", text: own }, ...further];
}

/** All of the machine's Debian sources, in the deb822 form. */
async function machineSources(): Promise<string> {
  const folder = '/etc/apt/sources.list.d';
  const names = await readdir(folder).catch(() => []);
  const paths = ['/etc/apt/sources.list', ...names.map((name) => join(folder, name))];
  const texts = await Promise.all(
    paths.map(async (path) => {
      const text = await readFile(path, 'utf8').catch(() => '');
      return path.endsWith('.sources') ? text : path.endsWith('.list') ? toStanzas(text) : '';
    }),
  );
  return texts
    .flatMap((text) => text.split(/\n[ \t]*\n/))
    .map((stanza) => stanza.replace(/^#.*\n?/gm, '').trim())
    .filter((stanza) => debianUri(stanza) !== undefined)
    .map((stanza) => `${stanza}\n`)
    .join('\n');
}

/** One-line sources (`deb [signed-by=...] URI SUITE COMPONENT...`) as stanzas. */
function toStanzas(text: string): string {
  return [...text.matchAll(/^deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s+(.+)$/gm)]
    .map(([, options, uri, suite, components]) => {
      const signedBy = /signed-by=(\S+)/.exec(options ?? '')?.[1];
      return stanzaOf(uri ?? '', suite ?? '', components ?? '', signedBy);
    })
    .join('\n');
}

/** The address of a stanza, if it is one of Debian itself: vendors use its name, but not its component `main`. */
function debianUri(stanza: string): string | undefined {
  if (!/^Components:.*\bmain\b/m.test(stanza)) return undefined;
  return /^URIs:\s*(\S*\/debian(?:-security)?\/?)(?:\s|$)/m.exec(stanza)?.[1];
}

function findMirror(sources: string): Mirror | undefined {
  for (const stanza of sources.split(/\n[ \t]*\n/)) {
    const uri = debianUri(stanza);
    if (uri === undefined || /debian-security\/?$/.test(uri)) continue;
    const signedBy = /^Signed-By:\s*(\S+)/m.exec(stanza)?.[1];
    return signedBy === undefined ? { uri } : { uri, signedBy };
  }
  return undefined;
}

function stanzaOf(uri: string, suite: string, components: string, signedBy: string | undefined): string {
  const key = signedBy === undefined ? '' : `Signed-By: ${signedBy}\n`;
  return `Types: deb\nURIs: ${uri}\nSuites: ${suite}\nComponents: ${components}\n${key}`;
}
