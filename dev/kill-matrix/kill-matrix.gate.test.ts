/** The kill matrix tells what is killed from what is not: end to end, on a reference with every kind of mutant in it. */
import { beforeAll, describe, expect, test } from 'vitest';
import { findMutant, type Mutant } from '../../conformance/mutants/index.js';
import type { SourceRow } from '../../spec/formats/kill-matrix.js';
import { linux47 } from '../../spec/profiles/linux-4.7.js';
import { rules } from '../../spec/rules/index.js';
import { isPartOf } from '../../src/shards/of-one.js';
import { CannotRun } from './cannot-run.js';
import type { World } from './environments.js';
import { squeezed } from './explanations.js';
import type { Matrix } from './matrix.js';
import { judgeMutants, matrixOf, referenceSources } from './matrix.js';
import { fewProgramsFor } from './programs.js';

const world: World = { name: 'linux-4.7', profile: linux47, programs: fewProgramsFor(linux47), mutates: true };

/** A registry that keeps a list and walks it. It does what the reference's does, and its mutants come to every end. */
const LIST = `
import type { Consumer, Producer } from '../spec/manager.js';
import type { Token } from '../spec/vocabulary.js';

export interface ProducerRegistration { readonly object: Producer; readonly token: Token; readonly irq: number }
export interface ConsumerRegistration { readonly object: Consumer; readonly token: Token }

const LOADED: boolean = true;

export class Registry<R extends ProducerRegistration | ConsumerRegistration> {
  #list: R[] = [];

  of(object: R['object']): R | undefined {
    return this.#find((one) => one?.object === object);
  }

  under(token: Token): R | undefined {
    return this.#find((one) => one?.token === token);
  }

  insert(registration: R): void {
    if (LOADED) this.#list.push(registration);
  }

  remove(registration: R): void {
    this.#list = this.#list.filter((one) => one !== registration);
  }

  report(): string {
    return 'nobody asks';
  }

  #find(wanted: (one: R | undefined) => boolean): R | undefined {
    const { length } = this.#list;
    const step = length >= 0 ? 1 : 0;
    for (let at = 0; at < length; at += step) {
      const one = this.#list[at];
      if (wanted(one)) return one;
    }
    return undefined;
  }
}
`;

/** The matrix of the reference with another registry. */
async function matrixWith(registry: string, named: readonly Mutant[] = [], of = 1): Promise<Matrix> {
  const sources = (await referenceSources()).map((source) =>
    source.name === 'reference/registry.ts' ? { ...source, text: registry } : source,
  );
  const options = { rules, worlds: [world], sources, named };
  const judged = [];
  for (let shard = 1; shard <= of; shard++) {
    judged.push(await judgeMutants(options, (number) => isPartOf(shard, of, number)));
  }
  const parts = judged.flatMap((one) => one.parts).sort((a, b) => a.part - b.part);
  return matrixOf({ parts, worlds: judged[0]?.worlds ?? [] });
}

function mutantNamed(name: string): Mutant {
  const mutant = findMutant(name);
  if (mutant === undefined) throw new Error(`there is no mutant ${name}`);
  return mutant;
}

describe('a mutant of the reference', () => {
  let matrix: Matrix;

  test('is judged alike whichever shard it belongs to', { timeout: 120_000 }, async () => {
    expect(await matrixWith(LIST, [mutantNamed('accepts-null-token')], 3)).toEqual(matrix);
  });

  beforeAll(async () => {
    matrix = await matrixWith(LIST, [mutantNamed('accepts-null-token')]);
  }, 60_000);

  /** The mutant of the registry that makes one text of another. */
  function row(original: string, replacement: string): SourceRow {
    const found = matrix.sources.filter(
      ({ mutant }) =>
        mutant.file === 'reference/registry.ts' &&
        squeezed(mutant.original) === original &&
        squeezed(mutant.replacement) === replacement,
    );
    const [only] = found;
    if (only === undefined || found.length > 1)
      throw new Error(`${found.length} mutants make ${replacement} of ${original}`);
    return only;
  }

  test('that does something wrong is killed, by the rules that say what', () => {
    const { fate, killers } = row('{ this.#list = this.#list.filter((one) => one !== registration); }', '{}');
    expect(fate).toBe('killed');
    expect(killers).toEqual(expect.arrayContaining(['TOKEN-4', 'LIFE-3', 'LIFE-7']));
  });

  test('that comes by its own place for ever is a hang', () => {
    const { fate, killers, hung } = row('at += step', 'at -= step');
    expect({ fate, hung }).toEqual({ fate: 'killed', hung: true });
    expect(killers).toContain('LIFE-8');
  });

  test('that runs for ever elsewhere is cut by the clock, and is a hang', () => {
    const { fate, killers, hung } = row('length >= 0', 'false');
    expect({ fate, hung }).toEqual({ fate: 'killed', hung: true });
    expect(killers).toContain('LIFE-8');
  });

  test('that changes nothing survives', () => {
    expect(row('length >= 0', 'true')).toMatchObject({ fate: 'survived', killers: [] });
  });

  test('that no program comes by is void, and not killed', () => {
    expect(row("'nobody asks'", '""')).toMatchObject({ fate: 'unreached', killers: [] });
  });

  test('that runs when the file is loaded, before the switch is thrown, is void, and not killed', () => {
    const { fate, reason } = row('true', 'false');
    expect(fate).toBe('unreached');
    expect(reason).toContain('when the file is loaded');
  });

  test('that the compiler refuses is void, and not killed, whatever it does', () => {
    const { fate, reason, killers } = row('{ return this.#find((one) => one?.object === object); }', '{}');
    expect(fate).toBe('unbuilt');
    expect(reason).toContain('TS2355');
    expect(killers.length).toBeGreaterThan(0);
  });

  test('of the manager that is no manager at all is void', () => {
    const nothing = matrix.sources.find(({ unplayable }) => unplayable === true);
    expect(nothing).toMatchObject({ fate: 'unbuilt', mutant: { file: 'reference/manager.ts' }, killers: [] });
  });

  test('and a named one is killed by the rule that it was made for, with its message', () => {
    expect(matrix.named).toMatchObject([{ name: 'accepts-null-token', meantFor: 'TOKEN-3' }]);
    expect(matrix.named[0]?.message).toContain('must be refused with -22 (-EINVAL)');
  });
});

describe('the kill matrix cannot be made, and says so,', () => {
  test('of sources that do not build', async () => {
    await expect(matrixWith(LIST.replace('return undefined', 'return 1'))).rejects.toThrow(
      /do not build without any mutant[\s\S]*registry\.ts/,
    );
  });

  test('of a reference that does not do what the reference does', async () => {
    await expect(matrixWith(LIST.replace('one !== registration', 'one === one'))).rejects.toThrow(
      /does not do the same/,
    );
  });

  test('with a mutant whose profile nothing is run under', async () => {
    const failure = matrixWith(LIST, [mutantNamed('refuses-null-token')]);
    await expect(failure).rejects.toThrow(CannotRun);
    await expect(failure).rejects.toThrow(/under linux-4\.4, which refuses-null-token needs/);
  });
});
