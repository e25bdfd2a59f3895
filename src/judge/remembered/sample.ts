/**
 * A call of a kind, which stands for all others of its kind, whatever had become of their objects before. What a rule says of
 * it depends on no more of that past than the rule looked at. So it is asked once for all pasts that are the same in this.
 */
import type { Situation } from '../../../spec/model.js';
import type { Call, History, Invocation } from '../../../spec/reading/history.js';
import type { CallRule, Verdict } from '../../../spec/rule.js';
import { PAST_BITS, PASTS } from './record.js';

/** What a rule said of a past: of all that are the same where it looked. */
interface Opinion {
  readonly looked: number;
  readonly saw: number;
  readonly verdict: Verdict;
}

/** A rule that looks at the past, with what it said so far. */
interface Looking {
  readonly number: number;
  readonly rule: CallRule;
  readonly said: Opinion[];
}

/** A sample of a kind of call. */
export class Sample {
  readonly #call: Call;
  /** The rules that are exposed or broken whatever the past, and those that look at it. */
  readonly #always: number[] = [];
  readonly #looking: Looking[] = [];
  #isBroken = false;
  /** The past that the call is said to have, and where in it was looked. */
  #past = 0;
  #looked = 0;

  /**
   * @param call a call as the reader of traces saw it
   * @param history what rules may ask beside it
   * @param situation what the model says of it; the model knows of no past
   * @param rules those that are asked
   */
  constructor(
    call: Call,
    readonly history: History,
    readonly situation: Situation,
    rules: readonly CallRule[],
  ) {
    this.#call = this.#withPast(call);
    for (const [number, rule] of rules.entries()) {
      const { looked, verdict } = this.#ask(rule, 0);
      if (looked !== 0) this.#looking.push({ number, rule, said: [] });
      else if (verdict === true) this.#always.push(number);
      else if (verdict !== undefined) this.#isBroken = true;
    }
  }

  /** Which rules the call exposes with a past, by number; undefined when it breaks one. */
  exposed(past: number): readonly number[] | undefined {
    if (this.#isBroken) return undefined;
    const exposed = [...this.#always];
    for (const looking of this.#looking) {
      const verdict = this.#verdict(looking, past);
      if (typeof verdict === 'string') return undefined;
      if (verdict === true) exposed.push(looking.number);
    }
    return exposed.sort((a, b) => a - b);
  }

  #verdict({ rule, said }: Looking, past: number): Verdict {
    for (const { looked, saw, verdict } of said) if ((past & looked) === saw) return verdict;
    const opinion = this.#ask(rule, past);
    said.push(opinion);
    return opinion.verdict;
  }

  #ask(rule: CallRule, past: number): Opinion {
    this.#past = past;
    this.#looked = 0;
    const verdict = rule.check(this.#call, this.history);
    return { looked: this.#looked, saw: past & this.#looked, verdict };
  }

  /** The same call, which tells who asks for its past the one that it is said to have. */
  #withPast(call: Call): Call {
    const look = (bits: number) => this.#look(bits);
    const pastAt = (from: number) => PASTS[look(7 << from) >> from] ?? 'new';
    const has = (bit: number) => look(1 << bit) !== 0;
    return {
      ...call,
      get past() {
        return pastAt(PAST_BITS.own);
      },
      get tokenPast() {
        return pastAt(PAST_BITS.token);
      },
      get survivedReregistration() {
        return has(PAST_BITS.survived);
      },
      get sawFailedConnect() {
        return has(PAST_BITS.sawFailedConnect);
      },
      get holderSurvived() {
        return has(PAST_BITS.holderSurvived);
      },
      get peerSurvived() {
        return has(PAST_BITS.peerSurvived);
      },
      get peerLostPartner() {
        return has(PAST_BITS.peerLostPartner);
      },
      get peerSawFailedConnect() {
        return has(PAST_BITS.peerSawFailedConnect);
      },
      get bystanders() {
        return Number(has(PAST_BITS.bystanders));
      },
      get othersUnregistered() {
        return Number(has(PAST_BITS.othersUnregistered));
      },
      get othersRejected() {
        return Number(has(PAST_BITS.othersRejected));
      },
      invocations: call.invocations.map((one): Invocation => {
        return {
          ...one,
          get past() {
            return one.object === call.object ? pastAt(PAST_BITS.own) : one.past;
          },
          get counterpartPast() {
            return one.counterpart === call.object ? pastAt(PAST_BITS.own) : one.counterpartPast;
          },
        };
      }),
    };
  }

  #look(bits: number): number {
    this.#looked |= bits;
    return this.#past & bits;
  }
}
