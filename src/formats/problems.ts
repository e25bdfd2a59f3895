/**
 * What a validator complains about, in words.
 *
 * ajv's errors name keywords of the schema; a reader wants to know where, what was expected and what came. The union
 * branches are chosen by their discriminator before this is called, so that there is one error a mistake.
 */
import type { ErrorObject } from 'ajv';
import { deref, type Schema } from '../schemas/refine.js';
import { visible } from '../text/text.js';

/** One mistake in a value. */
export interface Problem {
  /** Where in the value: `programs[0].lanes[0][2].object`; empty for the value itself. */
  readonly path: string;
  /** What was expected there: `a string such as p0`. */
  readonly expected: string;
  /** What was there, as JSON, cut off where it is long; or "nothing". */
  readonly came: string;
}

/** As many mistakes as are worth telling at once. */
const TOLD = 3;

/** The longest piece of JSON that is quoted. */
const QUOTED = 80;

/** The problems behind the errors of a validator that was made with `verbose` and `allErrors`. */
export function problemsOf(errors: readonly ErrorObject[], root: Schema): readonly Problem[] {
  const chosen = withoutEchoes(errors);
  const problems = (chosen.length > 0 ? chosen : errors).map((error) => problemOf(error, root));
  // A second complaint about the same place says the same in other words: the first of each place stands.
  const first = new Map<string, Problem>();
  for (const problem of problems) if (!first.has(problem.path)) first.set(problem.path, problem);
  return [...first.values()];
}

/** Problems in a sentence or two: where, what was expected, what came. */
export function describe(problems: readonly Problem[]): string {
  const sentences = problems.slice(0, TOLD).map(({ path, expected, came }) => {
    return `${path === '' ? '' : `at ${path}, `}expected ${expected}; came ${came}`;
  });
  const more = problems.length - TOLD;
  if (more > 0) sentences.push(`and ${more} more`);
  return `${sentences.join('; ')}.`;
}

/** A value as JSON for a message, with all that is in it to be seen, and cut off where it is long. */
export function quote(value: unknown): string {
  const text = beginningOf(value, QUOTED);
  return visible(text.length <= QUOTED ? text : `${text.slice(0, QUOTED - 3)}...`);
}

/** The JSON of a value, whole or at least so many characters of it: no more is looked at, however much or deep it is. */
function beginningOf(value: unknown, least: number): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, least));
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? String(value);
  const isList = Array.isArray(value);
  let text = isList ? '[' : '{';
  for (const name of isList ? value.keys() : Object.keys(value)) {
    if (text.length > least) return text;
    if (text.length > 1) text += ',';
    if (!isList) text += `${beginningOf(name, least)}:`;
    const member = (value as Readonly<Record<string | number, unknown>>)[name];
    text += beginningOf(member, Math.max(0, least - text.length));
  }
  return `${text}${isList ? ']' : '}'}`;
}

/**
 * Leave out what only says that something inside is wrong, the "or null" of a value that is not null, and complaints
 * about a union of objects by a property that another error is about.
 */
function withoutEchoes(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const telling = errors.filter(({ keyword }) => keyword !== 'if' && keyword !== 'anyOf' && keyword !== 'oneOf');
  return telling.filter((error) => {
    if (error.keyword === 'type' && error.params.type === 'null') return telling.length === 1;
    return true;
  });
}

function problemOf(error: ErrorObject, root: Schema): Problem {
  const path = pathOf(error.instancePath);
  const schema = (error.parentSchema ?? {}) as Schema;
  const came = quote(error.data);
  switch (error.keyword) {
    case 'required': {
      const property = String(error.params.missingProperty);
      const inside = deref(schema.properties?.[property] ?? {}, root.definitions ?? {});
      return { path: join(path, property), expected: kindOf(inside, root), came: 'nothing' };
    }
    case 'additionalProperties': {
      const property = String(error.params.additionalProperty);
      const known = Object.keys(schema.properties ?? {});
      const data = error.data as Readonly<Record<string, unknown>>;
      return {
        path: join(path, property),
        expected: `no such property (there ${known.length === 1 ? 'is' : 'are'} ${list(known, 'and')})`,
        came: quote(data[property]),
      };
    }
    case 'discriminator': {
      const property = String(error.params.tag);
      const value: unknown = error.params.tagValue;
      return {
        path: join(path, property),
        expected: oneOf(tagsOf(schema, property, root)),
        came: value === undefined ? 'nothing' : quote(value),
      };
    }
    default:
      return { path, expected: kindOf(schema, root), came };
  }
}

/** What a schema accepts, in words. */
function kindOf(schema: Schema, root: Schema): string {
  if (schema.const !== undefined) return quote(schema.const);
  if (schema.enum !== undefined) return oneOf(schema.enum);
  const types = [schema.type ?? []].flat().map((type) => typeText(type, schema));
  if (types.length > 0) return list(types, 'or');
  const branches = schema.anyOf ?? schema.oneOf ?? [];
  return list(
    branches.map((branch) => kindOf(deref(branch, root.definitions ?? {}), root)),
    'or',
  );
}

function typeText(type: string, schema: Schema): string {
  switch (type) {
    case 'string':
      return schema.pattern === undefined ? 'a string' : `a string such as ${examplesOf(schema.pattern)}`;
    case 'integer':
      return schema.minimum === undefined ? 'a whole number' : `a whole number not less than ${schema.minimum}`;
    case 'number':
      return 'a number';
    case 'boolean':
      return 'true or false';
    case 'array':
      return 'a list';
    case 'object':
      return 'an object';
    default:
      return type;
  }
}

/** Ids that match a pattern of ids: `p0 or c0` of `^(p[0-9]+|c[0-9]+)$`. */
function examplesOf(pattern: string): string {
  return list(
    [...pattern.matchAll(/([a-z])\[0-9\]/g)].map(([, letter]) => `${letter}0`),
    'or',
  );
}

/** The values by which a union tells its branches apart. */
function tagsOf(schema: Schema, property: string, root: Schema): readonly unknown[] {
  const definitions = root.definitions ?? {};
  return (schema.oneOf ?? []).map((branch) => deref(branch, definitions).properties?.[property]?.const);
}

function oneOf(values: readonly unknown[]): string {
  const texts = values.map((value) => quote(value));
  return texts.length === 1 ? texts.join('') : `one of ${texts.join(', ')}`;
}

function list(words: readonly string[], and: 'and' | 'or'): string {
  const last = words[words.length - 1] ?? 'none';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} ${and} ${last}`;
}

/** `/programs/0/lanes/0/2/object` as `programs[0].lanes[0][2].object`. */
function pathOf(pointer: string): string {
  return pointer
    .split('/')
    .slice(1)
    .reduce((path, part) => join(path, part.replaceAll('~1', '/').replaceAll('~0', '~')), '');
}

function join(path: string, part: string): string {
  if (/^\d+$/.test(part)) return `${path}[${part}]`;
  if (part.length > QUOTED || !/^[\w$]+$/.test(part)) return `${path}[${quote(part)}]`;
  return path === '' ? part : `${path}.${part}`;
}
