/**
 * What decides how the command line ends where no command does.
 *
 *     the reader of a pipe has gone      the command goes on, unheard, and ends with the status it would have had
 *     standard output cannot be written  one sentence on standard error, exit status 2; so where a part can
 *     an error that nobody caught        the error, exit status 2
 *     a wait that nothing can end        one sentence, exit status 2
 *
 * Node's own answer to an error is a stack trace and exit status 1, which here says that a target does not conform.
 */
import { writeFileSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Writable } from 'node:stream';
import { EXIT } from './exit.js';

/** What Node ends with when the command still waits and nothing is left that it could wait for. */
const NOTHING_LEFT = 13;

/**
 * Take over from Node for the rest of this process. Called once, before anything is written.
 *
 * @param report says what went wrong, and returns the exit status
 */
export function takeLastResort(report: (error: unknown) => number): void {
  let unwritten = false;
  writeWhole(process.stdout);
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (unwritten || isReaderGone(error)) return;
    unwritten = true;
    process.stderr.write(`irqbypass-spec: standard output could not be written: ${error.message}\n`);
  });
  // Where not even this can be said, nothing can; the status still tells what was found.
  process.stderr.on('error', () => undefined);

  process.on('uncaughtException', (error) => process.exit(report(error)));

  process.on('exit', (status) => {
    if (process.exitCode === NOTHING_LEFT) {
      report(new Error('the command waits for something that cannot happen any more'));
      process.exitCode = EXIT.notJudged;
    }
    // Whatever was found, it was not told.
    if (unwritten && status < 128) process.exitCode = EXIT.notJudged;
  });
}

/**
 * Let a stream into a file write all of a text, or fail. Node's own tries once: a disk on which there is room for a part
 * would have that part, and nobody would hear of it. Pipes and terminals do as they should.
 */
function writeWhole(stream: Writable & { readonly fd: number }): void {
  if (stream instanceof Socket) return;
  stream._write = (chunk: Buffer, _encoding, done) => {
    try {
      writeFileSync(stream.fd, chunk);
      done();
    } catch (error) {
      done(error as Error);
    }
  };
}

function isReaderGone({ code }: NodeJS.ErrnoException): boolean {
  return code === 'EPIPE' || code === 'ECONNRESET';
}
