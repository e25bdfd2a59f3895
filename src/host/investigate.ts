/** Make the failing programs of a run on hosts small, and name what they show. */
import { createHash } from 'node:crypto';
import { runOnHost } from '../../reference/host/host.js';
import type { HostFinding } from '../../spec/formats/host-results.js';
import type { HostOperation, HostProgram, HostTrace } from '../../spec/host/vocabulary.js';
import { type HostBreach, type HostJudgement, judgeOf } from '../judge/host-judge.js';
import type { HostRunOptions } from './run.js';
import { shrinkHost } from './shrink.js';
import type { HostTarget } from './target.js';

/** A kind of failing program: the first that was met, and what was broken in any of them. */
export interface HostSample {
  readonly key: string;
  readonly program: HostProgram;
  readonly breaches: readonly HostBreach[];
  readonly rules: Set<string>;
  met: number;
  /** Set for a rule about every order: it is not made small, for it is about the others, too. */
  readonly order: { readonly probes: readonly HostOperation[]; readonly first: string } | undefined;
}

/** A finding, with the rules that were broken where it was met, not only in its smallest program. */
export interface HostInvestigated {
  readonly finding: HostFinding;
  readonly rules: ReadonlySet<string>;
}

/** Turn samples into findings, smallest first. */
export async function investigateHost(
  samples: readonly HostSample[],
  options: HostRunOptions,
): Promise<readonly HostInvestigated[]> {
  const investigated: HostInvestigated[] = [];
  for (const sample of samples) investigated.push({ finding: await makeSmall(sample, options), rules: sample.rules });
  return investigated.sort((a, b) => size(a.finding) - size(b.finding) || (a.finding.key < b.finding.key ? -1 : 1));
}

async function makeSmall(sample: HostSample, { target, rules }: HostRunOptions): Promise<HostFinding> {
  const judge = judgeOf(target, rules);
  const judged = async (program: HostProgram): Promise<HostJudgement | undefined> => {
    const [trace] = await target.run([program]);
    return trace === undefined ? undefined : judge.judge(trace);
  };
  const stillFails = async (program: HostProgram): Promise<boolean> => {
    const judgement = await judged(program);
    if (judgement === undefined || keyOf(judgement) !== sample.key) return false;
    // What the reference does wrong, too, is a program that nobody can run rightly.
    return judge.judge(runOnHost(program, target.profile)).breaches.length === 0;
  };
  const program = sample.order === undefined ? await shrinkHost(sample.program, stillFails) : sample.program;
  const [trace] = await target.run([program]);
  const breaches = sample.order === undefined && trace !== undefined ? judge.judge(trace).breaches : sample.breaches;
  return findingOf({ ...sample, program, trace: trace ?? emptyTrace(program), breaches }, target);
}

function emptyTrace({ backEnd, devices }: HostProgram): HostTrace {
  return { backEnd, devices, events: [] };
}

/** What a program showed, as a finding. */
export function findingOf(
  {
    key,
    program,
    trace,
    breaches,
    met,
  }: Pick<HostFinding, 'key' | 'program' | 'trace' | 'met'> & { readonly breaches: readonly HostBreach[] },
  target: HostTarget,
): HostFinding {
  const call = breaches.reduce((least, breach) => Math.min(least, breach.call), program.operations.length);
  const broken = new Map<string, string>();
  for (const breach of [...breaches].sort((a, b) => a.call - b.call)) {
    if (!broken.has(breach.rule)) broken.set(breach.rule, breach.text);
  }
  return {
    format: 'irqbypass-spec/host-finding/1',
    name: createHash('sha256').update(key).digest('hex').slice(0, 12),
    key,
    rule: [...broken.keys()][0] ?? '',
    role: target.role,
    target: target.address,
    profile: target.profile.name,
    program,
    trace,
    reference: runOnHost(program, target.profile),
    broken: [...broken].map(([rule, text]) => ({ rule, text })),
    call,
    met,
  };
}

/** What a failing trace is filed under: the first rule broken in the first operation in which one is. */
export function keyOf({ breaches }: HostJudgement): string | undefined {
  const call = Math.min(...breaches.map((breach) => breach.call));
  return breaches.find((breach) => breach.call === call)?.rule;
}

function size({ program }: HostFinding): number {
  return program.operations.length * 10_000 + JSON.stringify(program).length;
}
