/**
 * Programs that failed, one of each kind, kept until the run is over and they are made small.
 *
 * A kind is the form of the first difference together with whatever is unusual in the program. A run may meet a defect
 * in a hundred thousand programs; it is kept in a few dozen.
 */
import type { BrokenRule } from '../../spec/formats/results.js';
import type { SampleOf } from '../../spec/formats/shard.js';
import type { Shape } from '../subject/subject.js';

const BESIDE_OTHERS = ' in the order of set-up';

/** The name of the form of what only shows beside the other programs of a suite. */
export function formBesideOthers(rule: string): string {
  return `${rule}${BESIDE_OTHERS}`;
}

/** Whether a form only shows beside the other programs of a suite: run alone, its program breaks no rule. */
export function isBesideOthers(form: string): boolean {
  return form.endsWith(BESIDE_OTHERS);
}

/** One kind of failing program. */
export interface Sample<S extends Shape> {
  readonly form: string;
  readonly unusual: number;
  /** The first program of this kind. */
  readonly program: S['program'];
  /** How many programs of this kind were met. */
  met: number;
  /** The rules broken in any of them. */
  readonly rules: Set<string>;
  readonly log: string | undefined;
  /** What it did when it was met. */
  readonly trace: S['trace'];
  /** The rule that it breaks beside other programs; then it is not made small, for it is about the others, too. */
  readonly besideOthers: BrokenRule | undefined;
}

/** A failing program, as it was met. */
export interface Met<S extends Shape> {
  readonly program: S['program'];
  readonly trace: S['trace'];
  /** The rules that it breaks. */
  readonly rules: readonly string[];
  readonly log?: string | undefined;
  readonly besideOthers?: BrokenRule;
}

/** All kinds met in a run, in the order in which they were first met. */
export class Samples<S extends Shape> {
  readonly #kinds = new Map<string, Sample<S>>();

  /** Note a failing program. */
  add(form: string, unusual: number, { program, trace, rules, log, besideOthers }: Met<S>): void {
    const key = keyOf(form, unusual);
    let sample = this.#kinds.get(key);
    if (sample === undefined) {
      sample = { form, unusual, program, met: 0, rules: new Set(), log, trace, besideOthers };
      this.#kinds.set(key, sample);
    }
    sample.met++;
    for (const rule of rules) sample.rules.add(rule);
  }

  /** Note kinds that were met in a part of the run, after all parts before it. */
  take(met: readonly SampleOf<S['program'], S['trace']>[]): void {
    for (const { form, unusual, rules, first, met: times } of met) {
      const key = keyOf(form, unusual);
      let sample = this.#kinds.get(key);
      if (sample === undefined) {
        if (first === undefined) continue;
        const { program, trace, log, besideOthers } = first;
        sample = { form, unusual, program, met: 0, rules: new Set(), log, trace, besideOthers };
        this.#kinds.set(key, sample);
      }
      sample.met += times;
      for (const rule of rules) sample.rules.add(rule);
    }
  }

  /** What was met, as it is kept until all parts are gathered. @param known kinds whose first program is kept already */
  kept(known: Set<string>): readonly SampleOf<S['program'], S['trace']>[] {
    return [...this.#kinds].map(([key, { form, unusual, met, rules, program, trace, log, besideOthers }]) => {
      const sample = { form, unusual, met, rules: [...rules] };
      if (known.has(key)) return sample;
      known.add(key);
      const first = {
        program,
        trace,
        ...(log === undefined ? {} : { log }),
        ...(besideOthers === undefined ? {} : { besideOthers }),
      };
      return { ...sample, first };
    });
  }

  /** The sample of a kind, if one was met. */
  find(form: string, unusual: number): Sample<S> | undefined {
    return this.#kinds.get(keyOf(form, unusual));
  }

  get size(): number {
    return this.#kinds.size;
  }

  /** By form; within a form, those with the least that is unusual first. */
  byForm(): ReadonlyMap<string, readonly Sample<S>[]> {
    const forms = new Map<string, Sample<S>[]>();
    for (const sample of this.#kinds.values()) {
      const list = forms.get(sample.form) ?? [];
      list.push(sample);
      forms.set(sample.form, list);
    }
    for (const list of forms.values()) list.sort((a, b) => bits(a.unusual) - bits(b.unusual));
    return forms;
  }
}

function keyOf(form: string, unusual: number): string {
  return `${form}|${unusual}`;
}

function bits(mask: number): number {
  let count = 0;
  for (let rest = mask; rest > 0; rest >>= 1) count += rest & 1;
  return count;
}
