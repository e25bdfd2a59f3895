/** What a command judges: the subject that `--role` names, and the target of an address that runs its programs. */
import type { JudgedRole } from '../../spec/formats/host-results.js';
import type { Shape, Subject, SubjectTarget } from '../subject/subject.js';
import type { OpenOptions } from '../targets/resolve.js';

/** What is done with a subject and a target, whatever they are. */
export type Use<R> = <S extends Shape>(subject: Subject<S>, target: SubjectTarget<S>) => Promise<R>;

/** What to open. */
export interface Judged extends OpenOptions {
  readonly address: string;
  /** Absent: a manager, alone. */
  readonly role: JudgedRole | undefined;
  /** The profile that was asked for. */
  readonly profile: string | undefined;
}

/**
 * Open a target, use it, and close it again.
 *
 * @throws {AddressError | TargetError} when it cannot be opened
 */
export async function withTarget<R>({ address, role, profile, ...options }: Judged, use: Use<R>): Promise<R> {
  if (role === undefined) {
    const { openTarget } = await import('../targets/resolve.js');
    const { manager } = await import('../manager/manager.js');
    return used(manager, await openTarget(address, options), use);
  }
  if (role === 'observed') {
    const { openForReplay } = await import('../observe/target.js');
    const { observedHost } = await import('../observe/subject.js');
    const target = await openForReplay(address, options.onProgress ?? (() => {}));
    return used(observedHost(target.first.stage.backEnd), target, use);
  }
  const { openHostTarget } = await import('../targets/roles/resolve.js');
  const { host } = await import('../host/host.js');
  return used(host(role), await openHostTarget(address, role, profile, options), use);
}

async function used<R, S extends Shape>(subject: Subject<S>, target: SubjectTarget<S>, use: Use<R>): Promise<R> {
  try {
    return await use(subject, target);
  } finally {
    await target.close();
  }
}
