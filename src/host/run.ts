/**
 * A run on hosts: the small scope completely, every order of set-up, then random programs; judge what came of each, make
 * what failed small, and report. The same seed and target give the same report.
 */
import { setImmediate } from 'node:timers/promises';
import { generateHostProgram } from '../../conformance/generators/host.js';
import { bitsFrom } from '../../conformance/generators/random.js';
import { setUps } from '../../conformance/host/orders.js';
import { hostMachine, hostWalks, SCOPE } from '../../conformance/host/scope.js';
import type { HostReport } from '../../spec/formats/host-results.js';
import { backEnds } from '../../spec/host/back-ends.js';
import type { HostChapterRule } from '../../spec/host/rule.js';
import type { BackEnd, HostProgram, HostTrace } from '../../spec/host/vocabulary.js';
import type { Tier } from '../engine/tiers.js';
import { type HostJudge, type HostJudgement, judgeOf } from '../judge/host-judge.js';
import { TargetError } from '../targets/target.js';
import { HostCertification } from './certificate.js';
import { type HostSample, investigateHost } from './investigate.js';
import { assembleHost } from './report.js';
import type { HostTarget } from './target.js';

/** What a run on hosts is to do. */
export interface HostRunOptions {
  readonly target: HostTarget;
  readonly rules: readonly HostChapterRule[];
  /** The back ends to run on. */
  readonly backEnds: readonly BackEnd[];
  readonly seed: number;
  /** How many random programs to run, over all back ends. */
  readonly programs: number;
  readonly tier: Tier | null;
  /** Whether the small scope is covered completely. */
  readonly scope: boolean;
  readonly failFast?: boolean;
  readonly onProgress?: (done: number, total: number, failing: number) => void;
  /** A clock in milliseconds, for the duration in the report. */
  readonly now: () => number;
}

const BATCH = 64;

/** Run programs on a target and report. Never rejects for what the target does. */
export async function runHosts(options: HostRunOptions): Promise<HostReport> {
  return new HostRun(options).report();
}

class HostRun {
  readonly #judge: HostJudge;
  readonly #certification = new HostCertification();
  readonly #samples = new Map<string, HostSample>();
  readonly #broken = new Map<string, number>();
  readonly #orderExposures = new Map<string, number>();
  readonly #faults: string[] = [];
  readonly #volume = { programs: 0, operations: 0, events: 0, notRun: 0, died: 0 };
  #planned = 0;
  #stopped = false;

  constructor(readonly options: HostRunOptions) {
    const { target, rules } = options;
    this.#judge = judgeOf(target, rules);
  }

