/** The table of kernels, and what has to be there for each. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../files/root.js';
import { debianKernels, debianVersions, imagePackages, kernelSuites, profileOfDebian } from './kernels.js';

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
  ];
  const of = (version: string) => names.filter((name) => imagePackages(version, 'amd64').test(name));
  expect(of('6.1')).toEqual(['linux-image-6.1.0-56-cloud-amd64']);
  expect(of('6.12')).toEqual(['linux-image-6.12.117+deb12-cloud-amd64']);
});
