/** The lines of a recording, one after the other, however many there are. */

/** A line. */
export interface Line {
  /** From 1. */
  readonly number: number;
  /** Without its end; only the beginning of one that is too long. */
  readonly text: string;
  /** With its end, as a recorder wrote it: no carriage return. */
  readonly bytes: Buffer;
  /** Whether its end is there. A recorder that is ended in the middle of a line leaves none. */
  readonly isWhole: boolean;
  readonly isTooLong: boolean;
}

/** How many bytes a line may have. The kernel writes no more than a page. */
export const LONGEST_LINE = 65_536;

const END = 0x0a;
const RETURN = 0x0d;
const LINE_END = Buffer.from('\n');

/** Cut bytes into lines. Each line has a memory of its own, so that to keep one is not to keep those around it. */
export function* linesOf(chunks: Iterable<Buffer>): Generator<Line, void, undefined> {
  let number = 0;
  let kept: Buffer[] = [];
  let length = 0;
  const take = (isWhole: boolean): Line => {
    const all = kept.length === 1 ? (kept[0] ?? LINE_END) : Buffer.concat(kept);
    const isTooLong = length > LONGEST_LINE;
    kept = [];
    length = 0;
    const bare = all.at(-1) === RETURN ? all.subarray(0, -1) : all;
    const bytes = isWhole ? Buffer.concat([bare, LINE_END]) : bare;
    return { number: ++number, text: bare.toString('utf8'), bytes, isWhole, isTooLong };
  };
  const keep = (piece: Buffer): void => {
    if (length <= LONGEST_LINE) kept.push(piece.subarray(0, LONGEST_LINE + 1 - length));
    length += piece.length;
  };
  for (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(END, from); end !== -1; end = chunk.indexOf(END, from)) {
      keep(chunk.subarray(from, end));
      yield take(true);
      from = end + 1;
    }
    if (from < chunk.length) keep(chunk.subarray(from));
  }
  if (length > 0) yield take(false);
}
