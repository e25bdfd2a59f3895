/**
 * What a step is: one thing that a caller may do at a point, as data. It has a guard, which says when it may be taken, and
 * effects on tables, all of which happen at once. Between two steps of one caller come any steps of the others.
 */
import type { Situation } from '../model.js';
import { allOf, type Expression, named, type Sort, type Table, type Variable, variable } from './expression.js';
import { at, Caller, isAt, Point } from './state.js';

/** What a step writes into a table: a value into one row, or into every row that the free variables make. */
export interface Effect {
  readonly table: Table;
  readonly row: readonly Expression[];
  readonly free: readonly Variable[];
  readonly value: Expression;
}

/** A callback that a step makes. */
export interface Call {
  readonly callback: Expression;
  readonly object: Expression;
  readonly counterpart?: Expression;
  readonly irq?: Expression;
  readonly fails?: true;
}

/** One thing that a caller may do. */
export interface Step {
  readonly name: string;
  /** What it is, in words. */
  readonly words: string;
  /** The caller comes first. */
  readonly parameters: readonly Variable[];
  readonly from: string;
  readonly to: string;
  readonly guard: Expression;
  readonly effects: readonly Effect[];
  readonly call?: Call;
  /** What the operation has found, by this step. */
  readonly finds?: Situation;
}

/** Who takes a step. */
export const caller = variable('caller', Caller);

/** Write a value into one row. */
export function put(table: Table, row: readonly Expression[], value: Expression): Effect {
  return { table, row, free: [], value };
}

/** Write into all rows of the caller's own table. */
export function fill(table: Table, value: (...row: Variable[]) => Expression): Effect {
  const free = table.columns.slice(1).map((sort: Sort) => variable(sort.name.toLowerCase(), sort));
  return { table, row: [caller, ...free], free, value: value(...free) };
}

/** The whole condition under which a step can be taken. */
export function conditionOf({ from, guard }: Step): Expression {
  return allOf(isAt(caller, from), guard);
}

/** Everything that a step writes, where its caller is then among it. */
export function effectsOf({ to, effects }: Step): readonly Effect[] {
  return [...effects, put(at, [caller], named(Point, to))];
}
