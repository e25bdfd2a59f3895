/** The table of kernels, and what has to be there for each. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../files/root.js';
import { type Architecture, architectureNames } from './architectures.js';
import {
  debianKernels,
  debianVersions,
  imagePackages,
  kernelSuites,
  kernelText,
  profileOfDebian,
  readKernelName,
} from './kernels.js';

test('every kernel has a baseline, and no other version has one', () => {
  const files = readdirSync(join(packageRoot, 'conformance', 'baselines'));
  expect(files.sort()).toEqual(debianVersions.map((version) => `linux-${version}.json`).sort());
});

test.each(debianKernels)('the profile of $version is known, and its baseline is under it', ({ version }) => {
  const path = join(packageRoot, 'conformance', 'baselines', `linux-${version}.json`);
  expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ profile: profileOfDebian(version).name });
});

test('the suites of the newest kernel are looked in first', () => {
  expect(kernelSuites).toEqual(['trixie-backports', 'bookworm-backports', 'trixie', 'bookworm']);
});

test('the image of a version is told from those of other versions, flavours and builds', () => {
  const names = [
    'linux-image-6.1.0-56-cloud-amd64',
    'linux-image-6.1.0-56-amd64',
    'linux-image-6.12.117+deb12-cloud-amd64',
    'linux-image-6.12.117+deb12-cloud-amd64-unsigned',
    'linux-image-6.1-cloud-amd64',
    'linux-image-6.12.117+deb13-riscv64',
    'linux-image-6.12.117+deb13-rt-riscv64',
    'linux-image-6.12.117+deb12-cloud-arm64',
  ];
  const of = (version: string, architecture: Architecture = 'amd64') =>
    names.filter((name) => imagePackages({ version, architecture }).test(name));
  expect(of('6.1')).toEqual(['linux-image-6.1.0-56-cloud-amd64']);
  expect(of('6.12')).toEqual(['linux-image-6.12.117+deb12-cloud-amd64']);
  expect(of('6.12', 'arm64')).toEqual(['linux-image-6.12.117+deb12-cloud-arm64']);
  expect(of('6.12', 'riscv64')).toEqual(['linux-image-6.12.117+deb13-riscv64']);
});

test.each(['6.12', ...architectureNames.slice(1).map((name) => `6.12@${name}`)])(
  '%s is read and written the same',
  (text) => {
    const name = readKernelName(text);
    expect(name?.version).toBe('6.12');
    expect(name === undefined ? undefined : kernelText(name)).toBe(text);
  },
);

test.each(['6', '6.12@', '6.12@sparc', '6.12@arm64@arm64', 'x6.12'])('%s is no name of a kernel', (text) => {
  expect(readKernelName(text)).toBeUndefined();
});
