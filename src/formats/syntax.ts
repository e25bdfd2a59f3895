/** Where a text stops being JSON. `JSON.parse` says so in some versions of Node and for some mistakes only. */

/** A place in a text, counted from 1 as editors do. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** One token of JSON, or white space, at a given place. */
const TOKEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a string of JSON holds none
  /[ \t\n\r]+|[[\]{},:]|"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

type Expected = 'value' | 'value or ]' | 'name' | 'name or }' | ':' | ', or end' | 'nothing';

/** The offset of the first character at which a text is no longer JSON; its length when it ends too early. */
export function syntaxErrorAt(text: string): number {
  const open: ('[' | '{')[] = [];
  let expected: Expected = 'value';
  let at = 0;
  const closed = (): Expected => (open.length === 0 ? 'nothing' : ', or end');
  while (at < text.length) {
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text)?.[0];
    if (token === undefined) return at;
    const first = token.charAt(0);
    if (/\s/.test(first)) {
      at += token.length;
      continue;
    }
    const inside = open[open.length - 1];
    const wantsValue = expected === 'value' || expected === 'value or ]';
    if (first === '[' || first === '{') {
      if (!wantsValue) return at;
      open.push(first);
      expected = first === '[' ? 'value or ]' : 'name or }';
    } else if (first === ']' || first === '}') {
      const empty = first === ']' ? 'value or ]' : 'name or }';
      if (inside !== (first === ']' ? '[' : '{') || (expected !== ', or end' && expected !== empty)) return at;
      open.pop();
      expected = closed();
    } else if (first === ',') {
      if (expected !== ', or end') return at;
      expected = inside === '[' ? 'value' : 'name';
    } else if (first === ':') {
      if (expected !== ':') return at;
      expected = 'value';
    } else if (expected === 'name' || expected === 'name or }') {
      if (first !== '"') return at;
      expected = ':';
    } else {
      if (!wantsValue) return at;
      expected = closed();
    }
    at += token.length;
  }
  return at;
}

/** The line and the column of an offset. */
export function placeOf(text: string, offset: number): Place {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}
