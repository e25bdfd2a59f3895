/**
 * Edits: what is done to a function, in terms of its structure. No line of the source is quoted.
 *
 * An edit comes out twice: as it is, and **marked**. The marked text is the same but for a mark that is run whenever
 * the changed place is: it tells a mutant that was survived from one whose changed place never ran.
 *
 *     a statement      if (ready) go();         MARK;  or  { MARK; statement }  where only one may stand
 *     an expression    if (ready)               if ((MARK, !(ready)))
 */
import { Finder, NoSuchPlace, type Place } from './places.js';
import { behindBracket, type Range, readSource, type Source, type Statement } from './syntax.js';
import { essence } from './tokens.js';

/** A change to one function, or several changes that are made together. */
export type Edit = FunctionEdit | readonly (FunctionEdit | Declaration)[];

export interface FunctionEdit {
  /** The function in which it is done. */
  readonly name: string;
  readonly apply: (finder: Finder, mark: string) => readonly Replacement[];
}

/** C that is put behind the last line that includes something. */
export interface Declaration {
  readonly declares: string;
}

/** A range of characters and what takes its place. */
interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** An edited text, plain and marked. */
export interface Edited {
  readonly plain: string;
  readonly marked: string;
}

/**
 * Make an edit.
 *
 * @param mark an expression of C, such as a call
 * @throws {NoSuchPlace} when the text does not have the place, or nothing changes
 * @throws {SyntaxProblem} when the text cannot be read
 */
export function applyEdit(text: string, edit: Edit, mark: string): Edited {
  const source = readSource(text);
  const edits: readonly (FunctionEdit | Declaration)[] = 'name' in edit ? [edit] : edit;
  const replacements = (by: string) =>
    edits.flatMap((one) => ('declares' in one ? [declaring(text, one)] : one.apply(new Finder(source, one.name), by)));
  const plain = replaceAll(text, replacements(''));
  if (essence(plain) === essence(text)) {
    const names = edits.flatMap((one) => ('name' in one ? [one.name] : []));
    throw new NoSuchPlace(`The edit in ${[...new Set(names)].join(' and ')} changes nothing.`);
  }
  return { plain, marked: replaceAll(text, replacements(mark)) };
}

/** Declare something for the functions of the file. */
export const declare = (declares: string): Declaration => ({ declares });

