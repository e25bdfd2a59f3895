/**
 * A set of programs under one profile, and what a right manager does with them: what other managers are held against.
 *
 * A manager that does what the right one does breaks what the right one breaks, which is nothing. So a trace is first
 * compared with that of the right one, and only a different one is judged.
 */
import type { ManagerFactory } from '../../spec/manager.js';
import type { Profile } from '../../spec/profile.js';
import type { ChapterRule, RelationRule, Variant } from '../../spec/rule.js';
import { holdsIn } from '../../spec/rule.js';
import type { Event, Program, Trace } from '../../spec/vocabulary.js';
import { Judge, type Judgement } from '../../src/judge/judge.js';
import { play } from '../../src/targets/in-process.js';
import { CannotRun } from './cannot-run.js';
import { playAll } from './run-programs.js';
import { placesOf } from './switch.js';
import { isHung } from './timeout.js';

/** The programs of a bench. */
export interface Programs {
  /** Programs that are run a second time as a variant, for each rule about two runs that speaks of them. */
  readonly withVariants: readonly Program[];
  readonly others: readonly Program[];
  /** Programs for those that are not told which to run: they take long, and no mutant of the reference needs them. */
  readonly forNamed: readonly Program[];
}

/** What came of holding the rules against one manager. */
export interface Held {
  /** What each rule that is broken said when it was first broken. */
  readonly broken: ReadonlyMap<string, string>;
  /** The programs in which it did something else than the right one, whether or not a rule minds. */
  readonly differs: number;
  /** The programs that did not come to an end. */
  readonly hung: number;
  /** What the rules say against what the model says: a defect of the spec, and not of the manager. */
  readonly disagreement?: string;
  /** Set when it cannot be played against at all: why. */
  readonly fault?: string;
}

/** A program and its variants, with what the right manager does. */
interface Case {
  readonly program: Program;
  readonly events: readonly Event[];
  readonly relations: readonly Relation[];
}

/** A second run that must be like a first one. */
interface Relation {
  readonly rule: RelationRule;
  readonly first: Trace;
  readonly variant: Variant;
  /** What the right manager does in the second run; absent where it would not be asked to do the first. */
  readonly right?: readonly Event[];
}

/** How far to go. */
export interface HoldOptions {
  /** The programs to run, by their numbers; all when absent. */
  readonly numbers?: readonly number[];
  /**
   * Once a rule is broken: how many programs in a row that differ, and tell of no rule that was not broken already, are
   * enough. With 0 the first broken rule is enough.
   */
  readonly enough?: number;
}

/** Found to cost half the time of running everything, and fewer than one in two hundred of the entries. */
export const ENOUGH = 300;

/** Programs that are run at once, before it is asked whether they told enough. */
const BATCH = 128;

/** Holds all rules against managers. */
export class Bench {
  readonly #judge: Judge;
  readonly #relationRules: readonly RelationRule[];
  readonly #cases: readonly Case[];
  readonly #forNamed: readonly Case[];

