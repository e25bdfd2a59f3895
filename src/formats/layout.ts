/** JSON laid out for people and for diffs: whatever fits on a line is on one, so that an event or an operation is. */

/** How wide a line may be before it is broken up. */
const WIDTH = 120;

/** A value as JSON: two spaces a level, short objects and lists on one line. Ends with a line break. */
export function layOut(value: unknown): string {
  return `${block(value, '', 0)}\n`;
}

function block(value: unknown, indent: string, column: number): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  // The outermost object is always broken up: what is added to it later is then a line of its own in a diff.
  const flat = indent === '' ? undefined : line(value, WIDTH - column);
  if (flat !== undefined) return flat;
  const inner = `${indent}  `;
  const parts = members(value).map(
    ([name, member]) => `${inner}${name}${block(member, inner, inner.length + name.length)}`,
  );
  return parts.length === 0 ? `${open}${close}` : `${open}\n${parts.join(',\n')}\n${indent}${close}`;
}

/** A value on one line; undefined where that takes more room than there is, in characters. */
function line(value: unknown, room: number): string | undefined {
  if (typeof value !== 'object' || value === null) return within(JSON.stringify(value), room);
  const isList = Array.isArray(value);
  const [open, close] = isList ? ['[', ']'] : ['{ ', ' }'];
  let text = open;
  for (const [name, member] of members(value)) {
    const before = `${text === open ? '' : ', '}${name}`;
    const flat = line(member, room - text.length - before.length);
    if (flat === undefined) return undefined;
    text += before + flat;
  }
  return within(text === '{ ' ? '{}' : text + close, room);
}

function within(text: string, room: number): string | undefined {
  return text.length <= room ? text : undefined;
}

/** The members of an object or of a list, each with what stands before it. Left out as JSON does: undefined ones. */
function members(value: object): readonly (readonly [string, unknown])[] {
  if (Array.isArray(value)) return value.map((member: unknown) => ['', member ?? null] as const);
  return Object.entries(value as Readonly<Record<string, unknown>>)
    .filter(([, member]) => member !== undefined)
    .map(([name, member]) => [`${JSON.stringify(name)}: `, member] as const);
}
