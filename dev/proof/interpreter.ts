/**
 * The same expressions and steps, computed on a few objects instead of proved of any number. What a table holds is a number
 * for each row; an expression is made into a function of these numbers once, and then computed many times.
 *
 * What belongs to an operation is forgotten when its caller is outside, and looking at it then is an error. So the
 * interpreter shows as well that no step and no promise depends on what an operation left behind.
 */
import type { Expression, Table } from '../../spec/proof/expression.js';
import { at, Caller, Point } from '../../spec/proof/state.js';
import { conditionOf, type Step } from '../../spec/proof/step.js';
import { Cells, NOTHING, type State, type Universe } from './cells.js';
import { computing, type Parameters, writing } from './javascript.js';

type Values = Readonly<Record<string, string>>;

/** A step that was taken, with the values of its parameters, by name as well. */
export interface Taken {
  readonly step: Step;
  readonly parameters: Parameters;
  readonly values: Values;
  readonly state: State;
}

/** A step, ready to be taken with any of some values for its parameters. */
interface Ready {
  readonly step: Step;
  readonly combinations: readonly Pick<Taken, 'parameters' | 'values'>[];
  readonly condition: ReturnType<typeof computing>;
  readonly write: ReturnType<typeof writing>;
}

/** Steps on a universe. */
export class Interpreter {
  readonly #cells: Cells;
  readonly #computed = new Map<Step, Map<Expression, ReturnType<typeof computing>>>();
  /** By the number of the caller, by the number of the point that they lead from. */
  readonly #ready: readonly (readonly (readonly Ready[])[])[];
  /** The cell of each caller's point. */
  readonly #points: readonly number[];

  /** @param allows whether anybody asks for a step with these parameters; everybody does for everything if absent */
  constructor(
    readonly universe: Universe,
    steps: readonly Step[],
    allows: (step: Step, values: Values) => boolean = () => true,
  ) {
    this.#cells = new Cells(universe);
    this.#points = this.#cells.members(Caller).map((name) => this.#cells.cellOf(at, [name]));
    const made = steps.map((step) => this.#make(step, allows));
    this.#ready = this.#points.map((_, caller) =>
      this.#cells.members(Point).map((point) =>
        made
          .filter(({ step }) => step.from === point)
          .map((one) => ({
            ...one,
            combinations: one.combinations.filter(({ parameters: [own] }) => own === caller),
          })),
      ),
    );
  }

  /** A state in which nothing holds, but for what is given by table and row. */
  state(holds: readonly (readonly [Table, row: readonly string[], value: string])[]): State {
    const state = Array.from({ length: this.#cells.size }, () => 0);
    for (const cell of this.#cells.own.flat()) state[cell] = NOTHING;
    for (const [table, row, value] of holds) {
      state[this.#cells.cellOf(table, row)] = this.#cells.members(table.sort).indexOf(value);
    }
    return state;
  }

  /** A function that computes an expression without variables: the number of its value in its sort. */
  compute(expression: Expression): (state: State) => number {
    const computed = computing(expression, [], this.#cells);
    return (state) => computed(state, []);
  }

  /** A function that looks up one row of a table: the number of what it holds, in its sort. */
  look(table: Table, row: readonly string[]): (state: State) => number {
    const cell = this.#cells.cellOf(table, row);
    return (state) => state[cell] ?? NOTHING;
  }

  /** Everything that may happen next. */
  *next(state: State): Generator<Taken> {
    for (const [caller, point] of this.#points.entries()) {
      for (const { step, combinations, condition, write } of this.#ready[caller]?.[state[point] ?? NOTHING] ?? []) {
        for (const { parameters, values } of combinations) {
          if (condition(state, parameters) !== 1) continue;
          const after = state.slice();
          write(after, state, parameters);
          if (step.to === 'outside') for (const cell of this.#cells.own[caller] ?? []) after[cell] = NOTHING;
          yield { step, parameters, values, state: after };
        }
      }
    }
  }

  /** What an expression about a step's parameters comes to, in the state in which it was taken. */
  valueIn({ step, parameters }: Taken, before: State, expression: Expression): string {
    const ofStep = this.#computed.get(step) ?? new Map<Expression, ReturnType<typeof computing>>();
    this.#computed.set(step, ofStep);
    const computed = ofStep.get(expression) ?? computing(expression, step.parameters, this.#cells);
    ofStep.set(expression, computed);
    return this.#cells.members(expression.sort)[computed(before, parameters)] ?? '';
  }

  #make(step: Step, allows: (step: Step, values: Values) => boolean): Ready {
    const valuesOf = (parameters: Parameters): Values =>
      Object.fromEntries(
        step.parameters.map(({ name, sort }, index) => [name, this.#cells.members(sort)[parameters[index] ?? 0] ?? '']),
      );
    return {
      step,
      combinations: this.#cells
        .combinations(step.parameters)
        .map((parameters) => ({ parameters, values: valuesOf(parameters) }))
        .filter(({ values }) => allows(step, values)),
      condition: computing(conditionOf(step), step.parameters, this.#cells),
      write: writing(step, this.#cells),
    };
  }
}
