/**
 * Ask a target in several lanes: random programs whose lanes are real threads, and whose gates hold one of them inside a
 * callback while another tries to get in.
 *
 *     random lane programs ──> target ──> judge ── wrong ──> does it go wrong in one lane, too? ── no ──> make small
 *                                                                        │ yes
 *                                                                        └──> it is another rule's matter
 *
 * What is wrong in one lane is wrong in several, time and again, and often ends the target's process. So the operations of some
 * programs are run in one lane first. Where they go wrong, only programs are made in which nothing is refused and nothing
 * fails; where these go wrong in one lane as well, the target is not asked.
 *
 * What threads do depends on luck, so a program that went wrong is run several times when it is made small. A gate that makes
 * it go wrong every time is looked for, and the finding says how often its program went wrong, of how many tries.
 */
import { lanePrograms } from '../../conformance/generators/lanes.js';
import type { Often } from '../../spec/formats/results.js';
import { rules } from '../../spec/rules/index.js';
import type { Program, Trace } from '../../spec/vocabulary.js';
import { formOf, type Investigated, toFinding } from '../engine/finding.js';
import { growing } from '../engine/growing.js';
import { shrink } from '../engine/shrink.js';
import { Judge } from '../judge/judge.js';
import { formInLanes, SHOWN_BY_LANES } from '../judge/lanes.js';
import { hasLanes } from '../linear/span.js';
import { spell } from '../subject/spelling.js';
import type { Ask, AskedInLanes, Subject } from '../subject/subject.js';
import type { Outcome, Target } from '../targets/target.js';
import { TargetError } from '../targets/target.js';
import { counted } from '../text/text.js';
import { programAsSeen, serialPrograms } from './serial.js';
import type { ManagerShape } from './shape.js';
import { withAnotherGate } from './simpler-lanes.js';

const BATCH = 64;
/** Failing programs of one form that are kept, the smallest first, and of them those that are made small. */
const KEPT = 8;
/** How often a program is run to see how often it fails, and to tell that of a finding. */
const TRIES = { look: 10, told: 100 } as const;
/** How often a candidate is run: one that fails every time, and at most one that needs luck. */
const CERTAIN = 3;
const MOST_TRIES = 12;
/** Programs with a gate more that are run as often as is told. */
const MOST_FIRMER = 8;
/** How many programs are run to make one small; then it is taken as it is. */
const MOST_ASKED = 4_000;
/** A run is given up when so many programs could not be judged. */
const MOST_FAULTS = 20;
/** Programs whose operations are run in one lane, before several are asked. */
const FIRST_IN_ONE_LANE = 60;

/** How a lane program that went wrong is known. */
interface Sample {
  readonly form: string;
  readonly program: Program;
  readonly trace: Trace;
  readonly log: string | undefined;
}

/**
 * Ask a target in several lanes; undefined where it cannot be asked, or no rule about lanes is asked for. A text where it is
 * not asked: why.
 *
 * @param programs how many random programs to run
 * @throws {TargetError} when the target cannot go on, through no fault of the manager
 */
export async function askInLanes(
  subject: Subject<ManagerShape>,
  ask: Ask<ManagerShape>,
  programs: number,
  seed: number,
  onProgress: (text: string) => void,
): Promise<AskedInLanes<ManagerShape> | string | undefined> {
  const asked = ask.rules.some(({ id }) => SHOWN_BY_LANES.includes(id));
  if (!asked || !ask.target.hello.capabilities.includes('lanes')) return undefined;
  return new InLanes(subject, ask, onProgress).run(programs, seed);
}

/** What a program did when it first went wrong, and how often it did. */
interface Shown {
  readonly program: Program;
  readonly trace: Trace;
  readonly log: string | undefined;
  readonly often: Often;
}

class InLanes {
  readonly #target: Target;
  readonly #judge: Judge;
  /** Judges what runs in one lane, by all rules. */
  readonly #inOneLane: Judge;
  readonly #samples = new Map<string, Sample[]>();
  readonly #met = new Map<string, number>();
  readonly #faults: string[] = [];
  #programs = 0;
  #operations = 0;
  #gates = 0;
  #gaveUp = 0;
  #inOneLaneToo = 0;
  #asked = 0;

