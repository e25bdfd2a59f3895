/**
 * Do something with each thing of a list, several at a time: whoever has done with one takes the next.
 *
 * @param hands how many are under way at once
 * @returns what came of each, in the order of the list
 */
export async function sideBySide<T, R>(
  things: readonly T[],
  hands: number,
  work: (thing: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  const next = things.entries();
  const hand = async () => {
    for (const [at, thing] of next) results[at] = await work(thing);
  };
  await Promise.all(Array.from({ length: Math.min(hands, things.length) }, hand));
  return results;
}
