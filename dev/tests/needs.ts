/**
 * What some tests need beyond Node. A test that lacks it is skipped, aloud: the reason is its title. With
 * `IRQBYPASS_SPEC_REQUIRE=all` nothing may be skipped: then the tests run, and fail for what is missing.
 */

import { existsSync } from 'node:fs';
import { debianKernels, debianVersions } from '../../src/targets/debian/kernels.js';
import { openTarget } from '../../src/targets/resolve.js';
import { TargetError } from '../../src/targets/target.js';
import { spinVersion } from '../promela/spin.js';
import { z3Version } from '../proof/z3.js';

/** Why something cannot be had on this machine; undefined when it can. */
export async function unavailable(what: keyof typeof REASONS): Promise<string | undefined> {
  if (process.env.IRQBYPASS_SPEC_REQUIRE === 'all') return undefined;
  return REASONS[what]();
}

const LIST = debianVersions.join(', ');

const REASONS = { 'linux-source': lacksSources, linux: lacksKernels, spin: lacksSpin, z3: lacksZ3 } as const;

async function lacksSpin(): Promise<string | undefined> {
  if ((await spinVersion()) !== undefined) return undefined;
  return 'SKIPPED: SPIN or gcc is not installed (Debian: apt-get install spin gcc)';
}

async function lacksZ3(): Promise<string | undefined> {
  if ((await z3Version()) !== undefined) return undefined;
  return 'SKIPPED: z3 is not installed (Debian: apt-get install z3)';
}

async function lacksSources(): Promise<string | undefined> {
  // Fetching takes a minute and the network, so a plain test run uses sources only if they are there already.
  if (process.env.IRQBYPASS_SPEC_FETCH !== '1' && !(await isCached())) {
    return `SKIPPED: not all sources are cached (irqbypass-spec run linux-source:debian:VERSION fetches ${LIST})`;
  }
  try {
    const target = await openTarget(`linux-source:debian:${debianKernels[0].version}`);
    await target.close();
    return undefined;
  } catch (error) {
    if (error instanceof TargetError) return `SKIPPED: ${error.message}`;
    throw error;
  }
}

async function lacksKernels(): Promise<string | undefined> {
  const { isKernelFetched } = await import('../../src/targets/linux/packages.js');
  const cached = await Promise.all(debianVersions.map(isKernelFetched));
  if (process.env.IRQBYPASS_SPEC_FETCH !== '1' && cached.includes(false)) {
    return `SKIPPED: not all kernels are cached (irqbypass-spec run linux:debian:VERSION fetches ${LIST})`;
  }
  const { prepareLinux } = await import('../../src/targets/linux/index.js');
  const { TargetUnavailable } = await import('../../src/targets/unavailable.js');
  try {
    for (const version of debianVersions) await prepareLinux(`linux:debian:${version}`, `debian:${version}`);
    return undefined;
  } catch (error) {
    if (error instanceof TargetUnavailable) return `SKIPPED: ${error.message}`;
    throw error;
  }
}

async function isCached(): Promise<boolean> {
  const { isFetched } = await import('../../src/targets/linux-source/fetch.js');
  return (await Promise.all(debianVersions.map(isFetched))).every((fetched) => fetched);
}

/** Why real VFIO and KVM cannot be observed on this machine; undefined when they can. */
export async function unobservable(): Promise<string | undefined> {
  if (process.env.IRQBYPASS_SPEC_REQUIRE === 'all') return undefined;
  const { isKernelFetched } = await import('../../src/targets/linux/packages.js');
  if (process.env.IRQBYPASS_SPEC_FETCH !== '1' && !(await isKernelFetched('6.1'))) {
    return 'SKIPPED: no kernel is cached (irqbypass-spec observe --linux debian:6.1 fetches it)';
  }
  for (const [path, remedy] of [
    ['/usr/bin/qemu-system-x86_64', 'qemu-system-x86'],
    ['/usr/bin/busybox', 'busybox-static'],
  ] as const) {
    if (!existsSync(path)) return `SKIPPED: this machine lacks ${path}: apt-get install ${remedy}`;
  }
  return undefined;
}
