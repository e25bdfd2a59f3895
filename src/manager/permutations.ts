/** Every order of a list, the one that it has first. */
export function* permutations<T>(list: readonly T[]): Iterable<readonly T[]> {
  if (list.length <= 1) {
    yield list;
    return;
  }
  for (const [index, first] of list.entries()) {
    for (const rest of permutations(list.toSpliced(index, 1))) yield [first, ...rest];
  }
}
