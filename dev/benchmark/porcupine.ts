/**
 * Judges the same histories by Porcupine, a checker in Go, where the user names a folder that has its source:
 * `npm run bench -- --porcupine DIR`. It is no part of this project.
 */
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import type { ObjectId, ProgramObject } from '../../spec/vocabulary.js';
import { isRegistration, roleOf } from '../../spec/vocabulary.js';
import { packageRoot } from '../../src/files/root.js';
import type { Span } from '../../src/linear/span.js';

/** Calls that have all returned, and the objects that they are about. */
export interface MadeHistory {
  readonly spans: readonly Span[];
  readonly objects: readonly ProgramObject[];
}

/** What Porcupine made of some histories. */
export interface ByPorcupine {
  /** The least of some rounds. */
  readonly seconds: number;
  readonly rejected: number;
}

/** Judges histories. */
export type Porcupine = (histories: readonly MadeHistory[], rounds: number) => Promise<ByPorcupine>;

const NAME = 'github.com/anishathalye/porcupine';

/** Builds the program around Porcupine's source, uses it, and takes it away. @throws {Error} when Go cannot build it */
export async function withPorcupine<T>(source: string, use: (porcupine: Porcupine) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'irqbypass-spec-porcupine-'));
  try {
    await copyFile(join(packageRoot, 'dev', 'benchmark', 'porcupine', 'main.go'), join(folder, 'main.go'));
    const needs = `require ${NAME} v0.0.0\n\nreplace ${NAME} => ${resolve(source)}\n`;
    await writeFile(join(folder, 'go.mod'), `module histories\n\ngo 1.16\n\n${needs}`);
    await execa('go', ['build', '-o', 'histories', '.'], { cwd: folder, env: { GOFLAGS: '-mod=mod', GOPROXY: 'off' } });
    return await use(async (histories, rounds) => {
      const input = JSON.stringify({ rounds, histories: histories.map(spell) });
      const { stdout } = await execa(join(folder, 'histories'), [], { input });
      return JSON.parse(stdout) as ByPorcupine;
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A history as the program reads it. */
function spell({ spans, objects }: MadeHistory) {
  const numbers = new Map(objects.map(({ id }, number) => [id, number]));
  const numberOf = (id: ObjectId | undefined) => (id === undefined ? -1 : (numbers.get(id) ?? -1));
  return {
    sides: objects.map(({ id }) => roleOf(id) === 'consumer'),
    calls: spans.map(({ lane, begins, ends, call, events }) => {
      const last = events.at(-1);
      const entered = events.find((event) => event.type === 'enter');
      const partner = entered?.object === call.object ? entered.counterpart : entered?.object;
      return {
        lane,
        begins,
        ends,
        object: numberOf(call.object),
        isConsumer: roleOf(call.object) === 'consumer',
        token: isRegistration(call) && 'token' in call ? Number(call.token?.slice(1)) : -1,
        status: last?.type === 'return' ? (last.status ?? 0) : 0,
        partner: numberOf(partner),
      };
    }),
  };
}