/** Edits of a function: `within('f').drop(call('g'))` leaves out the statement of f that calls g first. */
export function within(name: string) {
  const edit = (apply: FunctionEdit['apply']): FunctionEdit => ({ name, apply });
  return {
    /** Do something else, in C of our own, before and behind the innermost statement at a place. */
    surround: (place: Place, before: string, behind: string) =>
      edit((f, mark) => {
        const one = f.statement(place);
        return [onStatement(f, one, mark, `${before} ${textOf(f.source, one)} ${behind}`)];
      }),

    /** Do something else, in C of our own, instead of the innermost statement at a place. */
    replace: (place: Place, by: string) => edit((f, mark) => [onStatement(f, f.statement(place), mark, by)]),

    /** Leave out the innermost statement at a place. */
    drop: (place: Place) => edit((f, mark) => [onStatement(f, f.statement(place), mark, '')]),

    /** Do twice what is done at a place. */
    repeat: (place: Place) =>
      edit((f, mark) => {
        const one = f.statement(place);
        return [onStatement(f, one, mark, `${textOf(f.source, one)} ${textOf(f.source, one)}`)];
      }),

    /** Swap two statements, with the conditions that they are under. */
    swap: (first: Place, second: Place) =>
      edit((f, mark) => {
        const [one, other] = [f.wholeStatement(first), f.wholeStatement(second)];
        if (one.to > other.from && other.to > one.from) {
          throw new NoSuchPlace(`In ${f.name} ${first.what} and ${second.what} are not in two statements.`);
        }
        return [onStatement(f, one, mark, textOf(f.source, other)), onStatement(f, other, mark, textOf(f.source, one))];
      }),

    /** Move a statement, with the condition that it is under and `count` - 1 behind it, before another. */
    move: (place: Place, before: Place, count = 1) =>
      edit((f, mark) => {
        const first = f.wholeStatement(place);
        const block = f.around(first.from).findLast((one) => one.kind === 'block' && one.inside.includes(first));
        const moved = block?.inside.slice(block.inside.indexOf(first)).slice(0, count) ?? [first];
        const target = f.wholeStatement(before);
        return [
          ...moved.map((one) => replacing(f.source, one, ';')),
          {
            ...justBefore(f.source, target),
            text: `${marking(mark)} ${moved.map((one) => textOf(f.source, one)).join(' ')} `,
          },
        ];
      }),

    /** Turn the n-th condition round. */
    negate: (nth: number) => condition(name, nth, (old) => `!(${old})`),
    /** Take the n-th condition for true. */
    always: (nth: number) => condition(name, nth, () => '1'),
    /** Take the n-th condition for false. */
    never: (nth: number) => condition(name, nth, () => '0'),
    /** Ask something else in the n-th condition. */
    ask: (nth: number, question: string) => condition(name, nth, () => question),

    /** Leave out one part, counted from 1, of the n-th condition, whose parts are joined by `&&` or `||`. */
    dropPart: (nth: number, part: number) =>
      edit((f, mark) => {
        const head = headOf(f, nth);
        const parts = partsOf(f.source, head);
        const kept = parts.filter((_, index) => index !== part - 1);
        if (parts.length < 2 || kept.length === parts.length) {
          throw new NoSuchPlace(`Condition ${nth} of ${f.name} has ${parts.length} parts, and part ${part} cannot go.`);
        }
        const joint = f.source.tokens[parts[0]?.to ?? head.to]?.text ?? '';
        const text = kept.map((one) => textOf(f.source, one)).join(` ${joint} `);
        return [replacing(f.source, head, valued(mark, text))];
      }),

    /** Put another operator or another name in a place. */
    change: (place: Place, becomes: string) =>
      edit((f, mark) => {
        const at = f.token(place);
        const { tokens } = f.source;
        const inside = (range: Range) => {
          const from = tokens[range.from]?.start ?? 0;
          const token = tokens[at];
          const old = textOf(f.source, range);
          return `${old.slice(0, (token?.start ?? 0) - from)}${becomes}${old.slice((token?.end ?? 0) - from)}`;
        };
        const around = f.around(at);
        const one = around.at(-1);
        if (one === undefined) throw new NoSuchPlace(`${f.name} has no statement around ${place.what}.`);
        const head = one.kind === 'if' && one.head !== undefined && contains(one.head, at) ? one.head : undefined;
        if (head !== undefined) {
          const part = partsOf(f.source, head).find((range) => contains(range, at)) ?? head;
          const joint = !partsOf(f.source, head).some((range) => contains(range, at));
          const range = joint ? head : part;
          return [replacing(f.source, range, valued(mark, inside(range)))];
        }
        if (one.kind !== 'declaration') return [onStatement(f, one, mark, inside(one))];
        // A block around it would hide what it declares.
        return [replacing(f.source, one, `${inside(one)} ${marking(mark)}`)];
      }),

    /** Compare a field of the two that an operator compares. */
    compareField: (place: Place, field: string) => operands(name, place, (operand) => `${operand}->${field}`),
    /** Compare the two themselves of which an operator compares a field. */
    compareWhole: (place: Place) => operands(name, place, (operand) => operand.replace(/->\w+$/, '')),

    /** Keep a call and forget what it returns. */
    ignoreResult: (place: Place) =>
      edit((f, mark) => {
        const one = f.statement(place);
        const at = f.source.tokens.findIndex((token, index) => contains(one, index) && token.text === '=');
        if (at === -1) throw new NoSuchPlace(`What ${place.what} returns is kept nowhere in ${f.name}.`);
        return [onStatement(f, one, mark, textOf(f.source, { from: at + 1, to: one.to }))];
      }),

    /** Do not make a call, and go on as if it had returned a value. */
    pretend: (place: Place, value: string) =>
      edit((f, mark) => {
        const at = f.token(place);
        const one = f.statement(place);
        const range = { from: at, to: behindBracket(f.source.tokens, at + 1) };
        if (one.head === undefined) {
          const before = textOf(f.source, { from: one.from, to: range.from });
          const behind = textOf(f.source, { from: range.to, to: one.to });
          return [onStatement(f, one, mark, `${one.from === range.from ? '' : before} ${value} ${behind}`)];
        }
        return [replacing(f.source, range, valued(mark, value))];
      }),

    /** Return before anything is done. */
    returnFirst: (value = '') =>
      edit((f, mark) => {
        const at = f.source.tokens[f.body.from]?.end ?? 0;
        return [{ start: at, end: at, text: ` ${marking(mark)} return ${value};` }];
      }),

    /** Return behind a statement, if something holds. */
    returnBehind: (place: Place, value: string, ifTrue: string) =>
      edit((f, mark) => {
        const one = f.statement(place);
        const text = `${textOf(f.source, one)} if (${ifTrue}) { ${marking(mark)} return ${value}; }`;
        return [onStatement(f, one, '', text)];
      }),

    /** Return something else in the n-th place that returns. */
    returnInstead: (nth: number, value: string) =>
      edit((f, mark) => [
        onStatement(f, f.statement({ is: 'statement', what: 'return', nth }), mark, `return ${value};`),
      ]),

    /** Take the lock of the n-th guard without the guard, so that nothing releases it. */
    lockWithoutGuard: (nth = 1) =>
      edit((f, mark) => {
        const one = f.statement({ is: 'call', what: 'guard', nth });
        const behindKind = behindBracket(f.source.tokens, one.from + 1);
        const lock = textOf(f.source, { from: behindKind, to: one.to });
        return [onStatement(f, one, mark, `mutex_lock${lock}`)];
      }),

    /** Let the lock of the n-th guard go at once. */
    releaseAtOnce: (nth = 1) =>
      edit((f, mark) => {
        const one = f.statement({ is: 'call', what: 'guard', nth });
        return [onStatement(f, one, mark, `{ ${textOf(f.source, one)} }`)];
      }),
  };
}

