/**
 * Expressions and effects as JavaScript, for the interpreter: as `smt.ts` prints them for a solver. The engine makes machine
 * code of it; there are millions of steps to take.
 *
 *     exists([Token], (token) => registered(object, token))
 *     some: { for (let v1 = 0; v1 < 3; v1++) if (state[12 + v0 * 3 + v1] === 1) return true; return false; }
 *
 * Truth values are JavaScript's; any other value is the number of a thing in its sort.
 */
import type { Expression, Table, Variable } from '../../spec/proof/expression.js';
import { type Effect, effectsOf, type Step } from '../../spec/proof/step.js';
import { type Cells, NOTHING, type State } from './cells.js';

/** The values of the parameters of a step, in their order. */
export type Parameters = readonly number[];

/** Variables by their names in the text. */
type Names = ReadonlyMap<Variable, string>;

/** A function that computes an expression about the parameters of a step: the number of its value in its sort. */
export function computing(
  expression: Expression,
  parameters: readonly Variable[],
  cells: Cells,
): (state: State, parameters: Parameters) => number {
  const value = text(expression, namesOf(parameters), cells);
  return made(['state', 'parameters'], `return Number(${value});`) as ReturnType<typeof computing>;
}

/** A function that writes what a step writes into a copy of the state in which it is taken. */
export function writing(step: Step, cells: Cells): (after: number[], state: State, parameters: Parameters) => void {
  const effects = effectsOf(step).map((effect) => writeText(effect, namesOf(step.parameters), cells));
  return made(['after', 'state', 'parameters'], effects.join('\n')) as ReturnType<typeof writing>;
}

function made(parameters: readonly string[], body: string): unknown {
  return new Function('held', ...parameters, body).bind(undefined, held);
}

/** What belongs to an operation holds nothing while its caller is outside. */
function held(value: number, id: string): number {
  if (value === NOTHING) throw new Error(`${id} is looked at where it holds nothing`);
  return value;
}

function namesOf(parameters: readonly Variable[]): Names {
  return new Map(
    parameters.map((one, index) => [
      one,
      one.sort.name === 'Bool' ? `(parameters[${index}] === 1)` : `parameters[${index}]`,
    ]),
  );
}

/** Loops over all values of variables. */
function loops(variables: readonly Variable[], names: Names, cells: Cells, body: (inside: Names) => string): string {
  const inside = new Map(names);
  const heads = variables.map((one) => {
    const name = `v${inside.size}`;
    inside.set(one, one.sort.name === 'Bool' ? `(${name} === 1)` : name);
    return `for (let ${name} = 0; ${name} < ${cells.members(one.sort).length}; ${name}++) `;
  });
  return heads.join('') + body(inside);
}

function writeText({ table, row, free, value }: Effect, names: Names, cells: Cells): string {
  return loops(
    free,
    names,
    cells,
    (inside) => `after[${cellText(table, row, inside, cells)}] = Number(${text(value, inside, cells)});`,
  );
}

function cellText(table: Table, row: readonly Expression[], names: Names, cells: Cells): string {
  const place = row.reduce((sum, one, index) => {
    const column = table.columns[index];
    const length = column === undefined ? 1 : cells.members(column).length;
    return `(${sum} * ${length} + Number(${text(one, names, cells)}))`;
  }, '0');
  return `${cells.offsetOf(table)} + ${place}`;
}

function text(expression: Expression, names: Names, cells: Cells): string {
  const isBool = expression.sort.name === 'Bool';
  switch (expression.kind) {
    case 'variable': {
      const name = names.get(expression);
      if (name === undefined) throw new Error(`nothing is known of ${expression.name} here`);
      return name;
    }
    case 'named': {
      const { sort, name } = expression;
      const index = cells.members(sort).indexOf(name);
      if (index < 0) throw new Error(`no ${sort.name} is ${name} here`);
      return isBool ? name : String(index);
    }
    case 'lookup': {
      const { table, row } = expression;
      const cell = `state[${cellText(table, row, names, cells)}]`;
      const value = table.ofOperation ? `held(${cell}, '${table.id}')` : cell;
      return isBool ? `(${value} === 1)` : value;
    }
    case 'choice': {
      const [condition, then, otherwise] = [expression.condition, expression.then, expression.otherwise].map((one) =>
        text(one, names, cells),
      );
      return `(${condition} ? ${then} : ${otherwise})`;
    }
    case 'next':
      throw new Error('the interpreter looks at one state at a time');
    case 'forAll':
    case 'exists': {
      const wanted = expression.kind === 'exists';
      const loop = loops(expression.variables, names, cells, (inside) => {
        return `if (${text(expression.of, inside, cells)} === ${wanted}) return ${wanted};`;
      });
      return `(() => { ${loop} return ${!wanted}; })()`;
    }
    default: {
      const [one, ...others] = expression.of.map((part) => text(part, names, cells));
      if (expression.kind === 'not') return `!${one}`;
      return `(${[one, ...others].join(OPERATORS[expression.kind])})`;
    }
  }
}

const OPERATORS = { allOf: ' && ', anyOf: ' || ', equal: ' === ' } as const;
