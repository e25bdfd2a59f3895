/**
 * The same expressions and steps, computed on a few objects instead of proved of any number. What a table holds is a number
 * for each row; an expression is made into a function of these numbers once, and then computed many times.
 *
 * What belongs to an operation is forgotten when its caller is outside, and looking at it then is an error. So the
 * interpreter shows as well that no step and no promise depends on what an operation left behind.
 */
import type { Expression, Sort, Table, Variable } from '../../spec/proof/expression.js';
import { at, Caller, Point, tables } from '../../spec/proof/state.js';
import { conditionOf, effectsOf, type Step } from '../../spec/proof/step.js';

/** How many things there are, by the sort's name: their names. Sorts with members have those. */
export type Universe = Readonly<Record<string, readonly string[]>>;

/** What all tables hold. Not to be changed once it was reached. */
export type State = Int8Array;

/** Stands where a table holds nothing. */
const NOTHING = -1;

/** Values of variables, by place. */
type Environment = number[];
type Computed = (state: State, environment: Environment) => number;

/** A step that was taken, with the values of its parameters by name. */
export interface Taken {
  readonly step: Step;
  readonly values: Readonly<Record<string, string>>;
  readonly state: State;
}

interface Ready {
  readonly step: Step;
  readonly places: readonly number[];
  /** Values of all parameters but the caller, by number and by name. */
  readonly combinations: readonly {
    readonly others: readonly number[];
    readonly values: Readonly<Record<string, string>>;
  }[];
  readonly condition: Computed;
  readonly writes: readonly {
    readonly rows: readonly (readonly number[])[];
    readonly free: readonly number[];
    readonly cell: Computed;
    readonly value: Computed;
  }[];
}

/** Steps on a universe. */
export class Interpreter {
  readonly #offsets = new Map<Table, number>();
  readonly #size: number;
  readonly #places = new Map<Variable, number>();
  readonly #computed = new Map<Expression, Computed>();
  /** By the number of the point that they lead from. */
  readonly #stepsAt = new Map<number, Ready[]>();
  /** The cell of each caller's point. */
  readonly #points: readonly number[];
  /** The cells of each caller's own tables. */
  readonly #own: readonly (readonly number[])[];

