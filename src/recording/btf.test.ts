/** The kernel's own types say where the fields of its manager lie, whatever its release. */
import { expect, test } from 'vitest';
import { readManagerTypes } from './btf.js';
import { LAYOUTS } from './probes.js';

/** Writes BTF as the kernel's Documentation/bpf/btf.rst has it; `before` is what it counts on from. */
class Writer {
  #names: string;
  readonly #types: number[][] = [];

  constructor(readonly before: { readonly names: number; readonly types: number } | undefined) {
    // The empty name stands first in a base, and in nothing else.
    this.#names = before === undefined ? '\0' : '';
  }

  /** @returns the number of the type */
  add(name: string, kind: number, members: number, refers: number, ...rest: readonly number[]): number {
    this.#types.push([this.#name(name), ((kind << 24) | members) >>> 0, refers, ...rest]);
    return this.#types.length + (this.before?.types ?? 0);
  }

  struct(name: string, fields: Readonly<Record<string, number>>): void {
    const members = Object.entries(fields).flatMap(([field, at]) => [this.#name(field), 0, at * 8]);
    this.add(name, 4, Object.keys(fields).length, 64, ...members);
  }

  bytes(): Buffer {
    const types = Buffer.from(Uint32Array.from(this.#types.flat()).buffer);
    const names = Buffer.from(this.#names, 'latin1');
    const header = Buffer.alloc(24);
    header.writeUInt16LE(0xeb9f, 0);
    header.writeUInt8(1, 2);
    [24, 0, types.length, types.length, names.length].forEach((value, at) => {
      header.writeUInt32LE(value, 4 + at * 4);
    });
    return Buffer.concat([header, types, names]);
  }

  get size(): { readonly names: number; readonly types: number } {
    return { names: this.#names.length, types: this.#types.length };
  }

  #name(name: string): number {
    if (name === '' && this.before === undefined) return 0;
    const at = this.#names.length + (this.before?.names ?? 0);
    this.#names += `${name}\0`;
    return at;
  }
}

const PARAMETER = [0, 0];

function kernel(
  parameters: number,
  producer: Readonly<Record<string, number>>,
  consumer: Readonly<Record<string, number>>,
) {
  const base = new Writer(undefined);
  base.add('int', 1, 0, 4, 0);
  base.struct('something_else', { token: 8 });
  const module = new Writer(base.size);
  const prototype = module.add('', 13, parameters, 1, ...Array.from({ length: parameters }, () => PARAMETER).flat());
  module.add('irq_bypass_register_producer', 12, 1, prototype);
  module.struct('irq_bypass_producer', producer);
  module.struct('irq_bypass_consumer', consumer);
  return [base.bytes(), module.bytes()] as const;
}

const CALLBACKS = { stop: 40, start: 48 };

test('a token that is a field: its places, though they are not those of mainline', () => {
  const [base, module] = kernel(
    1,
    { node: 0, extra: 16, token: 24, irq: 32, add_consumer: 40, del_consumer: 48, stop: 56, start: 64 },
    { node: 0, token: 16, add_producer: 24, del_producer: 32, ...CALLBACKS },
  );
  expect(readManagerTypes(base, module)).toMatchObject({
    generation: 'token-in-object',
    layout: {
      producer: { token: 24, irq: 32, addConsumer: 40, delConsumer: 48, stop: 56, start: 64 },
      consumer: LAYOUTS['token-in-object'].consumer,
    },
  });
});

test('a token that is an argument', () => {
  const { producer, consumer } = LAYOUTS['token-as-argument'];
  const [base, module] = kernel(
    3,
    { eventfd: 0, consumer: 8, irq: 16, add_consumer: 24, del_consumer: 32, ...CALLBACKS },
    { eventfd: 0, producer: 8, add_producer: 16, del_producer: 24, stop: 32, start: 40 },
  );
  expect(readManagerTypes(base, module)).toMatchObject({
    generation: 'token-as-argument',
    layout: { producer, consumer },
  });
});

test('nothing, where there is no manager, or no BTF', () => {
  const [base] = kernel(1, {}, {});
  expect(readManagerTypes(base, undefined)).toBeUndefined();
  expect(readManagerTypes(Buffer.from('no BTF at all, but long enough'), undefined)).toBeUndefined();
});
