/** Judge what happened on a host: hold every rule about hosts against it, and the manager's rules against its manager. */
import { type HostHistory, readHostHistory } from '../../spec/host/reading/history.js';
import type { HostCallRule, HostChapterRule } from '../../spec/host/rule.js';
import type { HostTrace } from '../../spec/host/vocabulary.js';
import type { Profile } from '../../spec/profile.js';
import { rules as managerRules } from '../../spec/rules/index.js';
import { Judge } from './judge.js';
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
}

/** Judges traces under one profile, and counts how often each rule was exposed. */
export class HostJudge {
  readonly #rules: readonly HostCallRule[];
  readonly #exposures: number[];
  readonly #manager: Judge | undefined;

  /** @param manager whether the manager is judged, too, by its own rules */
  constructor(
    readonly profile: Profile,
    rules: readonly HostChapterRule[],
    manager: boolean,
  ) {
    this.#rules = rules.filter((rule) => rule.kind === 'host');
    this.#exposures = this.#rules.map(() => 0);
    this.#manager = manager ? new Judge(profile, managerRules, false) : undefined;
  }

  judge(trace: HostTrace): HostJudgement {
    const { backEnd, devices } = trace;
    const history = readHostHistory(trace, { backEnd, devices, profile: this.profile });
    const breaches: HostBreach[] = [];
    for (const [number, call] of history.calls.entries()) {
      for (const [index, rule] of this.#rules.entries()) {
        const verdict = rule.check(call, history);
        if (verdict === undefined) continue;
        this.#exposures[index] = (this.#exposures[index] ?? 0) + 1;
        if (verdict !== true) breaches.push({ rule: rule.id, call: number, text: verdict });
      }
    }
    return { breaches: [...breaches, ...this.#managerBreaches(trace, history)], history };
  }

  /** How often each rule was exposed so far, by id. */
  exposures(): ReadonlyMap<string, number> {
    return new Map(this.#rules.map((rule, index) => [rule.id, this.#exposures[index] ?? 0]));
  }

  #managerBreaches(trace: HostTrace, history: HostHistory): readonly HostBreach[] {
    if (this.#manager === undefined) return [];
    const { trace: manager, places } = managerTrace(trace);
    return this.#manager.judge(manager).breaches.map(({ rule, at, text }) => {
      const place = places[at] ?? trace.events.length;
      return { rule, text, call: history.calls.findLastIndex((call) => call.at <= place) };
    });
  }
}
