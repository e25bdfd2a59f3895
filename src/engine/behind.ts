/**
 * What lies behind the defects that were found. The suites are run once more, and what those defects did is taken for what
 * is due, where the state behind them is known: so the rest of each program is judged. A second defect that only shows in
 * such programs is found, and so is a third behind that.
 */
import type { Fault } from '../../spec/formats/results.js';
import type { Profile } from '../../spec/profile.js';
import type { Mended } from '../judge/mend.js';
import type { Campaign, FormOn, Shape, Subject, SubjectTarget } from '../subject/subject.js';
import { type Outcome, TargetError } from '../targets/target.js';
import { type Investigated, withForms } from './finding.js';
import { type Done, Gathering } from './gather.js';
import { investigate } from './investigate.js';
import { byAllRules, type RunOptions } from './options.js';
import { Worker } from './worker.js';

/** How many defects are looked for behind each other. */
const MOST_ROUNDS = 4;

/** What lies behind. */
export interface Behind<S extends Shape> {
  readonly findings: readonly Investigated<S>[];
  readonly faults: readonly Fault<S['program']>[];
  /** How many programs were judged on behind a defect. */
  readonly programs: number;
}

/** Look behind the defects that a run has found. Nothing is asked where the state behind none of them is known. */
export async function lookBehind<S extends Shape>(
  subject: Subject<S>,
  options: RunOptions<S>,
  campaign: Campaign<S>,
  found: readonly Investigated<S>[],
): Promise<Behind<S>> {
  const behind = { findings: [] as Investigated<S>[], faults: [] as Fault<S['program']>[], programs: 0 };
  try {
    await lookInRounds(subject, options, campaign, found, behind);
  } catch (error) {
    if (!(error instanceof TargetError)) throw error;
    behind.faults.push({ text: error.message });
  }
  return behind;
}

async function lookInRounds<S extends Shape>(
  subject: Subject<S>,
  options: RunOptions<S>,
  campaign: Campaign<S>,
  found: readonly Investigated<S>[],
  behind: { readonly findings: Investigated<S>[]; readonly faults: Fault<S['program']>[]; programs: number },
): Promise<void> {
  const { findings, faults } = behind;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const forms = [...found, ...findings].flatMap(({ finding }) => finding.forms as readonly FormOn<S>[]);
    const without = new WithoutKnown(subject, options.target, options.profile, forms);
    if (!forms.some(({ trace }) => without.mended(trace) !== undefined)) break;
    const target = without.asTarget();
    const seen = await runSuites(subject, { ...options, target }, campaign);
    behind.programs = without.count;
    const investigated = await investigate(
      subject,
      seen.samples,
      target,
      subject.judge(byAllRules(subject, options.profile)),
      subject.relations(options),
      () => undefined,
    );
    faults.push(...seen.faults, ...investigated.faults);
    const before = findings.length;
    for (const one of investigated.findings) findings.push(...(await without.beyond(one)));
    if (findings.length === before || faults.length > 0) break;
  }
}

async function runSuites<S extends Shape>(
  subject: Subject<S>,
  { baseline: _, stored: __, failFast: ___, ...options }: RunOptions<S>,
  campaign: Campaign<S>,
): Promise<Gathering<S>> {
  const worker = new Worker(subject, options, campaign);
  const done: Done<S>[] = [];
  for (const part of worker.parts()) {
    if (part.kind !== 'suite') continue;
    const evidence = await worker.run(part, done.length);
    done.push({ part, evidence });
    if (evidence.ended !== undefined) break;
  }
  return new Gathering(options, campaign.suites, done);
}

/** A target as it would be without the defects that are known of it. */
class WithoutKnown<S extends Shape> {
  readonly #known: ReadonlySet<string>;
  /** How many programs were judged on behind a defect. */
  count = 0;

  constructor(
    readonly subject: Subject<S>,
    readonly target: SubjectTarget<S>,
    readonly profile: Profile,
    forms: readonly FormOn<S>[],
  ) {
    this.#known = new Set(forms.map(({ key }) => key));
  }

  mended(trace: S['trace']): Mended<S['trace']> | undefined {
    return this.subject.mend?.(trace, this.profile, (form) => this.#known.has(form));
  }

  /** The target, whose programs come out without what is known. */
  asTarget(): SubjectTarget<S> {
    const run: SubjectTarget<S>['run'] = (programs) => this.#run(programs);
    return new Proxy(this.target, {
      get(target, name) {
        if (name === 'run') return run;
        const member: unknown = Reflect.get(target, name, target);
        return typeof member === 'function' ? member.bind(target) : member;
      },
    });
  }

  async #run(programs: readonly S['program'][]): Promise<readonly Outcome<S['trace']>[]> {
    const outcomes = await this.target.run(programs);
    return outcomes.map((outcome, at) => {
      const mended = this.mended(this.subject.trace(programs[at], outcome.events));
      if (mended === undefined) return outcome;
      this.count++;
      return { ...outcome, events: mended.trace.events };
    });
  }

  /** What of a finding is not known, each of its forms with what its program shows first. */
  async beyond({ finding, rules }: Investigated<S>): Promise<readonly Investigated<S>[]> {
    const fresh = (finding.forms as readonly FormOn<S>[]).filter(({ key }) => !this.#known.has(key));
    if (fresh.length === 0) return [];
    const outcomes = await this.target.run(fresh.map(({ program }) => program));
    const forms = fresh.map((form, at): FormOn<S> => {
      const others = this.mended(this.subject.trace(form.program, outcomes[at]?.events ?? []))?.forms;
      return others === undefined ? form : { ...form, behind: others };
    });
    return [{ finding: withForms(this.subject, finding, forms), rules }];
  }
}
