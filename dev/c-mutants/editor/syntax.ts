/**
 * As much of C's syntax as an edit needs: the functions of a file, and the statements of a function as a tree.
 *
 *     if (CONDITION) STATEMENT else STATEMENT
 *     for, while, switch, or a macro such as list_for_each_entry (HEAD) STATEMENT
 *     do STATEMENT while (HEAD);
 *     { STATEMENT ... }        LABEL:        anything else up to its semicolon
 *
 * Expressions are not parsed; they are ranges of tokens.
 */
import { type Token, tokenize } from './tokens.js';

/** Tokens from `from` up to, not including, `to`. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** What begins a statement, or `block`, `label`, or `simple` for expressions and declarations. */
export type StatementKind =
  | 'if'
  | 'loop'
  | 'block'
  | 'label'
  | 'return'
  | 'goto'
  | 'break'
  | 'continue'
  | 'declaration'
  | 'simple';

/** A statement, its semicolon or closing brace included. */
export interface Statement extends Range {
  readonly kind: StatementKind;
  /** What stands in the parentheses of an `if` or a loop. */
  readonly head?: Range;
  /** The statements inside it, in order. */
  readonly inside: readonly Statement[];
  /** Whether it stands in a block, so that others may stand before and behind it. */
  readonly inBlock: boolean;
}

/** A function that the file defines. */
export interface FunctionDefinition {
  readonly name: string;
  readonly body: Statement;
}

/** A C file, read. */
export interface Source {
  readonly text: string;
  readonly tokens: readonly Token[];
  readonly functions: readonly FunctionDefinition[];
}

/** The text is not the C that this reader knows. */
export class SyntaxProblem extends Error {
  override readonly name = 'SyntaxProblem';
}

const OPENING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };
const JUMPS: readonly string[] = ['return', 'goto', 'break', 'continue'];
const TYPES: readonly string[] = [
  'struct',
  'unsigned',
  'signed',
  'int',
  'long',
  'short',
  'char',
  'void',
  'bool',
  'const',
];

/** Read a C file. @throws {SyntaxProblem} where brackets do not match or a statement does not end */
export function readSource(text: string): Source {
  const tokens = tokenize(text);
  return { text, tokens, functions: [...functionsOf(tokens)] };
}

/** The token behind the bracket that closes the one at `at`. */
export function behindBracket(tokens: readonly Token[], at: number): number {
  const closing: string[] = [];
  for (let index = at; index < tokens.length; index++) {
    const text = tokens[index]?.kind === 'mark' ? (tokens[index]?.text ?? '') : '';
    const wanted = OPENING[text];
    if (wanted !== undefined) closing.push(wanted);
    else if (text === closing.at(-1)) closing.pop();
    if (closing.length === 0) return index + 1;
  }
  throw new SyntaxProblem(`The bracket at character ${tokens[at]?.start} is never closed.`);
}

/** All statements inside a statement, itself first, each before what is inside it. */
export function* allStatements(statement: Statement): Generator<Statement> {
  yield statement;
  for (const one of statement.inside) yield* allStatements(one);
}

/** At the outermost level: a name, its parameters in parentheses, a body in braces. */
function* functionsOf(tokens: readonly Token[]): Generator<FunctionDefinition> {
  const is = (at: number, text: string) => tokens[at]?.text === text;
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    if (token?.kind === 'word' && is(at + 1, '(')) {
      const behind = behindBracket(tokens, at + 1);
      if (is(behind, '{')) {
        const body = new StatementReader(tokens, behind).read(false);
        yield { name: token.text, body };
        at = body.to - 1;
      }
    } else if (token !== undefined && OPENING[token.text] !== undefined) {
      at = behindBracket(tokens, at) - 1;
    }
  }
}

class StatementReader {
  constructor(
    readonly tokens: readonly Token[],
    public at: number,
  ) {}

  read(inBlock: boolean): Statement {
    const from = this.at;
    const word = this.#text();
    if (word === '{') return this.#block(from, inBlock);
    if (word === 'if') {
      this.at++;
      const head = this.#head();
      const inside = [this.read(false)];
      if (this.#text() === 'else') {
        this.at++;
        inside.push(this.read(false));
      }
      return { kind: 'if', from, to: this.at, head, inside, inBlock };
    }
    if (word === 'do') {
      this.at++;
      const inside = [this.read(false)];
      this.at++;
      const head = this.#head();
      this.at++;
      return { kind: 'loop', from, to: this.at, head, inside, inBlock };
    }
    if (this.#text(1) === ':' && this.tokens[from]?.kind === 'word') {
      this.at += 2;
      return { kind: 'label', from, to: this.at, inside: [], inBlock };
    }
    if (this.#isLoop()) {
      this.at++;
      const head = this.#head();
      const inside = [this.read(false)];
      return { kind: 'loop', from, to: this.at, head, inside, inBlock };
    }
    while (this.#text() !== ';') {
      if (this.at >= this.tokens.length || this.#text() === '}') {
        throw new SyntaxProblem(`The statement at character ${this.tokens[from]?.start} has no end.`);
      }
      this.at = OPENING[this.#text()] === undefined ? this.at + 1 : behindBracket(this.tokens, this.at);
    }
    this.at++;
    const kind = JUMPS.includes(word) ? (word as StatementKind) : TYPES.includes(word) ? 'declaration' : 'simple';
    return { kind, from, to: this.at, inside: [], inBlock };
  }

  #block(from: number, inBlock: boolean): Statement {
    const inside: Statement[] = [];
    this.at++;
    while (this.#text() !== '}') {
      if (this.at >= this.tokens.length) {
        throw new SyntaxProblem(`The block at character ${this.tokens[from]?.start} is never closed.`);
      }
      inside.push(this.read(true));
    }
    this.at++;
    return { kind: 'block', from, to: this.at, inside, inBlock };
  }

  /** A keyword or a macro with parentheses, behind which no operator comes but a statement. */
  #isLoop(): boolean {
    if (this.tokens[this.at]?.kind !== 'word' || this.#text(1) !== '(') return false;
    if (['for', 'while', 'switch'].includes(this.#text())) return true;
    const behind = this.tokens[behindBracket(this.tokens, this.at + 1)];
    return behind?.text === '{' || behind?.kind === 'word';
  }

  #head(): Range {
    const from = this.at + 1;
    this.at = behindBracket(this.tokens, this.at);
    return { from, to: this.at - 1 };
  }

  #text(ahead = 0): string {
    return this.tokens[this.at + ahead]?.text ?? '';
  }
}
