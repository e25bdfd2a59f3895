/**
 * Makes a generated schema sharper, without changing what it accepts.
 *
 * The generator writes every union as `anyOf`, which a validator tries branch by branch: slow, and on a mistake it
 * complains once a branch. Here
 *
 *  - a union of strings becomes one string (`CallbackName`: one enum; `ObjectId`: one pattern; `Token`: string or null);
 *  - a union of objects that one property tells apart (`type`, `operation`) becomes `oneOf` with a `discriminator`;
 *  - a union of objects that the pattern of their `id` tells apart becomes `if`, `then`, `else`.
 */

/** A JSON Schema, as far as the generator writes it. */
export interface Schema {
  $schema?: string;
  $id?: string;
  $comment?: string;
  title?: string;
  description?: string;
  $ref?: string;
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  pattern?: string;
  minimum?: number;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  discriminator?: { propertyName: string };
  if?: Schema;
  then?: Schema;
  else?: Schema;
  definitions?: Record<string, Schema>;
}

/** Refine a whole schema, its definitions included. The argument stays as it was. */
export function refine(root: Schema): Schema {
  const { definitions = {}, ...rest } = root;
  const resolve = (schema: Schema): Schema => deref(schema, definitions);
  const whole = refineNode(rest, resolve);
  const named: Record<string, Schema> = {};
  for (const name of Object.keys(definitions).sort()) {
    const definition = definitions[name];
    if (definition !== undefined && isName(name)) named[name] = refineNode(definition, resolve);
  }
  return Object.keys(named).length === 0 ? whole : { ...whole, definitions: named };
}

/** Follow a reference to the definition that it names. */
export function deref(schema: Schema, definitions: Readonly<Record<string, Schema>>): Schema {
  if (schema.$ref === undefined) return schema;
  const target = definitions[nameOf(schema.$ref)];
  if (target === undefined) throw new Error(`a schema refers to ${schema.$ref}, which it does not define`);
  return deref(target, definitions);
}

type Resolve = (schema: Schema) => Schema;

function nameOf(ref: string): string {
  return decodeURIComponent(ref.replace('#/definitions/', ''));
}

/** Whether a definition has a name of ours, and not the text of a type such as `Readonly<Record<string,string>>`. */
function isName(name: string): boolean {
  return /^\w+$/.test(name);
}

function refineNode(schema: Schema, resolve: Resolve): Schema {
  if (schema.$ref !== undefined && !isName(nameOf(schema.$ref))) {
    const { $ref: _, ...own } = schema;
    return { ...refineNode(resolve(schema), resolve), ...own };
  }
  const refined: Schema = { ...schema };
  if (schema.properties !== undefined) {
    refined.properties = Object.fromEntries(
      Object.entries(schema.properties).map(([name, property]) => [name, refineNode(property, resolve)]),
    );
  }
  if (schema.items !== undefined) refined.items = refineNode(schema.items, resolve);
  if (typeof schema.additionalProperties === 'object') {
    refined.additionalProperties = refineNode(schema.additionalProperties, resolve);
  }
  return schema.anyOf === undefined ? refined : refineUnion(refined, schema.anyOf, resolve);
}

function refineUnion(schema: Schema, members: readonly Schema[], resolve: Resolve): Schema {
  const { anyOf: _, ...own } = schema;
  const leaves = members.flatMap((member) => leavesOf(member, resolve));
  const better =
    asString(members, resolve) ??
    byProperty(members, resolve) ??
    byProperty(leaves, resolve) ??
    byPattern(members, resolve);
  if (better !== undefined) return { ...own, ...better };
  return { ...own, anyOf: members.map((member) => refineNode(member, resolve)) };
}

