/** The sources of the Promela model, as they are or with an edit that makes them wrong. */
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { packageRoot } from '../../src/files/root.js';

/** The file that SPIN is given; it includes the others. */
export const MAIN = 'irqbypass.pml';

const FILES = ['spec/irqbypass.pml', 'spec/irqbypass-rules.pml', 'dev/promela/tell.pml'];

/** Texts by file name. */
export type Sources = ReadonlyMap<string, string>;

/** One place of the model written otherwise. */
export interface Edit {
  /** What stands there, as a whole; it must stand in one place only. */
  readonly from: string;
  readonly to: string;
}

/** The model as it is. */
export function readSources(): Sources {
  return new Map(FILES.map((file) => [basename(file), readFileSync(join(packageRoot, file), 'utf8')]));
}

/** The model with edits. @throws Error when what an edit replaces stands in no place, or in several */
export function edited(sources: Sources, edits: readonly Edit[]): Sources {
  let text = sources.get(MAIN) ?? '';
  for (const { from, to } of edits) {
    const places = text.split(from).length - 1;
    if (places !== 1) throw new Error(`the edit does not fit: ${JSON.stringify(from)} stands in ${places} places`);
    text = text.replace(from, () => to);
  }
  return new Map([...sources, [MAIN, text]]);
}
