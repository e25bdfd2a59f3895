/**
 * The kernel's own word on the manager's structures: BTF, from /sys/kernel/btf.
 *
 *     /sys/kernel/btf/vmlinux     the base: names and types of the kernel
 *     /sys/kernel/btf/irqbypass   what the module adds; it counts on from the base, names and types alike
 *
 * Read as the kernel's Documentation/bpf/btf.rst has it. Vendors carry new managers to old kernels, so this says more
 * than a release does.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { callbackNames, callbackTable } from '../../spec/callbacks.js';
import type { Generation } from '../../spec/profile.js';
import type { Layout } from './probes.js';
import { LAYOUTS, OPERATIONS } from './probes.js';

/** What BTF tells of the manager. */
export interface ManagerTypes {
  readonly generation: Generation;
  readonly layout: Layout;
}

const MAGIC = 0xeb9f;
const HEADER = 24;
const TYPE = 12;
const KIND = { struct: 4, function: 12, prototype: 13 } as const;

/** The bytes behind a type, a fixed number or so many for each of its members, by kind. */
const FIXED: Readonly<Record<number, number>> = { 1: 4, 3: 12, 14: 4, 17: 4 };
const EACH: Readonly<Record<number, number>> = { 4: 12, 5: 12, 6: 8, 13: 8, 15: 12, 19: 12 };
const KINDS = 19;

/** What a field of the two structures may be called; a token is called otherwise in each generation. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  token: ['token', 'eventfd'],
  irq: ['irq'],
  ...Object.fromEntries(callbackNames.map((name) => [name, [callbackTable[name].c]])),
};

/** What this kernel says of its manager; undefined where it does not say it (no BTF, or no manager). */
export async function typesOfThisKernel(folder = '/sys/kernel/btf'): Promise<ManagerTypes | undefined> {
  const base = await readFile(join(folder, 'vmlinux')).catch(() => undefined);
  if (base === undefined) return undefined;
  const module = await readFile(join(folder, 'irqbypass')).catch(() => undefined);
  return readManagerTypes(base, module);
}

/** Read the manager's types; undefined where they are not all there. */
export function readManagerTypes(base: Buffer, module: Buffer | undefined): ManagerTypes | undefined {
  const types = new Types();
  if (!types.add(base) || (module !== undefined && !types.add(module))) return undefined;
  const parameters = types.parametersOf(OPERATIONS.registerProducer);
  const generation = parameters === 1 ? 'token-in-object' : parameters === 3 ? 'token-as-argument' : undefined;
  if (generation === undefined) return undefined;
  const producer = types.offsets('irq_bypass_producer', Object.keys(LAYOUTS[generation].producer));
  const consumer = types.offsets('irq_bypass_consumer', Object.keys(LAYOUTS[generation].consumer));
  if (producer === undefined || consumer === undefined) return undefined;
  return { generation, layout: { producer, consumer } as unknown as Layout };
}

interface Type {
  readonly name: string;
  readonly kind: number;
  readonly members: number;
  /** Its own fixed number: a size, or the type that it speaks of. */
  readonly refers: number;
  /** Whether member offsets share their word with a bit field's size. */
  readonly hasBitFields: boolean;
  readonly at: number;
  readonly data: Buffer;
}

/** The types of a base and of what adds to it. */
class Types {
  /** By number; 0 is void. */
  readonly #types: (Type | undefined)[] = [undefined];
  #names: Buffer = Buffer.alloc(0);

  /** @returns whether the data is BTF that can be read */
  add(data: Buffer): boolean {
    if (data.length < HEADER || data.readUInt16LE(0) !== MAGIC) return false;
    const header = data.readUInt32LE(4);
    const [typeAt, typeLength, nameAt, nameLength] = [8, 12, 16, 20].map((at) => data.readUInt32LE(at)) as [
      number,
      number,
      number,
      number,
    ];
    this.#names = Buffer.concat([this.#names, data.subarray(header + nameAt, header + nameAt + nameLength)]);
    const end = header + typeAt + typeLength;
    for (let at = header + typeAt; at + TYPE <= end; ) {
      const info = data.readUInt32LE(at + 4);
      const kind = (info >>> 24) & 0x1f;
      // A kind of the future has a length that is not known, and everything behind it would be misread.
      if (kind === 0 || kind > KINDS) return false;
      const members = info & 0xffff;
      const name = this.#nameAt(data.readUInt32LE(at));
      const refers = data.readUInt32LE(at + 8);
      this.#types.push({ name, kind, members, refers, hasBitFields: info >>> 31 === 1, at: at + TYPE, data });
      at += TYPE + (FIXED[kind] ?? (EACH[kind] ?? 0) * members);
    }
    return true;
  }

  /** The number of parameters of a function. */
  parametersOf(name: string): number | undefined {
    const found = this.#types.find((type) => type?.kind === KIND.function && type.name === name);
    const prototype = found === undefined ? undefined : this.#types[found.refers];
    return prototype?.kind === KIND.prototype ? prototype.members : undefined;
  }

  /** Where fields of a structure lie, in bytes. */
  offsets(name: string, fields: readonly string[]): Readonly<Record<string, number>> | undefined {
    const type = this.#types.find((one) => one?.kind === KIND.struct && one.name === name);
    if (type === undefined) return undefined;
    const found: Record<string, number> = {};
    for (let member = 0; member < type.members; member++) {
      const at = type.at + member * 12;
      const called = this.#nameAt(type.data.readUInt32LE(at));
      const bits = type.data.readUInt32LE(at + 8) & (type.hasBitFields ? 0xffffff : 0xffffffff);
      const field = fields.find((one) => FIELDS[one]?.includes(called));
      if (field !== undefined) found[field] = bits / 8;
    }
    return fields.every((field) => found[field] !== undefined) ? found : undefined;
  }

  #nameAt(at: number): string {
    return this.#names.toString('latin1', at, this.#names.indexOf(0, at));
  }
}
