/**
 * Judge one trace: hold every rule against it, and follow it through the model.
 *
 * The two judgements must agree. Where one finds fault and the other does not, the spec itself is wrong, and that is
 * said as such: it is never the implementation's fault.
 */

import type { Profile } from '../../spec/profile.js';
import type { Followed } from '../../spec/reading/follow.js';
import { follow, objectsById } from '../../spec/reading/follow.js';
import type { Call, History } from '../../spec/reading/history.js';
import { readHistory } from '../../spec/reading/read-history.js';
import type { CallRule, ChapterRule, TraceRule } from '../../spec/rule.js';
import { holdsIn } from '../../spec/rule.js';
import type { Trace } from '../../spec/vocabulary.js';
import { hasLanes } from '../linear/span.js';
import { defectKey, formsOf, showsForm } from './defect.js';
import { formsInLanes, judgeLanes } from './lanes.js';

/** A rule broken in a trace. */
export interface Breach {
  readonly rule: string;
  /** The index of the event at which it shows: the call's, or that of the event that makes no sense. */
  readonly at: number;
  readonly text: string;
}

/** What is said of one trace. */
export interface Judgement {
  /** In the order of the events. */
  readonly breaches: readonly Breach[];
  readonly followed: Followed;
  readonly history: History;
  /** Set when rules and model do not agree. */
  readonly disagreement?: string;
  /** Set when the trace cannot be judged, through no fault of the implementation. */
  readonly unjudged?: string;
}

/** Judges traces under one profile, and counts how often each rule was exposed. */
export class Judge {
  /** The rules that it holds against each call and against each trace. */
  readonly callRules: readonly CallRule[];
  readonly traceRules: readonly TraceRule[];
  readonly #callExposures: Float64Array;
  readonly #traceExposures: Float64Array;
  readonly #complete: boolean;
  readonly #laneExposures = new Map<string, number>();

  /**
   * @param profile what the traces are judged under
   * @param rules the rules to hold against them; those that do not hold in the profile are left out
   * @param complete whether these are all the rules there are, so that they must agree with the model
   */
  constructor(
    readonly profile: Profile,
    readonly rules: readonly ChapterRule[],
    complete: boolean,
  ) {
    const holding = rules.filter((rule) => holdsIn(rule, profile));
    this.callRules = holding.filter((rule) => rule.kind === 'call');
    this.traceRules = holding.filter((rule) => rule.kind === 'trace');
    this.#callExposures = new Float64Array(this.callRules.length);
    this.#traceExposures = new Float64Array(this.traceRules.length);
    this.#complete = complete;
  }

  /** Judge a trace: one of several lanes by the rules about those, any other by all others. */
  judge(trace: Trace): Judgement {
    const { profile } = this;
    if (hasLanes(trace)) return this.#judgeLanes(trace);
    const objects = objectsById(trace.objects);
    const history = readHistory(trace, profile, objects);
    const followed = follow(trace, profile, objects);
    const breaches = this.#breaches(history);
    const disagreement = this.#complete ? disagree(breaches, followed) : undefined;
    return { breaches, followed, history, ...(disagreement === undefined ? {} : { disagreement }) };
  }

  /** A judge by the same rules that counts from nothing. */
  anew(): Judge {
    return new Judge(this.profile, this.rules, this.#complete);
  }

  #judgeLanes(trace: Trace): Judgement {
    const { profile } = this;
    const { breaches, exposed, unjudged } = judgeLanes(trace, profile, this.rules);
    for (const rule of exposed) this.#laneExposures.set(rule, (this.#laneExposures.get(rule) ?? 0) + 1);
    const history: History = { calls: [], objects: objectsById(trace.objects), profile };
    return {
      breaches,
      followed: { situations: [], nullAccepted: false },
      history,
      ...(unjudged === undefined ? {} : { unjudged }),
    };
  }

  /** The ways in which a trace goes wrong at its first difference; none when it has none. */
  formsOf(trace: Trace, judgement?: Pick<Judgement, 'followed'>): readonly string[] {
    if (hasLanes(trace)) return formsInLanes(judgeLanes(trace, this.profile, this.rules));
    return formsOf(trace, (judgement ?? this.#follow(trace)).followed);
  }

  /** Whether a trace fails in a form, whatever else is in it. */
  shows(trace: Trace, form: string): boolean {
    if (hasLanes(trace)) return this.formsOf(trace).includes(form);
    return showsForm(trace, follow(trace, this.profile), form);
  }

  /** The defect that a trace shows; undefined when it shows none. */
  defectOf(trace: Trace, judgement?: Pick<Judgement, 'followed'>): string | undefined {
    if (hasLanes(trace)) return this.formsOf(trace)[0];
    const { followed } = judgement ?? this.#follow(trace);
    return followed.divergence === undefined ? undefined : defectKey(trace, followed);
  }

  /** Following the model is quick; most traces that are asked about do not show what is looked for. */
  #follow(trace: Trace): Pick<Judgement, 'followed'> {
    return { followed: follow(trace, this.profile) };
  }

  /** Which of `callRules` a call exposes, by number; undefined when it breaks one. It is not counted. */
  exposedBy(call: Call, history: History): readonly number[] | undefined {
    const exposed: number[] = [];
    for (const [index, rule] of this.callRules.entries()) {
      const verdict = rule.check(call, history);
      if (typeof verdict === 'string') return undefined;
      if (verdict === true) exposed.push(index);
    }
    return exposed;
  }

  /** How often each rule was exposed so far, by id. */
  exposures(): ReadonlyMap<string, number> {
    const counts = new Map(this.#laneExposures);
    this.callRules.forEach((rule, index) => {
      counts.set(rule.id, this.#callExposures[index] ?? 0);
    });
    this.traceRules.forEach((rule, index) => {
      counts.set(rule.id, this.#traceExposures[index] ?? 0);
    });
    return counts;
  }

  #breaches(history: History): readonly Breach[] {
    const breaches: Breach[] = [];
    const { calls } = history;
    const rules = this.callRules;
    const exposures = this.#callExposures;
    let callbacks = false;
    for (const call of calls) {
      callbacks ||= call.invocations.length > 0;
      for (let index = 0; index < rules.length; index++) {
        const rule = rules[index];
        const verdict = rule?.check(call, history);
        if (rule === undefined || verdict === undefined) continue;
        exposures[index] = (exposures[index] ?? 0) + 1;
        if (verdict !== true) breaches.push({ rule: rule.id, at: call.at, text: verdict });
      }
    }
    for (let index = 0; index < this.traceRules.length; index++) {
      const rule = this.traceRules[index];
      const broken = rule?.check(history);
      if (callbacks || broken !== undefined) this.#traceExposures[index] = (this.#traceExposures[index] ?? 0) + 1;
      if (rule !== undefined && broken !== undefined)
        breaches.push({ rule: rule.id, at: broken.at, text: broken.text });
    }
    return breaches;
  }
}

/** What is wrong with the spec when rules and model do not agree about a trace; undefined when they do. */
export function disagree(
  breaches: readonly { readonly rule: string; readonly text: string }[],
  followed: { readonly divergence?: { readonly at: number } },
): string | undefined {
  const [first] = breaches;
  if (first !== undefined && followed.divergence === undefined) {
    return `${first.rule} finds fault (${first.text}) with a trace that the model allows`;
  }
  if (first === undefined && followed.divergence !== undefined) {
    return `the model does not allow event ${followed.divergence.at} of a trace in which no rule finds fault`;
  }
  return undefined;
}
