/** What a run would do, told before anything is run: its parts, in their order, with the programs of each. */
import type { RunOptions } from '../engine/options.js';
import { type Part, partsOf } from '../engine/plan.js';
import { askOf } from '../engine/worker.js';
import type { Shape, Subject } from '../subject/subject.js';
import { counted, harmless } from '../text/text.js';

/** A line of the plan: what is run, and of how many programs it is made. */
interface Line {
  readonly what: string;
  programs: number;
}

/** The plan of a run. @throws {TargetError} when the target cannot be asked what it takes to plan */
export async function planText<S extends Shape>(subject: Subject<S>, options: RunOptions<S>): Promise<string> {
  const { target, profile, seed, tier } = options;
  const { suites } = await subject.prepare(askOf(subject, options));
  const lines = new Map<string, Line>();
  let parts = 0;
  for (const part of partsOf(suites, options)) {
    parts++;
    if ((part.kind === 'exhaust' && subject.exhaust === undefined) || (part.kind === 'lanes' && !subject.inLanes))
      continue;
    const what = wordsOf(part);
    const line = lines.get(what) ?? { what, programs: 0 };
    lines.set(what, line);
    line.programs += programsOf(part, options);
  }
  const all = [...lines.values()];
  const programs = all.reduce((sum, line) => sum + line.programs, 0);
  const number = (count: number) => (count === 0 ? '' : count.toLocaleString('en')).padStart(12);
  return [
    `${harmless(target.address)} under ${profile.name}, seed ${seed}, tier ${tier}: nothing was run.`,
    '',
    ...all.map((line) => `${number(line.programs)}  ${line.what}`),
    `${number(programs)}  programs in all, in ${counted(parts, 'part')}; --shard i/n runs every n-th part`,
    '',
  ].join('\n');
}

function wordsOf<S extends Shape>(part: Part<S>): string {
  switch (part.kind) {
    case 'baseline':
      return 'programs of the baseline';
    case 'stored':
      return 'programs of the store';
    case 'suite':
      return `suite: ${part.suite.name}${part.isTwice ? ', each run twice' : ''}`;
    case 'exhaust':
      return "the implementation's own states, and every interleaving, where it can be walked";
    case 'random':
      return 'random programs';
    case 'lanes':
      return 'the target in several lanes, where it has them and is right in one';
  }
}

function programsOf<S extends Shape>(part: Part<S>, { baseline, stored = [] }: RunOptions<S>): number {
  switch (part.kind) {
    case 'baseline':
      return (baseline?.entries ?? []).reduce((sum, { forms }) => sum + forms.length, 0);
    case 'stored':
      return stored.length;
    case 'suite':
    case 'random':
      return part.count;
    case 'exhaust':
    case 'lanes':
      return 0;
  }
}
