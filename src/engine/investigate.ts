/** Make the failing programs of a run small, and gather those that show the same defect. */
import type { Fault } from '../../spec/formats/results.js';
import type { FormOn, Judge, Relation, Shape, Subject, SubjectTarget } from '../subject/subject.js';
import type { Outcome } from '../targets/target.js';
import { TargetError } from '../targets/target.js';
import { counted } from '../text/text.js';
import { DeathsRemembered } from './deaths.js';
import { deathOf } from './evidence.js';
import { bySize, formOf, type Investigated, toFinding } from './finding.js';
import { FirstFailing, type StillFails } from './first-failing.js';
import { oneForEachNeed } from './needs.js';
import { relate, relationOf } from './relations.js';
import type { Sample, Samples } from './samples.js';
import { leastProgram, shrink } from './shrink.js';

/** Shrink at most this many samples of one form; the rest is put down to the first. */
const MOST_OF_A_FORM = 4;

/** How many shorter programs are asked, whether one of them fails as well. */
const MOST_SHORTER = 500;

/**
 * Turn samples into findings, smallest first.
 *
 * @param judge judges the shrunk programs; its exposure counts are not part of the run's
 */
export async function investigate<S extends Shape>(
  subject: Subject<S>,
  samples: Samples<S>,
  target: SubjectTarget<S>,
  judge: Judge<S>,
  relations: readonly Relation<S>[],
  onProgress: (done: number, total: number) => void,
): Promise<{ readonly findings: readonly Investigated<S>[]; readonly faults: readonly Fault<S['program']>[] }> {
  const investigation = new Investigation(subject, target, judge, relations);
  const findings = await investigation.findings(samples, onProgress);
  return { findings, faults: investigation.faults };
}

/** A program that was made small: the form that it shows, and the defect. */
interface Small<S extends Shape> {
  readonly form: FormOn<S>;
  readonly defect: string;
  readonly unusual: number;
  readonly log: string | undefined;
}

/** A defect, with the forms that show it, by name. */
interface Defect<S extends Shape> {
  readonly forms: Map<string, FormOn<S>>;
  readonly rules: Set<string>;
  log: string | undefined;
}

class Investigation<S extends Shape> {
  /** What kept a program from being made small, through no fault of the implementation. */
  readonly faults: Fault<S['program']>[] = [];
  readonly #asked: DeathsRemembered<S>;
  /** How many programs could not be made small, and the first of them, by what kept them from it. */
  readonly #notMadeSmall = new Map<string, { readonly count: number; readonly program: S['program'] }>();

  constructor(
    readonly subject: Subject<S>,
    readonly target: SubjectTarget<S>,
    readonly judge: Judge<S>,
    readonly relations: readonly Relation<S>[],
  ) {
    this.#asked = new DeathsRemembered(target);
  }

