/**
 * Every mutant that Stryker's instrumenter makes of some sources, all in one program.
 *
 *     a + b     becomes     active('7') ? a - b : (cover('7'), a + b)
 *
 * So the program is compiled and loaded once, and a switch (`switch.ts`) says which mutant of it is alive.
 */

import { Instrumenter } from '@stryker-mutator/instrumenter';
import type { SourceMutant } from '../../spec/formats/kill-matrix.js';
import { HEADER } from './switch.js';

/** A file of the implementation: its path from the root of the project, and its text. */
export interface Source {
  readonly name: string;
  readonly text: string;
}

/** Sources with all mutants in them. */
export interface Instrumented {
  readonly originals: readonly Source[];
  readonly sources: readonly Source[];
  readonly mutants: readonly SourceMutant[];
}

/** Make all mutants of all sources. */
export async function instrument(originals: readonly Source[]): Promise<Instrumented> {
  const files = originals.map(({ name, text }) => ({ name, mutate: true, content: text }));
  const options = { plugins: null, excludedMutations: [], ignorers: [], noHeader: true };
  const { files: made, mutants } = await new Instrumenter(SILENT).instrument(files, options);
  const texts = new Map(originals.map(({ name, text }) => [name, text]));
  return {
    originals,
    sources: made.map(({ name, content }) => ({ name, text: `${HEADER}\n${content}` })),
    mutants: mutants.map(({ id, fileName, location, mutatorName, replacement }): SourceMutant => {
      const text = texts.get(fileName) ?? '';
      const range = [offsetOf(text, location.start), offsetOf(text, location.end)] as const;
      return {
        id,
        file: fileName,
        line: location.start.line + 1,
        within: (text.split('\n')[location.start.line] ?? '').trim(),
        mutator: mutatorName,
        original: text.slice(...range),
        replacement: replacement ?? '',
        range,
      };
    }),
  };
}

/** The text of a mutant's file with that mutant alone in it. */
export function mutated({ originals }: Instrumented, { file, range, replacement }: SourceMutant): string {
  const text = originals.find(({ name }) => name === file)?.text ?? '';
  return text.slice(0, range[0]) + replacement + text.slice(range[1]);
}

/** The index of a character from its line and column, both counted from 0. */
function offsetOf(text: string, { line, column }: { readonly line: number; readonly column: number }): number {
  let start = 0;
  for (let passed = 0; passed < line; passed++) start = text.indexOf('\n', start) + 1;
  return start + column;
}

type Logger = ConstructorParameters<typeof Instrumenter>[0];

const never = (): boolean => false;
const silence = (): void => undefined;

/** What the instrumenter has to say besides its result (how many files, how many mutants) is in its result. */
const SILENT: Logger = {
  isTraceEnabled: never,
  isDebugEnabled: never,
  isInfoEnabled: never,
  isWarnEnabled: never,
  isErrorEnabled: never,
  isFatalEnabled: never,
  trace: silence,
  debug: silence,
  info: silence,
  warn: silence,
  error: silence,
  fatal: silence,
};
