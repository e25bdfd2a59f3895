/**
 * Judge what happened on a host: hold every rule about hosts against it, and the manager's rules against its manager; and
 * follow it through the models of both.
 *
 * The two judgements must agree. Where one finds fault and the other does not, the spec itself is wrong, and that is
 * said as such: it is never the implementation's fault.
 */
import { followHost, type HostDivergence, type HostFollowed } from '../../spec/host/reading/follow.js';
import { type HostHistory, readHostHistory } from '../../spec/host/reading/history.js';
import type { HostCallRule, HostChapterRule } from '../../spec/host/rule.js';
import type { HostTrace } from '../../spec/host/vocabulary.js';
import type { Profile } from '../../spec/profile.js';
import type { Divergence } from '../../spec/reading/follow.js';
import { hostRules } from '../../spec/rules/host.js';
import { rules as managerRules } from '../../spec/rules/index.js';
import { disagree, Judge } from './judge.js';
import { managerTrace } from './manager-trace.js';

/** A rule broken on a host. */
export interface HostBreach {
  readonly rule: string;
  /** The operation in which it shows, counted from 0. */
  readonly call: number;
  readonly text: string;
}

/** What is said of one trace. */
export interface HostJudgement {
  /** In the order of the operations; in one operation, in the order of the rules. */
  readonly breaches: readonly HostBreach[];
  readonly history: HostHistory;
  /** Where the trace leaves the model of the host, or that of the manager if it is judged and left first. */
  readonly followed: HostFollowed;
  /** Set when rules and model do not agree. */
  readonly disagreement?: string;
}

/** Judges traces under one profile, and counts how often each rule was exposed. */
export class HostJudge {
  readonly #rules: readonly HostCallRule[];
  readonly #exposures: number[];
  readonly #manager: Judge | undefined;
  /** Whether these are all the rules there are, so that they must agree with the model. */
  readonly #complete: boolean;

  /** @param manager whether the manager is judged, too, by its own rules */
  constructor(
    readonly profile: Profile,
    rules: readonly HostChapterRule[],
    manager: boolean,
  ) {
    this.#rules = rules.filter((rule) => rule.kind === 'host');
    this.#exposures = this.#rules.map(() => 0);
    this.#manager = manager ? new Judge(profile, managerRules, false) : undefined;
    this.#complete = hostRules.every(({ id, kind }) => kind !== 'host' || this.#rules.some((rule) => rule.id === id));
  }

  judge(trace: HostTrace): HostJudgement {
    const { backEnd, devices } = trace;
    const setting = { backEnd, devices, profile: this.profile };
    const history = readHostHistory(trace, setting);
    const host = this.#breaches(history);
    const manager = this.#judgeManager(trace, history);
    const breaches = [...host, ...manager.breaches];
    const followed = earlier(followHost(trace, setting), manager.followed);
    const disagreement = this.#complete ? disagree(breaches, followed) : undefined;
    return { breaches, history, followed, ...(disagreement === undefined ? {} : { disagreement }) };
  }

  /** How often each rule was exposed so far, by id. */
  exposures(): ReadonlyMap<string, number> {
    return new Map(this.#rules.map((rule, index) => [rule.id, this.#exposures[index] ?? 0]));
  }

  #breaches(history: HostHistory): readonly HostBreach[] {
    const breaches: HostBreach[] = [];
    for (const [number, call] of history.calls.entries()) {
      for (let index = 0; index < this.#rules.length; index++) {
        const rule = this.#rules[index];
        const verdict = rule?.check(call, history);
        if (rule === undefined || verdict === undefined) continue;
        this.#exposures[index] = (this.#exposures[index] ?? 0) + 1;
        if (verdict !== true) breaches.push({ rule: rule.id, call: number, text: verdict });
      }
    }
    return breaches;
  }

  #judgeManager(trace: HostTrace, history: HostHistory): Pick<HostJudgement, 'breaches' | 'followed'> {
    if (this.#manager === undefined) return { breaches: [], followed: {} };
    const { trace: manager, places } = managerTrace(trace);
    const placeOf = (at: number) => places[at] ?? trace.events.length;
    const callAt = (place: number) => history.calls.findLastIndex((call) => call.at <= place);
    const { breaches, followed } = this.#manager.judge(manager);
    return {
      breaches: breaches.map(({ rule, at, text }) => ({ rule, text, call: callAt(placeOf(at)) })),
      followed:
        followed.divergence === undefined
          ? {}
          : { divergence: ofManager(followed.divergence, placeOf(followed.divergence.at), callAt) },
    };
  }
}

/** A divergence of the manager, as one of the host that it is on. */
function ofManager({ expected }: Divergence, at: number, callAt: (place: number) => number): HostDivergence {
  return {
    at,
    call: callAt(at),
    text: 'the manager does what its model does not allow',
    expected: expected.map((event) => ({ type: 'manager', event })),
  };
}

function earlier(one: HostFollowed, other: HostFollowed): HostFollowed {
  if (one.divergence === undefined || other.divergence === undefined) return one.divergence === undefined ? other : one;
  return other.divergence.at < one.divergence.at ? other : one;
}
