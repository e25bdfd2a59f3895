/** The tokens of a recording by their eventfds, by which the rules about a host find pairs. */
import { expect, test } from 'vitest';
import { EventfdTokens } from './tokens.js';

const opened = (...eventfds: readonly `e${number}`[]) => {
  const tokens = new EventfdTokens();
  for (const eventfd of eventfds) tokens.operation({ operation: 'createEventfd', eventfd });
  return tokens;
};

test('a token is named by the eventfd of the call, in whatever order they come', () => {
  const tokens = opened('e0', 'e1');
  expect(tokens.name('t0', 'e1')).toBe('t1');
  expect(tokens.name('t1', 'e0')).toBe('t0');
  expect(tokens.name('t0', 'e1')).toBe('t1');
  expect(tokens.name(null, 'e1')).toBeNull();
});

test('the address of an eventfd that was closed may come again as that of another', () => {
  const tokens = opened('e0', 'e2');
  expect(tokens.name('t0', 'e0')).toBe('t0');
  tokens.operation({ operation: 'closeEventfd', eventfd: 'e0' });
  expect(tokens.name('t0', 'e2')).toBe('t2');
});

test('a registration under the token of another eventfd than that of its call stays one', () => {
  const tokens = opened('e0', 'e1');
  tokens.name('t0', 'e0');
  expect(tokens.name('t0', 'e1')).toBe('t0');
  expect(tokens.name('t5', 'e0')).toBe('t1000');
  expect(tokens.name('t5', undefined)).toBe('t1000');
});

test('an eventfd that is made anew under an old name has another token', () => {
  const tokens = opened('e0');
  tokens.name('t0', 'e0');
  tokens.operation({ operation: 'createEventfd', eventfd: 'e0' });
  expect(tokens.name('t1', 'e0')).toBe('t0');
});
