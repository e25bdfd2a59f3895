/**
 * Reads JSON that somebody else wrote. Whatever it is, the answer is a value or a place and a reason, in a time in step
 * with its length: a few thousand brackets are neither a reason to run out of stack, here or in what looks at the
 * value later, nor to take minutes.
 */
import { createRequire } from 'node:module';
import { visible } from '../text/text.js';

/** A place in a text, counted from 1 as editors do. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** The value of a text, or the offset at which it stops being JSON that can be used, and what was expected and came. */
export type Parsed =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly at: number; readonly problem: string };

/** How deep brackets may lie in one another. Nothing that the kit reads or writes has more than about 20 levels. */
const DEEPEST = 100;

/** A text of so many characters is parsed at once, however deep it is. */
const SHORT = 100_000;

/** Parse a text, which is a whole file or a whole line. */
export function parseJson(text: string, what: 'file' | 'line'): Parsed {
  const tooDeep = text.length > SHORT ? tooDeepAt(text) : undefined;
  if (tooDeep === undefined) {
    try {
      return { ok: true, value: JSON.parse(text) };
    } catch {
      // The message of `JSON.parse` tells the place in some versions of Node, and for some mistakes only.
    }
  }
  const deep = tooDeep ?? tooDeepAt(text);
  if (deep !== undefined)
    return { ok: false, at: deep, problem: `expected JSON of at most ${DEEPEST} levels; came more` };
  const at = syntaxErrorAt(text);
  const came = at >= text.length ? `the ${what} ends` : `came ${visible(JSON.stringify(text.slice(at, at + 20)))}`;
  return { ok: false, at, problem: `expected JSON; ${came}` };
}

/**
 * The offset of the first character at which a text is no longer JSON; its length when it ends too early. The text is
 * not too deep.
 */
export function syntaxErrorAt(text: string): number {
  // Loaded for a text that is no JSON, which is seldom.
  const { visit } = createRequire(import.meta.url)('jsonc-parser') as typeof import('jsonc-parser');
  let first: number | undefined;
  const onError = (_: number, offset: number) => {
    first ??= offset;
  };
  visit(text, { onError }, { disallowComments: true });
  return first ?? text.length;
}

/** The line and the column of an offset. */
export function placeOf(text: string, offset: number): Place {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}

/** The offset of the first bracket that lies too deep; undefined when none does. */
function tooDeepAt(text: string): number | undefined {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case QUOTE:
        at = endOfString(text, at);
        break;
      case OPEN_BRACE:
      case OPEN_BRACKET:
        if (++depth > DEEPEST) return at;
        break;
      case CLOSE_BRACE:
      case CLOSE_BRACKET:
        depth--;
    }
  }
  return undefined;
}

const [QUOTE, BACKSLASH, OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [0x22, 0x5c, 0x7b, 0x7d, 0x5b, 0x5d];

/** The offset of the quote that ends a string. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text.charCodeAt(at) !== QUOTE) at += text.charCodeAt(at) === BACKSLASH ? 2 : 1;
  return at;
}
