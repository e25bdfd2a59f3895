/** Where the tables of a few objects lie: a state is a list of numbers, with a cell for each row of each table. */
import type { Sort, Table, Variable } from '../../spec/proof/expression.js';
import { Caller, tables } from '../../spec/proof/state.js';

/** How many things there are, by the sort's name: their names. Sorts with members have those. */
export type Universe = Readonly<Record<string, readonly string[]>>;

/** What all tables hold: in each cell the number of a thing in its sort. */
export type State = readonly number[];

/** Stands where a table holds nothing. */
export const NOTHING = -1;

/** A text for each state, which no other has. */
export function keyOf(state: State): string {
  return String.fromCharCode(...state);
}

/** The cells of a universe. */
export class Cells {
  readonly #offsets = new Map<Table, number>();
  /** How many there are. */
  readonly size: number;
  /** Those of each caller's own tables. */
  readonly own: readonly (readonly number[])[];

  constructor(readonly universe: Universe) {
    let size = 0;
    for (const table of tables) {
      this.#offsets.set(table, size);
      size += this.#rows(table.columns);
    }
    this.size = size;
    this.own = this.members(Caller).map((_, caller) =>
      tables
        .filter(({ ofOperation }) => ofOperation)
        .flatMap((table) => {
          const rows = this.#rows(table.columns.slice(1));
          return Array.from({ length: rows }, (_, row) => this.offsetOf(table) + caller * rows + row);
        }),
    );
  }

  /** The things of a sort, by name. */
  members({ name, members }: Sort): readonly string[] {
    return members ?? this.universe[name] ?? [];
  }

  /** The first cell of a table. @throws Error for a table that is not of the state */
  offsetOf(table: Table): number {
    const offset = this.#offsets.get(table);
    if (offset === undefined) throw new Error(`${table.id} is no table of the state`);
    return offset;
  }

  /** The cell of a row that is given by names. */
  cellOf(table: Table, row: readonly string[]): number {
    const place = table.columns.reduce((sum, column, index) => {
      const members = this.members(column);
      return sum * members.length + members.indexOf(row[index] ?? '');
    }, 0);
    return this.offsetOf(table) + place;
  }

  /** Every combination of values that variables may have. */
  combinations(variables: readonly Variable[]): readonly (readonly number[])[] {
    return variables.reduce<readonly (readonly number[])[]>(
      (all, { sort }) => all.flatMap((one) => this.members(sort).map((_, index) => [...one, index])),
      [[]],
    );
  }

  #rows(columns: readonly Sort[]): number {
    return columns.reduce((rows, column) => rows * this.members(column).length, 1);
  }
}
