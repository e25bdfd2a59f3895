/**
 * The switch of an instrumented program: which of its mutants is alive, which places a run comes by, and an end to
 * loops without end.
 *
 * The program calls two functions, whose names are Stryker's. Stryker would put them into every file, and look into a
 * global object at each call; here they are the same for all files and cost next to nothing, since they are called a
 * hundred million times.
 */

/** How a program finds the two functions: a line at its head. */
export const HEADER =
  "const { isActive: stryMutAct_9fa48, cover: stryCov_9fa48 } = globalThis[Symbol.for('irqbypass-spec/mutants')];";

/**
 * No program of the kit is long enough to come by one place this often; a mutant that does is in a loop without end.
 * Stryker's own limit is a hundred times what the unchanged program needs, which here is fewer than a hundred.
 */
const MOST_HITS = 10_000;

let active: string | undefined;
let hits = 0;
let places: Set<string> | undefined;

/** Asked at each place before each of its mutants: is it this one? */
function isActive(id: string): boolean {
  if (id !== active) return false;
  if (++hits > MOST_HITS) throw new OverLimit(`the mutant ${id} was come by more than ${MOST_HITS} times`);
  return true;
}

/** Called at each place where none of its mutants is alive, with all of them. */
function cover(...ids: readonly string[]): void {
  if (places === undefined) return;
  for (const id of ids) places.add(id);
}

Object.defineProperty(globalThis, Symbol.for('irqbypass-spec/mutants'), {
  value: { isActive, cover },
  configurable: true,
});

class OverLimit extends Error {
  override readonly name = 'OverLimit';
}

/** Whether what a program threw, as text, is the switch's own doing: it came by the active mutant too often. */
export function isOverLimit(text: string): boolean {
  return text.startsWith('OverLimit: ');
}

/** Run something with one mutant alive. Only one at a time can be. */
export async function withMutant<T>(mutant: string, run: () => Promise<T>): Promise<T> {
  active = mutant;
  try {
    return await run();
  } finally {
    active = undefined;
  }
}

/** Begin to count anew how often the active mutant is come by. */
export function allowHits(): void {
  hits = 0;
}

/** The mutants whose place a run comes by. None must be alive. */
export function placesOf(run: () => void): ReadonlySet<string> {
  const found = new Set<string>();
  places = found;
  try {
    run();
  } finally {
    places = undefined;
  }
  return found;
}

/**
 * Load an instrumented program; also returns the mutants whose place it comes by while it is loaded. The switch comes too
 * late for these: they would stay dead whatever it says.
 */
export async function placesOfLoading<T>(load: () => Promise<T>): Promise<{ loaded: T; places: ReadonlySet<string> }> {
  const found = new Set<string>();
  places = found;
  try {
    return { loaded: await load(), places: found };
  } finally {
    places = undefined;
  }
}
