import { expect, it } from 'vitest';
import { checkSchemas } from './generate.js';
import { kinds } from './kinds.js';

it('the committed schemas say what the types say; if not: npm run schemas', { timeout: 30_000 }, async () => {
  expect(await checkSchemas()).toEqual([]);
});

it('a folder without schemas has drifted in every one', { timeout: 30_000 }, async () => {
  expect(await checkSchemas('/nonexistent')).toHaveLength(Object.keys(kinds).length);
});
