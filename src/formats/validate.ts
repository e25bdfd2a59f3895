/**
 * Holds plain data against the generated schemas. What has passed here is trusted everywhere else.
 *
 * ajv is loaded with the first value that is validated, and each schema is compiled with the first value of its kind:
 * a run of a target in this process needs neither.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Ajv, Options, ValidateFunction } from 'ajv';
import { type Kind, type Kinds, schemaFile, schemaFolder } from '../schemas/kinds.js';
import { fromPortable } from '../schemas/portable.js';
import type { Schema } from '../schemas/refine.js';
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
  const accepts = fast.of(kind);
  if (accepts(value)) return { ok: true, value: value as Kinds[K] };
  const explains = (isSmall(value) ? thorough : brief).of(kind);
  explains(value);
  return { ok: false, problems: problemsOf(explains.errors ?? [], schemaOf(kind)) };
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
    this.#ajv ??= new (loadAjv())({
      discriminator: true,
      allowUnionTypes: true,
      // The schemas are ours: a test compiles each as it is published, in ajv's strict mode, with the meta-schema.
      meta: false,
      validateSchema: false,
      ...this.#options,
    });
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

const schemas = new Map<Kind, Schema>();

function schemaOf(kind: Kind): Schema {
  const known = schemas.get(kind);
  if (known !== undefined) return known;
  const schema = fromPortable(JSON.parse(readFileSync(join(schemaFolder, schemaFile(kind)), 'utf8')) as Schema);
  schemas.set(kind, schema);
  return schema;
}

/** Loaded with `require`, so that validation needs no `await`. */
function loadAjv(): typeof Ajv {
  const module = createRequire(import.meta.url)('ajv') as { readonly Ajv: typeof Ajv };
  return module.Ajv;
}
