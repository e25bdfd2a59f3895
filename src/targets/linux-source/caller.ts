/**
 * How a tree's manager is called: found by compiling a caller of each way against the tree's own header.
 *
 *     register(producer, token, irq)     Linux 6.17 and later
 *     register(producer, token)          in between: the series of 2025, half way
 *     register(producer)                 up to 6.16: the token is a field of the object
 *
 * What the parameters and the struct's other fields are called, and in which order they stand, makes no difference.
 */
import type { Generation } from '../../../spec/profile.js';

/** A way to call it. */
export interface Caller {
  /** The arguments of registering a producer, beside the producer. */
  readonly passes: 0 | 1 | 2;
  /** The field that holds the token; null where there is none of a known name. */
  readonly token: string | null;
  /** Whether the producer has a field `irq`. */
  readonly irq: boolean;
}

/** The names that the token's field has had. */
const TOKENS = ['eventfd', 'token'] as const;

/**
 * Finds the way, given whether a caller of some way compiles.
 * @returns undefined when none does
 */
export async function findCaller(compiles: (caller: Caller) => Promise<boolean>): Promise<Caller | undefined> {
  for (const passes of [2, 1] as const) {
    const bare: Caller = { passes, token: null, irq: false };
    if (!(await compiles(bare))) continue;
    const irq = await compiles({ ...bare, irq: true });
    for (const token of TOKENS) if (await compiles({ passes, token, irq })) return { passes, token, irq };
    return { passes, token: null, irq };
  }
  for (const token of TOKENS) {
    const bare: Caller = { passes: 0, token, irq: false };
    if (await compiles(bare)) return { ...bare, irq: await compiles({ ...bare, irq: true }) };
  }
  return undefined;
}

/** The options that make caller.c be compiled so. */
export function callerFlags({ passes, token, irq }: Caller): readonly string[] {
  return [
    `-DCALLER_PASSES=${passes}`,
    ...(token === null ? [] : [`-DCALLER_TOKEN=${token}`]),
    ...(irq ? ['-DCALLER_IRQ=irq'] : []),
  ];
}

/** The generation to which a way of calling belongs. */
export function generationOfCaller({ passes }: Caller): Generation {
  return passes === 0 ? 'token-in-object' : 'token-as-argument';
}

/** A way of calling in words. */
export function callerText({ passes }: Caller): string {
  switch (passes) {
    case 0:
      return 'the token is a field of the object';
    case 1:
      return 'registering takes the token as an argument, the interrupt is a field of the object';
    case 2:
      return 'registering takes the token and the interrupt as arguments';
  }
}
