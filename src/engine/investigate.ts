/** Make the failing programs of a run small, and gather those that show the same defect. */
import { createHash } from 'node:crypto';
import type { BrokenRule, Finding, Form } from '../../spec/formats/results.js';
import { type Divergence, type Followed, follow } from '../../spec/reading/follow.js';
import type { RelationRule } from '../../spec/rule.js';
import { findRule } from '../../spec/rules/index.js';
import type { Operation, Program, Trace } from '../../spec/vocabulary.js';
import type { Judge, Judgement } from '../judge/judge.js';
import { spell } from '../manager/canonical.js';
import { defectKey, formKey, unusual } from '../manager/defect.js';
import { leastProgram } from '../manager/minimal.js';
import { relate, relationOf } from '../manager/relations.js';
import { shrink } from '../manager/shrink.js';
import { generality } from '../manager/specificity.js';
import type { Outcome, Target } from '../targets/target.js';
import { TargetError } from '../targets/target.js';
import type { Sample, Samples } from './samples.js';

/** A finding, with the rules that were broken where it was met, not only in its smallest programs. */
export interface Investigated {
  readonly finding: Finding;
  readonly rules: ReadonlySet<string>;
}

/** Shrink at most this many samples of one form; the rest is put down to the first. */
const MOST_OF_A_FORM = 4;

/**
 * Turn samples into findings, smallest first.
 *
 * @param judge judges the shrunk programs; its exposure counts are not part of the run's
 */
export async function investigate(
  samples: Samples,
  target: Target,
  judge: Judge,
  onProgress: (done: number, total: number) => void,
): Promise<readonly Investigated[]> {
  const defects = new Map<string, { forms: Map<string, Form>; rules: Set<string>; log: string | undefined }>();
  let done = 0;
  for (const [formName, list] of samples.byForm()) {
    const small: { mask: number; key: string }[] = [];
    for (const sample of list) {
      onProgress(done++, samples.size);
      // What is unusual in an example that is small already explains a sample that has all of it.
      let explained = small.find(({ mask }) => (sample.unusual & mask) === mask);
      if (explained === undefined && small.length >= MOST_OF_A_FORM) explained = small[0];
      if (explained !== undefined) {
        const defect = defects.get(explained.key);
        const form = defect?.forms.get(formName);
        for (const rule of sample.rules) defect?.rules.add(rule);
        if (form !== undefined) defect?.forms.set(formName, { ...form, met: form.met + sample.met });
        continue;
      }
      const { form, key, mask, log } = await makeSmall(sample, target, judge);
      small.push({ mask, key });
      const defect = defects.get(key) ?? { forms: new Map<string, Form>(), rules: new Set<string>(), log: undefined };
      const known = defect.forms.get(form.key);
      defect.forms.set(form.key, known === undefined ? form : merge(known, form));
      for (const rule of sample.rules) defect.rules.add(rule);
      defect.log ??= log ?? sample.log;
      defects.set(key, defect);
    }
  }
  const findings: Investigated[] = [];
  for (const [key, { forms, rules, log }] of defects) {
    const all = [...forms.values()];
    const least = await leastForm(key, all, target, judge);
    const ordered = leastFirst(least?.form, all);
    // What the target logged in another program would be misleading beside this one.
    const told = least === undefined ? log : least.log;
    findings.push({ finding: toFinding(key, ordered, target.address, judge.profile.name, told), rules });
  }
  return findings.sort((a, b) => bySize(a.finding.forms[0], b.finding.forms[0]));
}

/**
 * Make a sample small, and see whether it needs an allocation to fail. Where the target does the same, event for event,
 * when there is memory, and that is wrong, too, then it is that defect in another form.
 */
