/** Known failures: which findings a baseline explains, and which of its entries are out of date. */
import type {
  BaselineEntry,
  BaselineForm,
  BaselineOf,
  Explanation,
  FindingOf,
  StaleEntry,
} from '../../spec/formats/results.js';
import type { Profile } from '../../spec/profile.js';
import type { FindingOn, Head, Judge, Shape, Subject, SubjectTarget } from '../subject/subject.js';
import { relate, relationOf } from './relations.js';
import { isBesideOthers, type Samples } from './samples.js';

/** Run every stored program of a baseline; those that no longer break a rule they are stored for are stale. */
export async function findStale<S extends Shape>(
  subject: Subject<S>,
  baseline: BaselineOf<S['program']>,
  target: SubjectTarget<S>,
  profile: Profile,
): Promise<readonly StaleEntry[]> {
  const judge = subject.judge({ profile, rules: subject.rules, allRules: true });
  const stored = formsOf(baseline).filter(({ form }) => !isBesideOthers(form.key));
  const outcomes = await target.run(stored.map(({ form }) => form.program));
  const stale: StaleEntry[] = [];
  for (const [index, { entry, form }] of stored.entries()) {
    const outcome = outcomes[index];
    const text =
      outcome === undefined || outcome.fault !== undefined
        ? `it could not be run: ${outcome?.fault ?? 'no answer'}`
        : await whyStale(subject, form, subject.trace(form.program, outcome.events), target, judge);
    if (text !== undefined) stale.push({ key: entry.key, form: form.key, text });
  }
  return stale;
}

/** The entries of what only shows beside other programs, and did not in a whole run. */
export function notMet<S extends Shape>(
  baseline: BaselineOf<S['program']>,
  samples: Samples<S>,
): readonly StaleEntry[] {
  return formsOf(baseline)
    .filter(({ form }) => isBesideOthers(form.key) && samples.find(form.key, 0) === undefined)
    .map(({ entry, form }) => ({ key: entry.key, form: form.key, text: 'every order now comes to the same' }));
}

function formsOf<P>({ entries }: BaselineOf<P>) {
  return entries.flatMap((entry) => entry.forms.map((form) => ({ entry, form })));
}

/** Why a stored program no longer fails as it did; undefined when it does. */
async function whyStale<S extends Shape>(
  subject: Subject<S>,
  form: BaselineForm<S['program']>,
  trace: S['trace'],
  target: SubjectTarget<S>,
  judge: Judge<S>,
): Promise<string | undefined> {
  const { profile } = judge;
  const relation = relationOf(form.key, subject.relations({ profile, rules: subject.rules, allRules: true }));
  if (relation !== undefined) {
    const [related] = await relate(subject, relation, [form.program], target, judge);
    return related?.text === undefined ? 'the two runs of it no longer differ' : undefined;
  }
  const { breaches } = judge.judge(trace);
  if (breaches.some((breach) => form.rules.includes(breach.rule))) return undefined;
  return breaches.length === 0 ? 'its program breaks no rule any more' : `its program now breaks ${breaches[0]?.rule}`;
}

/** Split findings into what a baseline explains and what is new. A known defect in a new form is new. */
export function splitKnown<S extends Shape>(
  findings: readonly FindingOn<S>[],
  baseline: BaselineOf<S['program']> | undefined,
): { readonly known: readonly (FindingOn<S> & Explanation)[]; readonly fresh: readonly FindingOn<S>[] } {
  if (baseline === undefined) return { known: [], fresh: findings };
  const entries = new Map(baseline.entries.map((entry) => [entry.key, entry]));
  const known: (FindingOn<S> & Explanation)[] = [];
  const fresh: FindingOn<S>[] = [];
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
export function toBaseline<P>(
  { heads }: { readonly heads: { readonly baseline: Head } },
  findings: readonly Pick<FindingOf<P, unknown, unknown>, 'key' | 'rule' | 'forms'>[],
  target: string,
  profile: Profile,
  before: BaselineOf<P> | undefined,
): BaselineOf<P> {
  const earlier = new Map(before?.entries.map((entry) => [entry.key, entry]));
  const entries = findings.map((finding): BaselineEntry<P> => {
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
  return { ...heads.baseline, target, profile: profile.name, entries };
}
