/** Two lists of lines as one, as `diff -u` shows them: what both have, what only the first has, what only the second has. */

/** A line, and who has it. */
export interface UnifiedLine {
  readonly mark: ' ' | '-' | '+';
  readonly text: string;
}

/** The longest common part stays; at each place what only the first has comes before what only the second has. */
export function unified(first: readonly string[], second: readonly string[]): readonly UnifiedLine[] {
  const common = lengths(first, second);
  const lines: UnifiedLine[] = [];
  let [a, b] = [0, 0];
  while (a < first.length || b < second.length) {
    const [mine, theirs] = [first[a], second[b]];
    if (mine !== undefined && mine === theirs) {
      lines.push({ mark: ' ', text: mine });
      a++;
      b++;
    } else if (mine !== undefined && (theirs === undefined || at(common, a + 1, b) >= at(common, a, b + 1))) {
      lines.push({ mark: '-', text: mine });
      a++;
    } else {
      lines.push({ mark: '+', text: theirs ?? '' });
      b++;
    }
  }
  return lines;
}

/** How many lines the rest of both has in common, from each place in the first and each in the second. */
function lengths(first: readonly string[], second: readonly string[]): readonly (readonly number[])[] {
  const table = Array.from({ length: first.length + 1 }, () => new Array<number>(second.length + 1).fill(0));
  for (let a = first.length - 1; a >= 0; a--) {
    const row = table[a] ?? [];
    for (let b = second.length - 1; b >= 0; b--) {
      row[b] =
        first[a] === second[b] ? at(table, a + 1, b + 1) + 1 : Math.max(at(table, a + 1, b), at(table, a, b + 1));
    }
  }
  return table;
}

function at(table: readonly (readonly number[])[], a: number, b: number): number {
  return table[a]?.[b] ?? 0;
}
