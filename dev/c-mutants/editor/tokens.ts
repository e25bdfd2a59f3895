/** C as tokens with their places in the text. Blanks and comments are left out; a directive is one token. */

/** One token. `start` and `end` are indices into the text. */
export interface Token {
  readonly kind: 'word' | 'number' | 'string' | 'mark' | 'directive';
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** In this order: what comes first wins. Operators of several characters come before their parts. */
const KINDS: readonly (readonly [kind: Token['kind'] | 'nothing', pattern: string])[] = [
  ['nothing', '\\s+|/\\*[\\s\\S]*?\\*/|//[^\\n]*'],
  ['directive', '^[ \\t]*#(?:\\\\\\n|[^\\n])*'],
  ['string', '"(?:\\\\.|[^"\\\\])*"|\'(?:\\\\.|[^\'\\\\])*\''],
  ['word', '[A-Za-z_]\\w*'],
  ['number', '\\d[\\w.]*'],
  ['mark', '->|\\+\\+|--|<<=|>>=|&&|\\|\\||[-+*/%&|^<>=!]=|<<|>>|\\.\\.\\.|[^\\s\\w]'],
];
const PATTERN = new RegExp(KINDS.map(([, pattern]) => `(${pattern})`).join('|'), 'gm');

/** The tokens of a C text, in order. Every character that is not blank or comment is in one of them. */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  for (const match of text.matchAll(PATTERN)) {
    const [kind] = KINDS[match.slice(1).findIndex((group) => group !== undefined)] ?? ['nothing'];
    if (kind === 'nothing') continue;
    tokens.push({ kind, text: match[0], start: match.index, end: match.index + match[0].length });
  }
  return tokens;
}

/** Two texts are the same to a compiler if these are. */
export function essence(text: string): string {
  return tokenize(text)
    .map((token) => token.text)
    .join(' ');
}
