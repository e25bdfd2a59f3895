/** The moves of a schedule, written and read again. */
import { expect, test } from 'vitest';
import { movesOf, spellMoves } from './moves.js';

test('moves are read as they were written', () => {
  const moves = {
    way: [[3, 0]],
    moves: [
      [0, 0],
      [1, -2],
    ],
  } as const;
  expect(movesOf(spellMoves(moves))).toEqual(moves);
});

test.each(['', 'null', '[]', '[[],[[0]]]', '[[],[["0",1]]]', '[[],[[0.5,1]]]', '[[],[],[]]', '{"0":[],"1":[]}'])(
  'what spells none is not taken for moves: %s',
  (text) => expect(movesOf(text)).toBeUndefined(),
);
