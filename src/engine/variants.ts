/** The rules about two runs: now and then a program is run a second time as a variant, and the two are compared. */
import type { Relation, Shape, SubjectTarget, Variant } from '../subject/subject.js';
import { BATCH } from './drive.js';
import type { Witness } from './evidence.js';
import { relationForm } from './relations.js';

/**
 * After so many programs, one is run a second time: often at the beginning of a suite or of the random programs, until each
 * rule has been asked a number of times, then now and then.
 */
const VARIANT_EVERY = { first: 4, later: 32, asked: 30 } as const;

interface Queued<S extends Shape> {
  readonly relation: Relation<S>;
  readonly variant: Variant<S>;
  readonly program: S['program'];
  readonly first: S['trace'];
}

/** Runs the variants of a part's programs. */
export class Variants<S extends Shape> {
  readonly #asked = new Map<string, number>();
  #queue: Queued<S>[] = [];
  #every: number;
  /** How many programs had been taken when the last variant was made. */
  #last = 0;
  readonly #atOnce: number;
  /** How many variants broke a rule, or differed from their program in what must be the same. */
  failing = 0;

  /**
   * @param isFirst whether the part begins a suite or the random programs
   * @param failFast whether the part ends with the first that fails
   */
  constructor(
    readonly relations: readonly Relation<S>[],
    readonly witness: Witness<S>,
    readonly target: SubjectTarget<S>,
    isFirst: boolean,
    failFast: boolean,
  ) {
    this.#every = isFirst ? VARIANT_EVERY.first : VARIANT_EVERY.later;
    this.#atOnce = failFast ? 1 : BATCH;
  }

  /**
   * A program was taken that broke no rule: if it is time for a variant, put that of the rule least asked in the queue, of
   * the rules about two runs that speak of this program.
   */
  consider(program: S['program'], first: S['trace'], judgement: S['judgement']): void {
    if (this.relations.length === 0 || this.witness.programs - this.#last < this.#every) return;
    const asked = ({ id }: Relation<S>) => this.#asked.get(id) ?? 0;
    for (const relation of [...this.relations].sort((a, b) => asked(a) - asked(b))) {
      const variant = relation.variant(program, judgement);
      if (variant === undefined) continue;
      this.#asked.set(relation.id, asked(relation) + 1);
      if (this.relations.every((one) => asked(one) >= VARIANT_EVERY.asked)) this.#every = VARIANT_EVERY.later;
      this.#last = this.witness.programs;
      this.#queue.push({ relation, variant, program, first });
      return;
    }
  }

  /** Run those that are queued once there are enough of them to be handed over at once. */
  async runSome(): Promise<void> {
    if (this.#queue.length >= this.#atOnce) await this.run();
  }

  /** Run those that are queued. */
  async run(): Promise<void> {
    const { witness } = this;
    const queue = this.#queue;
    this.#queue = [];
    if (queue.length === 0) return;
    const outcomes = await this.target.run(queue.map(({ variant }) => variant.program));
    for (const [index, { relation, variant, program, first }] of queue.entries()) {
      const outcome = outcomes[index];
      if (outcome === undefined) continue;
      const second = witness.subject.trace(variant.program, outcome.events);
      const judgement = witness.judged(variant.program, second, outcome);
      if (judgement === undefined) continue;
      if (judgement.breaches.length > 0) this.failing++;
      const { id } = relation;
      witness.expose(id);
      if (variant.compare(first, second) === true) continue;
      if (judgement.breaches.length === 0) this.failing++;
      witness.count(id);
      const met = { program, trace: first, rules: [id], log: outcome.log };
      // Where one of the two breaks a rule of its own, asked for or not, this one is broken as a consequence.
      const one = witness.noteConsequence(met, id);
      const other = witness.noteConsequence({ ...met, program: variant.program, trace: second }, id);
      if (!one && !other) witness.samples.add(relationForm(id), 0, met);
    }
  }
}
