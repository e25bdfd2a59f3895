/** Our schemas, and ajv as it takes them. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Ajv, Options } from 'ajv';
import { type Kind, schemaFile, schemaFolder } from '../schemas/kinds.js';
import { fromPortable } from '../schemas/portable.js';
import type { Schema } from '../schemas/refine.js';

/** An ajv that knows no schema yet. It is loaded with `require`, so that validation needs no `await`. */
export function makeAjv(options: Options): Ajv {
  const module = createRequire(import.meta.url)('ajv') as { readonly Ajv: typeof Ajv };
  return new module.Ajv({
    discriminator: true,
    allowUnionTypes: true,
    // The schemas are ours: a test compiles each as it is published, in ajv's strict mode, with the meta-schema.
    meta: false,
    validateSchema: false,
    ...options,
  });
}

const schemas = new Map<Kind, Schema>();

/** The schema of a kind, as it is compiled. */
export function schemaOf(kind: Kind): Schema {
  const known = schemas.get(kind);
  if (known !== undefined) return known;
  const schema = fromPortable(JSON.parse(readFileSync(join(schemaFolder, schemaFile(kind)), 'utf8')) as Schema);
  schemas.set(kind, schema);
  return schema;
}
