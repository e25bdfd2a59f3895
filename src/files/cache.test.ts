import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cacheFolder } from './cache.js';

test('the cache has an absolute path, since compilers run in other folders', () => {
  expect(cacheFolder({ IRQBYPASS_SPEC_CACHE: 'kept' })).toBe(join(process.cwd(), 'kept'));
  expect(cacheFolder({ XDG_CACHE_HOME: '/users' })).toBe('/users/irqbypass-spec');
});

test('a relative cache folder of the user counts for nothing', () => {
  expect(cacheFolder({ XDG_CACHE_HOME: 'kept' })).toBe(cacheFolder({}));
});
