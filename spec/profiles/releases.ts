/** Which release of Linux has which profile. The profiles say it; nothing else does. */
import type { Generation, Profile, Release, Releases } from '../profile.js';
import { profiles } from './index.js';

/**
 * The profile of a release of Linux; undefined for a text that is no release, and where no profile stands for it.
 *
 * @param release what `uname -r` says, such as `6.12.117+deb12-cloud-amd64`
 * @param generation what is known from the kernel itself. It goes before the release, since vendors carry new managers
 *   to old kernels: a release that the generation never had is taken for the nearest one that it had.
 */
export function profileOfRelease(release: string | undefined, generation?: Generation): Profile | undefined {
  const candidates = linuxProfiles.filter((profile) => generation === undefined || profile.generation === generation);
  if (generation !== undefined && candidates.length === 1) return candidates[0]?.profile;
  const number = numberOf(release ?? '');
  if (number === undefined) return undefined;
  const asked = generation === undefined ? number : clamp(number, candidates);
  return candidates.find(({ versions }) => covers(versions, asked))?.profile;
}

/** The releases of a generation, for people: `Linux 4.4 to 6.16`. */
export function releasesOf(generation: Generation): string {
  const ranges = linuxProfiles.filter((profile) => profile.generation === generation).map(({ versions }) => versions);
  const [oldest] = ranges;
  if (oldest === undefined) return 'no release of Linux';
  const { to } = ranges.reduce((latest, one) => (spanOf(one).last > spanOf(latest).last ? one : latest));
  return textOf({ from: oldest.from, ...(to === undefined ? {} : { to }) });
}

/** The first release of each generation, the oldest first. */
export function firstReleases(): readonly { readonly generation: Generation; readonly release: Release }[] {
  const firsts = new Map<Generation, Release>();
  for (const { generation, versions } of linuxProfiles) {
    if (!firsts.has(generation)) firsts.set(generation, versions.from);
  }
  return [...firsts].map(([generation, release]) => ({ generation, release }));
}

/** True for a text that names a generation that a release of Linux has. */
export function isGeneration(name: string): name is Generation {
  return linuxProfiles.some(({ generation }) => generation === name);
}

/** What a profile stands for, for people: `Linux 4.7 to 6.16, less 5.9 to 5.12`. */
export function versionsText({ versions }: Profile): string {
  return typeof versions === 'string' ? versions : textOf(versions);
}

/** A release as one number, by which releases are older and younger; undefined for a text that begins with none. */
export function numberOf(release: string): number | undefined {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(release) ?? [];
  return major === undefined || minor === undefined ? undefined : Number(major) * 1000 + Number(minor);
}

interface LinuxProfile {
  readonly profile: Profile;
  readonly versions: Releases;
  readonly generation: Generation;
}

/** The profiles that stand for releases, the oldest first. */
const linuxProfiles: readonly LinuxProfile[] = profiles.flatMap((profile) => {
  const { versions, generation } = profile;
  return typeof versions === 'string' || generation === undefined ? [] : [{ profile, versions, generation }];
});

/** Releases as numbers, the first and the last. */
interface Span {
  readonly first: number;
  readonly last: number;
}

function spanOf({ from, to }: Releases): Span {
  return { first: numberOf(from) ?? Number.NaN, last: to === undefined ? Infinity : (numberOf(to) ?? Number.NaN) };
}

function covers(releases: Releases, number: number): boolean {
  const { first, last } = spanOf(releases);
  return number >= first && number <= last && !(releases.less !== undefined && covers(releases.less, number));
}

/** The number itself, or the nearest that one of the profiles has. */
function clamp(number: number, among: readonly LinuxProfile[]): number {
  const spans = among.map(({ versions }) => spanOf(versions));
  const [first, last] = [Math.min(...spans.map((one) => one.first)), Math.max(...spans.map((one) => one.last))];
  return Math.min(Math.max(number, first), last);
}

function textOf({ from, to, less }: Releases): string {
  const text = to === undefined ? `Linux ${from} and later` : `Linux ${from} to ${to}`;
  return less === undefined ? text : `${text}, less ${less.from} to ${less.to}`;
}