async function makeSmall(sample: Sample, target: Target, judge: Judge): ReturnType<typeof makeSmallAsItIs> {
  const small = await makeSmallAsItIs(sample, target, judge);
  const { program, trace } = small.form;
  const fed = { ...program, lanes: program.lanes.map((lane) => lane.map(withMemory)) };
  if (relationOf(sample.form) !== undefined || spell(fed) === spell(program)) return small;
  const [outcome] = await target.run([fed]);
  const events = trace.events.map((event) => (event.type === 'call' ? withMemory(event) : event));
  if (outcome === undefined || JSON.stringify(outcome.events) !== JSON.stringify(events)) return small;
  const again: Trace = { objects: fed.objects, events };
  const { followed } = judge.judge(again);
  if (followed.divergence === undefined) return small;
  const form = formKey(again, followed.divergence);
  const { key } = await makeSmall({ ...sample, form, unusual: unusual(followed), program: fed }, target, judge);
  return { ...small, key };
}

function withMemory<T extends Operation>(operation: T): T {
  if (!('memory' in operation)) return operation;
  const { memory: _, ...fed } = operation;
  return fed as T;
}

async function makeSmallAsItIs(
  sample: Sample,
  target: Target,
  judge: Judge,
): Promise<{ form: Form; key: string; mask: number; log: string | undefined }> {
  const rule = relationOf(sample.form);
  if (rule !== undefined) return makeRelationSmall(sample, rule, target, judge);
  const isSame: Recognize = (trace, _, divergence) => formKey(trace, divergence) === sample.form;
  const program = await shrink(sample.program, async (programs) => {
    const outcomes = await target.run(programs);
    return programs.map((one, index) => {
      const seen = judgeIf(isSame, one, outcomes[index], judge);
      return seen !== undefined && seen.judgement.breaches.length > 0;
    });
  });
  const [outcome] = await target.run([program]);
  const trace: Trace = { objects: program.objects, events: outcome?.events ?? [] };
  const judgement = outcome === undefined || outcome.fault !== undefined ? undefined : judge.judge(trace);
  if (judgement === undefined || judgement.followed.divergence === undefined) {
    throw new TargetError(
      `${target.address} does not do the same twice: a program that failed before no longer fails.`,
    );
  }
  const form: Form = {
    key: sample.form,
    program,
    trace,
    broken: tellingFirst(judgement, trace),
    difference: differenceOf(judgement),
    met: sample.met,
  };
  return {
    form,
    key: defectKey(trace, judgement.followed),
    mask: unusual(judgement.followed),
    log: outcome?.log,
  };
}

/**
 * The least program that shows a defect, as a form, with what the target logged in it; undefined where the defect is
 * about two runs.
 */
async function leastForm(
  key: string,
  forms: readonly Form[],
  target: Target,
  judge: Judge,
): Promise<{ readonly form: Form; readonly log: string | undefined } | undefined> {
  const [smallest] = forms.toSorted(bySize);
  if (smallest === undefined || relationOf(smallest.key) !== undefined) return undefined;
  const isSame: Recognize = (trace, followed) => defectKey(trace, followed) === key;
  const program = await leastProgram(smallest.program, async (programs) => {
    const outcomes = await target.run(programs);
    return programs.map((one, index) => judgeIf(isSame, one, outcomes[index], judge) !== undefined);
  });
  const [outcome] = await target.run([program]);
  const seen = judgeIf(isSame, program, outcome, judge);
  if (seen === undefined) return undefined;
  const { trace, judgement, divergence } = seen;
  const form: Form = {
    key: formKey(trace, divergence),
    program,
    trace,
    broken: tellingFirst(judgement, trace),
    difference: differenceOf(judgement),
    met: 0,
  };
  return { form, log: outcome?.log };
}

/** Whether a trace that leaves the model shows what is looked for. */
type Recognize = (trace: Trace, followed: Followed, divergence: Divergence) => boolean;

/** Judge what came of a program if it shows what is looked for: following the model is quick, and most do not. */
function judgeIf(recognize: Recognize, program: Program, outcome: Outcome | undefined, judge: Judge) {
  if (outcome === undefined || outcome.fault !== undefined) return undefined;
  const trace: Trace = { objects: program.objects, events: outcome.events };
  const followed = follow(trace, judge.profile);
  const { divergence } = followed;
  if (divergence === undefined || !recognize(trace, followed, divergence)) return undefined;
  return { trace, judgement: judge.judge(trace), divergence };
}

