/**
 * The proof on a space, in pieces: so many states each, first for the rules and then for the statements about sets of runs. A
 * piece depends on the space alone, so anybody can prove any of them. What all showed is put together in their order.
 *
 * Millions of pairs of transitions end in calls of a few thousand kinds. So they are judged by a judge that remembers, which
 * looks at one trace of 256 afresh all the same; a test holds its proofs against those of one that judges each afresh.
 */
import type { Contradiction, Proofs, Proved } from '../../spec/formats/exploration.js';
import type { Profile } from '../../spec/profile.js';
import type { ChapterRule } from '../../spec/rule.js';
import type { Kinds } from '../judge/remembered/kinds.js';
import { RememberingJudge } from '../judge/remembering.js';
import { Proof } from './proof.js';
import type { Reached } from './reach.js';
import type { Key, Space } from './space.js';
import { proveStatements } from './statements.js';

/** States of a piece. */
const LENGTH = 16;

/** A space whose states were reached, and the rules to be proved on it. */
export interface ToProve {
  readonly space: Space;
  readonly reached: Reached;
  readonly profile: Profile;
  readonly rules: readonly ChapterRule[];
  /** What is remembered from piece to piece; it changes no result. */
  readonly kinds: Kinds;
}

/** How many pieces there are: as many for the rules as for the statements. */
export function piecesOf({ size }: Pick<Reached, 'size'>): number {
  return 2 * Math.ceil(size / LENGTH);
}

/** How many states are done when so many pieces are, and of what. */
export function doneBy(reached: Reached, pieces: number): { readonly isCompared: boolean; readonly states: number } {
  const half = piecesOf(reached) / 2;
  const isCompared = pieces > half;
  return { isCompared, states: Math.min(reached.size, LENGTH * (isCompared ? pieces - half : pieces)) };
}

/** Prove a piece, by its number. */
export function provePiece({ space, reached, profile, rules, kinds }: ToProve, number: number): Proofs {
  const half = piecesOf(reached) / 2;
  const from = LENGTH * (number % half);
  const keys = Array.from({ length: Math.min(LENGTH, reached.size - from) }, (_, at): Key => reached.key(from + at));
  if (number >= half) {
    return { pairs: 0, subsets: 0, exposures: {}, contradictions: [], statements: proveStatements(space, keys) };
  }
  const proof = new Proof(space, reached, new RememberingJudge(profile, rules, true, kinds));
  for (const key of keys) proof.judgeFrom(key);
  return {
    pairs: proof.pairs,
    subsets: proof.subsets,
    exposures: Object.fromEntries(proof.judge.exposures()),
    contradictions: [...proof.contradictions.values()],
    statements: [],
  };
}

/** What pieces showed, put together in their order. */
export function together(pieces: readonly Proofs[]): Proofs {
  const exposures: Record<string, number> = {};
  const contradictions = new Map<string, Contradiction>();
  const statements = new Map<string, Proved>();
  for (const piece of pieces) {
    for (const [rule, times] of Object.entries(piece.exposures)) exposures[rule] = (exposures[rule] ?? 0) + times;
    for (const one of piece.contradictions) {
      const known = contradictions.get(one.rule);
      if (known === undefined || lengthOf(one) < lengthOf(known)) contradictions.set(one.rule, one);
    }
    for (const one of piece.statements) statements.set(one.statement, both(statements.get(one.statement), one));
  }
  return {
    pairs: pieces.reduce((sum, { pairs }) => sum + pairs, 0),
    subsets: pieces.reduce((sum, { subsets }) => sum + subsets, 0),
    exposures,
    contradictions: [...contradictions.values()],
    statements: [...statements.values()],
  };
}

function both(before: Proved | undefined, one: Proved): Proved {
  if (before === undefined) return one;
  const counterexample = before.counterexample ?? one.counterexample;
  return {
    statement: one.statement,
    cases: before.cases + one.cases,
    ...(counterexample === undefined ? {} : { counterexample }),
  };
}

function lengthOf({ program }: Contradiction): number {
  return program.lanes[0]?.length ?? 0;
}
