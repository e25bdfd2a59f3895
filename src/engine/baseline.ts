/** Known failures: which findings a baseline explains, and which of its entries are out of date. */
import type {
  BaselineEntry,
  BaselineForm,
  BaselineOf,
  BaselineSchedule,
  Exhaustive,
  Explanation,
  FindingOf,
  StaleEntry,
  WrongSchedule,
} from '../../spec/formats/results.js';
import type { Profile } from '../../spec/profile.js';
import type { BaselineOn, Head, Judge, Shape, Subject, SubjectTarget } from '../subject/subject.js';
import { whereDiffering } from './differing.js';
import { type Investigated, withForms } from './finding.js';
import { byAllRules } from './options.js';
import { relate, relationOf } from './relations.js';
import { isBesideOthers, type Samples } from './samples.js';

/** What became of the known failures: those that are no longer true, and what kept some from being asked. */
export interface Looked {
  readonly stale: readonly StaleEntry[];
  readonly faults: readonly { readonly text: string }[];
}

/**
 * Run every stored program of a baseline. One that no longer breaks a rule that it is stored for is gone; one that does
 * something else than when it was stored has changed, for a known defect must not hide another one.
 */
export async function lookAtKnown<S extends Shape>(
  subject: Subject<S>,
  baseline: BaselineOn<S>,
  target: SubjectTarget<S>,
  profile: Profile,
): Promise<Looked> {
  const judge = subject.judge(byAllRules(subject, profile));
  const stored = formsOf(baseline).filter(({ form }) => !isBesideOthers(form.key));
  const stale: StaleEntry[] = [];
  const faults: { readonly text: string }[] = [];
  for (const { entry, form } of stored) {
    const tries = subject.tries?.(form.program) ?? 1;
    const own = await target.run(Array<S['program']>(tries).fill(form.program));
    const failed = own.find(({ fault }) => fault !== undefined);
    const [first] = own;
    if (first === undefined || failed !== undefined) {
      faults.push({ text: `a program of the baseline could not be run: ${failed?.fault ?? 'no answer'}` });
      continue;
    }
    const now =
      own.length === 1
        ? await whatBecame(
            subject,
            form,
            behind(subject, form.program, form.behind, first.events, profile),
            target,
            judge,
          )
        : whatThreadsCameTo(
            form,
            own.map(({ events }) => judge.judge(subject.trace(form.program, events)).breaches),
          );
    if (now !== undefined) stale.push({ key: entry.key, form: form.key, ...now });
  }
  return { stale, faults };
}

/** What a program did, without the other defects that it shows first, given by their forms. */
export function behind<S extends Shape>(
  subject: Subject<S>,
  program: S['program'],
  others: readonly string[] | undefined,
  events: S['trace']['events'],
  profile: Profile,
): S['trace']['events'] {
  if (others === undefined) return events;
  const mended = subject.mend?.(subject.trace(program, events), profile, (form) => others.includes(form));
  return mended?.trace.events ?? events;
}

/** What became of a stored program of several lanes, which was run several times: threads have their luck. */
function whatThreadsCameTo(
  form: Pick<BaselineForm, 'rules' | 'often'>,
  tries: readonly (readonly { readonly rule: string; readonly text: string }[])[],
): Pick<StaleEntry, 'is' | 'text'> | undefined {
  const breaches = tries.flat();
  const more = breaches.find(({ rule }) => !form.rules.includes(rule));
  if (more !== undefined) return { is: 'changed', text: `its program now breaks ${more.rule}, too: ${more.text}` };
  if (breaches.length > 0 || isLuck(form)) return undefined;
  return { is: 'gone', text: `its program breaks no rule any more, in ${tries.length} tries` };
}

/** Whether a stored program goes wrong in some of its tries only: that it does not is then no news. */
function isLuck({ often }: Pick<BaselineForm, 'often'>): boolean {
  return often !== undefined && often.failed < often.tries;
}

/** The entries of what only shows beside other programs, and did not in a whole run. */
export function notMet<S extends Shape>(baseline: BaselineOn<S>, samples: Samples<S>): readonly StaleEntry[] {
  return formsOf(baseline)
    .filter(({ form }) => isBesideOthers(form.key) && samples.find(form.key, 0) === undefined)
    .map(({ entry, form }) => ({
      key: entry.key,
      form: form.key,
      is: 'gone',
      text: 'every order now comes to the same',
    }));
}

function formsOf<P, E>({ entries }: BaselineOf<P, E>) {
  return entries.flatMap((entry) => entry.forms.map((form) => ({ entry, form })));
}

/** What became of a stored program; undefined when it still fails as it did. */
async function whatBecame<S extends Shape>(
  subject: Subject<S>,
  form: BaselineForm<S['program'], S['trace']['events'][number]>,
  events: S['trace']['events'],
  target: SubjectTarget<S>,
  judge: Judge<S>,
): Promise<Pick<StaleEntry, 'is' | 'text'> | undefined> {
  const { profile } = judge;
  const relation = relationOf(form.key, subject.relations(byAllRules(subject, profile)));
  if (relation !== undefined) {
    const [related] = await relate(subject, relation, [form.program], target, judge);
    return related?.text === undefined ? { is: 'gone', text: 'the two runs of it no longer differ' } : undefined;
  }
  const { breaches } = judge.judge(subject.trace(form.program, events));
  if (breaches.length === 0) return { is: 'gone', text: 'its program breaks no rule any more' };
  if (!breaches.some(({ rule }) => form.rules.includes(rule))) {
    return { is: 'gone', text: `its program now breaks ${breaches[0]?.rule}` };
  }
  const more = breaches.find(({ rule }) => !form.rules.includes(rule));
  if (more !== undefined) return { is: 'changed', text: `its program now breaks ${more.rule}, too: ${more.text}` };
  const differing = form.events === undefined ? undefined : whereDiffering(form.events, events);
  if (differing === undefined) return undefined;
  const { at, one, other } = differing;
  const told = (event: unknown) => (event === undefined ? 'the end' : subject.describe.event(event));
  return { is: 'changed', text: `event ${at} of its program was ${told(one)}, and is now ${told(other)}` };
}

