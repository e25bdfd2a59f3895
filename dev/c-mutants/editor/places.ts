/** Where in a function something stands, named by what it is and by its number, counted from 1. */
import { allStatements, type Source, type Statement, type StatementKind } from './syntax.js';

/**
 * - `call`: the name of a function or callback that is called there
 * - `word`: a name, a number or an operator
 * - `statement`: a statement of a kind
 */
export type Place = {
  readonly is: 'call' | 'word' | 'statement';
  readonly what: string;
  readonly nth: number;
};

/** The n-th call of a function or callback. */
export const call = (what: string, nth = 1): Place => ({ is: 'call', what, nth });
/** The n-th time that a name, a number or an operator stands there. */
export const word = (what: string, nth = 1): Place => ({ is: 'word', what, nth });
/** The n-th statement of a kind. */
export const statement = (what: StatementKind, nth = 1): Place => ({ is: 'statement', what, nth });

/** The text has no such place. */
export class NoSuchPlace extends Error {
  override readonly name = 'NoSuchPlace';
}

/** A function of a source, to find places in. */
export class Finder {
  readonly body: Statement;

  /** @throws {NoSuchPlace} when the source does not define the function */
  constructor(
    readonly source: Source,
    readonly name: string,
  ) {
    const found = source.functions.find((one) => one.name === name);
    if (found === undefined) throw new NoSuchPlace(`The source defines no function ${name}.`);
    this.body = found.body;
  }

  /** The index of the token at a place; of a statement, its first. @throws {NoSuchPlace} when there is none */
  token(place: Place): number {
    const found = place.is === 'statement' ? this.#statements(place.what).map(({ from }) => from) : this.#words(place);
    const at = found[place.nth - 1];
    if (at !== undefined) return at;
    throw new NoSuchPlace(
      `${this.name} has ${found.length} of ${place.is} ${place.what}, so there is no ${place.nth}.`,
    );
  }

  /** The innermost statement at a place. */
  statement(place: Place): Statement {
    const at = this.token(place);
    const around = this.around(at);
    const starts =
      place.is === 'statement' ? around.find((one) => one.from === at && one.kind === place.what) : undefined;
    return starts ?? this.#last(around);
  }

  /** The innermost statement around a place that stands in a block: others can stand before and behind it. */
  wholeStatement(place: Place): Statement {
    return this.#last(this.around(this.token(place)).filter((one) => one.inBlock));
  }

  /** The statements around a token, the outermost, the body, first. */
  around(at: number): readonly Statement[] {
    return [...allStatements(this.body)].filter(({ from, to }) => from <= at && at < to);
  }

  #last(statements: readonly Statement[]): Statement {
    const found = statements.at(-1);
    if (found === undefined) throw new NoSuchPlace(`Around the place in ${this.name} there is no statement.`);
    return found;
  }

  #words({ is, what }: Place): readonly number[] {
    const { tokens } = this.source;
    const found: number[] = [];
    for (let at = this.body.from; at < this.body.to; at++) {
      if (tokens[at]?.text === what && (is === 'word' || tokens[at + 1]?.text === '(')) found.push(at);
    }
    return found;
  }

  #statements(kind: string): readonly Statement[] {
    return [...allStatements(this.body)].filter((one) => one.kind === kind);
  }
}
