/** The spec as a text: ids, levels, sentences, and nothing spoken of that is not there. */
import { describe, expect, test } from 'vitest';
import { ledger } from './ledger.js';
import { profiles } from './profiles/index.js';
import { holdsIn } from './rule.js';
import { rules } from './rules/index.js';
import { undefinedBehaviour } from './undefined.js';

describe('rules', () => {
  test('have ids of their own, in the order of their numbers', () => {
    const ids = rules.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[A-Z]+-[1-9][0-9]*$/);
  });

  test.each(rules.map((rule) => [rule.id, rule] as const))(
    '%s is one sentence with its level, an intent and a source',
    (_, rule) => {
      expect(rule.text).toContain(` ${rule.level}`);
      expect(rule.text.endsWith('.')).toBe(true);
      expect(rule.intent.length).toBeGreaterThan(20);
      expect(rule.source.length).toBeGreaterThan(5);
    },
  );

  test('hold in at least one profile each, and core holds them all', () => {
    for (const rule of rules) expect(profiles.some((profile) => holdsIn(rule, profile))).toBe(true);
    const [core] = profiles;
    expect(core?.name).toBe('core');
    for (const rule of rules) expect(core && holdsIn(rule, core)).toBe(true);
  });
});

/** A profile describes itself in these; and the ledger names each refusal by its own name. */
const NOT_A_CHOICE = ['name', 'versions', 'generation', 'summary', 'refusals'];

describe('the ledger', () => {
  const entries = Object.values(ledger).flat();

  test.each(entries.map((entry) => [entry.behaviour, entry] as const))('%s: is spoken of where it says', (_, entry) => {
    const places = [...(entry.rules ?? []), ...(entry.choices ?? []), ...(entry.undefined ?? [])];
    expect(places.length).toBeGreaterThan(0);
    for (const id of entry.rules ?? []) expect(rules.map((rule) => rule.id)).toContain(id);
    for (const id of entry.undefined ?? []) expect(undefinedBehaviour.map((one) => one.id)).toContain(id);
  });

  test('names every rule of the manager, and everything undefined', () => {
    const named = new Set(entries.flatMap((entry) => [...(entry.rules ?? []), ...(entry.undefined ?? [])]));
    const there = [...rules, ...undefinedBehaviour].map(({ id }) => id);
    expect(there.filter((id) => !named.has(id))).toEqual([]);
    expect([...named].filter((id) => !there.includes(id))).toEqual([]);
  });

  test('names every choice of a profile', () => {
    const named = new Set<string>(entries.flatMap((entry) => entry.choices ?? []));
    const choices = profiles.flatMap((profile) => [
      ...profile.refusals.map(({ refusal }) => refusal),
      ...Object.keys(profile).filter((key) => !NOT_A_CHOICE.includes(key)),
    ]);
    expect([...named].sort()).toEqual([...new Set(choices)].sort());
  });
});
