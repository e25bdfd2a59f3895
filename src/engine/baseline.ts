/** Known failures: which findings a baseline explains, and which of its entries are out of date. */

import type {
  Baseline,
  BaselineEntry,
  BaselineForm,
  Finding,
  KnownFinding,
  StaleEntry,
} from '../../spec/formats/results.js';
import type { Profile } from '../../spec/profile.js';
import { rules } from '../../spec/rules/index.js';
import type { Trace } from '../../spec/vocabulary.js';
import { Judge } from '../judge/judge.js';
import { relate, relationOf } from '../manager/relations.js';
import type { Target } from '../targets/target.js';

/** Run every stored program of a baseline; those that no longer break a rule they are stored for are stale. */
export async function findStale(baseline: Baseline, target: Target, profile: Profile): Promise<readonly StaleEntry[]> {
  const judge = new Judge(profile, rules, true);
  const stored = baseline.entries.flatMap((entry) => entry.forms.map((form) => ({ entry, form })));
  const outcomes = await target.run(stored.map(({ form }) => form.program));
  const stale: StaleEntry[] = [];
  for (const [index, { entry, form }] of stored.entries()) {
    const outcome = outcomes[index];
    const text =
      outcome === undefined || outcome.fault !== undefined
        ? `it could not be run: ${outcome?.fault ?? 'no answer'}`
        : await whyStale(form, { objects: form.program.objects, events: outcome.events }, target, judge);
    if (text !== undefined) stale.push({ key: entry.key, form: form.key, text });
  }
  return stale;
}

/** Why a stored program no longer fails as it did; undefined when it does. */
async function whyStale(form: BaselineForm, trace: Trace, target: Target, judge: Judge): Promise<string | undefined> {
  const relation = relationOf(form.key);
  if (relation !== undefined) {
    const [related] = await relate(relation, [form.program], target, judge);
    return related?.text === undefined ? 'the two runs of it no longer differ' : undefined;
  }
  const { breaches } = judge.judge(trace);
  if (breaches.some((breach) => form.rules.includes(breach.rule))) return undefined;
  return breaches.length === 0 ? 'its program breaks no rule any more' : `its program now breaks ${breaches[0]?.rule}`;
}

/** Split findings into what a baseline explains and what is new. A known defect in a new form is new. */
export function splitKnown(
  findings: readonly Finding[],
  baseline: Baseline | undefined,
): { readonly known: readonly KnownFinding[]; readonly fresh: readonly Finding[] } {
  if (baseline === undefined) return { known: [], fresh: findings };
  const entries = new Map(baseline.entries.map((entry) => [entry.key, entry]));
  const known: KnownFinding[] = [];
  const fresh: Finding[] = [];
  for (const finding of findings) {
    const entry = entries.get(finding.key);
    const listed = new Set(entry?.forms.map((form) => form.key));
    const old = finding.forms.filter((form) => listed.has(form.key));
    const other = finding.forms.filter((form) => !listed.has(form.key));
    if (entry !== undefined && old.length > 0) {
      known.push({ ...finding, forms: old, reason: entry.reason, fixedIn: entry.fixedIn });
    }
    if (other.length > 0) fresh.push({ ...finding, forms: other, rule: other[0]?.broken[0]?.rule ?? finding.rule });
  }
  return { known, fresh };
}

/** A baseline of findings. Reasons and versions are taken over from an earlier one, for entries that it has too. */
export function toBaseline(
  findings: readonly Finding[],
  target: string,
  profile: Profile,
  before: Baseline | undefined,
): Baseline {
  const earlier = new Map(before?.entries.map((entry) => [entry.key, entry]));
  const entries = findings.map((finding): BaselineEntry => {
    const old = earlier.get(finding.key);
    const forms = new Map(old?.forms.map((form) => [form.key, form]));
    for (const form of finding.forms) {
      forms.set(form.key, { key: form.key, rules: form.broken.map(({ rule }) => rule), program: form.program });
    }
    return {
      key: finding.key,
      rule: finding.rule,
      reason: old?.reason ?? 'Not explained yet.',
      fixedIn: old?.fixedIn ?? null,
      forms: [...forms.values()].sort((a, b) => (a.key < b.key ? -1 : 1)),
    };
  });
  return { format: 'irqbypass-spec/baseline/1', target, profile: profile.name, entries };
}