function condition(name: string, nth: number, becomes: (old: string) => string): FunctionEdit {
  return {
    name,
    apply: (f, mark) => {
      const head = headOf(f, nth);
      return [replacing(f.source, head, valued(mark, becomes(textOf(f.source, head))))];
    },
  };
}

/** Change both operands of an operator that stands in a condition. */
function operands(name: string, place: Place, becomes: (operand: string) => string): FunctionEdit {
  return {
    name,
    apply: (f, mark) => {
      const at = f.token(place);
      const { head } = f.statement(place);
      const part = head && partsOf(f.source, head).find((range) => contains(range, at));
      if (part === undefined) throw new NoSuchPlace(`${place.what} of ${name} is not in a condition.`);
      const [left, right] = [
        { from: part.from, to: at },
        { from: at + 1, to: part.to },
      ].map((range) => becomes(textOf(f.source, range)));
      return [replacing(f.source, part, valued(mark, `${left} ${place.what} ${right}`))];
    },
  };
}

function headOf(finder: Finder, nth: number): Range {
  const { head } = finder.statement({ is: 'statement', what: 'if', nth });
  if (head === undefined) throw new NoSuchPlace(`Condition ${nth} of ${finder.name} is none.`);
  return head;
}

/** The parts of a condition between its outermost `&&` and `||`. */
function partsOf(source: Source, head: Range): readonly Range[] {
  const parts: Range[] = [];
  let { from } = head;
  for (let at = head.from; at < head.to; ) {
    const text = source.tokens[at]?.text ?? '';
    if (text === '&&' || text === '||') {
      parts.push({ from, to: at });
      from = at + 1;
    }
    at = text === '(' || text === '[' ? behindBracket(source.tokens, at) : at + 1;
  }
  return [...parts, { from, to: head.to }];
}

/** The replacement of a statement by the mark and a text, in braces where only one statement may stand. */
function onStatement(finder: Finder, one: Statement, mark: string, text: string): Replacement {
  const whole = `${marking(mark)} ${text}`.trim();
  const safe = whole === '' ? ';' : whole;
  return replacing(finder.source, one, one.inBlock ? safe : `{ ${safe} }`);
}

function replacing(source: Source, range: Range, text: string): Replacement {
  return { ...extent(source, range), text };
}

/** The empty extent before a range. */
function justBefore(source: Source, range: Range): { readonly start: number; readonly end: number } {
  const { start } = extent(source, range);
  return { start, end: start };
}

function extent({ tokens }: Source, { from, to }: Range): { readonly start: number; readonly end: number } {
  return { start: tokens[from]?.start ?? 0, end: tokens[to - 1]?.end ?? 0 };
}

function textOf(source: Source, range: Range): string {
  const { start, end } = extent(source, range);
  return source.text.slice(start, end);
}

function marking(mark: string): string {
  return mark === '' ? '' : `${mark};`;
}

function valued(mark: string, expression: string): string {
  return mark === '' ? expression : `(${mark}, (${expression}))`;
}

function contains({ from, to }: Range, at: number): boolean {
  return from <= at && at < to;
}

/** Behind the last line that includes something; at the beginning where none does. */
function declaring(text: string, { declares }: Declaration): Replacement {
  const last = [...text.matchAll(/^#\s*include.*\n/gm)].at(-1);
  const at = last === undefined ? 0 : last.index + last[0].length;
  return { start: at, end: at, text: `${declares}\n` };
}

/** @throws {NoSuchPlace} when two replacements overlap */
function replaceAll(text: string, replacements: readonly Replacement[]): string {
  let edited = '';
  let at = 0;
  for (const { start, end, text: by } of [...replacements].sort((a, b) => a.start - b.start || a.end - b.end)) {
    if (start < at) throw new NoSuchPlace('Two of the edits are made in the same place.');
    edited += text.slice(at, start) + by;
    at = end;
  }
  return edited + text.slice(at);
}
