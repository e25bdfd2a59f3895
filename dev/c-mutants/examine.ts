/**
 * Examine one mutant: make it, compile it, and see whether the kit tells it from the original.
 *
 *     edit ──> compile ──> a quick look, program by program ──> the kit's own run against the baseline
 *       │         │              │ a form that no baseline lists       │ a new finding, a stale entry
 *      void      void          killed                                killed, else it survives
 *
 * **Killed** means: a run of the kit with the version's baseline is red for it. Either it has a finding that the
 * baseline does not list, or what the baseline lists is gone. The quick look only gets there sooner: a form of failure
 * that is listed under no entry makes any run red that meets it.
 *
 * **Void** says nothing for or against the kit: the edit finds no place, the result does not compile, is the same code,
 * could not be run, or its changed place was never run.
 */

import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import type { BrokenRule, Report } from '../../spec/formats/results.js';
import { rules } from '../../spec/rules/index.js';
import type { Program } from '../../spec/vocabulary.js';
import { splitKnown } from '../../src/engine/baseline.js';
import { investigate } from '../../src/engine/investigate.js';
import { Samples } from '../../src/engine/samples.js';
import { Judge } from '../../src/judge/judge.js';
import { manager } from '../../src/manager/manager.js';
import type { ManagerShape } from '../../src/manager/shape.js';
import { compileManager, type Parts } from '../../src/targets/linux-source/build.js';
import { TargetError } from '../../src/targets/target.js';
import { TargetUnavailable } from '../../src/targets/unavailable.js';
import { applyEdit } from './editor/edits.js';
import { NoSuchPlace } from './editor/places.js';
import { SyntaxProblem } from './editor/syntax.js';
import { look, type Seen } from './look.js';
import { MARK, MarkedTarget } from './marked.js';
import { type Original, runKit, startManager } from './original.js';
import type { CMutant, Version } from './table/index.js';

/** What became of a mutant. */
export type Verdict =
  | { readonly is: 'killed'; readonly rule: string; readonly text: string }
  | { readonly is: 'survived' }
  | { readonly is: 'void'; readonly text: string };

/** Programs looked at together: few at first, because most mutants fail soon. */
const FIRST_BATCH = 16;
/** How many failures in a known form are made small to see whether they are the known failure. */
const MOST_DOUBTS = 3;

/** Examine a mutant of an original. Its files are made in `folder` and removed. */
export async function examine(mutant: CMutant, original: Original, version: Version, folder: string): Promise<Verdict> {
  const own = await mkdtemp(join(folder, 'mutant-'));
  try {
    const { plain, marked } = applyEdit(original.tree.source, mutant.edit, MARK);
    const command = await compileManager(original.parts, marked, own);
    const target = new MarkedTarget(await startManager(original, command, `${version}, mutated`));
    try {
      const soon = await quickLook(target, original);
      if (soon === undefined && (await sameCode(original, plain, own))) {
        return { is: 'void', text: 'It compiles to the same code.' };
      }
      const verdict = soon ?? (await kitsRun(target, original));
      if (verdict.is === 'void' || target.reached) return verdict;
      if (verdict.is === 'survived') return { is: 'void', text: 'Its changed place was never run.' };
      return { is: 'void', text: `It broke ${verdict.rule} although its changed place was never run.` };
    } finally {
      await target.close();
    }
  } catch (error) {
    if (error instanceof NoSuchPlace || error instanceof SyntaxProblem || error instanceof TargetError) {
      return { is: 'void', text: error.message };
    }
    if (error instanceof TargetUnavailable) return { is: 'void', text: 'It does not compile.' };
    throw error;
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}

/** Look at program after program until one fails in a way that the original does not. */
async function quickLook(target: MarkedTarget, original: Original): Promise<Verdict | undefined> {
  const { programs, forms, profile, baseline } = original;
  const listed = new Set(baseline.entries.flatMap((entry) => entry.forms.map(({ key }) => key)));
  const judge = new Judge(profile, rules, true);
  let doubts = 0;
  for (let from = 0, size = FIRST_BATCH; from < programs.length; from += size, size *= 2) {
    const batch = programs.slice(from, from + size);
    for (const [index, seen] of (await look(target, batch, judge)).entries()) {
      const program = batch[index];
      if (seen === undefined || program === undefined || isSame(seen.forms, forms[from + index])) continue;
      if (seen.forms.some((form) => !listed.has(form))) {
        // Twice, so that a stall of the machine is not taken for a hang.
        const [again] = await look(target, [program], judge);
        if (again !== undefined && isSame(seen.forms, again.forms)) return killed(again.broken);
      } else if (doubts < MOST_DOUBTS) {
        doubts++;
        const found = await makeSmall(target, original, judge, { ...seen, program });
        if (found !== undefined) return found;
      }
    }
  }
  return undefined;
}

function isSame(one: readonly string[], other: readonly string[] | undefined): boolean {
  return one.join() === other?.join();
}

/** Whether a failure whose form the baseline lists is another defect, once it is made small. */
async function makeSmall(
  target: MarkedTarget,
  { baseline }: Original,
  judge: Judge,
  { forms, unusual, broken, program, trace }: Seen & { readonly program: Program },
): Promise<Verdict | undefined> {
  const samples = new Samples<ManagerShape>();
  const met = { program, trace, rules: broken.map(({ rule }) => rule) };
  for (const form of forms) samples.add(form, unusual, met);
  const { findings } = await investigate(manager, samples, target, judge, [], () => undefined);
  const { fresh } = splitKnown(manager, findings, baseline);
  const [form] = fresh[0]?.finding.forms ?? [];
  return form === undefined ? undefined : killed(form.broken);
}

/** The kit's own run, with everything that it has. */
async function kitsRun(target: MarkedTarget, { profile, baseline }: Original): Promise<Verdict> {
  const report: Report = await runKit(target, profile, baseline);
  const [form] = report.findings[0]?.forms ?? [];
  if (form !== undefined) return killed(form.broken);
  const [stale] = report.stale;
  if (stale !== undefined) {
    const rule = baseline.entries.find(({ key }) => key === stale.key)?.rule ?? stale.key;
    return { is: 'killed', rule, text: `a known failure is gone (${stale.form})` };
  }
  const [fault] = report.faults;
  return fault === undefined ? { is: 'survived' } : { is: 'void', text: `It could not be judged: ${fault.text}` };
}

function killed(broken: readonly BrokenRule[]): Verdict {
  const [most] = broken;
  return { is: 'killed', rule: most?.rule ?? '', text: most?.text ?? '' };
}

/** Whether a text is the same as the original's to the compiler, without sanitizers. */
async function sameCode({ tree, parts }: Original, plain: string, folder: string): Promise<boolean> {
  const [a, b] = await Promise.all([tree.source, plain].map((text) => codeOf(parts, text, folder)));
  return a === b;
}

async function codeOf({ compiler, includes }: Parts, source: string, folder: string): Promise<string> {
  const options = ['-std=gnu11', '-O2', '-w', ...includes, '-x', 'c', '-S', '-o', '-', '-'];
  const { stdout } = await execa(compiler, options, { cwd: folder, input: source, env: { LC_ALL: 'C' } });
  return stdout;
}
