import type { Target } from '../../src/targets/target.js';

/** Use a target, and end it whatever comes of that. */
export async function using<X>(target: Target, use: (target: Target) => Promise<X>): Promise<X> {
  try {
    return await use(target);
  } finally {
    await target.close();
  }
}
