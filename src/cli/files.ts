/** The files of findings and baselines, of whatever subject. */
import type { JudgedRole } from '../../spec/formats/host-results.js';
import { knownOf } from '../engine/baseline.js';
import { filesIn, isHostFindingFile, isScheduleFile, readFileOf } from '../formats/read.js';
import type { Kind } from '../schemas/kinds.js';
import type { BaselineOn, FindingOn, Shape, Subject } from '../subject/subject.js';

/** The kinds of files of each subject. */
const KINDS = {
  manager: { finding: 'finding', baseline: 'baseline' },
  host: { finding: 'host-finding', baseline: 'host-baseline' },
} as const satisfies Record<Subject<Shape>['name'], Readonly<Record<'finding' | 'baseline', Kind>>>;

/** Read what a baseline of a subject knows of a target. @throws {BadInput} when there is no such file, or it holds none */
export function readKnown<S extends Shape>(subject: Subject<S>, path: string, target: string): BaselineOn<S> {
  return knownOf(readBaseline(subject, path), target);
}

/** Read a baseline of a subject, whatever targets it is about. @throws {BadInput} when there is no such file, or it holds none */
export function readBaseline<S extends Shape>(subject: Subject<S>, path: string): BaselineOn<S> {
  const kind = KINDS[subject.name].baseline;
  // The schema of the kind is that of the subject's own type.
  return readFileOf(kind, path, 'A baseline file is written by "irqbypass-spec baseline".') as BaselineOn<S>;
}

/** Read a finding of a subject. @throws {BadInput} when there is no such file, or it holds none */
export function readFinding<S extends Shape>(subject: Subject<S>, path: string): FindingOn<S> {
  const kind = KINDS[subject.name].finding;
  return readFileOf(kind, path, 'A finding file is written by "irqbypass-spec run".') as FindingOn<S>;
}

/** The role that a finding in a file is about; undefined where it is about a manager, alone. */
export function roleIn(path: string): JudgedRole | undefined {
  return isHostFindingFile(path)
    ? readFileOf('host-finding', path, 'A finding file is written by "irqbypass-spec run".').role
    : undefined;
}

/**
 * The programs of all findings of a subject in a folder, in the order of the files' names; none when there is no such
 * folder. A finding of another subject, or of another role, is left alone, and so are schedules, which every run explores
 * anew.
 *
 * @throws {BadInput} when it is no folder, or a .json file in it holds no finding
 */
export function storedPrograms<S extends Shape>(subject: Subject<S>, folder: string): readonly S['program'][] {
  const { role } = subject.heads.finding;
  return filesIn(folder)
    .filter((path) => !isScheduleFile(path) && roleIn(path) === role)
    .flatMap((path) => readFinding(subject, path).forms.map(({ program }) => program));
}
