/** The kill matrix: every mutant of the reference and every named mutant, against every rule. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Mutant } from '../../conformance/mutants/index.js';
import type { createReferenceManager } from '../../reference/manager.js';
import { createReferenceManager as correct } from '../../reference/manager.js';
import type { ManagerFactory } from '../../spec/manager.js';
import type { ProfileName } from '../../spec/profile.js';
import type { ChapterRule } from '../../spec/rule.js';
import { packageRoot } from '../../src/files/root.js';
import { type Built, build } from './build.js';
import { CannotRun } from './cannot-run.js';
import type { World } from './environments.js';
import { Bench, type Held } from './harness.js';
import type { Source, SourceMutant } from './instrument.js';
import { instrument } from './instrument.js';
import { withMutant } from './switch.js';

/**
 * What became of a mutant of the reference.
 * - `killed`: a rule is broken.
 * - `survived`: no rule is, in any program.
 * - `unbuilt`: void, since the compiler refuses it, so that nobody could have written it. It runs as JavaScript, and the
 *   rules that find it there are noted; it counts as killed nowhere.
 * - `unreached`: void, since no program comes by the changed place.
 */
export type Fate = 'killed' | 'survived' | 'unbuilt' | 'unreached';

/** One mutant of the reference. */
export interface SourceRow {
  readonly mutant: SourceMutant;
  readonly fate: Fate;
  /** The rules that are broken, in the order of reading. Of an unbuilt one: those of the first that was found. */
  readonly killers: readonly string[];
  /** Whether one of its programs never came to an end. */
  readonly hung: boolean;
  /** Why it is void. */
  readonly reason?: string;
  /** Set when it makes nothing that a program could be played against. */
  readonly unplayable?: boolean;
}

/** One named mutant. */
export interface NamedRow {
  readonly name: string;
  readonly profile: ProfileName;
  /** The rule that it was made for. */
  readonly meantFor: string;
  readonly killers: readonly string[];
  /** What the rule that it was made for says of it, if it says anything. */
  readonly message?: string;
}

/** All of it. */
export interface Matrix {
  readonly sources: readonly SourceRow[];
  readonly named: readonly NamedRow[];
  /** The programs of each world, variants included. */
  readonly worlds: readonly { readonly name: string; readonly programs: number }[];
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

/**
 * Make the matrix.
 *
 * @throws {CannotRun} when something is wrong that is no matter of rules or mutants
 */
export async function makeMatrix(options: MatrixOptions): Promise<Matrix> {
  const [entry] = options.sources;
  if (entry === undefined) throw new CannotRun('there are no sources to make mutants of');
  const instrumented = await instrument(options.sources);
  const built = await build(instrumented, entry.name);
  return new Making(options, instrumented.mutants, built).matrix();
}

/** What was found of one mutant so far. */
interface Found {
  readonly broken: Map<string, string>;
  reached: boolean;
  hung: boolean;
  fault?: string;
}

class Making {
  readonly #found = new Map<string, Found>();
  readonly #disagreements: string[] = [];
  #done = 0;

  constructor(
    readonly options: MatrixOptions,
    readonly mutants: readonly SourceMutant[],
    readonly built: Built,
  ) {}

  async matrix(): Promise<Matrix> {
    const { worlds, rules, named } = this.options;
    const homeless = named.find(({ profile }) => worlds.every((world) => world.profile.name !== profile));
    if (homeless !== undefined)
      throw new CannotRun(`no programs are run under ${homeless.profile}, which ${homeless.name} needs`);
    const sizes: { name: string; programs: number }[] = [];
    const namedRows = new Map<string, NamedRow>();
    for (const world of worlds) {
      const { profile, programs } = world;
      const bench = new Bench(profile, programs, rules, (environment) => correct(profile, environment));
      sizes.push({ name: world.name, programs: bench.size });
      if (world.mutates) await this.#mutateReference(world, bench);
      // Of worlds with the same profile's name, the named mutants belong to the first: the profile itself.
      for (const mutant of named) {
        if (mutant.profile !== profile.name || namedRows.has(mutant.name)) continue;
        namedRows.set(mutant.name, this.#named(mutant, await bench.hold(mutant.create)));
        this.#advance();
      }
    }
    return {
      sources: this.mutants.map((mutant) => this.#row(mutant)),
      named: named.flatMap(({ name }) => namedRows.get(name) ?? []),
      worlds: sizes,
      disagreements: this.#disagreements,
    };
  }

  async #mutateReference({ name, profile }: World, bench: Bench): Promise<void> {
    const create = this.built.exports.createReferenceManager as typeof createReferenceManager | undefined;
    if (create === undefined) throw new CannotRun('the sources export no createReferenceManager');
    const factory: ManagerFactory = (environment) => create(profile, environment);
    const reach = bench.reach(factory);
    for (const mutant of this.mutants) {
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
    if (held.disagreement !== undefined) this.#disagreements.push(`${where}: ${held.disagreement}`);
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

  #named({ name, profile, rule }: Mutant, held: Held): NamedRow {
    if (held.fault !== undefined) throw new CannotRun(`the mutant ${name} cannot be run: ${held.fault}`);
    if (held.disagreement !== undefined) this.#disagreements.push(`${name}: ${held.disagreement}`);
    const message = held.broken.get(rule);
    const row = { name, profile, meantFor: rule, killers: this.#inOrder(held.broken) };
    return message === undefined ? row : { ...row, message };
  }

  #inOrder(broken: ReadonlyMap<string, string>): readonly string[] {
    return this.options.rules.map(({ id }) => id).filter((id) => broken.has(id));
  }

  #foundOf(id: string): Found {
    const found = this.#found.get(id) ?? { broken: new Map(), reached: false, hung: false };
    this.#found.set(id, found);
    return found;
  }

  #advance(): void {
    const { worlds, named, onProgress } = this.options;
    const total = worlds.filter(({ mutates }) => mutates).length * this.mutants.length + named.length;
    onProgress?.(++this.#done, total);
  }
}
