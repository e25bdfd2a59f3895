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

/** How many bytes are read at once. */
const SIZE = 1 << 16;

const context = createContext();
runInContext(readFileSync(playerFile, 'utf8'), context, { filename: playerFile });
const player = context.player as { readonly play: typeof play };

const means = meansOf(Uint8Array, setImmediate);
const perform = (loaded: Loaded): void => {
  // Not by Node's own way out: the module may have its say there.
  player.play(assignment, means, loaded).then(end, (error: Error) => {
    writeSync(2, `the kit's own player failed: ${error.stack}\n`);
    end();
  });
};
import(pathToFileURL(path).href).then(
  (module) => perform({ module }),
  (error: unknown) => perform({ error }),
);

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
  };
}