  constructor(
    readonly subject: Subject<ManagerShape>,
    readonly ask: Ask<ManagerShape>,
    readonly onProgress: (text: string) => void,
  ) {
    this.#target = ask.target;
    this.#judge = new Judge(ask.profile, ask.rules, false);
    this.#inOneLane = new Judge(ask.profile, rules, false);
  }

  async run(programs: number, seed: number): Promise<AskedInLanes<ManagerShape> | string> {
    const made = await this.#maker(seed);
    if (made === undefined) return 'what it does wrong in one lane, used as it should be, comes first';
    const { make, asItShouldBe } = made;
    let next = this.#send(make, Math.min(BATCH, programs));
    for (let sent = Math.min(BATCH, programs); this.#faults.length < MOST_FAULTS; ) {
      const { batch, answer } = next;
      const more = Math.min(BATCH, programs - sent);
      // The target works while what it did is judged.
      if (more > 0) next = this.#send(make, more);
      sent += more;
      const outcomes = await answer;
      for (const [index, program] of batch.entries()) this.#take(program, outcomes[index]);
      this.onProgress(`${this.#programs} of ${programs} programs in lanes`);
      if (more === 0 || outcomes.length < batch.length) break;
    }
    const findings = await this.#findings();
    return {
      shown: {
        programs: this.#programs,
        operations: this.#operations,
        gates: { held: this.#gates, gaveUp: this.#gaveUp },
        inOneLaneToo: this.#inOneLaneToo,
        ...(asItShouldBe ? { asItShouldBe } : {}),
      },
      exposures: this.#exposures(),
      broken: new Map(findings.flatMap(({ finding }) => finding.forms.map(({ met }) => [finding.rule, met] as const))),
      findings,
      faults: this.#faults,
    };
  }

  /** Where a sanitizer watches, a program exposes the rule about data races by the overlap of its calls, as it does CONC-3. */
  #exposures(): ReadonlyMap<string, number> {
    const exposures = this.#judge.exposures();
    if (!this.ask.target.hello.capabilities.includes('data-races')) return exposures;
    return new Map(exposures).set('CONC-5', exposures.get('CONC-3') ?? 0);
  }

  /** A source of programs that do not go wrong in one lane, as far as a few of them tell; undefined where there is none. */
  async #maker(seed: number): Promise<{ readonly make: () => Program; readonly asItShouldBe: boolean } | undefined> {
    const { profile, target } = this.ask;
    const capabilities = new Set(target.hello.capabilities);
    for (const asItShouldBe of [false, true]) {
      const make = () => lanePrograms(seed, { profile, capabilities, asItShouldBe });
      const programs = Array.from({ length: FIRST_IN_ONE_LANE }, make()).flatMap((one) =>
        serialPrograms(one).slice(0, 1),
      );
      if (!(await this.#anyFails(programs))) return { make: make(), asItShouldBe };
    }
    return undefined;
  }

  /** Whether any of some programs of one lane goes wrong; few are run after one that does. */
  async #anyFails(programs: readonly Program[]): Promise<boolean> {
    for (const { from, count } of growing(programs.length)) {
      if (await this.#fail(programs.slice(from, from + count))) return true;
    }
    return false;
  }

  #send(make: () => Program, count: number): { batch: readonly Program[]; answer: Promise<readonly Outcome[]> } {
    const batch = Array.from({ length: count }, make);
    const answer = this.#target.run(batch);
    // It is awaited later; until then a rejection is nobody's.
    answer.catch(() => undefined);
    return { batch, answer };
  }

