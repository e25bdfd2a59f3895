/** What a command judges: the subject that `--role` names, and the target of an address that runs its programs. */
import type { JudgedRole } from '../../spec/formats/host-results.js';
import type { Shape, Subject, SubjectTarget } from '../subject/subject.js';
import { type OpenOptions, openTarget } from '../targets/resolve.js';
import { UsageError } from './exit.js';

/** What is done with a subject and a target, whatever they are. */
export type Use<R> = <S extends Shape>(subject: Subject<S>, target: SubjectTarget<S>) => Promise<R>;

/** What is done with a subject and what opens a target for it. */
export type UseLater<R> = <S extends Shape>(subject: Subject<S>, open: () => Promise<SubjectTarget<S>>) => Promise<R>;

/** What to open. */
export interface Judged extends OpenOptions {
  readonly address: string;
  /** Absent: a manager, alone. */
  readonly role: JudgedRole | undefined;
  /** The profile that was asked for. */
  readonly profile: string | undefined;
}

/**
 * The role in which the target of an address is judged: as is asked for, and what is observed of a kernel in its own.
 *
 * @throws {UsageError} when another role is asked of what is observed
 */
export function roleAt(address: string, asked: JudgedRole | undefined): JudgedRole | undefined {
  if (!address.startsWith('observe:')) return asked;
  if (asked === undefined) return 'observed';
  throw new UsageError(`${address} is a whole host, observed; it cannot be judged with --role ${asked}.`);
}

/**
 * Open a target, use it, and close it again.
 *
 * @throws {AddressError | TargetError} when it cannot be opened
 */
export function withTarget<R>(judged: Judged, use: Use<R>): Promise<R> {
  return withSubject(judged, async (subject, open) => {
    const target = await open();
    try {
      return await use(subject, target);
    } finally {
      await target.close();
    }
  });
}

/** Use a subject, and open a target for it when it is needed; whoever opens it closes it. */
export async function withSubject<R>({ address, role, profile, ...options }: Judged, use: UseLater<R>): Promise<R> {
  if (role === undefined) {
    const { manager } = await import('../manager/manager.js');
    return use(manager, () => openTarget(address, { ...options, profile }));
  }
  if (role === 'observed') {
    const { openForReplay } = await import('../observe/target.js');
    const { observedHost } = await import('../observe/subject.js');
    const target = await openForReplay(address, options.onProgress ?? (() => {}));
    return use(observedHost(target.first.stage.backEnd), async () => target);
  }
  const { openHostTarget } = await import('../targets/roles/resolve.js');
  const { host } = await import('../host/host.js');
  return use(host(role), () => openHostTarget(address, role, profile, options));
}
