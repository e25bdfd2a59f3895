/**
 * Programs in which a target died. Each costs a process and its start, and the same program is come by more than once
 * while what failed is made small: so what came of it is remembered.
 */
import { spell } from '../subject/spelling.js';
import type { Shape, SubjectTarget } from '../subject/subject.js';
import type { Outcome } from '../targets/target.js';
import { deathOf } from './evidence.js';

/** Asks a target, and asks it no program in which it died before. */
export class DeathsRemembered<S extends Shape> {
  readonly #deaths = new Map<string, Outcome<S['trace']>>();
  /** The operations that hung with all the patience there is. */
  readonly #hung = new Set<string>();

  constructor(readonly target: SubjectTarget<S>) {}

  /** Run programs, as `Target.run` does: fewer answers mean that the last ones were not run. */
  async run(programs: readonly S['program'][]): Promise<readonly Outcome<S['trace']>[]> {
    const known = programs.map((program) => (this.#deaths.size === 0 ? undefined : this.#deaths.get(spell(program))));
    const unknown = programs.filter((_, index) => known[index] === undefined);
    const answers = unknown.length === 0 ? [] : await this.target.run(unknown);
    for (const [index, answer] of answers.entries()) {
      const program = unknown[index];
      if (program !== undefined && deathOf(answer.events) !== undefined) this.#deaths.set(spell(program), answer);
    }
    const outcomes: Outcome<S['trace']>[] = [];
    let next = 0;
    for (const one of known) {
      const outcome = one ?? answers[next++];
      if (outcome === undefined) break;
      outcomes.push(outcome);
    }
    return outcomes;
  }

  /** Run a program on the way to the one that is told of: patience is used once for each operation that hangs. */
  async confirmedOnce(program: S['program']): Promise<Outcome<S['trace']> | undefined> {
    const [outcome] = await this.run([program]);
    return outcome !== undefined && this.#hung.has(hungIn(outcome.events)) ? outcome : this.confirmed(program);
  }

  /** Run a program that is to be told of: where the target hung in it, once more, with all the patience there is. */
  async confirmed(program: S['program']): Promise<Outcome<S['trace']> | undefined> {
    const [outcome] = await this.run([program]);
    if (outcome === undefined || deathOf(outcome.events) !== 'hang') return outcome;
    const confirmed = (await this.target.confirm?.(program)) ?? outcome;
    if (deathOf(confirmed.events) === 'hang') this.#hung.add(hungIn(confirmed.events));
    if (deathOf(confirmed.events) !== undefined) this.#deaths.set(spell(program), confirmed);
    else this.#deaths.delete(spell(program));
    return confirmed;
  }
}

/** The name of the operation in which a target hung; empty where it did not hang in one. */
function hungIn(events: readonly unknown[]): string {
  if (deathOf(events) !== 'hang') return '';
  const all = events as readonly { readonly type?: unknown; readonly operation?: unknown }[];
  return String(all.findLast(({ type }) => type === 'call')?.operation ?? '');
}
