/** The moves of a schedule, as they are written to a file and read from it. */
import type { ToldMove, ToldWay } from './told.js';

/** The operations before, and the moves of the lanes. */
export interface Moves {
  readonly way: ToldWay;
  readonly moves: readonly ToldMove[];
}

/** Spell moves. */
export function spellMoves({ way, moves }: Moves): string {
  return JSON.stringify([way, moves]);
}

/** Read spelled moves; undefined where a text spells none. */
export function movesOf(text: string): Moves | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(value) || value.length !== 2) return undefined;
  const [way, moves]: readonly unknown[] = value;
  return arePairs(way) && arePairs(moves) ? { way, moves } : undefined;
}

function arePairs(value: unknown): value is readonly (readonly [number, number])[] {
  return (
    Array.isArray(value) &&
    value.every((pair) => Array.isArray(pair) && pair.length === 2 && pair.every((one) => Number.isSafeInteger(one)))
  );
}
