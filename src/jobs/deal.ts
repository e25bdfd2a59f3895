/** Hand out numbered pieces of work, in their order, to whoever is free. */

/** Whoever works through pieces, one after the other, and gives what came of each. */
export interface Runner<P, R> {
  run(piece: P, number: number): Promise<R>;
}

/** How many pieces a helper has at once: while it waits for the next one it does nothing, and some are soon done. */
const AHEAD = 4;

/**
 * Hand out pieces until there are none. Each worker gets its pieces in their order.
 *
 * @param next the next piece and its number; undefined when there is nothing more to do
 * @param own works here
 * @param helpers work elsewhere
 * @param onDone told what came of each piece, in no particular order
 */
export async function deal<P, R>(
  next: () => { readonly piece: P; readonly number: number } | undefined,
  own: Runner<P, R>,
  helpers: readonly Runner<P, R>[],
  onDone: (piece: P, number: number, result: R) => void,
): Promise<void> {
  const workOff = async (runner: Runner<P, R>): Promise<void> => {
    for (let one = next(); one !== undefined; one = next()) {
      onDone(one.piece, one.number, await runner.run(one.piece, one.number));
    }
  };
  // What works here does not let go for long: the helpers come first.
  await Promise.all([...helpers.flatMap((helper) => Array<typeof helper>(AHEAD).fill(helper)), own].map(workOff));
}