  /**
   * @param correct a manager that conforms; the bench makes sure of it
   * @throws {CannotRun} when it does not
   */
  constructor(
    readonly profile: Profile,
    { withVariants, others, forNamed }: Programs,
    rules: readonly ChapterRule[],
    correct: ManagerFactory,
  ) {
    this.#judge = new Judge(profile, rules, true);
    this.#relationRules = rules.filter((rule) => rule.kind === 'relation').filter((rule) => holdsIn(rule, profile));
    this.#cases = [
      ...withVariants.map((program) => this.#case(program, correct, this.#relationRules)),
      ...others.map((program) => this.#case(program, correct, [])),
    ];
    this.#forNamed = forNamed.map((program) => this.#case(program, correct, []));
  }

  /** How many programs there are, variants included. */
  get size(): number {
    return [...this.#cases, ...this.#forNamed].reduce((sum, { relations }) => sum + 1 + relations.length, 0);
  }

  /**
   * Which programs come by the place of each mutant of an instrumented manager, by their numbers. With no mutant alive it
   * must do what the right one does.
   *
   * @throws {CannotRun} when it does not: then it is the instrumenting that changed it
   */
  reach(instrumented: ManagerFactory): ReadonlyMap<string, readonly number[]> {
    const reached = new Map<string, number[]>();
    for (const [number, { program, events, relations }] of this.#cases.entries()) {
      const places = placesOf(() => {
        const same =
          areSame(play(program, instrumented), events) &&
          relations.every(({ variant, right = [] }) => areSame(play(variant.program, instrumented), right));
        if (!same) throw new CannotRun(`under ${this.profile.name} the instrumented reference does not do the same`);
      });
      for (const place of places) {
        const numbers = reached.get(place) ?? [];
        numbers.push(number);
        reached.set(place, numbers);
      }
    }
    return reached;
  }

  /**
   * Hold every rule against a manager, until enough was seen of it: all programs, where no rule is broken.
   *
   * @throws {CannotRun} when the machine is too slow to tell a loop without end from work
   */
  async hold(factory: ManagerFactory, { numbers, enough = ENOUGH }: HoldOptions = {}): Promise<Held> {
    const cases = numbers?.flatMap((number) => this.#cases[number] ?? []) ?? [...this.#cases, ...this.#forNamed];
    const holding = new Holding(this.#judge);
    const due: Relation[] = [];
    let fault: string | undefined;
    let ended = true;
    for (let from = 0; from < cases.length && ended && fault === undefined; from += BATCH) {
      if (holding.broken.size > 0 && holding.quiet >= enough) break;
      const batch = cases.slice(from, from + BATCH);
      const played = await playAll(
        batch.map(({ program }) => program),
        factory,
      );
      fault = played.fault;
      ended = played.traces.length === batch.length;
      for (const [index, events] of played.traces.entries()) {
        const one = batch[index];
        if (one === undefined) continue;
        if (areSame(events, one.events)) due.push(...one.relations);
        else due.push(...this.#judgeFirst(one, events, holding));
      }
    }
    if (ended && fault === undefined && (enough > 0 || holding.broken.size === 0)) {
      for (const rule of this.#relationRules) await this.#relate(rule, due, factory, holding);
    }
    return holding.held(fault);
  }

  /** Judge a trace that is not the right one's. A rule about two runs speaks where nothing is wrong with the first. */
  #judgeFirst({ program, relations }: Case, events: readonly Event[], holding: Holding): readonly Relation[] {
    const first = { objects: program.objects, events };
    const judgement = holding.judgeOther(first);
    if (judgement.breaches.length > 0 || relations.length === 0) return [];
    return this.#variantsOf(program, judgement, this.#relationRules).map((one) => ({ ...one, first }));
  }

  /** Make second runs until one tells that a rule is broken. */
  async #relate(
    rule: RelationRule,
    due: readonly Relation[],
    factory: ManagerFactory,
    holding: Holding,
  ): Promise<void> {
    const asked = due.filter((one) => one.rule === rule);
    for (let from = 0; from < asked.length && !holding.broken.has(rule.id); from += BATCH) {
      const batch = asked.slice(from, from + BATCH);
      const { traces } = await playAll(
        batch.map(({ variant }) => variant.program),
        factory,
      );
      for (const [index, events] of traces.entries()) {
        const one = batch[index];
        if (one === undefined || (one.right !== undefined && areSame(events, one.right))) continue;
        const second = { objects: one.variant.program.objects, events };
        holding.judge(second);
        const result = one.variant.compare(one.first, second);
        if (result !== true) holding.note(rule.id, result);
      }
      if (traces.length < batch.length) return;
    }
  }

  #case(program: Program, correct: ManagerFactory, rules: readonly RelationRule[]): Case {
    const first = { objects: program.objects, events: play(program, correct) };
    const judgement = this.#judge.judge(first);
    this.#mustBeRight(program, judgement);
    const relations = this.#variantsOf(program, judgement, rules).map(({ rule, variant }): Relation => {
      const right = play(variant.program, correct);
      const second = { objects: variant.program.objects, events: right };
      this.#mustBeRight(variant.program, this.#judge.judge(second));
      const result = variant.compare(first, second);
      if (result !== true) throw this.#wrong(program, `${rule.id}: ${result}`);
      return { rule, first, variant, right };
    });
    return { program, events: first.events, relations };
  }

  #variantsOf(
    program: Program,
    { history, followed }: Judgement,
    rules: readonly RelationRule[],
  ): readonly Pick<Relation, 'rule' | 'variant'>[] {
    if (followed.undefinedFrom !== undefined) return [];
    return rules.flatMap((rule) => {
      const variant = rule.variant(program, history);
      return variant === undefined ? [] : [{ rule, variant }];
    });
  }

  #mustBeRight(program: Program, { breaches, disagreement }: Judgement): void {
    const [first] = breaches;
    if (first !== undefined) throw this.#wrong(program, `${first.rule}: ${first.text}`);
    if (disagreement !== undefined) throw this.#wrong(program, disagreement);
  }

  #wrong(program: Program, text: string): CannotRun {
    return new CannotRun(
      `the reference does not conform to ${this.profile.name}, so no mutant of it can be told from it: ${text}\n${JSON.stringify(program)}`,
    );
  }
}

/** What was found so far about one manager. */
class Holding {
  readonly broken = new Map<string, string>();
  differs = 0;
  /** Programs in a row that differed and told of no rule that was not broken already. */
  quiet = 0;
  #hung = 0;
  #disagreement: string | undefined;

  constructor(readonly judgeOfTraces: Judge) {}

  /** Judge what a program did, where the right manager does something else. */
  judgeOther(trace: Trace): Judgement {
    const before = this.broken.size;
    const judgement = this.judge(trace);
    this.differs++;
    this.quiet = this.broken.size > before ? 0 : this.quiet + 1;
    return judgement;
  }

  judge(trace: Trace): Judgement {
    if (isHung(trace.events)) this.#hung++;
    const judgement = this.judgeOfTraces.judge(trace);
    for (const { rule, text } of judgement.breaches) this.note(rule, text);
    this.#disagreement ??= judgement.disagreement;
    return judgement;
  }

  note(rule: string, text: string): void {
    if (!this.broken.has(rule)) this.broken.set(rule, text);
  }

  held(fault: string | undefined): Held {
    return {
      broken: this.broken,
      differs: this.differs,
      hung: this.#hung,
      ...(this.#disagreement === undefined ? {} : { disagreement: this.#disagreement }),
      ...(fault === undefined ? {} : { fault }),
    };
  }
}

/** Whether two traces are the same, event by event. */
function areSame(a: readonly Event[], b: readonly Event[]): boolean {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) {
    const [one, other] = [a[at] as unknown as Fields, b[at] as unknown as Fields];
    for (const field in one) if (one[field] !== other[field]) return false;
    for (const field in other) if (!(field in one)) return false;
  }
  return true;
}

/** An event as fields of plain values. */
type Fields = Readonly<Record<string, unknown>>;
