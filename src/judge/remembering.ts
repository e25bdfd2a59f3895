/**
 * A judge that remembers. A call that conforms is judged once of each kind, and known again; so a trace that consists of known
 * calls is gone through and not judged. Every other trace is judged afresh, by rules and model, and so is every one that
 * breaks a rule. The exposures are the same, for each remembered call exposes what it exposed when it was judged.
 */
import type { Situation } from '../../spec/model.js';
import type { Profile } from '../../spec/profile.js';
import type { Followed } from '../../spec/reading/follow.js';
import { objectsById } from '../../spec/reading/follow.js';
import type { History } from '../../spec/reading/history.js';
import { readHistory } from '../../spec/reading/read-history.js';
import type { ChapterRule } from '../../spec/rule.js';
import type { Trace } from '../../spec/vocabulary.js';
import type { Breach, Judgement } from './judge.js';
import { Judge } from './judge.js';
import type { Kind, Verdict } from './remembered/kinds.js';
import { Kinds } from './remembered/kinds.js';
import { withPast } from './remembered/record.js';
import { Walker, type Way } from './remembered/walk.js';

/** Of so many traces that are remembered, one is judged afresh all the same, and compared. */
const LOOK_EVERY = 256;

/** Judges traces as `Judge` does, the sooner the more it has judged. */
export class RememberingJudge {
  readonly #judge: Judge;
  readonly #walker: Walker;
  /** How often each verdict was remembered, by its number. */
  readonly #times: number[] = [];
  #tracesWithCallbacks = 0;
  #remembered = 0;

  /** As for `Judge`. @param kinds what others who judge by the same have remembered */
  constructor(
    readonly profile: Profile,
    readonly rules: readonly ChapterRule[],
    readonly complete: boolean,
    readonly kinds: Kinds = new Kinds(),
  ) {
    this.#judge = new Judge(profile, rules, complete);
    this.#walker = new Walker(profile, kinds);
  }

  /** A judge that counts from nothing, and remembers what this one does. */
  anew(): RememberingJudge {
    return new RememberingJudge(this.profile, this.rules, this.complete, this.kinds);
  }

  judge(trace: Trace): Judgement {
    const way = this.#walker.walk(trace);
    if (way === undefined) return this.#judge.judge(trace);
    const verdicts = this.#verdictsOn(way);
    if (verdicts === 'unknown') return this.#judgeAndRemember(trace, way);
    if (verdicts === 'broken') return this.#judge.judge(trace);
    if (++this.#remembered % LOOK_EVERY === 0) return this.#judgeAndCompare(trace, way, verdicts);
    return this.#remember(trace, way, verdicts);
  }

  formsOf(trace: Trace, judgement?: Pick<Judgement, 'followed'>): readonly string[] {
    return this.#judge.formsOf(trace, judgement);
  }

  shows(trace: Trace, form: string): boolean {
    return this.#judge.shows(trace, form);
  }

  defectOf(trace: Trace, judgement?: Pick<Judgement, 'followed'>): string | undefined {
    return this.#judge.defectOf(trace, judgement);
  }

  exposures(): ReadonlyMap<string, number> {
    const counts = new Map(this.#judge.exposures());
    const { callRules, traceRules } = this.#judge;
    const add = (rule: string | undefined, times: number) => {
      if (rule !== undefined) counts.set(rule, (counts.get(rule) ?? 0) + times);
    };
    for (const { number, exposed } of this.kinds.all()) {
      for (const rule of exposed) add(callRules[rule]?.id, this.#times[number] ?? 0);
    }
    for (const { id } of traceRules) add(id, this.#tracesWithCallbacks);
    return counts;
  }

  /** What is known of each call on the way. */
  #verdictsOn({ kinds, pasts }: Way): readonly Verdict[] | 'unknown' | 'broken' {
    const verdicts: Verdict[] = [];
    for (let call = 0; call < kinds.length; call++) {
      const kind = kinds[call];
      const past = pasts[call];
      if (kind === undefined || past === undefined) return 'unknown';
      const verdict = kind.verdicts.get(past) ?? this.#judgeSample(kind, past);
      if (verdict === 'unknown' || verdict === 'broken') return verdict;
      verdicts.push(verdict);
    }
    return verdicts;
  }

  /** Judge the sample of a kind as if it had another past. The model knows of none. */
  #judgeSample(kind: Kind, past: number): Verdict | 'unknown' | 'broken' {
    if (kind.sample === undefined) return 'unknown';
    const { call, history, situation } = kind.sample;
    return this.kinds.remember(kind, past, situation, this.#judge.exposedBy(withPast(call, past), history));
  }

  #remember(trace: Trace, { nullAccepted, hasCallbacks }: Way, verdicts: readonly Verdict[]): Judgement {
    const situations: Situation[] = [];
    for (const { situation, number } of verdicts) {
      situations.push(situation);
      this.#times[number] = (this.#times[number] ?? 0) + 1;
    }
    if (hasCallbacks) this.#tracesWithCallbacks++;
    return new Remembered(trace, this.profile, { situations, nullAccepted });
  }

  #judgeAndRemember(trace: Trace, { kinds }: Way): Judgement {
    const judgement = this.#judge.judge(trace);
    const { followed, history } = judgement;
    if (!conforms(judgement, kinds.length)) return judgement;
    for (const [index, kind] of kinds.entries()) {
      const call = history.calls[index];
      const situation = followed.situations[index];
      if (call === undefined || situation === undefined) continue;
      kind.sample ??= { call, history: { ...history, calls: [] }, situation };
    }
    return judgement;
  }

  #judgeAndCompare(trace: Trace, way: Way, verdicts: readonly Verdict[]): Judgement {
    const judgement = this.#judge.judge(trace);
    const { followed, history } = judgement;
    const isSame =
      conforms(judgement, verdicts.length) &&
      followed.nullAccepted === way.nullAccepted &&
      history.calls.every((call, index) => {
        const verdict = verdicts[index];
        const exposed = this.#judge.exposedBy(call, history)?.join();
        return verdict?.situation === followed.situations[index] && verdict?.exposed.join() === exposed;
      });
    return isSame ? judgement : { ...judgement, disagreement: 'a call is judged otherwise than one like it was' };
  }
}

/** Whether a trace of so many calls conforms to rules and model, in which nothing is undefined. */
function conforms({ breaches, followed, history }: Judgement, calls: number): boolean {
  const isWhole = followed.situations.length === calls && history.calls.length === calls;
  return breaches.length === 0 && followed.divergence === undefined && isWhole;
}

const NONE: readonly Breach[] = [];

/** What is said of a trace that was remembered. Few ask for its history. */
class Remembered implements Judgement {
  readonly breaches = NONE;
  readonly #trace: Trace;
  readonly #profile: Profile;

  constructor(
    trace: Trace,
    profile: Profile,
    readonly followed: Followed,
  ) {
    this.#trace = trace;
    this.#profile = profile;
  }

  get history(): History {
    return readHistory(this.#trace, this.#profile, objectsById(this.#trace.objects));
  }
}
