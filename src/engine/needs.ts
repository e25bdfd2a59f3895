/** Findings whose small programs need the very same thing out of the common are one finding: they have one cause. */
import type { FormOn, Judge, Shape, Subject } from '../subject/subject.js';
import { bySize, type Investigated, toFinding } from './finding.js';

/** Put together what shares a need. @param findings smallest first; so are those that are returned */
export function oneForEachNeed<S extends Shape>(
  subject: Subject<S>,
  judge: Judge<S>,
  findings: readonly Investigated<S>[],
): readonly Investigated<S>[] {
  const groups: { readonly findings: Investigated<S>[]; needs: readonly string[] }[] = [];
  for (const one of findings) {
    const needs = needsOf(subject, judge, one);
    const group = groups.find((other) => other.needs.some((need) => needs.includes(need)));
    if (group === undefined) {
      groups.push({ findings: [one], needs });
    } else {
      group.findings.push(one);
      group.needs = group.needs.filter((need) => needs.includes(need));
    }
  }
  return groups.flatMap(({ findings: together, needs }) => merged(subject, together, needs[0]) ?? together);
}

function needsOf<S extends Shape>(
  { needs }: Subject<S>,
  judge: Judge<S>,
  { finding }: Investigated<S>,
): readonly string[] {
  const trace = finding.forms[0]?.trace;
  return trace === undefined || needs === undefined ? [] : needs(trace, judge.judge(trace));
}

/** One finding, under the need; undefined where there is none. */
function merged<S extends Shape>(
  subject: Subject<S>,
  findings: readonly Investigated<S>[],
  need: string | undefined,
): Investigated<S> | undefined {
  const [first] = findings;
  if (first === undefined || need === undefined) return undefined;
  const forms = new Map<string, FormOn<S>>();
  for (const form of findings.flatMap(({ finding }) => finding.forms)) {
    const known = forms.get(form.key);
    const smaller = known === undefined || bySize(subject, known, form) > 0 ? form : known;
    forms.set(form.key, known === undefined ? form : { ...smaller, met: known.met + form.met });
  }
  const { target, profile, log } = first.finding;
  return {
    finding: toFinding(subject, `with ${need}`, [...forms.values()], target, profile, log),
    rules: new Set(findings.flatMap(({ rules }) => [...rules])),
  };
}
