/** Split a stream of bytes into lines of text, in a time and a memory in step with its length. */

const NEWLINE = 10;

/** How many bytes a line may have. The longest trace of a program has some hundredth of that. */
const MOST_BYTES = 16 * 1024 * 1024;

/** How many bytes of a longer line are shown. */
const SHOWN = 60;

/**
 * Collects chunks and gives out whole lines; a line may span chunks, and a character may too. Of a line that is too long
 * its beginning is given out, as a line that is no message, and nothing that follows.
 */
export class LineSplitter {
  #pieces: Buffer[] = [];
  #length = 0;
  #isOver = false;

  constructor(
    readonly onLine: (line: string) => void,
    readonly most = MOST_BYTES,
  ) {}

  /** Take the next bytes. */
  push(chunk: Buffer): void {
    let from = 0;
    while (from < chunk.length && !this.#isOver) {
      const to = chunk.indexOf(NEWLINE, from);
      const end = to === -1 ? chunk.length : to;
      if (this.#length + end - from > this.most) this.#giveUp(chunk.subarray(from, end));
      else if (to === -1) this.#keep(chunk.subarray(from));
      else this.onLine(this.#lineWith(chunk, from, to));
      from = end + 1;
    }
  }

  #keep(piece: Buffer): void {
    this.#pieces.push(piece);
    this.#length += piece.length;
  }

  /** What was kept, and the bytes of a chunk that end the line. */
  #lineWith(chunk: Buffer, from: number, to: number): string {
    if (this.#length === 0) return chunk.toString('utf8', from, to);
    const line = Buffer.concat([...this.#pieces, chunk.subarray(from, to)]).toString('utf8');
    this.#pieces = [];
    this.#length = 0;
    return line;
  }

  #giveUp(piece: Buffer): void {
    const beginning = Buffer.concat([...this.#pieces, piece]).toString('utf8', 0, SHOWN);
    this.#isOver = true;
    this.#pieces = [];
    this.onLine(`a line of more than ${this.most / 1024 / 1024} MB: ${beginning}`);
  }
}
