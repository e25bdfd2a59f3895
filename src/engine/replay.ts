/** Run the programs of a finding again, on any target. */
import type { Fault, Often } from '../../spec/formats/results.js';
import type { Profile } from '../../spec/profile.js';
import type { FindingOn, FormOn, Judge, Shape, Subject, SubjectTarget } from '../subject/subject.js';
import type { Outcome } from '../targets/target.js';
import { behind } from './baseline.js';
import { deathOf } from './evidence.js';
import { formOf, type Investigated, toFinding } from './finding.js';
import { byAllRules } from './options.js';
import { relate, relationOf } from './relations.js';
import { assemble } from './report.js';
import { isBesideOthers } from './samples.js';

/** Run every form of a finding once. The report's exit is 1 if one still breaks a rule, else 0, or 2 on a fault. */
export async function replay<S extends Shape>(
  subject: Subject<S>,
  finding: Pick<FindingOn<S>, 'key' | 'forms'>,
  target: SubjectTarget<S>,
  profile: Profile,
  now: () => number,
): Promise<S['report']> {
  const started = now();
  const setting = byAllRules(subject, profile);
  const judge = subject.judge(setting);
  const relations = subject.relations(setting);
  const programs = finding.forms.map((form) => form.program);
  const { outcomes, often } = await runOften(subject, programs, target, judge);
  const forms: FormOn<S>[] = [];
  const faults: Fault<S['program']>[] = [];
  const broken = new Map<string, number>();
  const count = (rule: string) => broken.set(rule, (broken.get(rule) ?? 0) + 1);
  let key = finding.key;
  let log: string | undefined;
  for (const [index, program] of programs.entries()) {
    const outcome = outcomes[index];
    if (outcome === undefined || outcome.fault !== undefined) {
      faults.push({ text: outcome?.fault ?? 'no answer', program });
      continue;
    }
    const known = finding.forms[index]?.key ?? '';
    if (isBesideOthers(known)) {
      faults.push({
        text: `${known}: this only shows beside the other programs of its suite, so it takes a whole run`,
      });
      continue;
    }
    const { behind: others } = finding.forms[index] ?? {};
    const events = behind(subject, program, others, outcome.events, profile);
    const trace = subject.trace(program, events);
    const judgement = judge.judge(trace);
    if (judgement.unjudged !== undefined) faults.push({ text: judgement.unjudged, program });
    const relation = relationOf(known, relations);
    if (relation !== undefined) {
      const [related] = await relate(subject, relation, [program], target, judge);
      if (related?.text === undefined) continue;
      count(relation.id);
      forms.push({ key: known, program, trace, broken: [{ rule: relation.id, text: related.text }], met: 1 });
      continue;
    }
    const shown = judge.formsOf(trace, judgement);
    const form = shown.find((one) => one === known) ?? shown[0];
    if (judgement.breaches.length === 0 || form === undefined) continue;
    for (const { rule } of judgement.breaches) count(rule);
    if (forms.length === 0) key = judge.defectOf(trace, judgement) ?? key;
    log ??= outcome.log;
    const times = often[index];
    const made = formOf(subject, form, program, trace, judgement, profile, 1);
    forms.push({
      ...made,
      ...(others === undefined ? {} : { behind: others }),
      ...(times === undefined ? {} : { often: times }),
    });
  }
  const found: readonly Investigated<S>[] =
    forms.length === 0
      ? []
      : [{ finding: toFinding(subject, key, forms, target.address, profile.name, log), rules: new Set(broken.keys()) }];
  return assemble(subject, {
    command: 'replay',
    target: target.address,
    hello: target.hello,
    profile,
    rules: subject.rules,
    seed: null,
    tier: null,
    volume: {
      programs: programs.length,
      operations: programs.reduce<number>((sum, program) => sum + subject.operations(program), 0),
      events: outcomes.reduce((sum, { events }) => sum + events.length, 0),
      notRun: 0,
      died: outcomes.filter(({ events }) => deathOf(events) !== undefined).length,
    },
    certificate: null,
    exposures: judge.exposures(),
    broken,
    findings: found,
    stale: [],
    faults,
    undefinedSeen: [],
    floor: 1,
    seconds: (now() - started) / 1000,
  });
}

/**
 * Run programs, each so often as it may take until it fails.
 *
 * @returns of each the outcome that fails, where one does; and how often it failed, where it was run several times
 */
async function runOften<S extends Shape>(
  subject: Subject<S>,
  programs: readonly S['program'][],
  target: SubjectTarget<S>,
  judge: Judge<S>,
): Promise<{ readonly outcomes: readonly Outcome<S['trace']>[]; readonly often: readonly (Often | undefined)[] }> {
  const outcomes: Outcome<S['trace']>[] = [];
  const often: (Often | undefined)[] = [];
  for (const program of programs) {
    const tries = subject.tries?.(program) ?? 1;
    const own = await target.run(Array.from({ length: tries }, () => program));
    const fails = (one: Outcome<S['trace']>) =>
      one.fault === undefined && judge.formsOf(subject.trace(program, one.events)).length > 0;
    const failing = tries === 1 ? [] : own.filter(fails);
    const [first] = own;
    if (first === undefined) break;
    outcomes.push(failing[0] ?? first);
    often.push(tries === 1 ? undefined : { failed: failing.length, tries: own.length });
  }
  return { outcomes, often };
}