  #take(program: Program, outcome: Outcome | undefined): void {
    if (outcome === undefined) return;
    this.#programs++;
    this.#operations += program.lanes.flat().length;
    if (outcome.fault !== undefined) {
      this.#faults.push(outcome.fault);
      return;
    }
    this.#gates += program.gates?.length ?? 0;
    this.#gaveUp += outcome.events.filter(({ type }) => type === 'gave-up').length;
    const trace = { objects: program.objects, events: outcome.events };
    // What went wrong before another lane came to anything is the matter of one lane.
    if (!hasLanes(trace)) return;
    const { unjudged, breaches } = this.#judge.judge(trace);
    if (unjudged !== undefined) this.#faults.push(unjudged);
    const [form] = this.#judge.formsOf(trace);
    if (form === undefined || breaches.length === 0) return;
    this.#met.set(form, (this.#met.get(form) ?? 0) + 1);
    const kept = this.#samples.get(form) ?? [];
    kept.push({ form, program, trace, log: outcome.log });
    kept.sort((a, b) => sizeOf(a.program) - sizeOf(b.program));
    this.#samples.set(form, kept.slice(0, KEPT));
  }

  async #findings(): Promise<readonly Investigated<ManagerShape>[]> {
    const findings: Investigated<ManagerShape>[] = [];
    for (const [form, samples] of this.#samples) {
      try {
        const found = await this.#explain(form, samples);
        if (found !== undefined) findings.push(found);
      } catch (error) {
        if (!(error instanceof TargetError)) throw error;
        this.#faults.push(`${error.message} So a failing program could not be made small`);
      }
    }
    return findings;
  }

  /** Make the samples of a form small; undefined where each of them goes wrong in one lane as well. */
  async #explain(form: string, samples: readonly Sample[]): Promise<Investigated<ManagerShape> | undefined> {
    const ofLanes: Sample[] = [];
    for (const sample of samples) {
      if (await this.#failsInOneLane(sample.program, sample.trace)) this.#inOneLaneToo++;
      else ofLanes.push(sample);
    }
    if (ofLanes.length === 0) return undefined;
    this.onProgress(`making small what breaks ${form}`);
    const rated: { readonly sample: Sample; readonly rate: number }[] = [];
    for (const sample of ofLanes) {
      const rate = await this.#rate(sample.program, form, TRIES.look);
      rated.push({ sample, rate });
      if (rate === 1) break;
    }
    rated.sort((a, b) => b.rate - a.rate || sizeOf(a.sample.program) - sizeOf(b.sample.program));
    const [best] = rated;
    if (best === undefined) return undefined;
    const small = await this.#small(best.sample.program, best.rate, form);
    const shown = await this.#showFirmly(small, form);
    if (shown === undefined) {
      // It may be luck, or what ran before it: neither can be told from the other.
      const met = counted(this.#met.get(form) ?? 1, 'program');
      this.#faults.push(
        `${met} went wrong in lanes (${form}), and none of those that were run again alone did, in ${TRIES.told} tries`,
      );
      return undefined;
    }
    const { program, trace, log, often } = shown;
    const judgement = this.#judge.judge(trace);
    const made = formOf(this.subject, form, program, trace, judgement, this.ask.profile, this.#met.get(form) ?? 1);
    // The trace may break other rules as well, by luck.
    const own = judgement.breaches.filter(({ rule }) => formInLanes(rule) === form);
    const others = judgement.breaches.filter(({ rule }) => formInLanes(rule) !== form);
    const broken = [...own, ...others].map(({ rule, text }) => ({ rule, text }));
    return {
      finding: toFinding(
        this.subject,
        form,
        [{ ...made, broken, often }],
        this.#target.address,
        this.ask.profile.name,
        log,
      ),
      rules: new Set(broken.map(({ rule }) => rule)),
    };
  }

  /** Make a program small, and look for a gate that makes it go wrong every time. */
  async #small(program: Program, rate: number, form: string): Promise<Program> {
    this.#asked = 0;
    const certain = rate === 1 ? program : await this.#certain(program, form);
    if (certain !== undefined) return this.#shrink(certain, 1, form);
    if (rate === 0) return program;
    const small = await this.#shrink(program, rate, form);
    const later = await this.#certain(small, form);
    return later === undefined ? small : this.#shrink(later, 1, form);
  }

  /** A program with a gate more that goes wrong every time, if there is one. */
  async #certain(program: Program, form: string): Promise<Program | undefined> {
    const [first] = await this.#failing([...withAnotherGate(program)], form, 1);
    return first;
  }

  #shrink(program: Program, rate: number, form: string): Promise<Program> {
    return shrink<ManagerShape>(this.subject, program, async (programs) => {
      const lanes = programs.filter((one) => one.lanes.length > 1);
      const failing = new Set((await this.#failing(lanes, form, rate)).map(spell));
      return programs.map((one) => failing.has(spell(one)));
    });
  }

  /** Those of some programs that go wrong in a way, and in one lane do not: every time, or at all where it takes luck. */
  async #failing(programs: readonly Program[], form: string, rate: number): Promise<readonly Program[]> {
    const tries = rate === 1 ? CERTAIN : Math.min(MOST_TRIES, Math.ceil(2 / rate));
    this.#asked += programs.length * tries;
    if (this.#asked > MOST_ASKED) return [];
    const outcomes = await this.#target.run(programs.flatMap((one) => Array.from({ length: tries }, () => one)));
    const failing = programs.filter((program, index) => {
      const own = outcomes.slice(index * tries, (index + 1) * tries);
      const shown = own.filter((outcome) => this.#shows(program, outcome, form)).length;
      return rate === 1 ? shown === tries : shown > 0;
    });
    const kept: Program[] = [];
    for (const program of failing) if (!(await this.#failsInOneLane(program))) kept.push(program);
    return kept;
  }

  #shows(program: Program, { events, fault }: Outcome, form: string): boolean {
    return fault === undefined && this.#judge.shows({ objects: program.objects, events }, form);
  }

  async #rate(program: Program, form: string, tries: number): Promise<number> {
    const outcomes = await this.#target.run(Array.from({ length: tries }, () => program));
    return outcomes.filter((outcome) => this.#shows(program, outcome, form)).length / tries;
  }

  /** As below; where a program takes some luck all the same, with a gate more that it needs no luck with, if there is one. */
  async #showFirmly(program: Program, form: string): Promise<Shown | undefined> {
    const shown = await this.#show(program, form);
    if (shown === undefined || shown.often.failed === shown.often.tries) return shown;
    this.#asked = 0;
    // It is mostly the order of two calls that is left to luck.
    const gates = [...withAnotherGate(program)].toReversed();
    for (const one of (await this.#failing(gates, form, 1)).slice(0, MOST_FIRMER)) {
      const firmer = await this.#show(one, form);
      if (firmer !== undefined && firmer.often.failed === firmer.often.tries) return firmer;
    }
    return shown;
  }

  /** Run a program as often as is told, and keep what it did when it first went wrong. */
  async #show(program: Program, form: string): Promise<Shown | undefined> {
    const outcomes = await this.#target.run(Array.from({ length: TRIES.told }, () => program));
    const failing = outcomes.filter((outcome) => this.#shows(program, outcome, form));
    const [first] = failing;
    if (first === undefined) return undefined;
    const often = { failed: failing.length, tries: outcomes.length };
    return { program, trace: { objects: program.objects, events: first.events }, log: first.log, often };
  }

  /**
   * Whether the same operations go wrong in one lane, in some order that their lanes allow: first in the one that was seen,
   * since a program may have more orders than are tried.
   */
  async #failsInOneLane(program: Program, trace?: Trace): Promise<boolean> {
    const seen = trace === undefined ? undefined : programAsSeen(program, trace);
    if (seen !== undefined && (await this.#fail([seen]))) return true;
    return this.#fail(serialPrograms(program));
  }

  /** Whether any of some programs of one lane goes wrong. */
  async #fail(programs: readonly Program[]): Promise<boolean> {
    const outcomes = await this.#target.run(programs);
    return outcomes.some(({ events, fault }, index) => {
      const objects = programs[index]?.objects;
      if (objects === undefined || fault !== undefined) return false;
      return this.#inOneLane.judge({ objects, events }).breaches.length > 0;
    });
  }
}

function sizeOf({ lanes, gates = [] }: Program): number {
  return lanes.flat().length * 4 + lanes.length - (gates.length > 0 ? 1 : 0);
}
