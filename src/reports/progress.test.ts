import { Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { createProgress } from './progress.js';

/** A stream that remembers what was written to it. */
class Memory extends Writable {
  text = '';
  readonly columns = 120;
  readonly isTTY: boolean;

  constructor(isTTY: boolean) {
    super();
    this.isTTY = isTTY;
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }

  // What cli-progress asks of a terminal.
  cursorTo(): boolean {
    return true;
  }
  clearLine(): boolean {
    return true;
  }
  moveCursor(): boolean {
    return true;
  }
}

/** Some work, told. The clock stands at two seconds when the first half is done. */
function work(stream: Memory): void {
  let time = 0;
  const progress = createProgress(stream, () => time);
  progress.start(2000, 'judging');
  time = 2000;
  progress.update(1000, 50_000, 3);
  progress.note('the target died and was started again');
  progress.update(2000, 100_000, 3);
  progress.stop();
  progress.stop();
}

it('in a pipe nothing is written', () => {
  const stream = new Memory(false);
  work(stream);
  expect(stream.text).toBe('');
});

it('on a terminal there is a bar with the volume, the speed and what fails', () => {
  const stream = new Memory(true);
  work(stream);
  expect(stream.text).toContain('judging ');
  expect(stream.text).toContain('2,000/2,000  50,000 operations/s  3 failing');
  expect(stream.text).toContain('the target died and was started again\n');
});
