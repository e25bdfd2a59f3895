/** Every program of a small scope. */
import type { ManagerOperation, Program, ProgramObject, Token } from '../../spec/vocabulary.js';
import { registering, unregistering } from '../../spec/vocabulary.js';

/** What a small scope consists of. */
export interface Scope {
  readonly objects: readonly ProgramObject[];
  readonly tokens: readonly Token[];
  /** The most operations of a program. */
  readonly length: number;
}

/** Every program of exactly one up to `length` operations over the objects and tokens, misuse included. */
export function* everyProgram(scope: Scope): Iterable<Program> {
  const operations = everyOperation(scope);
  const lane: ManagerOperation[] = [];
  function* extend(): Iterable<Program> {
    if (lane.length > 0) yield { objects: scope.objects, lanes: [[...lane]] };
    if (lane.length === scope.length) return;
    for (const operation of operations) {
      lane.push(operation);
      yield* extend();
      lane.pop();
    }
  }
  yield* extend();
}

/** Every operation that a program of the scope may call. */
export function everyOperation(scope: Pick<Scope, 'objects' | 'tokens'>): readonly ManagerOperation[] {
  return scope.objects.flatMap(({ id }) => [
    ...scope.tokens.map((token) => registering(id, token, 32 + Number(id.slice(1)))),
    unregistering(id),
  ]);
}
