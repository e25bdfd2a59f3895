/**
 * The kernels of Debian that the kit is held against. One is a row here and a baseline beside it
 * (`conformance/baselines/linux-VERSION.json`); what else there is to know of it follows from its version. Any other
 * version that Debian has can be asked for as well.
 */
import type { Profile, Release } from '../../../spec/profile.js';
import { profileOfRelease } from '../../../spec/profiles/releases.js';
import { type Architecture, architectureNames, architectures } from './architectures.js';

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

/** A kernel of Debian that is asked for: `6.12`, or `6.12@arm64`. */
export interface KernelName {
  readonly version: string;
  readonly architecture: Architecture;
}

/** How one is written, for help texts. */
export const KERNEL_USAGE = 'debian:VERSION[@ARCHITECTURE]';

/** Reads what stands behind `debian:`; undefined when it is no name of a kernel. */
export function readKernelName(text: string): KernelName | undefined {
  const [, version, at] = /^([0-9]+\.[0-9]+)(?:@(.*))?$/.exec(text) ?? [];
  const architecture = at === undefined ? 'amd64' : architectureNames.find((name) => name === at);
  return version === undefined || architecture === undefined ? undefined : { version, architecture };
}

/** The name as it is written, which is also what the cache calls it. */
export function kernelText({ version, architecture }: KernelName): string {
  return architecture === 'amd64' ? version : `${version}@${architecture}`;
}

/** The package of a version's source. */
export function sourcePackage(version: string): string {
  return `linux-source-${version}`;
}

/** What the package of a version's image is called, whatever its point release. The headers are called the same. */
export function imagePackages({ version, architecture }: KernelName): RegExp {
  const { flavour } = architectures[architecture];
  // What is between the two has no name in it: that would be another flavour.
  const point = '[.+-][0-9A-Za-z.+~]*(?:-[0-9]+)?';
  return new RegExp(`^linux-image-${version.replace('.', '\\.')}${point}-${flavour}$`);
}
