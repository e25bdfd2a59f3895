/** The same program with other operations. */
import type { Operation, Program } from '../../spec/vocabulary.js';

/** With one lane replaced. */
export function withLane(program: Program, index: number, lane: readonly Operation[]): Program {
  return { ...program, lanes: program.lanes.with(index, lane) };
}

/** Without the objects that no operation names. */
export function withoutUnused(program: Program): Program {
  const used = new Set<string>();
  for (const operation of program.lanes.flat()) used.add(operation.object);
  for (const object of program.objects) {
    if (used.has(object.id)) for (const one of object.reenters ?? []) used.add(one.operation.object);
  }
  return { ...program, objects: program.objects.filter((object) => used.has(object.id)) };
}
