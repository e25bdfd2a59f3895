/** Run a finding's programs again, and judge what they do now. */

import type { Fault, Finding, Form, Report } from '../../spec/formats/results.js';
import type { Profile } from '../../spec/profile.js';
import { rules } from '../../spec/rules/index.js';
import type { Trace } from '../../spec/vocabulary.js';
import { Judge } from '../judge/judge.js';
import { defectKey, formKey } from '../manager/defect.js';
import { relate, relationForm, relationOf } from '../manager/relations.js';
import type { Target } from '../targets/target.js';
import type { Investigated } from './investigate.js';
import { differenceOf, tellingFirst, toFinding } from './investigate.js';
import { assemble } from './report.js';

/** Run every form of a finding once. The report's exit is 1 if one still breaks a rule, else 0, or 2 on a fault. */
export async function replay(finding: Finding, target: Target, profile: Profile, now: () => number): Promise<Report> {
  const started = now();
  const judge = new Judge(profile, rules, true);
  const programs = finding.forms.map((form) => form.program);
  const outcomes = await target.run(programs);
  const forms: Form[] = [];
  const faults: Fault[] = [];
  const broken = new Map<string, number>();
  let key = finding.key;
  let log: string | undefined;
  for (const [index, program] of programs.entries()) {
    const outcome = outcomes[index];
    if (outcome === undefined || outcome.fault !== undefined) {
      faults.push({ text: outcome?.fault ?? 'no answer', program });
      continue;
    }
    const trace: Trace = { objects: program.objects, events: outcome.events };
    const judgement = judge.judge(trace);
    const relation = relationOf(finding.forms[index]?.key ?? '');
    if (relation !== undefined) {
      const [related] = await relate(relation, [program], target, judge);
      if (related?.text === undefined) continue;
      broken.set(relation.id, (broken.get(relation.id) ?? 0) + 1);
      forms.push({
        key: relationForm(relation),
        program,
        trace,
        broken: [{ rule: relation.id, text: related.text }],
        met: 1,
      });
      continue;
    }
    const { divergence } = judgement.followed;
    if (judgement.breaches.length === 0 || divergence === undefined) continue;
    for (const { rule } of judgement.breaches) broken.set(rule, (broken.get(rule) ?? 0) + 1);
    if (forms.length === 0) key = defectKey(trace, judgement.followed);
    log ??= outcome.log;
    forms.push({
      key: formKey(trace, divergence),
      program,
      trace,
      broken: tellingFirst(judgement, trace),
      difference: differenceOf(judgement),
      met: 1,
    });
  }
  const found: readonly Investigated[] =
    forms.length === 0
      ? []
      : [{ finding: toFinding(key, forms, target.address, profile.name, log), rules: new Set(broken.keys()) }];
  const operations = programs.reduce((sum, { lanes }) => sum + lanes.reduce((all, lane) => all + lane.length, 0), 0);
  return assemble({
    command: 'replay',
    target: target.address,
    hello: target.hello,
    profile,
    rules,
    seed: null,
    tier: null,
    volume: {
      programs: programs.length,
      operations,
      events: outcomes.reduce((sum, { events }) => sum + events.length, 0),
      notRun: 0,
      died: outcomes.filter(({ events }) => events.at(-1)?.type === 'crash' || events.at(-1)?.type === 'hang').length,
    },
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
