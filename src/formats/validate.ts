/**
 * Holds plain data against the generated schemas. What has passed here is trusted everywhere else.
 *
 * What a run of a target needs was compiled by the build. ajv is loaded, and a schema compiled, with the first value of
 * any other kind, and with the first mistake that has to be explained.
 */
import type { Ajv, Options, ValidateFunction } from 'ajv';
import type { Kind, Kinds } from '../schemas/kinds.js';
import { makeAjv, schemaOf } from './ajv.js';
import { compiled } from './compiled.js';
import { type Problem, problemsOf } from './problems.js';

/** The value with its type, or what is wrong with it. */
export type Validated<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * Hold a value against the schema of a kind. The value itself is given back, not a copy.
 *
 * The fast validator stops at the first mistake and says little; a value that it refuses is looked at again by one
 * that finds every mistake and remembers where, or only the first where there could be millions.
 */
export function validate<K extends Kind>(kind: K, value: unknown): Validated<Kinds[K]> {
  if (isOf(kind, value)) return { ok: true, value };
  const explains = (isSmall(value) ? thorough : brief).of(kind);
  explains(value);
  return { ok: false, problems: problemsOf(explains.errors ?? [], schemaOf(kind)) };
}

/** Whether a value is of a kind. To ask only that costs less than to be told why it is not. */
export function isOf<K extends Kind>(kind: K, value: unknown): value is Kinds[K] {
  const accepts = compiled(kind) ?? fast.of(kind);
  return accepts(value) === true;
}

/** Compiled schemas, each made when it is first needed. */
class Validators {
  readonly #options: Options;
  readonly #made = new Map<Kind, ValidateFunction>();
  #ajv: Ajv | undefined;

  constructor(options: Options) {
    this.#options = options;
  }

  of(kind: Kind): ValidateFunction {
    const made = this.#made.get(kind);
    if (made !== undefined) return made;
    this.#ajv ??= makeAjv(this.#options);
    const validator = this.#ajv.compile(schemaOf(kind));
    this.#made.set(kind, validator);
    return validator;
  }
}

const fast = new Validators({});
const thorough = new Validators({ allErrors: true, verbose: true });
const brief = new Validators({ verbose: true });

/** How many values a value may hold to be small. */
const FEW = 100_000;

/** Whether a value holds few others, however deep they lie. */
function isSmall(value: unknown): boolean {
  const left: unknown[] = [value];
  let count = 0;
  while (left.length > 0) {
    const one = left.pop();
    if (typeof one !== 'object' || one === null) continue;
    const members: readonly unknown[] = Array.isArray(one) ? one : Object.values(one);
    count += members.length;
    if (count > FEW) return false;
    for (const member of members) left.push(member);
  }
  return true;
}
