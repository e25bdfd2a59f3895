/** The kill matrix: every mutant of the reference and every named mutant, against every rule. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Mutant } from '../../conformance/mutants/index.js';
import type { createReferenceManager } from '../../reference/manager.js';
import { createReferenceManager as correct } from '../../reference/manager.js';
import type { JudgedMutant, MatrixWorld, NamedRow, SourceMutant, SourceRow } from '../../spec/formats/kill-matrix.js';
import type { ManagerFactory } from '../../spec/manager.js';
import type { ChapterRule } from '../../spec/rule.js';
import { packageRoot } from '../../src/files/root.js';
import { type Built, build } from './build.js';
import { CannotRun } from './cannot-run.js';
import type { World } from './environments.js';
import { Bench, type Held } from './harness.js';
import type { Source } from './instrument.js';
import { instrument } from './instrument.js';
import { withMutant } from './switch.js';

/** All of it. */
export interface Matrix {
  readonly sources: readonly SourceRow[];
  readonly named: readonly NamedRow[];
  /** The programs of each world, variants included. */
  readonly worlds: readonly MatrixWorld[];
  /** Where rules and model do not agree about a mutant; a defect of the spec. */
  readonly disagreements: readonly string[];
}

/** What to make a matrix of. */
export interface MatrixOptions {
  readonly rules: readonly ChapterRule[];
  readonly worlds: readonly World[];
  /** The files that make up the reference; the first exports `createReferenceManager`. */
  readonly sources: readonly Source[];
  readonly named: readonly Mutant[];
  readonly onProgress?: (done: number, total: number) => void;
}

/** The reference manager and all that it is made of, the file that makes one first. */
export async function referenceSources(): Promise<readonly Source[]> {
  const names = ['manager', 'connection', 'refusals', 'registry'].map((name) => `reference/${name}.ts`);
  return Promise.all(
    names.map(async (name) => ({ name, text: await readFile(join(packageRoot, ...name.split('/')), 'utf8') })),
  );
}

/** What was found of some mutants. */
export interface Judged {
  /** In the order of their numbers. */
  readonly parts: readonly JudgedMutant[];
  /** How many mutants there are in all, and a hash of them. */
  readonly count: number;
  readonly mutantsHash: string;
  readonly worlds: readonly MatrixWorld[];
}

/**
 * Hold the rules against mutants.
 *
 * @param isMine whether a mutant is to be judged, by its number; all are when absent
 * @throws {CannotRun} when something is wrong that is no matter of rules or mutants
 */
export async function judgeMutants(
  options: MatrixOptions,
  isMine: (number: number) => boolean = () => true,
): Promise<Judged> {
  const [entry] = options.sources;
  if (entry === undefined) throw new CannotRun('there are no sources to make mutants of');
  const instrumented = await instrument(options.sources);
  const built = await build(instrumented, entry.name);
  return new Making(options, instrumented.mutants, built, isMine).judged();
}

/** The matrix of all mutants that were judged. */
export function matrixOf({ parts, worlds }: Pick<Judged, 'parts' | 'worlds'>): Matrix {
  return {
    sources: parts.flatMap(({ source }) => source ?? []),
    named: parts.flatMap(({ named }) => named ?? []),
    worlds,
    disagreements: parts.flatMap(({ disagreements }) => disagreements),
  };
}

/** What was found of one mutant so far. */
interface Found {
  readonly broken: Map<string, string>;
  reached: boolean;
  hung: boolean;
  fault?: string;
  readonly disagreements: string[];
}

class Making {
  readonly #found = new Map<string, Found>();
  #done = 0;

  constructor(
    readonly options: MatrixOptions,
    readonly mutants: readonly SourceMutant[],
    readonly built: Built,
    readonly isMine: (number: number) => boolean,
  ) {}

