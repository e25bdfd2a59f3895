/**
 * The process in which a module lives. It takes what it needs of Node before it loads the module, has the player in a
 * realm of its own, and speaks with the kit over two descriptors that are not the standard ones: what the module writes
 * to standard output goes to its log.
 */
import { readFileSync, readSync, writeSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { createContext, runInContext } from 'node:vm';
import { ANSWERS, type Engagement, REQUESTS } from './engagement.js';
import type { Loaded, Means, play } from './player.js';

const { path, playerFile, assignment } = JSON.parse(process.argv[2] ?? '') as Engagement;
const end = process.kill.bind(process, process.pid, 'SIGKILL');

const STDERR = 2;
/** How many bytes are read at once. */
const SIZE = 1 << 16;

const context = createContext();
runInContext(readFileSync(playerFile, 'utf8'), context, { filename: playerFile });
const player = context.player as { readonly play: typeof play };

let stray: { readonly error: unknown } | undefined;
process.on('uncaughtException', (error) => {
  stray ??= { error };
  print(error);
  begin({ error });
});
// Nothing is left that could still load it.
process.once('beforeExit', () => begin({ error: new Error('it awaits at its top level what cannot happen any more') }));

const means = meansOf(Uint8Array, setImmediate);
const begin = once((loaded: Loaded) => {
  // Not by Node's own way out: the module may have its say there.
  player.play(assignment, means, loaded).then(end, (error: unknown) => {
    print(error);
    end();
  });
});
import(pathToFileURL(path).href).then(
  (module) => begin({ module }),
  (error: unknown) => begin({ error }),
);

function once(act: (loaded: Loaded) => void): (loaded: Loaded) => void {
  let done = false;
  return (loaded) => {
    if (done) return;
    done = true;
    act(loaded);
  };
}

function print(error: unknown): void {
  try {
    writeSync(STDERR, `${error instanceof Error ? error.stack : error}\n`);
  } catch {
    // Who throws what has no text, or closes where it is written, has no log.
  }
}

function meansOf(Bytes: typeof Uint8Array, immediately: typeof setImmediate): Means {
  const decoder = new TextDecoder();
  const encoder = new TextEncoder();
  const decode = decoder.decode.bind(decoder);
  const encode = encoder.encode.bind(encoder);
  const memory = new ArrayBuffer(SIZE);
  const buffer = new Bytes(memory);
  return {
    read: () => {
      // A character may go over the end of what was read.
      for (let text = ''; ; ) {
        const count = readSync(REQUESTS, buffer, 0, SIZE, null);
        if (count > 0) text = decode(new Bytes(memory, 0, count), { stream: true });
        if (count === 0 || text !== '') return text;
      }
    },
    write: (text) => {
      const bytes = encode(text);
      for (let from = 0; from < bytes.length; ) from += writeSync(ANSWERS, bytes, from);
    },
    turn: (then) => void immediately(then),
    stray: () => stray,
  };
}
