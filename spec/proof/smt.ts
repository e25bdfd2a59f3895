/**
 * Expressions, tables and steps as SMT-LIB, the language of solvers. Nothing is added or left out: a sort without members
 * becomes a sort of any size, a table a function that nothing is known of, and a table after a step the function that the
 * step's effects make of it.
 */
import type { Expression, Sort, Table, Variable } from './expression.js';
import { caller, conditionOf, type Effect, effectsOf, type Step } from './step.js';

/** Names of bound variables, and the tables that the step writes. */
interface Scope {
  readonly names: ReadonlyMap<Variable, string>;
  readonly written: ReadonlySet<Table>;
  readonly next: boolean;
}

const PLAIN: Scope = { names: new Map(), written: new Set(), next: false };

/** Declare sorts, known things and tables. */
export function declare(sorts: readonly Sort[], known: readonly Expression[], tables: readonly Table[]): string {
  const lines = sorts.map((sort) =>
    sort.members === undefined
      ? `(declare-sort ${sort.name} 0)`
      : `(declare-datatypes ((${sort.name} 0)) ((${sort.members.map((name) => `(${memberName(sort, name)})`).join(' ')})))`,
  );
  const bySort = new Map<string, string[]>();
  for (const thing of known) {
    const name = print(thing);
    lines.push(`(declare-const ${name} ${thing.sort.name})`);
    bySort.set(thing.sort.name, [...(bySort.get(thing.sort.name) ?? []), name]);
  }
  for (const names of bySort.values()) if (names.length > 1) lines.push(`(assert (distinct ${names.join(' ')}))`);
  for (const { id, columns, sort } of tables) {
    lines.push(`(declare-fun ${id} (${columns.map(({ name }) => name).join(' ')}) ${sort.name})`);
  }
  return lines.join('\n');
}

/** An expression about one state. */
export function print(expression: Expression): string {
  return text(expression, PLAIN);
}

/** What an expression says of one thing, where it is said of all things of a sort; the expression itself elsewhere. */
export function printInstance(expression: Expression, thing: Variable): string {
  if (expression.kind !== 'forAll') return print(expression);
  const [first, ...others] = expression.variables;
  if (first?.sort !== thing.sort) return print(expression);
  const of: Expression = others.length === 0 ? expression.of : { ...expression, variables: others };
  return text(of, { ...PLAIN, names: new Map([[first, parameterName(thing)]]) });
}

/** Declare the parameter of a step. */
export function declareParameter(parameter: Variable): string {
  return `(declare-const ${parameterName(parameter)} ${parameter.sort.name})`;
}

/** A step, taken: its parameters but for the caller, its guard, and what it makes of the tables that it writes. */
export function printStep(step: Step): string {
  return [
    ...step.parameters.filter((parameter) => parameter !== caller).map(declareParameter),
    `(assert ${print(conditionOf(step))})`,
    ...writesOf(step).map(([table, effects]) => definition(table, effects)),
  ].join('\n');
}

/** An expression about the states before and after a step. */
export function printAcross(step: Step, expression: Expression): string {
  return text(expression, { ...PLAIN, written: new Set(writesOf(step).map(([table]) => table)) });
}

/** The same, of the state after it alone. */
export function printAfter(step: Step, expression: Expression): string {
  return printAcross(step, { kind: 'next', sort: expression.sort, of: expression });
}

function writesOf(step: Step): readonly (readonly [Table, readonly Effect[]])[] {
  const written = new Map<Table, Effect[]>();
  for (const effect of effectsOf(step)) written.set(effect.table, [...(written.get(effect.table) ?? []), effect]);
  return [...written];
}

/** A table after a step: in the rows that are written the new values, elsewhere what it held before. */
function definition({ id, columns, sort }: Table, effects: readonly Effect[]): string {
  const cells = columns.map((column, index) => [`x${index}`, column.name] as const);
  const before = columns.length === 0 ? id : `(${id} ${cells.map(([cell]) => cell).join(' ')})`;
  const after = effects.reduce((otherwise, { row, free, value }) => {
    const names = new Map<Variable, string>();
    const conditions: string[] = [];
    for (const [index, place] of row.entries()) {
      const bound = free.find((one) => one === place);
      if (bound !== undefined) names.set(bound, `x${index}`);
      else conditions.push(`(= x${index} ${print(place)})`);
    }
    return `(ite (and true ${conditions.join(' ')}) ${text(value, { ...PLAIN, names })} ${otherwise})`;
  }, before);
  return `(define-fun ${id}.next (${cells.map(([cell, name]) => `(${cell} ${name})`).join(' ')}) ${sort.name} ${after})`;
}

function text(expression: Expression, scope: Scope): string {
  switch (expression.kind) {
    case 'variable':
      return scope.names.get(expression) ?? parameterName(expression);
    case 'named':
      return memberName(expression.sort, expression.name);
    case 'lookup': {
      const { table, row } = expression;
      const name = scope.next && scope.written.has(table) ? `${table.id}.next` : table.id;
      return row.length === 0 ? name : `(${name} ${row.map((one) => text(one, scope)).join(' ')})`;
    }
    case 'choice': {
      const { condition, then, otherwise } = expression;
      return `(ite ${text(condition, scope)} ${text(then, scope)} ${text(otherwise, scope)})`;
    }
    case 'next':
      return text(expression.of, { ...scope, next: true });
    case 'forAll':
    case 'exists': {
      const names = new Map(scope.names);
      const bound = expression.variables.map((one) => {
        const name = `v${names.size}`;
        names.set(one, name);
        return `(${name} ${one.sort.name})`;
      });
      const word = expression.kind === 'forAll' ? 'forall' : 'exists';
      return `(${word} (${bound.join(' ')}) ${text(expression.of, { ...scope, names })})`;
    }
    default:
      return `(${OPERATORS[expression.kind]} ${expression.of.map((one) => text(one, scope)).join(' ')})`;
  }
}

const OPERATORS = { allOf: 'and', anyOf: 'or', not: 'not', equal: '=' } as const;

function memberName({ name: sort }: Sort, name: string): string {
  return sort === 'Bool' ? name : `${sort}.${name}`;
}

/** A step's parameters are constants of their own. */
function parameterName({ name }: Variable): string {
  return `?${name}`;
}
