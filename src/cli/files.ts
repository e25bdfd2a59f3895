/** The files of findings and baselines, of whatever subject. */
import type { JudgedRole } from '../../spec/formats/host-results.js';
import { knownOf } from '../engine/baseline.js';
import { type Found, filesIn, readFileOf, readFoundFile } from '../formats/read.js';
import type { Kind } from '../schemas/kinds.js';
import type { BaselineOn, FindingOn, Shape, Subject } from '../subject/subject.js';

/** What the baseline of each subject is a file of. */
const BASELINES = { manager: 'baseline', host: 'host-baseline' } as const satisfies Record<
  Subject<Shape>['name'],
  Kind
>;

/** Read what a baseline of a subject knows of a target. @throws {BadInput} when there is no such file, or it holds none */
export function readKnown<S extends Shape>(subject: Subject<S>, path: string, target: string): BaselineOn<S> {
  return knownOf(readBaseline(subject, path), target);
}

/** Read a baseline of a subject, whatever targets it is about. @throws {BadInput} when there is no such file, or it holds none */
export function readBaseline<S extends Shape>(subject: Subject<S>, path: string): BaselineOn<S> {
  const kind = BASELINES[subject.name];
  // The schema of the kind is that of the subject's own type.
  return readFileOf(kind, path, 'A baseline file is written by "irqbypass-spec baseline".') as BaselineOn<S>;
}

/** A finding, of whatever subject. */
export type FoundFinding = Exclude<Found, { readonly kind: 'schedule' }>;

/** The role that a finding is about; undefined where it is about a manager, alone. */
export function roleOf(found: FoundFinding): JudgedRole | undefined {
  return found.kind === 'host-finding' ? found.value.role : undefined;
}

/** A finding as one of the subject that it is about; undefined where it is about another, or in another role. */
export function findingOn<S extends Shape>(subject: Subject<S>, found: FoundFinding): FindingOn<S> | undefined {
  const { format, role } = subject.heads.finding;
  const isOwn = found.value.format === format && roleOf(found) === role;
  // The schema of the kind is that of the subject's own type.
  return isOwn ? (found.value as FindingOn<S>) : undefined;
}

/**
 * The programs of all findings of a subject in a folder, in the order of the files' names; none when there is no such
 * folder. A finding of another subject, or of another role, is left alone, and so are schedules, which every run explores
 * anew.
 *
 * @throws {BadInput} when it is no folder, or a .json file in it holds no finding
 */
export function storedPrograms<S extends Shape>(subject: Subject<S>, folder: string): readonly S['program'][] {
  return filesIn(folder).flatMap((path) => {
    const found = readFoundFile(path);
    if (found.kind === 'schedule') return [];
    return findingOn(subject, found)?.forms.map(({ program }) => program) ?? [];
  });
}
