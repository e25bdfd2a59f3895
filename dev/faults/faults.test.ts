/** The table of faults has all that it is said to have. */
import { expect, test } from 'vitest';
import { byNight, faults } from './table/index.js';

const all = Object.values(faults).flat();

test('there are more than 200 faults, each once', () => {
  expect(all.length).toBeGreaterThan(200);
  expect(new Set(all.map(({ command, files }) => `${command} ${JSON.stringify(files ?? {})}`)).size).toBe(all.length);
  expect(new Set(all.map(({ fault }) => fault)).size).toBe(all.length);
});

test('what is left to the night is in the table, and more than 200 are run by day', () => {
  const names = new Set(all.map(({ fault }) => fault));
  expect([...byNight].filter((name) => !names.has(name))).toEqual([]);
  expect(all.length - byNight.size).toBeGreaterThan(200);
});

test('every exit status is due somewhere, and so is one that the kit cannot give', () => {
  expect([...new Set(all.map(({ status }) => status))].sort((a, b) => a - b)).toEqual([
    0, 1, 2, 64, 129, 130, 137, 143,
  ]);
});