/** The least form in front of the others, in place of a bigger program of the same form. */
function leastFirst(least: Form | undefined, forms: readonly Form[]): readonly Form[] {
  if (least === undefined) return forms.toSorted(byTelling);
  const met = forms.find(({ key }) => key === least.key)?.met ?? 0;
  return [{ ...least, met }, ...forms.filter(({ key }) => key !== least.key).toSorted(byTelling)];
}

/** The first difference of a judged trace, as reports show it. */
export function differenceOf(judgement: Judgement): NonNullable<Form['difference']> {
  const { divergence } = judgement.followed;
  if (divergence === undefined) return { at: -1, call: -1, expected: [], allowed: [] };
  const { at, call, expected, allowed } = divergence;
  return { at, call, expected, allowed };
}

/**
 * The rules broken in a trace. Those that speak of the operation of the first difference come first, and among them
 * the one with the narrowest precondition: a rule that is about this very situation tells more than a general one.
 */
export function tellingFirst(judgement: Judgement, trace: Trace): readonly BrokenRule[] {
  const { divergence } = judgement.followed;
  const starts = trace.events.flatMap((event, at) => (event.type === 'call' ? [at] : []));
  const here = divergence === undefined ? -1 : (starts[divergence.call] ?? -1);
  const seen = new Map<string, BrokenRule & { readonly rank: number }>();
  for (const { rule, at, text } of judgement.breaches) {
    if (seen.has(rule)) continue;
    seen.set(rule, { rule, text, rank: (at === here ? 0 : 1000) + generality(rule) });
  }
  return [...seen.values()].sort((a, b) => a.rank - b.rank).map(({ rule, text }) => ({ rule, text }));
}

async function makeRelationSmall(
  sample: Sample,
  rule: RelationRule,
  target: Target,
  judge: Judge,
): Promise<{ form: Form; key: string; mask: number; log: string | undefined }> {
  const program = await shrink(sample.program, async (programs) => {
    const answers = await relate(rule, programs, target, judge);
    return answers.map(({ text }) => text !== undefined);
  });
  const [answer] = await relate(rule, [program], target, judge);
  const form: Form = {
    key: sample.form,
    program,
    trace: { objects: program.objects, events: answer?.events ?? [] },
    broken: [{ rule: rule.id, text: answer?.text ?? 'the two runs no longer differ' }],
    met: sample.met,
  };
  return { form, key: sample.form, mask: sample.unusual, log: undefined };
}

function merge(a: Form, b: Form): Form {
  const smaller = bySize(a, b) <= 0 ? a : b;
  return { ...smaller, met: a.met + b.met };
}

/** The most telling form first, and of those that tell as much, the smallest. */
function byTelling(a: Form, b: Form): number {
  return generality(a.broken[0]?.rule ?? '') - generality(b.broken[0]?.rule ?? '') || bySize(a, b);
}

function bySize(a: Form | undefined, b: Form | undefined): number {
  if (a === undefined || b === undefined) return 0;
  const size = (form: Form) => form.program.lanes.reduce((sum, lane) => sum + lane.length, 0);
  const [left, right] = [spell(a.program), spell(b.program)];
  return size(a) - size(b) || left.length - right.length || (left < right ? -1 : left > right ? 1 : 0);
}

/** A defect and its forms as a finding. The rule that it is filed under is the most telling one of the smallest form. */
export function toFinding(
  key: string,
  forms: readonly Form[],
  target: string,
  profile: Finding['profile'],
  log: string | undefined,
): Finding {
  const rule = forms[0]?.broken[0]?.rule ?? findRule('LIFE-8')?.id ?? '';
  return {
    format: 'irqbypass-spec/finding/1',
    name: createHash('sha256').update(key).digest('hex').slice(0, 12),
    key,
    rule,
    forms,
    target,
    profile,
    ...(log === undefined ? {} : { log }),
  };
}
