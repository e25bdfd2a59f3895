/** What came of doing what the spec leaves undefined: told, and never charged. */
import type { UndefinedSeen } from '../../spec/formats/results.js';
import type { Event, Program } from '../../spec/vocabulary.js';

/** Counts, for each thing that is undefined, how often it ended in which way. */
export class UndefinedTally {
  readonly #seen = new Map<string, UndefinedSeen>();

  /** Note a program in which something undefined was done, and what happened in it. */
  note(program: Program, events: readonly Event[]): void {
    const what = new Set<string>();
    for (const operation of program.lanes.flat()) {
      if (operation.operation === 'overwriteToken' || operation.operation === 'wipeObject')
        what.add(operation.operation);
    }
    for (const object of program.objects) {
      for (const one of object.reenters ?? []) what.add(`${one.operation.operation} in ${one.callback}`);
    }
    const last = events.at(-1)?.type;
    const warned = events.some((event) => event.type === 'log' && event.level !== 'info');
    const outcome = last === 'crash' || last === 'hang' ? last : warned ? 'warning' : 'returned';
    const name = [...what].sort().join(' and ');
    const key = `${name}: ${outcome}`;
    this.#seen.set(key, { what: name, outcome, times: (this.#seen.get(key)?.times ?? 0) + 1 });
  }

  /** What was seen, in the order in which it was first met. */
  seen(): readonly UndefinedSeen[] {
    return [...this.#seen.values()];
  }
}