  async findings(
    samples: Samples<S>,
    onProgress: (done: number, total: number) => void,
  ): Promise<readonly Investigated<S>[]> {
    const defects = new Map<string, Defect<S>>();
    let done = 0;
    for (const list of deathsFirst([...samples.byForm().values()])) {
      const small: Small<S>[] = [];
      for (const sample of list) {
        onProgress(done++, samples.size);
        // What is unusual in an example that is small already explains a sample that has all of it.
        const like = small.find(({ unusual }) => (sample.unusual & unusual) === unusual);
        const explained = like ?? (small.length >= MOST_OF_A_FORM ? small[0] : undefined);
        if (explained === undefined) small.push(...(await this.#explain(sample, defects)));
        else this.#addTo(defects.get(explained.defect), sample);
      }
    }
    for (const [why, { count, program }] of this.#notMadeSmall) {
      const text = `${why} So ${counted(count, 'failing program')} could not be made small, and what is shown of ${count === 1 ? 'it' : 'them'} is longer than need be`;
      this.faults.push({ text, program });
    }
    const findings: Investigated<S>[] = [];
    for (const [key, defect] of defects) findings.push(await this.#findingOf(key, defect));
    findings.sort((a, b) => bySize(this.subject, a.finding.forms[0], b.finding.forms[0]));
    return oneForEachNeed(this.subject, this.judge, findings);
  }

  /** Make a sample small, and note the defect that it shows; nothing where it does not show again. */
  async #explain(sample: Sample<S>, defects: Map<string, Defect<S>>): Promise<readonly Small<S>[]> {
    const [small, ...others] = await this.#makeSmallOrNote(sample);
    if (small === undefined) return [];
    for (const { form, defect: key, log } of [small, ...others]) {
      const defect = defects.get(key) ?? { forms: new Map(), rules: new Set<string>(), log: undefined };
      const known = defect.forms.get(form.key);
      defect.forms.set(form.key, known === undefined ? form : this.#merge(known, form));
      defect.log ??= log ?? sample.log;
      defects.set(key, defect);
    }
    for (const rule of sample.rules) defects.get(small.defect)?.rules.add(rule);
    return [small];
  }

  async #makeSmallOrNote(sample: Sample<S>): Promise<readonly Small<S>[]> {
    const { program } = sample;
    try {
      const small = await this.#makeSmall(sample);
      if (small.length > 0) return small;
      const rules = [...sample.rules].join(', ');
      const text = `${this.target.address} does not do the same twice: ${counted(sample.met, 'program')} such as this broke ${rules}, and it did not when it was run again`;
      this.faults.push({ text, program });
      return [];
    } catch (error) {
      if (!(error instanceof TargetError)) throw error;
      const left = this.#notMadeSmall.get(error.message);
      this.#notMadeSmall.set(error.message, { count: (left?.count ?? 0) + 1, program: left?.program ?? program });
      return this.#asItWasMet(sample);
    }
  }

  /** What a sample showed when it was met. */
  #asItWasMet({ form: key, program, trace, met, unusual, log }: Sample<S>): readonly Small<S>[] {
    const judgement = this.judge.judge(trace);
    const defect = this.judge.defectOf(trace, judgement) ?? key;
    return [
      { form: formOf(this.subject, key, program, trace, judgement, this.judge.profile, met), defect, unusual, log },
    ];
  }

  /** Put a sample down to a defect that is known already. */
  #addTo(defect: Defect<S> | undefined, { form, met, rules }: Sample<S>): void {
    for (const rule of rules) defect?.rules.add(rule);
    const known = defect?.forms.get(form);
    if (known !== undefined) defect?.forms.set(form, { ...known, met: known.met + met });
  }

