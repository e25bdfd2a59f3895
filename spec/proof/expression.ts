/**
 * The little language in which the proof is written: first-order logic over tables.
 *
 * A **table** holds a value for each row of its columns: `registered` holds, for each object and token, whether the
 * object is registered under the token. A state of the system is what its tables hold. An **expression** looks into
 * tables, compares, and quantifies:
 *
 *     forAll([Item, Item, Token], (a, b, t) => implies(allOf(registered(a, t), registered(b, t)), equal(a, b)))
 *
 * It is plain data, so that one and the same expression is printed for a solver, which answers for any number of
 * objects (`smt.ts`), and computed on a few of them by an interpreter (dev/proof), which shows that it means what the
 * model means. An expression that makes no sense is refused when it is made.
 */

/** A kind of things. With members it has those and no others; without, there may be any number of them. */
export interface Sort {
  readonly name: string;
  readonly members?: readonly string[];
}

/** Truth values. */
export const Bool: Sort = { name: 'Bool', members: ['false', 'true'] };

/** Stands for any thing of a sort: the parameter of a step, or what a quantifier ranges over. Told apart by identity. */
export interface Variable {
  readonly kind: 'variable';
  readonly sort: Sort;
  readonly name: string;
}

/** A thing with a name: a member of its sort, or one of several known things of a sort without members. */
export interface Named {
  readonly kind: 'named';
  readonly sort: Sort;
  readonly name: string;
}

/** What a table holds. */
export interface Lookup {
  readonly kind: 'lookup';
  readonly sort: Sort;
  readonly table: Table;
  readonly row: readonly Expression[];
}

/** One of two things. */
export interface Choice {
  readonly kind: 'choice';
  readonly sort: Sort;
  readonly condition: Expression;
  readonly then: Expression;
  readonly otherwise: Expression;
}

/** True or false, from what is true or false. */
export interface Connective {
  readonly kind: 'allOf' | 'anyOf' | 'not' | 'equal';
  readonly sort: Sort;
  readonly of: readonly Expression[];
}

/** True of all things of some sorts, or of some of them. */
export interface Quantified {
  readonly kind: 'forAll' | 'exists';
  readonly sort: Sort;
  readonly variables: readonly Variable[];
  readonly of: Expression;
}

/** What an expression comes to after the step that is being looked at. */
export interface Next {
  readonly kind: 'next';
  readonly sort: Sort;
  readonly of: Expression;
}

/** Anything that has a value in a state. */
export type Expression = Variable | Named | Lookup | Choice | Connective | Quantified | Next;

/** Who keeps a table. Nobody but the proof can see `evidence`: it is what the rules speak of and the manager does not. */
export type Keeper = 'nobody' | 'manager' | 'evidence';

/** A table. Called with a row, it is the expression for what it holds there. */
export interface Table {
  (...row: readonly Expression[]): Lookup;
  readonly id: string;
  readonly columns: readonly Sort[];
  readonly sort: Sort;
  readonly keeper: Keeper;
  /** Whether each caller has a table of its own, the first column, for as long as its operation lasts. */
  readonly ofOperation: boolean;
}

/** Make a table. */
export function table(
  id: string,
  columns: readonly Sort[],
  sort: Sort,
  keeper: Keeper,
  ofOperation = keeper === 'nobody' ? false : columns[0]?.name === 'Caller',
): Table {
  const look = (...row: readonly Expression[]): Lookup => {
    if (row.length !== columns.length) throw new Error(`${id} has ${columns.length} columns, not ${row.length}`);
    for (const [index, column] of columns.entries()) expect(row[index], column, id);
    return { kind: 'lookup', sort, table: made, row };
  };
  const made: Table = Object.assign(look, { id, columns, sort, keeper, ofOperation });
  return made;
}

/** A variable for the parameter of a step. */
export function variable(name: string, sort: Sort): Variable {
  if (!/^[A-Za-z]+$/.test(name)) throw new Error(`a variable cannot be called ${name}`);
  return { kind: 'variable', sort, name };
}

/** A member of a sort, or a known thing of a sort without members. @throws Error when the sort has no such member */
export function named(sort: Sort, name: string): Named {
  if (sort.members !== undefined && !sort.members.includes(name)) throw new Error(`no ${sort.name} is ${name}`);
  return { kind: 'named', sort, name };
}

export const yes = named(Bool, 'true');
export const no = named(Bool, 'false');

export function choose(condition: Expression, then: Expression, otherwise: Expression): Expression {
  expect(condition, Bool, 'a choice');
  expect(otherwise, then.sort, 'a choice');
  return { kind: 'choice', sort: then.sort, condition, then, otherwise };
}

/** True where all are; of none, true. */
export function allOf(...of: readonly Expression[]): Expression {
  return of.length === 0 ? yes : connective('allOf', of);
}

/** True where one is; of none, false. */
export function anyOf(...of: readonly Expression[]): Expression {
  return of.length === 0 ? no : connective('anyOf', of);
}

export function not(of: Expression): Expression {
  return connective('not', [of]);
}

export function implies(condition: Expression, then: Expression): Expression {
  return anyOf(not(condition), then);
}

/** True where two things are the same; of truth values, where both are true or neither is. */
export function equal(left: Expression, right: Expression): Expression {
  expect(right, left.sort, 'a comparison');
  return { kind: 'equal', sort: Bool, of: [left, right] };
}

/** True where the first is one of the others. */
export function isOneOf(thing: Expression, others: readonly Expression[]): Expression {
  return anyOf(...others.map((other) => equal(thing, other)));
}

export function forAll(sorts: readonly Sort[], of: (...things: Variable[]) => Expression): Expression {
  return quantified('forAll', sorts, of);
}

export function exists(sorts: readonly Sort[], of: (...things: Variable[]) => Expression): Expression {
  return quantified('exists', sorts, of);
}

/** The value after the step. */
export function next(of: Expression): Expression {
  return { kind: 'next', sort: of.sort, of };
}

function connective(kind: Connective['kind'], of: readonly Expression[]): Expression {
  for (const part of of) expect(part, Bool, kind);
  return { kind, sort: Bool, of };
}

function quantified(
  kind: Quantified['kind'],
  sorts: readonly Sort[],
  of: (...things: Variable[]) => Expression,
): Expression {
  const variables = sorts.map((sort) => variable(sort.name.toLowerCase(), sort));
  const body = of(...variables);
  expect(body, Bool, kind);
  return { kind, sort: Bool, variables, of: body };
}

function expect(found: Expression | undefined, sort: Sort, where: string): void {
  if (found === undefined || found.sort.name !== sort.name) {
    throw new Error(`${where}: ${sort.name} is expected, and not ${found?.sort.name ?? 'nothing'}`);
  }
}
