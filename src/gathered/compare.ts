/**
 * An earlier report beside a later one: what is new, what is gone, what is still there.
 *
 * A defect is the same as before if it has the same name, which says what goes wrong and not where it was seen. If it breaks
 * more rules than it did, it is new all the same: a known defect never hides a worse one.
 */
import type { Comparison, Difference } from '../../spec/formats/gathered.js';
import type { RuleVerdict } from '../../spec/formats/results.js';
import { type AnyFinding, type AnyReport, descriptionOf } from '../text/describe.js';
import { counted, listed } from '../text/text.js';
import { headOf, labelOf, type Read } from './head.js';

/** Something wrong, with what it is compared by. */
interface Wrong {
  readonly id: string;
  readonly shown: Difference;
  /** The rules that it breaks. */
  readonly rules: ReadonlySet<string>;
}

/** Compare two reports. */
export function compareReports(older: Read, newer: Read): Comparison {
  const [before, after] = [wrongIn(older.report), wrongIn(newer.report)];
  const added: Difference[] = [];
  const still: Difference[] = [];
  for (const [id, wrong] of after) {
    const same = before.get(id);
    const more = same === undefined ? [] : [...wrong.rules].filter((rule) => !same.rules.has(rule)).sort();
    if (same === undefined) added.push(wrong.shown);
    else if (more.length > 0) added.push({ ...wrong.shown, remark: `it did not break ${listed(more)} before` });
    else still.push(wrong.shown);
  }
  const gone = [...before]
    .filter(([id]) => !after.has(id))
    .map(([, { shown }]) => ({ ...shown, remark: doubtOf(shown, newer.report) }));
  return {
    format: 'irqbypass-spec/comparison/1',
    old: headOf(older),
    new: headOf(newer),
    added,
    gone,
    still,
    remarks: remarks(older, newer),
    exit: added.some(({ what }) => what !== 'fault') ? 1 : newer.report.exit === 2 ? 2 : 0,
  };
}

function wrongIn(report: AnyReport): ReadonlyMap<string, Wrong> {
  const { findings, known, exhaustive, stale, faults } = report;
  const title = (finding: AnyFinding) => descriptionOf(report).title(finding) ?? finding.key;
  const all: readonly Wrong[] = [
    ...[...findings, ...known].map((finding) => {
      const { name, rule, forms } = finding;
      return {
        id: `finding ${name}`,
        shown: { what: 'finding', rule, name, title: title(finding), remark: null } as const,
        rules: new Set(forms.flatMap(({ broken }) => broken.map((one) => one.rule))),
      };
    }),
    ...[...(exhaustive?.wrong ?? []), ...(exhaustive?.known ?? [])].map(({ name, rule, what }) => ({
      id: `schedule ${name}`,
      shown: { what: 'schedule', rule, name, title: what, remark: null } as const,
      rules: new Set([rule]),
    })),
    ...stale.map(({ key, form, text }) => alone('baseline', null, `${key}, ${form}: ${text}`)),
    ...faults.map(({ text }) => alone('fault', null, text)),
  ];
  return new Map(all.map((one) => [one.id, one]));
}

function alone(what: Difference['what'], rule: string | null, title: string): Wrong {
  return { id: `${what} ${rule} ${title}`, shown: { what, rule, name: null, title, remark: null }, rules: new Set() };
}

/** Why what is not seen any more may be there all the same. */
const DOUBTS: Readonly<Partial<Record<RuleVerdict, string>>> = {
  inconclusive: 'but its rule was met too rarely to say',
  'not-applicable': 'but its rule does not apply any more',
  untestable: 'but its rule cannot be tested any more',
  fail: 'but its rule is still broken, otherwise',
  follows: 'but its rule is still broken, by other defects',
  known: 'but its rule is still broken, by known defects',
};

function doubtOf({ what, rule }: Difference, { rules }: AnyReport): string | null {
  if (what !== 'finding' && what !== 'schedule') return null;
  const result = rules.find((one) => one.rule === rule);
  return result === undefined ? 'but its rule was not asked about' : (DOUBTS[result.verdict] ?? null);
}

function remarks(older: Read, newer: Read): readonly string[] {
  const [before, after] = [older.report, newer.report];
  const [left, right] = [headOf(older), headOf(newer)];
  const missing = (these: AnyReport, those: AnyReport) =>
    these.rules.filter(({ rule }) => !those.rules.some((one) => one.rule === rule)).map(({ rule }) => rule);
  const [out, into] = [missing(before, after), missing(after, before)];
  const [less, more] = [after.volume.programs, before.volume.programs];
  return [
    ...(before.target === after.target && before.role === after.role
      ? []
      : [`The targets differ: ${labelOf(left)}, then ${labelOf(right)}.`]),
    ...(before.profile === after.profile ? [] : [`The profiles differ: ${before.profile}, then ${after.profile}.`]),
    ...(before.rulesHash === after.rulesHash
      ? []
      : [`The rules differ: ${before.rulesHash}, then ${after.rulesHash}. What is new may be a new rule.`]),
    ...(out.length === 0 ? [] : [`The new report does not speak of ${listed(out)}.`]),
    ...(into.length === 0 ? [] : [`The old report does not speak of ${listed(into)}.`]),
    ...(less * 2 >= more
      ? []
      : [`The new run was much smaller: ${counted(less, 'program')} after ${counted(more, 'program')}.`]),
    ...(after.exit === 2 ? [`The new run could not judge its target: ${after.summary}`] : []),
  ];
}
