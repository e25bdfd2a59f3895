import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { MAN_PAGE, makeBook } from '../../src/book/book.js';

it('mandoc has nothing against the man page', () => {
  const { stdout, stderr, status, error } = spawnSync('mandoc', ['-Tlint', '-Wstyle'], {
    input: makeBook('2026-05-01').get(MAN_PAGE),
    encoding: 'utf8',
  });
  if (error !== undefined) throw error;
  expect(`${stdout}${stderr}`).toBe('');
  expect(status).toBe(0);
});
