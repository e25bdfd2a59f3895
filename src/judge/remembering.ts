/**
 * A judge that remembers. A call that conforms is judged once of each kind, and known again; so a trace that consists of known
 * calls is gone through and not judged. Every other trace is judged afresh, by rules and model, and so is every one that
 * breaks a rule. The exposures are the same, for each remembered call exposes what it exposed when it was judged.
 */
import type { Situation } from '../../spec/model.js';
import type { Profile } from '../../spec/profile.js';
import type { Followed } from '../../spec/reading/follow.js';
import { follow, objectsById } from '../../spec/reading/follow.js';
import type { History } from '../../spec/reading/history.js';
import { readHistory } from '../../spec/reading/read-history.js';
import type { ChapterRule } from '../../spec/rule.js';
import type { Trace } from '../../spec/vocabulary.js';
import type { Breach, Judgement } from './judge.js';
import { Judge } from './judge.js';
import type { Kind, Verdict } from './remembered/kinds.js';
import { Kinds } from './remembered/kinds.js';
import { Sample } from './remembered/sample.js';
import { Walker } from './remembered/walk.js';

/** Of so many traces that are remembered, one is judged afresh all the same, and compared. */
const LOOK_EVERY = 256;

/** Judges traces as `Judge` does, the sooner the more it has judged. */
export class RememberingJudge {
  readonly #judge: Judge;
  readonly #walker: Walker;
  /** How often each verdict was remembered, by its number. */
  readonly #times: number[] = [];
  #tracesWithCallbacks = 0;
  /** Those of the last trace. */
  readonly #verdicts: Verdict[] = [];
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
    if (!this.#walker.walk(trace)) return this.#judge.judge(trace);
    let known = this.#lookUp();
    if (known === 'unknown' && this.#takeSamples(trace)) known = this.#lookUp();
    if (known !== 'known') return this.#judge.judge(trace);
    if (++this.#remembered % LOOK_EVERY === 0) return this.#judgeAndCompare(trace);
    return this.#remember(trace);
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

  /** Look up the verdict of each call on the way. */
  #lookUp(): 'known' | 'unknown' | 'broken' {
    const { kinds, pasts } = this.#walker;
    const verdicts = this.#verdicts;
    verdicts.length = 0;
    for (let call = 0; call < kinds.length; call++) {
      const kind = kinds[call];
      const past = pasts[call];
      if (kind === undefined || past === undefined) return 'unknown';
      const verdict = kind.verdict(past) ?? this.#judgeSample(kind, past);
      if (verdict === 'unknown' || verdict === 'broken') return verdict;
      verdicts.push(verdict);
    }
    return 'known';
  }

  /** Judge the sample of a kind as if it had another past. The model knows of none. */
  #judgeSample(kind: Kind, past: number): Verdict | 'unknown' | 'broken' {
    if (kind.sample === undefined) return 'unknown';
    return this.kinds.remember(kind, past, kind.sample.situation, kind.sample.exposed(past));
  }

  #remember(trace: Trace): Judgement {
    const { nullAccepted, hasCallbacks } = this.#walker;
    const situations: Situation[] = [];
    for (const { situation, number } of this.#verdicts) {
      situations.push(situation);
      this.#times[number] = (this.#times[number] ?? 0) + 1;
    }
    if (hasCallbacks) this.#tracesWithCallbacks++;
    return new Remembered(trace, this.profile, { situations, nullAccepted });
  }

  /**
   * Take samples of the kinds that are not known, from as much of a trace as that takes.
   *
   * @returns false where the model does not allow it, or leaves it undefined
   */
  #takeSamples({ objects, events }: Trace): boolean {
    const { kinds, ends } = this.#walker;
    const last = kinds.findLastIndex(({ sample }) => sample === undefined);
    const beginning = { objects, events: events.slice(0, ends[last]) };
    const byId = objectsById(objects);
    const followed = follow(beginning, this.profile, byId);
    const { calls, ...history } = readHistory(beginning, this.profile, byId);
    if (followed.divergence !== undefined || followed.situations.length <= last || calls.length <= last) return false;
    for (const [index, kind] of kinds.entries()) {
      const call = calls[index];
      const situation = followed.situations[index];
      if (call === undefined || situation === undefined) break;
      kind.sample ??= new Sample(call, { ...history, calls: [] }, situation, this.#judge.callRules);
    }
    return true;
  }

  #judgeAndCompare(trace: Trace): Judgement {
    const verdicts = this.#verdicts;
    const judgement = this.#judge.judge(trace);
    const { followed, history } = judgement;
    const isSame =
      conforms(judgement, verdicts.length) &&
      followed.nullAccepted === this.#walker.nullAccepted &&
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
  #history: History | undefined;

  constructor(
    trace: Trace,
    profile: Profile,
    readonly followed: Followed,
  ) {
    this.#trace = trace;
    this.#profile = profile;
  }

  get history(): History {
    this.#history ??= readHistory(this.#trace, this.#profile, objectsById(this.#trace.objects));
    return this.#history;
  }
}