/** Findings by whether a baseline explains them. */
export interface Split<S extends Shape> {
  readonly known: readonly (Investigated<S> & { readonly finding: Explanation })[];
  readonly fresh: readonly Investigated<S>[];
}

/** Split findings into what a baseline explains and what is new. A known defect in a new form is new. */
export function splitKnown<S extends Shape>(
  subject: Subject<S>,
  investigated: readonly Investigated<S>[],
  baseline: BaselineOn<S> | undefined,
): Split<S> {
  if (baseline === undefined) return { known: [], fresh: investigated };
  const entries = new Map(baseline.entries.map((entry) => [entry.key, entry]));
  const known: Split<S>['known'][number][] = [];
  const fresh: Investigated<S>[] = [];
  for (const { finding, rules } of investigated) {
    const entry = entries.get(finding.key);
    const listed = new Set(entry?.forms.map((form) => form.key));
    const old = finding.forms.filter((form) => listed.has(form.key));
    const other = finding.forms.filter((form) => !listed.has(form.key));
    if (entry !== undefined && old.length > 0) {
      const { reason, fixedIn } = entry;
      known.push({ finding: { ...withForms(subject, finding, old), reason, fixedIn }, rules });
    }
    if (other.length > 0) fresh.push({ finding: withForms(subject, finding, other), rules });
  }
  return { known, fresh };
}

/** Whether an entry of a baseline is about a target. */
function concerns({ only }: Pick<BaselineEntry, 'only'>, target: string): boolean {
  return only === undefined || only.includes(target);
}

/** What a baseline knows of a target: one may list the failures of several. */
export function knownOf<P, E>(baseline: BaselineOf<P, E>, target: string): BaselineOf<P, E> {
  const { entries, schedules } = baseline;
  return {
    ...baseline,
    entries: entries.filter((entry) => concerns(entry, target)),
    ...(schedules === undefined ? {} : { schedules: schedules.filter((entry) => concerns(entry, target)) }),
  };
}

/** What a report shows that a baseline can list. */
interface Shown<P, E> {
  readonly findings: readonly Pick<
    FindingOf<P, { readonly events: readonly E[] }, unknown>,
    'key' | 'rule' | 'forms'
  >[];
  readonly exhaustive?: Pick<Exhaustive, 'wrong'>;
}

/**
 * A baseline of what a report shows. From an earlier one are taken over: reasons and versions, for entries that it has too, and the
 * entries that are about other targets only.
 */
export function toBaseline<P, E>(
  { heads }: { readonly heads: { readonly baseline: Head } },
  { findings, exhaustive }: Shown<P, E>,
  target: string,
  profile: Profile,
  before: BaselineOf<P, E> | undefined,
): BaselineOf<P, E> {
  const known = before?.entries ?? [];
  const earlier = new Map(known.filter((entry) => concerns(entry, target)).map((entry) => [entry.key, entry]));
  const entries = findings.map((finding): BaselineEntry<P, E> => {
    const old = earlier.get(finding.key);
    const forms = new Map(old?.forms.map((form) => [form.key, form]));
    for (const form of finding.forms) {
      forms.set(form.key, {
        key: form.key,
        rules: form.broken.map(({ rule }) => rule),
        program: form.program,
        events: form.trace.events,
        ...(form.behind === undefined ? {} : { behind: form.behind }),
        ...(form.often === undefined ? {} : { often: form.often }),
      });
    }
    return {
      key: finding.key,
      rule: finding.rule,
      reason: old?.reason ?? 'Not explained yet.',
      fixedIn: old?.fixedIn ?? null,
      ...(old?.only === undefined ? {} : { only: old.only }),
      forms: [...forms.values()].sort((a, b) => (a.key < b.key ? -1 : 1)),
    };
  });
  const others = known.filter((entry) => !concerns(entry, target));
  const schedules = [
    ...(exhaustive?.wrong ?? []).map((wrong) => toKnownSchedule(wrong, target, before)),
    ...(before?.schedules ?? []).filter((entry) => !concerns(entry, target)),
  ];
  return {
    ...heads.baseline,
    target,
    profile: profile.name,
    entries: [...entries, ...others],
    ...(schedules.length === 0 ? {} : { schedules }),
  };
}

function toKnownSchedule(
  { name, rule, what, lanes, operations }: WrongSchedule,
  target: string,
  before: Pick<BaselineOf<unknown, unknown>, 'schedules'> | undefined,
): BaselineSchedule {
  const old = before?.schedules?.find((entry) => entry.name === name && concerns(entry, target));
  const { reason = 'Not explained yet.', fixedIn = null } = old ?? {};
  const only = old?.only;
  return { name, rule, what, lanes, operations, reason, fixedIn, ...(only === undefined ? {} : { only }) };
}
