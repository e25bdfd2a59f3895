/** Part of the build: compiles the validators that a run of a target needs (src/formats/compiled.ts). */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import standalone from 'ajv/dist/standalone/index.js';
import { makeAjv, schemaOf } from '../src/formats/ajv.js';
import { compiledFile, compiledFolder, compiledKinds } from '../src/formats/compiled.js';

rmSync(compiledFolder, { recursive: true, force: true });
mkdirSync(compiledFolder, { recursive: true });
for (const kind of compiledKinds) {
  // They say yes or no: whoever wants to know why asks a validator that finds every mistake.
  const ajv = makeAjv({ messages: false, inlineRefs: false, code: { source: true } });
  const text = standalone.default(ajv, ajv.compile(schemaOf(kind)));
  writeFileSync(join(compiledFolder, compiledFile(kind)), text);
}
