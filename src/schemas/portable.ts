/**
 * The schemas as they are published, which any validator takes in its strictest mode, and as ours are compiled.
 *
 *  - `discriminator` is no keyword of JSON Schema. Published, it is a comment.
 *  - Some validators want one type a schema. Published, a string or null is a choice of two schemas.
 *
 * The two say the same; ours give quicker and clearer answers.
 */
import type { Schema } from './refine.js';

const TOLD_APART = 'discriminator: ';

/** A refined schema in the form in which it is published. */
export function toPortable(schema: Schema): Schema {
  return each(schema, (one) => {
    const { discriminator, ...told } = one;
    const apart = discriminator === undefined ? one : { $comment: TOLD_APART + discriminator.propertyName, ...told };
    if (!Array.isArray(apart.type) || !apart.type.includes('null')) return apart;
    const { type, enum: values, pattern, ...rest } = apart;
    const string: Schema = {
      type: type.find((name) => name !== 'null') ?? 'string',
      ...(values === undefined ? {} : { enum: values.filter((value) => value !== null) }),
      ...(pattern === undefined ? {} : { pattern }),
    };
    return { ...rest, anyOf: [string, { type: 'null' }] };
  });
}

/** A published schema in the form that is compiled. */
export function fromPortable(schema: Schema): Schema {
  return each(schema, (one) => {
    const { $comment, ...told } = one;
    const apart = $comment?.startsWith(TOLD_APART)
      ? { ...told, discriminator: { propertyName: $comment.slice(TOLD_APART.length) } }
      : one;
    const [string, nothing, ...more] = apart.anyOf ?? [];
    if (string?.type !== 'string' || nothing?.type !== 'null' || more.length > 0) return apart;
    const { anyOf: _, ...rest } = apart;
    const values = string.enum === undefined ? {} : { enum: [...string.enum, null] };
    return { ...rest, ...string, ...values, type: ['string', 'null'] };
  });
}

/** Change a schema and all schemas in it, the inner ones first. */
function each(schema: Schema, change: (schema: Schema) => Schema): Schema {
  const inside = (one: Schema) => each(one, change);
  const named = (some: Readonly<Record<string, Schema>>) =>
    Object.fromEntries(Object.entries(some).map(([name, one]) => [name, inside(one)]));
  const changed: Schema = { ...schema };
  for (const key of ['items', 'if', 'then', 'else'] as const) {
    const one = schema[key];
    if (one !== undefined) changed[key] = inside(one);
  }
  for (const key of ['anyOf', 'oneOf'] as const) {
    const some = schema[key];
    if (some !== undefined) changed[key] = some.map(inside);
  }
  if (schema.properties !== undefined) changed.properties = named(schema.properties);
  if (schema.definitions !== undefined) changed.definitions = named(schema.definitions);
  const { additionalProperties } = schema;
  if (typeof additionalProperties === 'object') changed.additionalProperties = inside(additionalProperties);
  return change(changed);
}
