/** Differences between sources of Linux. */
import { describe, expect, test } from 'vitest';
import { between, told } from './differences.js';

describe('Linux 6.12 and 7.3', () => {
  test('differ in every scenario of the known ones that tells them apart, with the rule that it breaks', async () => {
    const differences = await between('linux-source:debian:6.12', 'linux-source:debian:7.3', 4);
    const lines = told(differences);
    const rulesOf = (line: string) => differences[lines.indexOf(line)]?.broken;
    expect(lines).toContain('no-memory: register p0 t0 without memory');
    expect(lines).toContain('registered: register p0 t0, register p0 t0');
    expect(lines).toContain('null-token: register p0 null, register p1 null');
    expect(lines).toContain('null-token: register p0 null, register c0 null');
    // A duplicate that is unregistered takes the other one's registration away.
    expect(rulesOf('not-registered: register p0 t0, register p1 t0, unregister p1')?.left).toContain('LIFE-2');
    // A failed producer is unregistered after another one took its token.
    expect(rulesOf('not-registered: register c0 t0, register p0 t0, register p1 t0, unregister p0')?.left).toContain(
      'LIFE-4',
    );
    // A refused re-registration re-keys the entry, and the pair's del never comes.
    expect(differences.some(({ about, broken }) => about === 'paired' && broken.left.includes('TOKEN-7'))).toBe(true);
    // A null token cannot be taken back.
    expect(rulesOf('null-token: register p0 null, unregister p0, register p0 null')?.right).toContain('LIFE-7');
    // A token set by hand; an object written over while it is registered; a callback that calls the manager.
    expect(lines).toContain('overwriteToken: overwriteToken p0 t0, unregister p0');
    expect(lines.some((line) => line.startsWith('wipeObject: '))).toBe(true);
    expect(differences.some(({ about }) => about === 'reentry')).toBe(true);
  }, 300_000);

  test('6.1 and 6.12, whose sources are the same, do not differ', async () => {
    expect(await between('linux-source:debian:6.1', 'linux-source:debian:6.12', 2)).toEqual([]);
  }, 300_000);
});
