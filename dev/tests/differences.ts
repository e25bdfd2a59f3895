import type { Parting } from '../../spec/formats/diff.js';
import { diff } from '../../src/diff/diff.js';
import { openSide } from '../../src/diff/side.js';

/** The differences between two sides, by programs of up to so many operations. */
export async function between(left: string, right: string, length: number): Promise<readonly Parting[]> {
  const [a, b] = [await openSide(left, () => undefined), await openSide(right, () => undefined)];
  try {
    return await diff(a, b, length);
  } finally {
    await Promise.all([a.close(), b.close()]);
  }
}

const NAMES: Readonly<Record<string, string>> = {
  registerProducer: 'register',
  registerConsumer: 'register',
  unregisterProducer: 'unregister',
  unregisterConsumer: 'unregister',
};

/** A line for each: what it is about, and its operations. */
export const told = (differences: readonly Parting[]) =>
  differences.map(({ about, program }) => {
    const operations = (program.lanes[0] ?? []).map((one) => {
      const token = 'token' in one ? ` ${one.token}` : '';
      const memory = 'memory' in one ? ' without memory' : '';
      return `${NAMES[one.operation] ?? one.operation} ${one.object}${token}${memory}`;
    });
    return `${about}: ${operations.join(', ')}`;
  });