  /** @param allows whether anybody asks for a step with these parameters; everybody does for everything if absent */
  constructor(
    readonly universe: Universe,
    steps: readonly Step[],
    allows: (step: Step, values: Readonly<Record<string, string>>) => boolean = () => true,
  ) {
    let size = 0;
    for (const table of tables) {
      this.#offsets.set(table, size);
      size += table.columns.reduce((cells, column) => cells * this.members(column).length, 1);
    }
    this.#size = size;
    this.#own =
      this.universe.Caller?.map((_, caller) =>
        tables
          .filter(({ ofOperation }) => ofOperation)
          .flatMap((table) => {
            const cells = table.columns.slice(1).reduce((count, column) => count * this.members(column).length, 1);
            return Array.from({ length: cells }, (_, cell) => (this.#offsets.get(table) ?? 0) + caller * cells + cell);
          }),
      ) ?? [];
    this.#points = this.members(Caller).map((name) => this.#cellOf(at, [name]));
    for (const step of steps) {
      const from = this.members(Point).indexOf(step.from);
      this.#stepsAt.set(from, [...(this.#stepsAt.get(from) ?? []), this.#ready(step, allows)]);
    }
  }

  /** The things of a sort, by name. */
  members({ name, members }: Sort): readonly string[] {
    return members ?? this.universe[name] ?? [];
  }

  /** A state in which nothing holds, but for what is given by table and row. */
  state(holds: readonly (readonly [Table, row: readonly string[], value: string])[]): State {
    const state = new Int8Array(this.#size);
    for (const cells of this.#own) for (const cell of cells) state[cell] = NOTHING;
    for (const [table, row, value] of holds) {
      state[this.#cellOf(table, row)] = this.members(table.sort).indexOf(value);
    }
    return state;
  }

  /** A function that computes an expression without variables: the index of its value in its sort. */
  compute(expression: Expression): (state: State) => number {
    const computed = this.#compile(expression);
    return (state) => computed(state, []);
  }

  /** A function that looks up one row of a table: the index of what it holds, in its sort. */
  look(table: Table, row: readonly string[]): (state: State) => number {
    const cell = this.#cellOf(table, row);
    return (state) => state[cell] ?? NOTHING;
  }

  /** Everything that may happen next. */
  *next(state: State): Generator<Taken> {
    for (const [caller, point] of this.#points.entries()) {
      const environment: Environment = [];
      for (const ready of this.#stepsAt.get(state[point] ?? NOTHING) ?? []) {
        const [own = 0, ...places] = ready.places;
        environment[own] = caller;
        for (const { others, values } of ready.combinations) {
          for (let index = 0; index < places.length; index++)
            environment[places[index] ?? 0] = others[index] ?? NOTHING;
          if (ready.condition(state, environment) !== 1) continue;
          const named = { ...values, caller: this.universe.Caller?.[caller] ?? '' };
          yield { step: ready.step, values: named, state: this.#write(ready, state, environment, caller) };
        }
      }
    }
  }

  /** What expressions about a step's parameters come to, in the state in which it was taken. */
  valueIn(taken: Taken, before: State, expression: Expression): string {
    const environment: Environment = [];
    for (const parameter of taken.step.parameters) {
      const value = taken.values[parameter.name] ?? '';
      environment[this.#place(parameter)] = this.members(parameter.sort).indexOf(value);
    }
    let computed = this.#computed.get(expression);
    if (computed === undefined) {
      computed = this.#compile(expression);
      this.#computed.set(expression, computed);
    }
    return this.members(expression.sort)[computed(before, environment)] ?? '';
  }

  #write(ready: Ready, state: State, environment: Environment, caller: number): State {
    const after = state.slice();
    for (const { rows, free, cell, value } of ready.writes) {
      for (const row of rows) {
        for (const [index, place] of free.entries()) environment[place] = row[index] ?? NOTHING;
        after[cell(state, environment)] = value(state, environment);
      }
    }
    if (ready.step.to === 'outside') for (const cell of this.#own[caller] ?? []) after[cell] = NOTHING;
    return after;
  }

  #ready(step: Step, allows: (step: Step, values: Readonly<Record<string, string>>) => boolean): Ready {
    const { parameters } = step;
    const [, ...rest] = parameters;
    return {
      step,
      places: parameters.map((parameter) => this.#place(parameter)),
      combinations: this.#combinations(rest)
        .map((others) => ({
          others,
          values: Object.fromEntries(
            rest.map(({ name, sort }, index) => [name, this.members(sort)[others[index] ?? 0] ?? '']),
          ),
        }))
        .filter(({ values }) => allows(step, values)),
      condition: this.#compile(conditionOf(step)),
      writes: effectsOf(step).map(({ table, row, free, value }) => ({
        rows: this.#combinations(free),
        free: free.map((one) => this.#place(one)),
        cell: this.#cell(table, row),
        value: this.#compile(value),
      })),
    };
  }

  /** The cell of a row that is given by names. */
  #cellOf(table: Table, row: readonly string[]): number {
    const place = row.reduce((sum, name, index) => {
      const members = this.members(table.columns[index] as Sort);
      return sum * members.length + members.indexOf(name);
    }, 0);
    return (this.#offsets.get(table) ?? 0) + place;
  }

  #combinations(variables: readonly Variable[]): readonly (readonly number[])[] {
    return variables.reduce<readonly (readonly number[])[]>(
      (all, { sort }) => all.flatMap((one) => this.members(sort).map((_, index) => [...one, index])),
      [[]],
    );
  }

  #place(variable: Variable): number {
    const place = this.#places.get(variable) ?? this.#places.size;
    this.#places.set(variable, place);
    return place;
  }

  #cell(table: Table, row: readonly Expression[]): Computed {
    const offset = this.#offsets.get(table);
    if (offset === undefined) throw new Error(`${table.id} is no table of the state`);
    const parts = row.map(
      (one, index) => [this.#compile(one), this.members(table.columns[index] as Sort).length] as const,
    );
    return (state, environment) => {
      let place = 0;
      for (const [part, length] of parts) place = place * length + part(state, environment);
      return offset + place;
    };
  }

  #compile(expression: Expression): Computed {
    switch (expression.kind) {
      case 'variable': {
        const place = this.#place(expression);
        return (_, environment) => environment[place] ?? NOTHING;
      }
      case 'named': {
        const index = this.members(expression.sort).indexOf(expression.name);
        if (index < 0) throw new Error(`no ${expression.sort.name} is ${expression.name} here`);
        return () => index;
      }
      case 'lookup': {
        const cell = this.#cell(expression.table, expression.row);
        const { id } = expression.table;
        return (state, environment) => {
          const value = state[cell(state, environment)] ?? NOTHING;
          if (value === NOTHING) throw new Error(`${id} is looked at where it holds nothing`);
          return value;
        };
      }
      case 'choice': {
        const [condition, then, otherwise] = [expression.condition, expression.then, expression.otherwise].map((one) =>
          this.#compile(one),
        ) as [Computed, Computed, Computed];
        return (state, environment) =>
          condition(state, environment) === 1 ? then(state, environment) : otherwise(state, environment);
      }
      case 'next':
        throw new Error('the interpreter looks at one state at a time');
      case 'forAll':
      case 'exists': {
        const wanted = expression.kind === 'exists' ? 1 : 0;
        const places = expression.variables.map((one) => this.#place(one));
        const rows = this.#combinations(expression.variables);
        const of = this.#compile(expression.of);
        return (state, environment) => {
          for (const row of rows) {
            for (let index = 0; index < places.length; index++) environment[places[index] ?? 0] = row[index] ?? NOTHING;
            if (of(state, environment) === wanted) return wanted;
          }
          return 1 - wanted;
        };
      }
      case 'not': {
        const [of] = expression.of.map((one) => this.#compile(one)) as [Computed];
        return (state, environment) => 1 - of(state, environment);
      }
      case 'equal': {
        const [left, right] = expression.of.map((one) => this.#compile(one)) as [Computed, Computed];
        return (state, environment) => (left(state, environment) === right(state, environment) ? 1 : 0);
      }
      case 'allOf':
      case 'anyOf': {
        const wanted = expression.kind === 'anyOf' ? 1 : 0;
        const of = expression.of.map((one) => this.#compile(one));
        return (state, environment) => {
          for (const one of of) if (one(state, environment) === wanted) return wanted;
          return 1 - wanted;
        };
      }
    }
  }
}
