/** Each release of Linux has one profile, and the profiles alone say which. */
import { describe, expect, test } from 'vitest';
import type { Profile } from '../profile.js';
import { core } from './core.js';
import { profiles } from './index.js';
import { linux44 } from './linux-4.4.js';
import { linux47 } from './linux-4.7.js';
import { firstReleases, numberOf, profileOfRelease, releasesOf, versionsText } from './releases.js';
import { rfc2015 } from './rfc-2015.js';

/** Every release up to 7.9, also those that never were: 4.21 or 5.20 would be older than what follows. */
const numbers = [4, 5, 6, 7].flatMap((major) =>
  Array.from({ length: major === 7 ? 10 : 20 }, (_, minor) => `${major}.${minor}`),
);

const covering = (release: string) =>
  profiles.filter(({ versions }) => {
    if (typeof versions === 'string') return false;
    const { from, to, less } = versions;
    const number = Number(numberOf(release));
    const within = (first: string, last: string | undefined) =>
      number >= Number(numberOf(first)) && (last === undefined || number <= Number(numberOf(last)));
    return within(from, to) && !(less !== undefined && within(less.from, less.to));
  });

describe('the releases of the profiles', () => {
  test.each(numbers)('%s is of one profile from 4.4 on, and of none before', (release) => {
    const found = covering(release);
    expect(found).toHaveLength(Number(numberOf(release)) < 4004 ? 0 : 1);
    expect(profileOfRelease(release)).toBe(found[0]);
  });

  test('whoever stands for releases has a generation, and so has what was never released; core takes any', () => {
    expect(profiles.filter(({ generation }) => generation === undefined).map(({ name }) => name)).toEqual(['core']);
  });
});

describe('the profile of a release', () => {
  test.each<[string | undefined, Profile['generation'], Profile['name'] | undefined]>([
    ['4.6.7', undefined, 'linux-4.4'],
    ['6.12.117+deb12-cloud-amd64', undefined, 'linux-4.7'],
    ['5.10.0-28-amd64', 'token-in-object', 'linux-5.9'],
    ['6.17-rc1', undefined, 'linux-6.17'],
    ['7.3.4+deb13-amd64', 'token-as-argument', 'linux-6.17'],
    // Vendors carry new managers to old kernels, and keep old ones: what is seen in the kernel goes first.
    ['5.14.0-503.el9', 'token-as-argument', 'linux-6.17'],
    ['3.10.0-1160.el7', 'token-in-object', 'linux-4.4'],
    ['6.18.0', 'token-in-object', 'linux-4.7'],
    [undefined, 'token-as-argument', 'linux-6.17'],
    ['3.10.0', undefined, undefined],
    [undefined, 'token-in-object', undefined],
    ['next', undefined, undefined],
  ])('%s, %s: %s', (release, generation, name) => {
    expect(profileOfRelease(release, generation)?.name).toBe(name);
  });
});

test.each<[Profile, string]>([
  [core, 'any'],
  [rfc2015, 'the RFC of 2015-06-18'],
  [linux44, 'Linux 4.4 to 4.6'],
  [linux47, 'Linux 4.7 to 6.16, less 5.9 to 5.12'],
])('$name is told in words', (profile, text) => {
  expect(versionsText(profile)).toBe(text);
});

test('the newest profile has no end yet', () => {
  const newest = profiles.at(-1);
  expect(newest && versionsText(newest)).toMatch(/^Linux \d+\.\d+ and later$/);
});

test('a generation has the releases of all its profiles', () => {
  expect(firstReleases().map(({ generation }) => [generation, releasesOf(generation)])).toEqual([
    ['token-in-object', 'Linux 4.4 to 6.16'],
    ['token-as-argument', 'Linux 6.17 and later'],
  ]);
});
