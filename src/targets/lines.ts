/** Split a stream of bytes into lines of text, fast. */

const NEWLINE = 10;

/** Collects chunks and gives out whole lines; a line may span chunks, and a character may too. */
export class LineSplitter {
  #rest: Buffer | undefined;

  constructor(readonly onLine: (line: string) => void) {}

  /** Take the next bytes. */
  push(chunk: Buffer): void {
    let from = 0;
    let to = chunk.indexOf(NEWLINE);
    if (to !== -1 && this.#rest !== undefined) {
      this.onLine(Buffer.concat([this.#rest, chunk.subarray(0, to)]).toString('utf8'));
      this.#rest = undefined;
      from = to + 1;
      to = chunk.indexOf(NEWLINE, from);
    }
    while (to !== -1) {
      this.onLine(chunk.toString('utf8', from, to));
      from = to + 1;
      to = chunk.indexOf(NEWLINE, from);
    }
    if (from === chunk.length) return;
    const rest = chunk.subarray(from);
    this.#rest = this.#rest === undefined ? rest : Buffer.concat([this.#rest, rest]);
  }
}