  async report(): Promise<HostReport> {
    const { options } = this;
    const started = options.now();
    try {
      if (options.scope) for (const backEnd of options.backEnds) await this.#runScope(backEnd);
      for (const backEnd of options.backEnds) await this.#runOrders(backEnd);
      await this.#runRandom();
    } catch (error) {
      if (!(error instanceof TargetError)) throw error;
      this.#faults.push(error.message);
    }
    this.#volume.notRun = Math.max(0, this.#planned - this.#volume.programs);
    const findings = await investigateHost([...this.#samples.values()], options);
    return assembleHost({
      command: 'run',
      options,
      volume: this.#volume,
      certificate: !options.scope ? null : this.#certification.certificate(SCOPE),
      exposures: new Map([...this.#judge.exposures(), ...this.#orderExposures]),
      broken: this.#broken,
      findings,
      faults: this.#faults,
      seconds: (options.now() - started) / 1000,
    });
  }

  async #runScope(backEnd: BackEnd): Promise<void> {
    const machine = hostMachine(backEnd, this.options.target.profile);
    const walks = [...hostWalks(machine)];
    this.#planned += walks.length;
    this.#certification.plan(machine, walks.length);
    await this.#drive(walks, ({ program, path }, trace) => {
      const judgement = this.#take(program, trace);
      this.#certification.note(machine, path, judgement.breaches.length === 0);
    });
  }

  /** Of each set-up, what the first order came to is what all others must come to. */
  async #runOrders(backEnd: BackEnd): Promise<void> {
    const rules = this.options.rules.filter((rule) => rule.kind === 'host-order');
    for (const { programs, probes, name } of setUps(backEnd, this.options.target.profile)) {
      const outcomes = new Map<string, string>();
      this.#planned += programs.length;
      await this.#drive(
        programs.map((program) => ({ program })),
        ({ program }, trace) => {
          const { breaches, history } = this.#take(program, trace);
          this.#certification.noteOrder(breaches.length === 0);
          for (const rule of rules) {
            this.#orderExposures.set(rule.id, (this.#orderExposures.get(rule.id) ?? 0) + 1);
            const outcome = rule.outcome(history, probes);
            const first = outcomes.get(rule.id) ?? outcome;
            outcomes.set(rule.id, first);
            if (outcome === first) continue;
            const text = `setting up ${name} in this order comes to: ${outcome}. Another order came to: ${first}`;
            this.#fail(rule.id, program, [{ rule: rule.id, call: history.calls.length - 1, text }], { probes, first });
          }
        },
      );
    }
  }

  async #runRandom(): Promise<void> {
    const { target, programs, backEnds: chosen, seed } = this.options;
    const bits = bitsFrom(seed);
    this.#planned += programs;
    const random = function* (): Iterable<{ program: HostProgram }> {
      for (let made = 0; made < programs; made++) {
        const backEnd = chosen[made % chosen.length] ?? 'vtd-posted';
        yield { program: generateHostProgram(bits, backEnd, target.profile) };
      }
    };
    await this.#drive(random(), ({ program }, trace) => this.#take(program, trace));
  }

  async #drive<T extends { readonly program: HostProgram }>(
    source: Iterable<T>,
    take: (one: T, trace: HostTrace) => void,
  ): Promise<void> {
    let batch: T[] = [];
    const flush = async () => {
      const traces = await this.options.target.run(batch.map(({ program }) => program));
      for (const [index, one] of batch.entries()) {
        const trace = traces[index];
        if (trace !== undefined && !this.#stopped) take(one, trace);
      }
      batch = [];
      this.options.onProgress?.(this.#volume.programs, this.#planned, this.#samples.size);
      // A target in this process never waits for anything: let timers and signals have their turn.
      await setImmediate();
    };
    for (const one of source) {
      if (this.#stopped) return;
      batch.push(one);
      if (batch.length >= BATCH) await flush();
    }
    if (batch.length > 0 && !this.#stopped) await flush();
  }

  #take(program: HostProgram, trace: HostTrace): HostJudgement {
    this.#volume.programs++;
    this.#volume.operations += program.operations.length;
    this.#volume.events += trace.events.length;
    const last = trace.events.at(-1)?.type;
    if (last === 'crash' || last === 'hang') this.#volume.died++;
    const judgement = this.#judge.judge(trace);
    const [first] = judgement.breaches;
    if (first !== undefined) {
      const call = Math.min(...judgement.breaches.map((breach) => breach.call));
      const here = judgement.breaches.filter((breach) => breach.call === call);
      for (const rule of new Set(judgement.breaches.map(({ rule }) => rule))) {
        this.#broken.set(rule, (this.#broken.get(rule) ?? 0) + 1);
      }
      this.#note(here[0]?.rule ?? first.rule, program, judgement);
    }
    return judgement;
  }

  #note(key: string, program: HostProgram, judgement: HostJudgement): void {
    const known = this.#samples.get(key);
    if (known === undefined) {
      const rules = new Set(judgement.breaches.map(({ rule }) => rule));
      this.#samples.set(key, { key, program, breaches: judgement.breaches, rules, met: 1, order: undefined });
    } else {
      known.met++;
      for (const { rule } of judgement.breaches) known.rules.add(rule);
    }
    if (this.options.failFast === true) this.#stopped = true;
  }

  #fail(rule: string, program: HostProgram, breaches: HostSample['breaches'], order: HostSample['order']): void {
    this.#broken.set(rule, (this.#broken.get(rule) ?? 0) + 1);
    const key = `${rule} in the order of set-up`;
    const known = this.#samples.get(key);
    if (known === undefined) this.#samples.set(key, { key, program, breaches, rules: new Set([rule]), met: 1, order });
    else known.met++;
  }
}

/** All back ends. */
export const allBackEnds = Object.keys(backEnds) as readonly BackEnd[];
