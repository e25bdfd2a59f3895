/**
 * Judges commit by commit, and holds each against its parent.
 *
 *     commits ──> code of each ──> a report for each code ──> what is new, what is gone
 *                                                        └──> where the code differs: programs that tell the two apart
 *
 * What the compiler sees is judged once, however many commits have it.
 */
import type { Report } from '../../spec/formats/results.js';
import type { ApartProgram, JudgedCommit, SeriesCommit, SeriesReport } from '../../spec/formats/series.js';
import { counted, listed } from '../text/text.js';
import type { Commit } from './commits.js';

/** What is done with the manager of a commit. What cannot be done throws an error of `isProblem`. */
export interface Bench {
  /** The address of a commit as a target. */
  address(commit: string): string;
  /** What the compiler sees of it, as one text. */
  code(commit: string): Promise<string>;
  judge(commit: string): Promise<Report>;
  /** The smallest programs that tell two commits apart, under the profile that the second was judged under. */
  apart(parent: string, commit: string, profile: Report['profile']): Promise<readonly ApartProgram[]>;
  /** Whether an error says that something cannot be had, or be compiled: not that the tool is wrong. */
  isProblem(error: unknown): error is Error;
}

/** What a series is judged by. */
export interface SeriesOptions {
  readonly series: string;
  readonly tier: SeriesReport['tier'];
  readonly seed: number;
}

interface Looked {
  readonly code: string;
  readonly report: Report;
}

/** What a commit is held against. */
interface Base {
  readonly commit: string;
  readonly looked: Looked;
}

/** Judge a series. */
export async function judgeSeries(
  commits: readonly Commit[],
  bench: Bench,
  { series, tier, seed }: SeriesOptions,
  onCommit: (commit: Commit, at: number) => void = () => undefined,
): Promise<SeriesReport> {
  const desk = new Desk(bench);
  const judged: SeriesCommit[] = [];
  for (const [at, commit] of commits.entries()) {
    onCommit(commit, at);
    judged.push(await desk.take(commit));
  }
  return { format: 'irqbypass-spec/series/1', series, tier, seed, ...verdict(judged), commits: judged };
}

class Desk {
  readonly #reports = new Map<string, Report>();
  /** The latest commit that could be judged. */
  #last: Base | undefined;

  constructor(readonly bench: Bench) {}

  async take({ commit, subject, parent }: Commit): Promise<SeriesCommit> {
    const problems: string[] = [];
    const look = async (one: string, who: string): Promise<Looked | undefined> => {
      try {
        return await this.#look(one);
      } catch (error) {
        if (!this.bench.isProblem(error)) throw error;
        problems.push(`${who} could not be judged: ${error.message}`);
        return undefined;
      }
    };
    const mine = await look(commit, 'It');
    const parents = mine === undefined || parent === undefined ? undefined : await look(parent, 'Its parent');
    const base = parents === undefined ? this.#last : { commit: parent ?? '', looked: parents };
    const isStandIn = mine !== undefined && parent !== undefined && parents === undefined && base !== undefined;
    if (isStandIn) problems.push(`${problems.pop()}. It is held against ${base.commit.slice(0, 12)}.`);
    const held = parent === undefined ? undefined : base;
    const judged = mine === undefined ? null : await this.#hold(commit, mine, held, problems);
    if (mine?.report.exit === 2) problems.push(mine.report.summary);
    if (mine !== undefined) this.#last = { commit, looked: mine };
    return { commit, subject, target: this.bench.address(commit), parent: held?.commit ?? null, judged, problems };
  }

  async #look(commit: string): Promise<Looked> {
    const code = await this.bench.code(commit);
    const report = this.#reports.get(code) ?? (await this.bench.judge(commit));
    this.#reports.set(code, report);
    return { code, report };
  }

  async #hold(
    commit: string,
    { code, report }: Looked,
    base: Base | undefined,
    problems: string[],
  ): Promise<JudgedCommit> {
    const before = base?.looked.report;
    const sameCode = base?.looked.code === code;
    const findings = split(before?.findings ?? [], report.findings, ({ key, forms }) =>
      JSON.stringify([key, forms[0]?.broken.map(({ rule }) => rule)]),
    );
    const schedules = split(before?.exhaustive?.wrong ?? [], report.exhaustive?.wrong ?? [], ({ name }) => name);
    let apart: readonly ApartProgram[] = [];
    if (base !== undefined && !sameCode) {
      try {
        apart = await this.bench.apart(base.commit, commit, report.profile);
      } catch (error) {
        if (!this.bench.isProblem(error)) throw error;
        problems.push(`It could not be compared with its parent: ${error.message}`);
      }
    }
    return {
      profile: report.profile,
      exit: report.exit,
      sameCode,
      new: findings.new,
      gone: findings.gone,
      still: report.findings.length - findings.new.length,
      newSchedules: schedules.new,
      goneSchedules: schedules.gone,
      apart,
    };
  }
}

/** What only the later list has, and what only the earlier one has. */
function split<T>(before: readonly T[], after: readonly T[], identity: (one: T) => string) {
  const [old, now] = [new Set(before.map(identity)), new Set(after.map(identity))];
  return {
    new: after.filter((one) => !old.has(identity(one))),
    gone: before.filter((one) => !now.has(identity(one))),
  };
}

/** Whether a commit brings a defect. */
export function bringsDefect({ judged }: SeriesCommit): boolean {
  return judged !== null && judged.new.length + judged.newSchedules.length > 0;
}

function verdict(commits: readonly SeriesCommit[]): Pick<SeriesReport, 'exit' | 'summary'> {
  const bad = commits.filter(bringsDefect);
  if (bad.length > 0) {
    const names = listed(bad.map(({ commit }) => commit.slice(0, 12)));
    return {
      exit: 1,
      summary: `${names} ${bad.length === 1 ? 'brings' : 'bring'} a defect that the parent does not have.`,
    };
  }
  if (commits.length === 0)
    return { exit: 2, summary: 'No commit of the series touches the manager: nothing was judged.' };
  const unsure = commits.filter(({ problems }) => problems.length > 0);
  if (unsure.length > 0) {
    const names = listed(unsure.map(({ commit }) => commit.slice(0, 12)));
    return { exit: 2, summary: `${names} could not be judged, or not be held against the parent.` };
  }
  return { exit: 0, summary: `None of ${counted(commits.length, 'commit')} brings a defect.` };
}
