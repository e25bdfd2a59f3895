/**
 * The suites of a profile as one file of a KUnit suite: the rules, the programs and what is expected of them as tables, a
 * player below them, and one case a rule. The text below is ours, and no part of the kernel's.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExpectedCall, Vector, Vectors } from '../../spec/formats/vectors.js';
import type { Profile } from '../../spec/profile.js';
import type { EnterEvent, ManagerOperation, ProgramObject } from '../../spec/vocabulary.js';
import { packageRoot } from '../files/root.js';
import { operationsOf, rulesOf } from './vectors.js';

/** The files of a suite, by their names. */
export type Files = Readonly<Record<string, string>>;

/** The name of the C file, without its end. */
export const NAME = 'irqbypass_spec_kunit';

const TEMPLATES = join(packageRoot, 'conformance', 'harnesses', 'kunit');

/** The files of the suite of a profile. */
export function kunitFiles(profile: Profile, vectors: Vectors): Files {
  return {
    [`${NAME}.c`]: suiteText(profile, vectors),
    Kconfig: read('Kconfig.template'),
    Makefile: read('Makefile.template'),
  };
}

function read(name: string): string {
  return readFileSync(join(TEMPLATES, name), 'utf8');
}

function suiteText(profile: Profile, { vectors, rulesHash }: Vectors): string {
  const tables = new Tables();
  for (const vector of vectors) tables.add(vector);
  const exposed = new Set(vectors.flatMap(({ calls }) => calls.flatMap((call) => call.rules)));
  const rules = rulesOf(profile).filter(({ id }) => exposed.has(id));
  const values: Readonly<Record<string, string>> = {
    PROFILE: profile.name,
    HASH: rulesHash,
    GENERATION: profile.generation === 'token-as-argument' ? '1' : '0',
    RULES: rules.map(({ id, text }) => `\tX(${word(id)}, ${quoted(text)})`).join(' \\\n'),
    EXPECTATIONS: tables.expectations.join('\n'),
    RESULTS: tables.results.join('\n'),
    OPERATIONS: tables.operations.join('\n'),
    PROGRAMS: tables.programs.join('\n'),
  };
  return read('suite.c.template').replace(/@([A-Z]+)@/g, (whole, name: string) => values[name] ?? whole);
}

const word = (id: string): string => id.replace('-', '_');
const quoted = (text: string): string => JSON.stringify(text);

/** Rows of C. What is the same is written once, and referred to by its number. */
class Tables {
  readonly expectations: string[] = [];
  readonly results: string[] = [];
  readonly operations: string[] = [];
  readonly programs: string[] = [];
  readonly #expected = new Map<string, number>();
  readonly #lists = new Map<string, number>();
  #count = 0;

  add({ suite, program, calls }: Vector): void {
    const operations = operationsOf(program);
    const rows = operations.map((operation, at) => this.#operation(operation, calls[at]));
    this.operations.push(`\t/* ${this.programs.length} */`, ...folded(rows));
    const objects = program.objects.map((object) => this.#object(object)).join(', ');
    this.programs.push(
      `\t{ ${this.#count}, ${operations.length}, ${objects} }, /* ${this.programs.length}: ${suite} */`,
    );
    this.#count += operations.length;
  }

  #operation(operation: ManagerOperation, call: ExpectedCall | undefined): string {
    const expected = this.#expectation(call ?? { callbacks: [], rules: [] });
    const object = operation.object.slice(1);
    switch (operation.operation) {
      case 'registerProducer':
        return `RP(${object}, ${operation.token?.slice(1)}, ${operation.irq}, ${expected}),`;
      case 'registerConsumer':
        return `RC(${object}, ${operation.token?.slice(1)}, ${expected}),`;
      case 'unregisterProducer':
        return `UP(${object}, ${expected}),`;
      case 'unregisterConsumer':
        return `UC(${object}, ${expected}),`;
    }
  }

  #expectation({ status = 0, callbacks, rules }: ExpectedCall): number {
    const mask = rules.length === 0 ? '0' : rules.map((id) => `B(${word(id)})`).join(' | ');
    const row = `\t{ ${status}, ${quoted(callbacks.map(callbackText).join(' '))},\n\t  ${mask} },`;
    const known = this.#expected.get(row) ?? this.#expected.size;
    if (known === this.#expected.size) this.expectations.push(`\t/* ${known} */`, row);
    this.#expected.set(row, known);
    return known;
  }

  #object({ id, callbacks, results = [] }: ProgramObject): string {
    const names = callbacks.map((callback) => callback.replace(/(?<=add|del)\w+/, '').toUpperCase());
    const mask = names.length === 4 ? 'ALL' : names.join(' | ') || '0';
    const side = id.startsWith('p') ? 'p' : 'c';
    const list = results.length === 0 ? '' : `, results_${this.#list(results)}, ${results.length}`;
    return `.${side}[${id.slice(1)}] = { ${mask}${list} }`;
  }

  #list(results: readonly number[]): number {
    const row = results.join(', ');
    const known = this.#lists.get(row) ?? this.#lists.size;
    if (known === this.#lists.size) this.results.push(`static const int results_${known}[] = { ${row} };`);
    this.#lists.set(row, known);
    return known;
  }
}

/** `c0.add(p0, 32)`: as the player in C writes what it sees. */
function callbackText({ callback, object, counterpart, irq }: EnterEvent): string {
  const name = callback.replace(/(?<=add|del)\w+/, '');
  const passed = [counterpart, irq].filter((one) => one !== undefined).join(',');
  return `${object}.${name}(${passed})`;
}

/** Rows of a table, several a line. */
function folded(rows: readonly string[]): readonly string[] {
  const lines: string[] = [];
  for (const row of rows) {
    const last = lines.at(-1);
    if (last === undefined || last.length + row.length > 96) lines.push(`\t${row}`);
    else lines[lines.length - 1] = `${last} ${row}`;
  }
  return lines;
}
