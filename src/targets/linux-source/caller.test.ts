/** How a manager is called, found by what compiles. */
import { describe, expect, it } from 'vitest';
import { type Caller, callerFlags, findCaller } from './caller.js';
import { generationOf } from './header.js';

/** A header against which callers compile that pass so much and use these fields. */
const header =
  (passes: Caller['passes'], ...fields: readonly string[]) =>
  async (caller: Caller) =>
    caller.passes === passes &&
    (caller.token === null || fields.includes(caller.token)) &&
    (!caller.irq || fields.includes('irq'));

describe('the way of calling', () => {
  it.each<[string, Parameters<typeof findCaller>[0], Caller | undefined]>([
    ['up to Linux 6.16', header(0, 'token', 'irq'), { passes: 0, token: 'token', irq: true }],
    ['from Linux 6.17', header(2, 'eventfd', 'irq'), { passes: 2, token: 'eventfd', irq: true }],
    ['half way', header(1, 'eventfd', 'irq'), { passes: 1, token: 'eventfd', irq: true }],
    ['with a void pointer as the argument', header(2, 'token', 'irq'), { passes: 2, token: 'token', irq: true }],
    ['with fields that are called otherwise', header(2), { passes: 2, token: null, irq: false }],
    ['of no known kind', header(0), undefined],
  ])('%s', async (_, compiles, caller) => {
    expect(await findCaller(compiles)).toEqual(caller);
  });

  it('becomes options of the compiler', () => {
    expect(callerFlags({ passes: 1, token: 'eventfd', irq: true })).toEqual([
      '-DCALLER_PASSES=1',
      '-DCALLER_TOKEN=eventfd',
      '-DCALLER_IRQ=irq',
    ]);
    expect(callerFlags({ passes: 2, token: null, irq: false })).toEqual(['-DCALLER_PASSES=2']);
  });
});

describe('the generation that a header tells of', () => {
  const one = (fields: string, parameters: string) =>
    `struct irq_bypass_producer { ${fields} };\r\nint irq_bypass_register_producer(${parameters});\r\n`;
  it.each([
    ['token-in-object', one('void *token;', 'struct irq_bypass_producer *')],
    [
      'token-as-argument',
      one('struct eventfd_ctx *eventfd;', 'struct irq_bypass_producer *p, struct eventfd_ctx *e, int i'),
    ],
    ['token-as-argument', one('void *token;', 'struct irq_bypass_producer *p, void *token, int irq')],
    [undefined, one('void *key;', 'struct irq_bypass_producer *')],
    [undefined, 'struct irq_bypass_producer;'],
  ])('%s', (generation, text) => {
    expect(generationOf(text)).toBe(generation);
  });
});
