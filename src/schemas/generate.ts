/**
 * Generates the JSON Schemas from the types of the spec. The generator is a development tool and is loaded only here.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../files/root.js';
import { type Kind, kindNames, kinds, schemaFile, schemaFolder } from './kinds.js';
import { toPortable } from './portable.js';
import { refine, type Schema } from './refine.js';

/**
 * The texts of all schema files, by kind.
 * @throws Error when the generator or the sources of the spec are not there, as in an installation from the registry.
 */
export async function generateSchemas(): Promise<ReadonlyMap<Kind, string>> {
  const { createGenerator } = await loadGenerator();
  const generator = createGenerator({
    path: join(packageRoot, 'spec', 'index.ts'),
    tsconfig: join(packageRoot, 'tsconfig.json'),
    // The compiler has checked them already, and in a newer version than the generator's.
    skipTypeCheck: true,
    additionalProperties: false,
    topRef: false,
    jsDoc: 'extended',
  });
  return new Map(
    kindNames.map((kind) => [kind, schemaText(kind, generator.createSchema(kinds[kind].type) as Schema)] as const),
  );
}

/** Write all schema files into a folder. */
export async function writeSchemas(folder: string = schemaFolder): Promise<void> {
  const schemas = await generateSchemas();
  mkdirSync(folder, { recursive: true });
  for (const [kind, text] of schemas) writeFileSync(join(folder, schemaFile(kind)), text);
}

/**
 * The names of the schema files of a folder that are missing or that differ from what the types say now.
 *
 * @param schemas what the types say, where that was asked before
 */
export async function checkSchemas(
  folder: string = schemaFolder,
  schemas: ReturnType<typeof generateSchemas> = generateSchemas(),
): Promise<readonly string[]> {
  const drifted: string[] = [];
  for (const [kind, text] of await schemas) {
    if (readIfThere(join(folder, schemaFile(kind))) !== text) drifted.push(schemaFile(kind));
  }
  return drifted;
}

function schemaText(kind: Kind, generated: Schema): string {
  const { $schema, ...rest } = toPortable(refine(generated));
  const schema: Schema = {
    ...($schema === undefined ? {} : { $schema }),
    $id: `urn:irqbypass-spec:schema:${kind}:1`,
    title: kinds[kind].title,
    ...rest,
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

async function loadGenerator(): Promise<typeof import('ts-json-schema-generator')> {
  try {
    return await import('ts-json-schema-generator');
  } catch (cause) {
    throw new Error(
      'Schemas are generated in a checkout of irqbypass-spec, with its development dependencies: run "npm install" there. ' +
        'The generated schemas come with the package, in spec/schemas.',
      { cause },
    );
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
