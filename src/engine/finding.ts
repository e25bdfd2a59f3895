/** Findings as they are told: their forms, the smallest first, and their names. */
import type { Profile } from '../../spec/profile.js';
import { nameFrom, spell } from '../subject/spelling.js';
import type { FindingOn, FormOn, Shape, Subject } from '../subject/subject.js';

/** A finding, with the rules that were broken where it was met, not only in its smallest programs. */
export interface Investigated<S extends Shape> {
  readonly finding: FindingOn<S>;
  readonly rules: ReadonlySet<string>;
}

/** The rules that a finding explains: its first form breaks them, the most telling one. Others only follow from it. */
export function explainedBy<S extends Shape>({ finding }: Investigated<S>): readonly string[] {
  return finding.forms[0]?.broken.map(({ rule }) => rule) ?? [];
}

/** What a failing trace shows, as a form of a defect. */
export function formOf<S extends Shape>(
  subject: Subject<S>,
  key: string,
  program: S['program'],
  trace: S['trace'],
  judgement: S['judgement'],
  profile: Profile,
  met: number,
): FormOn<S> {
  const difference = subject.difference(program, trace, judgement, profile);
  const broken = subject.broken(trace, judgement);
  return { key, program, trace, broken, ...(difference === undefined ? {} : { difference }), met };
}

export function bySize<S extends Shape>(
  subject: Subject<S>,
  a: FormOn<S> | undefined,
  b: FormOn<S> | undefined,
): number {
  if (a === undefined || b === undefined) return 0;
  const [left, right] = [spell(a.program), spell(b.program)];
  return (
    subject.operations(a.program) - subject.operations(b.program) ||
    left.length - right.length ||
    (left < right ? -1 : left > right ? 1 : 0)
  );
}

/** A defect and its forms as a finding. The rule that it is filed under is the most telling one of the smallest form. */
export function toFinding<S extends Shape>(
  subject: Subject<S>,
  key: string,
  forms: readonly FormOn<S>[],
  target: string,
  profile: Profile['name'],
  log: string | undefined,
): FindingOn<S> {
  return {
    ...subject.heads.finding,
    name: nameOf(subject, forms[0], profile),
    key,
    rule: forms[0]?.broken[0]?.rule ?? subject.lastResort,
    forms,
    target,
    profile,
    ...(log === undefined ? {} : { log }),
  };
}

/** A finding with some of its forms only. */
export function withForms<S extends Shape>(
  subject: Subject<S>,
  finding: FindingOn<S>,
  forms: readonly FormOn<S>[],
): FindingOn<S> {
  const name = nameOf(subject, forms[0], finding.profile);
  return { ...finding, name, rule: forms[0]?.broken[0]?.rule ?? finding.rule, forms };
}

/** The name of a finding: twelve digits of the hash of what is shown of it, and what it was judged under. */
function nameOf<S extends Shape>({ heads }: Subject<S>, form: FormOn<S> | undefined, profile: Profile['name']): string {
  return nameFrom([heads.finding, profile, form?.key, form?.program]);
}