  async #findingOf(key: string, { forms, rules, log }: Defect<S>): Promise<Investigated<S>> {
    const all = [...forms.values()];
    const least = await this.#leastForm(key, all);
    const ordered = this.#leastFirst(least?.form, all);
    // What the target logged in another program would be misleading beside this one.
    const told = least === undefined ? log : least.log;
    return {
      finding: toFinding(this.subject, key, ordered, this.target.address, this.judge.profile.name, told),
      rules,
    };
  }

  /**
   * Make a sample small, with what it is a form of. There are two ways in which it may be another defect's:
   * the target does the same, event for event, without what may be beside the point, and that is wrong, too; or a program
   * with fewer operations breaks no rule but those that this one breaks.
   *
   * @returns the sample's own first; nothing when it does not fail again
   */
  async #makeSmall(sample: Sample<S>): Promise<readonly Small<S>[]> {
    const small = await this.#makeSmallAsItIs(sample);
    if (small?.form.difference === undefined) return small === undefined ? [] : [small];
    const [cause] = (await this.#plainer(sample, small.form)) ?? (await this.#shorter(sample, small.form)) ?? [];
    return cause === undefined ? [small] : [{ ...small, defect: cause.defect }, cause];
  }

  async #plainer(sample: Sample<S>, form: FormOn<S>): Promise<readonly Small<S>[] | undefined> {
    const plainer = this.subject.plainer(form.program, form.trace);
    if (plainer === undefined) return undefined;
    const [outcome] = await this.#asked.run([plainer.program]);
    if (JSON.stringify(outcome?.events) !== JSON.stringify(plainer.trace.events)) return undefined;
    return this.#like(sample, plainer.program, plainer.trace);
  }

  async #shorter(sample: Sample<S>, { program, broken }: FormOn<S>): Promise<readonly Small<S>[] | undefined> {
    const { subject, judge } = this;
    const length = subject.operations(program);
    const shorter = function* () {
      for (const one of subject.simpler(program)) if (subject.operations(one) < length) yield one;
    };
    const rules = new Set(broken.map(({ rule }) => rule));
    let found: { readonly program: S['program']; readonly trace: S['trace'] } | undefined;
    await new FirstFailing<S['program']>(
      async (programs) => {
        const outcomes = await this.#asked.run(programs);
        return programs.map((one, index) => {
          const trace = this.#traceIf(one, outcomes[index], (seen) => {
            const { breaches } = judge.judge(seen);
            return breaches.length > 0 && breaches.every(({ rule }) => rules.has(rule));
          });
          if (trace !== undefined) found ??= { program: one, trace };
          return outcomes[index] === undefined ? undefined : trace !== undefined;
        });
      },
      subject.frugal === undefined ? MOST_SHORTER : 0,
    ).of(shorter());
    return found === undefined ? undefined : this.#like(sample, found.program, found.trace);
  }

  /** Make another failing program small, as a sample was. */
  async #like(sample: Sample<S>, program: S['program'], trace: S['trace']): Promise<readonly Small<S>[] | undefined> {
    const judgement = this.judge.judge(trace);
    const [form] = this.judge.formsOf(trace, judgement);
    if (form === undefined || judgement.breaches.length === 0) return undefined;
    const rules = new Set(judgement.breaches.map(({ rule }) => rule));
    const unusual = this.subject.unusual(judgement);
    const small = await this.#makeSmall({ ...sample, form, unusual, program, trace, rules, met: 1 });
    return small.toReversed();
  }

  async #makeSmallAsItIs(sample: Sample<S>): Promise<Small<S> | undefined> {
    const { subject, target } = this;
    const { form: key, met, program: given, trace, besideOthers } = sample;
    if (besideOthers !== undefined) {
      const form = { key, program: given, trace, broken: [besideOthers], met };
      return { form, defect: key, unusual: sample.unusual, log: sample.log };
    }
    const relation = relationOf(key, this.relations);
    if (relation !== undefined) return this.#makeRelationSmall(sample, relation);
    const stillFails: StillFails<S['program']> = async (programs) => {
      const outcomes = await this.#asked.run(programs);
      const answers: (boolean | undefined)[] = [];
      for (const [index, one] of programs.entries()) {
        const outcome = outcomes[index];
        const shows = this.#fails(one, outcome, key);
        answers.push(outcome === undefined ? undefined : shows && (await this.#failsAgain(one, key)));
      }
      return answers;
    };
    const program = await shrink(subject, given, stillFails, trace, isCostly(subject, trace));
    const outcome = await this.#asked.confirmedOnce(program);
    if (outcome === undefined) throw new TargetError(diedTooOften(target.address));
    return this.#judged(program, outcome, met, key);
  }

  /** Whether a program has failed in a form. */
  #fails(program: S['program'], outcome: Outcome<S['trace']> | undefined, key: string): boolean {
    const shown = this.#traceIf(program, outcome, (seen) => this.judge.shows(seen, key));
    return shown !== undefined && this.judge.judge(shown).breaches.length > 0;
  }

  /** Whether a program that has failed does so as often as it has to: what has failed by luck is a poor example. */
  async #failsAgain(program: S['program'], key: string): Promise<boolean> {
    for (let time = 1; time < (this.subject.frugal?.times ?? 1); time++) {
      const [outcome] = await this.target.run([program]);
      if (!this.#fails(program, outcome, key)) return false;
    }
    return true;
  }

  /** What a program shows, in the form that is looked for if it shows that; undefined when it does not fail. */
  #judged(
    program: S['program'],
    { events, fault, log }: Outcome<S['trace']>,
    met: number,
    looked?: string,
  ): Small<S> | undefined {
    if (fault !== undefined) return undefined;
    const { subject, judge } = this;
    const trace = subject.trace(program, events);
    const judgement = judge.judge(trace);
    const forms = judge.formsOf(trace, judgement);
    const form = forms.find((one) => one === looked) ?? forms[0];
    const defect = judge.defectOf(trace, judgement);
    if (form === undefined || defect === undefined || judgement.breaches.length === 0) return undefined;
    return {
      form: formOf(subject, form, program, trace, judgement, judge.profile, met),
      defect,
      unusual: subject.unusual(judgement),
      log,
    };
  }

  async #makeRelationSmall(sample: Sample<S>, relation: Relation<S>): Promise<Small<S>> {
    const { subject, target, judge } = this;
    const program = await shrink(subject, sample.program, async (programs) => {
      const answers = await relate(subject, relation, programs, target, judge);
      return answers.map(({ text }) => text !== undefined);
    });
    const [answer] = await relate(subject, relation, [program], target, judge);
    const form: FormOn<S> = {
      key: sample.form,
      program,
      trace: answer?.trace ?? subject.trace(program, []),
      broken: [{ rule: relation.id, text: answer?.text ?? 'the two runs no longer differ' }],
      met: sample.met,
    };
    return { form, defect: sample.form, unusual: sample.unusual, log: undefined };
  }

  /** The least program that shows a defect; undefined where the defect does not show in one run of one program. */
  async #leastForm(key: string, forms: readonly FormOn<S>[]): Promise<Small<S> | undefined> {
    const { subject, judge } = this;
    const [smallest] = forms.toSorted((a, b) => bySize(subject, a, b));
    if (smallest?.difference === undefined) return undefined;
    const stillFails: StillFails<S['program']> = async (programs) => {
      const outcomes = await this.#asked.run(programs);
      return programs.map((one, index) => {
        if (outcomes[index] === undefined) return undefined;
        return this.#traceIf(one, outcomes[index], (trace) => judge.defectOf(trace) === key) !== undefined;
      });
    };
    const program = await leastProgram(
      subject,
      smallest.program,
      stillFails,
      deathOf(smallest.trace.events) !== undefined,
    );
    const outcome = await this.#asked.confirmed(program);
    const least = outcome === undefined ? undefined : this.#judged(program, outcome, 0);
    return least?.defect === key ? least : undefined;
  }

  /** The trace of a program if it shows what is looked for. */
  #traceIf(
    program: S['program'],
    outcome: Outcome<S['trace']> | undefined,
    shows: (trace: S['trace']) => boolean,
  ): S['trace'] | undefined {
    if (outcome === undefined || outcome.fault !== undefined) return undefined;
    const trace = this.subject.trace(program, outcome.events);
    return shows(trace) && this.subject.isFair(program, this.judge) ? trace : undefined;
  }

  /** The least form in front of the others, in place of a bigger program of the same form. */
  #leastFirst(least: FormOn<S> | undefined, forms: readonly FormOn<S>[]): readonly FormOn<S>[] {
    const { subject } = this;
    const rank = (form: FormOn<S>) => subject.specificity(form.broken[0]?.rule ?? '');
    const byTelling = (a: FormOn<S>, b: FormOn<S>) => rank(a) - rank(b) || bySize(subject, a, b);
    if (least === undefined) return forms.toSorted(byTelling);
    const met = forms.find(({ key }) => key === least.key)?.met ?? 0;
    return [{ ...least, met }, ...forms.filter(({ key }) => key !== least.key).toSorted(byTelling)];
  }

  #merge(a: FormOn<S>, b: FormOn<S>): FormOn<S> {
    const smaller = bySize(this.subject, a, b) <= 0 ? a : b;
    return { ...smaller, met: a.met + b.met };
  }
}

/** Why a target that still runs nothing is asked no more. */
function diedTooOften(address: string): string {
  return `${address} died or hung so often while failing programs were made small that it was not started again.`;
}

/** Samples in which the target died in front of the others: while those are made small it dies in vain, and it may do so only so often. */
function deathsFirst<S extends Shape>(lists: readonly (readonly Sample<S>[])[]): readonly (readonly Sample<S>[])[] {
  const isOfDeath = (list: readonly Sample<S>[]) => list.some(({ trace }) => deathOf(trace.events) !== undefined);
  return [...lists.filter(isOfDeath), ...lists.filter((list) => !isOfDeath(list))];
}

/** Whether each program that fails as this one did costs so much that none is asked in vain. */
function isCostly<S extends Shape>({ frugal }: Subject<S>, { events }: S['trace']): boolean {
  return frugal !== undefined || deathOf(events) !== undefined;
}
