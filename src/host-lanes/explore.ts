/**
 * Every interleaving of the lanes of a host program, on the reference host with its locks.
 *
 *     everything before is done ──> the lanes go on, step by step, in every order ──> one order of the calls explains it
 *
 * A state that was met is not gone on from again: it is known by everything that decides what can come (`LaneRun.key`).
 * A state is reached by doing its steps again from the beginning, since a call under way cannot be copied.
 */
import { createHash } from 'node:crypto';
import type { LaneProgram } from '../../conformance/host/lanes/programs.js';
import type { LaneParticipants } from '../../reference/host/lanes/host.js';
import type { Profile } from '../../spec/profile.js';
import { hostRules } from '../../spec/rules/host.js';
import { HostJudge } from '../judge/host-judge.js';
import { unexplained } from './explain.js';
import { Deadlock, LaneRun, type Moved, type Ready } from './run.js';

/** Something wrong, with the steps that lead there. */
export interface LaneFinding {
  /** The rules that are broken in the order of calls that explains most; DELIV-16 where nobody can go on. */
  readonly rules: readonly string[];
  readonly text: string;
  /** Which task went on, each time; with the program it replays. */
  readonly choices: readonly number[];
  readonly moves: readonly Moved[];
}

/** What exploring a program showed. */
export interface LaneExploration {
  readonly program: LaneProgram;
  readonly complete: boolean;
  readonly states: number;
  /** Orders of going on. */
  readonly schedules: number;
  /** Of all ends, those that differ in anything. */
  readonly outcomes: number;
  readonly findings: readonly LaneFinding[];
}

const MOST_STATES = 200_000;
const MOST_FINDINGS = 4;

/** Explore a program to the end. @throws {Deadlock} when what comes before the lanes does not end */
export function exploreLanes(
  program: LaneProgram,
  profile: Profile,
  participants: LaneParticipants = {},
): LaneExploration {
  const explorer = new Explorer(LaneRun.ready(program, participants), new HostJudge(profile, hostRules, true));
  return explorer.explore();
}

/** Do the steps of a finding again, and see what is wrong then. */
export function replayLanes(
  program: LaneProgram,
  profile: Profile,
  participants: LaneParticipants,
  choices: readonly number[],
): LaneFinding | undefined {
  const explorer = new Explorer(LaneRun.ready(program, participants), new HostJudge(profile, hostRules, true));
  return explorer.replay(choices);
}

class Explorer {
  readonly #known = new Map<string, number>();
  readonly #findings = new Map<string, LaneFinding>();
  #outcomes = 0;

  constructor(
    readonly ready: Ready,
    readonly judge: HostJudge,
  ) {}

  explore(): LaneExploration {
    const schedules = this.#from([], LaneRun.begin(this.ready));
    return {
      program: this.ready.program,
      complete: !this.#isEnough(),
      states: this.#known.size,
      schedules,
      outcomes: this.#outcomes,
      findings: [...this.#findings.values()],
    };
  }

  replay(choices: readonly number[]): LaneFinding | undefined {
    const run = LaneRun.begin(this.ready);
    const isWhole = choices.every((choice, at) => this.#go(run, choices.slice(0, at), choice));
    if (isWhole && run.choices().length === 0) this.#end(choices, run);
    return [...this.#findings.values()].find((finding) => finding.choices.join() === choices.join());
  }

  /** @param run a run that has made these choices; it is used up */
  #from(choices: readonly number[], run: LaneRun): number {
    const key = createHash('sha256').update(run.key()).digest('base64');
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    this.#known.set(key, 0);
    const open = run.choices();
    if (open.length === 0) {
      this.#end(choices, run);
      this.#known.set(key, 1);
      return 1;
    }
    let schedules = 0;
    let next: LaneRun | undefined = run;
    for (const choice of open) {
      if (this.#isEnough()) break;
      const at = next ?? this.#again(choices);
      next = undefined;
      if (this.#go(at, choices, choice)) schedules += this.#from([...choices, choice], at);
    }
    this.#known.set(key, schedules);
    return schedules;
  }

  /** One step after those that were made. @returns false where it crashes, which is a finding */
  #go(run: LaneRun, made: readonly number[], choice: number): boolean {
    try {
      run.go(choice);
      return true;
    } catch (error) {
      this.#found([...made, choice], { rules: ['DELIV-16'], text: `it crashes: ${String(error)}` });
      return false;
    }
  }

  #again(choices: readonly number[]): LaneRun {
    const run = LaneRun.begin(this.ready);
    for (const choice of choices) run.go(choice);
    return run;
  }

  /** Nobody can go on. */
  #end(choices: readonly number[], run: LaneRun): void {
    const { program, events } = this.ready;
    if (!run.isDone()) {
      const text = run.waiting().map(({ task, text: what }) => `${task} waits: ${what}`);
      this.#found(choices, { rules: ['DELIV-16'], text: `nobody can go on: ${text.join(', ')}` });
      return;
    }
    this.#outcomes++;
    const begun = [...run.begun];
    try {
      run.doAll(program.after);
    } catch (error) {
      if (!(error instanceof Deadlock)) throw error;
      this.#found(choices, { rules: ['DELIV-16'], text: `afterwards ${error.message}` });
      return;
    }
    const wrong = unexplained(program, [...events, ...run.host.events], begun, this.judge);
    if (wrong !== undefined) this.#found(choices, wrong);
  }

  #found(choices: readonly number[], { rules, text }: Pick<LaneFinding, 'rules' | 'text'>): void {
    const name = `${rules.join()} ${text}`;
    if (this.#findings.has(name)) return;
    const run = LaneRun.begin(this.ready);
    const moves: Moved[] = [];
    for (const choice of choices) {
      try {
        moves.push(run.go(choice));
      } catch {
        // It crashes here, which the finding says.
      }
    }
    this.#findings.set(name, { rules, text, choices, moves });
  }

  #isEnough(): boolean {
    return this.#findings.size >= MOST_FINDINGS || this.#known.size >= MOST_STATES;
  }
}