/** A union of strings of one shape, and perhaps null, as one string. */
function asString(members: readonly Schema[], resolve: Resolve): Schema | undefined {
  const flat = members.flatMap((member) => flatten(member, resolve));
  const strings = flat.filter((member) => member.type === 'string');
  const nullable = flat.some((member) => member.type === 'null');
  if (strings.length === 0 || flat.some((member) => member.type !== 'string' && member.type !== 'null'))
    return undefined;

  const values = strings.flatMap((member) => member.enum ?? (member.const === undefined ? [] : [member.const]));
  const patterns = strings.flatMap((member) => member.pattern ?? []);
  if (values.length > 0 && patterns.length === 0) {
    return nullable
      ? { type: ['string', 'null'], enum: [...new Set([...values, null])] }
      : { type: 'string', enum: [...new Set(values)] };
  }
  if (patterns.length !== strings.length) return undefined;
  const [first = ''] = patterns;
  const bodies = patterns.map((pattern) => pattern.replace(/^\^/, '').replace(/\$$/, ''));
  const pattern = patterns.length === 1 ? first : `^(${bodies.join('|')})$`;
  return { type: nullable ? ['string', 'null'] : 'string', pattern };
}

/** The members of a union of unions, each resolved. */
function flatten(schema: Schema, resolve: Resolve): readonly Schema[] {
  return leavesOf(schema, resolve).map(resolve);
}

/** The members of a union of unions, each as it is referred to. */
function leavesOf(schema: Schema, resolve: Resolve): readonly Schema[] {
  return resolve(schema).anyOf?.flatMap((member) => leavesOf(member, resolve)) ?? [schema];
}

/**
 * A union of objects that a property with a constant tells apart. What is the same constant in every branch (the
 * `type` of all six call events) is said of the whole too, so that a union around this one can tell it apart.
 */
function byProperty(members: readonly Schema[], resolve: Resolve): Schema | undefined {
  const constants = members.map((member) => constantsOf(member, resolve));
  const [first] = constants;
  if (first === undefined) return undefined;
  const propertyName = [...first.keys()].find((name) => {
    const values = constants.map((each) => each.get(name));
    return !values.includes(undefined) && new Set(values).size === members.length;
  });
  if (propertyName === undefined) return undefined;

  const shared = [...first].filter(([name, value]) => constants.every((each) => each.get(name) === value));
  const common: Schema = {
    properties: Object.fromEntries(shared.map(([name, value]) => [name, { type: 'string', const: value }])),
    required: shared.map(([name]) => name),
  };
  return {
    type: 'object',
    ...(shared.length === 0 ? {} : common),
    discriminator: { propertyName },
    oneOf: members.map((member) => refineNode(member, resolve)),
  };
}

/** The required properties of an object, or of every branch of a union of objects, that are a constant string. */
function constantsOf(schema: Schema, resolve: Resolve): ReadonlyMap<string, string> {
  const [first = new Map<string, string>(), ...others] = flatten(schema, resolve).map((object) => {
    const constants = new Map<string, string>();
    for (const [name, property] of Object.entries(object.properties ?? {})) {
      const value = resolve(property).const;
      if (typeof value === 'string' && object.required?.includes(name)) constants.set(name, value);
    }
    return constants;
  });
  return new Map([...first].filter(([name, value]) => others.every((other) => other.get(name) === value)));
}

/**
 * A union of two objects that the pattern of a property tells apart. What matches neither pattern is held against
 * neither object, so that the only complaint is about that property.
 */
function byPattern(members: readonly Schema[], resolve: Resolve): Schema | undefined {
  const [one, other, ...more] = members;
  if (one === undefined || other === undefined || more.length > 0) return undefined;
  const theirs = resolve(other).properties ?? {};
  for (const [name, mine] of Object.entries(resolve(one).properties ?? {})) {
    const patterns = [mine, theirs[name] ?? {}].map((property) => resolve(property).pattern);
    if (patterns.includes(undefined) || patterns[0] === patterns[1]) continue;
    const choice = ([object, property]: readonly [Schema, Schema]): Schema => ({
      if: { properties: { [name]: asString([property], resolve) ?? property }, required: [name] },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: refineNode(object, resolve),
    });
    return {
      type: 'object',
      properties: { [name]: asString([mine, theirs[name] ?? {}], resolve) ?? {} },
      required: [name],
      ...choice([one, mine]),
      else: choice([other, theirs[name] ?? {}]),
    };
  }
  return undefined;
}