  async judged(): Promise<Judged> {
    const { worlds, rules, named } = this.options;
    const homeless = named.find(({ profile }) => worlds.every((world) => world.profile.name !== profile));
    if (homeless !== undefined)
      throw new CannotRun(`no programs are run under ${homeless.profile}, which ${homeless.name} needs`);
    const sizes: { name: string; programs: number }[] = [];
    const ofNamed = new Map<string, Omit<JudgedMutant, 'part'>>();
    const numbered = named.map((mutant, index) => ({ mutant, number: this.mutants.length + index }));
    const isMine = ({ number }: { readonly number: number }) => this.isMine(number);
    for (const world of worlds) {
      const { profile, programs } = world;
      const bench = new Bench(profile, programs, rules, (environment) => correct(profile, environment));
      sizes.push({ name: world.name, programs: bench.size });
      if (world.mutates) await this.#mutateReference(world, bench);
      // Of worlds with the same profile's name, the named mutants belong to the first: the profile itself.
      for (const { mutant } of numbered.filter(isMine)) {
        if (mutant.profile !== profile.name || ofNamed.has(mutant.name)) continue;
        ofNamed.set(mutant.name, this.#named(mutant, await bench.hold(mutant.create)));
        this.#advance();
      }
    }
    const ofSources = this.mutants
      .map((mutant, number) => ({ mutant, number }))
      .filter(isMine)
      .map(({ mutant, number }): JudgedMutant => {
        const { disagreements } = this.#foundOf(mutant.id);
        return { part: number, source: this.#row(mutant), disagreements };
      });
    return {
      parts: [
        ...ofSources,
        ...numbered.filter(isMine).flatMap(({ mutant, number }) => {
          const one = ofNamed.get(mutant.name);
          return one === undefined ? [] : [{ part: number, ...one }];
        }),
      ],
      count: this.mutants.length + named.length,
      mutantsHash: hashOf([this.mutants, named.map(({ name, profile, rule }) => [name, profile, rule])]),
      worlds: sizes,
    };
  }

  async #mutateReference({ name, profile }: World, bench: Bench): Promise<void> {
    const create = this.built.exports.createReferenceManager as typeof createReferenceManager | undefined;
    if (create === undefined) throw new CannotRun('the sources export no createReferenceManager');
    const factory: ManagerFactory = (environment) => create(profile, environment);
    const reach = bench.reach(factory);
    for (const [number, mutant] of this.mutants.entries()) {
      if (!this.isMine(number)) continue;
      const found = this.#foundOf(mutant.id);
      const numbers = reach.get(mutant.id);
      const unbuilt = this.built.refused.has(mutant.id);
      this.#advance();
      // Of what does not count it is enough to know that it is found; and what never returns takes its time.
      if (numbers === undefined || found.hung || (unbuilt && found.broken.size > 0)) continue;
      found.reached = true;
      const how = { numbers, ...(unbuilt ? { enough: 0 } : {}) };
      const held = await withMutant(mutant.id, () => bench.hold(factory, how));
      this.#note(`${mutant.file}:${mutant.line} under ${name}`, found, held);
    }
  }

  #note(where: string, found: Found, held: Held): void {
    for (const [rule, text] of held.broken) if (!found.broken.has(rule)) found.broken.set(rule, text);
    found.hung ||= held.hung > 0;
    if (held.fault !== undefined) found.fault = held.fault;
    if (held.disagreement !== undefined) found.disagreements.push(`${where}: ${held.disagreement}`);
  }

  #row(mutant: SourceMutant): SourceRow {
    const { broken, reached, hung, fault } = this.#foundOf(mutant.id);
    const row = { mutant, killers: this.#inOrder(broken), hung };
    const complaint = this.built.refused.get(mutant.id) ?? fault;
    if (complaint !== undefined) {
      return { ...row, fate: 'unbuilt', reason: complaint, ...(fault === undefined ? {} : { unplayable: true }) };
    }
    if (broken.size > 0) return { ...row, fate: 'killed' };
    if (this.built.early.has(mutant.id)) {
      return { ...row, fate: 'unreached', reason: 'it runs when the file is loaded, before any program' };
    }
    if (!reached) return { ...row, fate: 'unreached', reason: 'no program comes by the changed place' };
    return { ...row, fate: 'survived' };
  }

  #named({ name, profile, rule }: Mutant, held: Held): Omit<JudgedMutant, 'part'> {
    if (held.fault !== undefined) throw new CannotRun(`the mutant ${name} cannot be run: ${held.fault}`);
    const disagreements = held.disagreement === undefined ? [] : [`${name}: ${held.disagreement}`];
    const message = held.broken.get(rule);
    const row: NamedRow = { name, profile, meantFor: rule, killers: this.#inOrder(held.broken) };
    return { named: message === undefined ? row : { ...row, message }, disagreements };
  }

  #inOrder(broken: ReadonlyMap<string, string>): readonly string[] {
    return this.options.rules.map(({ id }) => id).filter((id) => broken.has(id));
  }

  #foundOf(id: string): Found {
    const found = this.#found.get(id) ?? { broken: new Map(), reached: false, hung: false, disagreements: [] };
    this.#found.set(id, found);
    return found;
  }

  #advance(): void {
    const { worlds, named, onProgress } = this.options;
    const mine = (from: number, count: number) =>
      Array.from({ length: count }, (_, at) => from + at).filter((number) => this.isMine(number)).length;
    const sources = mine(0, this.mutants.length);
    const total = worlds.filter(({ mutates }) => mutates).length * sources + mine(this.mutants.length, named.length);
    onProgress?.(++this.#done, total);
  }
}

/** Sixteen hexadecimal digits that tell lists apart. */
function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);
}
