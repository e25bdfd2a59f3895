/**
 * The kernels of Debian that the kit is held against. One is a row here and a baseline beside it
 * (`conformance/baselines/linux-VERSION.json`); what else there is to know of it follows from its version. Any other
 * version that Debian has can be asked for as well.
 */
import type { Profile, Release } from '../../../spec/profile.js';
import { profileOfRelease } from '../../../spec/profiles/releases.js';

/** A suite of Debian that carries kernels. */
export type Suite = Codename | `${Codename}-backports`;

type Codename = 'bookworm' | 'trixie' | 'forky';

/** A row of the table. */
interface Row {
  /** As in `debian:6.12`, and in the names of the packages. */
  readonly version: Release;
  /** The suites that carry it, the newest first. Point releases and security come with the machine's own suites. */
  readonly suites: readonly Suite[];
}

/** The kernels, the oldest first. */
export const debianKernels = [
  { version: '6.1', suites: ['bookworm'] },
  { version: '6.12', suites: ['bookworm-backports', 'trixie'] },
  { version: '7.3', suites: ['trixie-backports'] },
] as const satisfies readonly Row[];

/** The version of one of them. */
export type DebianVersion = (typeof debianKernels)[number]['version'];

/** The versions of them all, the oldest first. */
export const debianVersions: readonly DebianVersion[] = debianKernels.map(({ version }) => version);

/** What the version of a kernel intends. The kernel itself may tell otherwise: see `linux-source/detect.ts`. */
export function profileOfDebian(version: DebianVersion): Profile {
  const profile = profileOfRelease(version);
  if (profile === undefined) throw new Error(`no profile stands for Linux ${version}`);
  return profile;
}

/** The suites that carry one of them: those of the newest kernel first. */
export const kernelSuites: readonly Suite[] = [
  ...new Set(debianKernels.toReversed().flatMap(({ suites }): readonly Suite[] => suites)),
];

/** The codename of a Debian by its number, which stands in a kernel's release, as in 7.3.4+deb13. */
export const codenames: Readonly<Record<string, Codename>> = { '12': 'bookworm', '13': 'trixie', '14': 'forky' };

/** The flavour of the kernels that are booted, by Debian's name of the architecture. */
export const flavours = { amd64: 'cloud-amd64' } as const satisfies Readonly<Record<string, string>>;

/** An architecture whose kernels can be booted. */
export type Architecture = keyof typeof flavours;

/** The package of a version's source. */
export function sourcePackage(version: string): string {
  return `linux-source-${version}`;
}

/** What the package of a version's image is called, whatever its point release. The headers are called the same. */
export function imagePackages(version: string, architecture: Architecture): RegExp {
  return new RegExp(`^linux-image-${version.replace('.', '\\.')}[.+-][0-9A-Za-z.+-]*-${flavours[architecture]}$`);
}
