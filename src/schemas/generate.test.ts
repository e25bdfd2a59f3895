import { expect, it } from 'vitest';
import { checkSchemas, generateSchemas } from './generate.js';
import { kinds } from './kinds.js';

const schemas = generateSchemas();

it('the committed schemas say what the types say; if not: npm run schemas', { timeout: 30_000 }, async () => {
  expect(await checkSchemas(undefined, schemas)).toEqual([]);
});

it('a folder without schemas has drifted in every one', { timeout: 30_000 }, async () => {
  expect(await checkSchemas('/nonexistent', schemas)).toHaveLength(Object.keys(kinds).length);
});
