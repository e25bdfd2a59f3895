import { TargetError } from './target.js';

/**
 * The target cannot be had on this machine, or what was named is not one. The message is complete: what happened and
 * what to do, in one or two sentences. Never the implementation's fault.
 */
export class TargetUnavailable extends Error {
  override readonly name = 'TargetUnavailable';
}

/** Do what a target takes. @throws {TargetError} with the message of a `TargetUnavailable`; what else is thrown stays as it is */
export async function orTargetError<X>(work: () => Promise<X>): Promise<X> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof TargetUnavailable) throw new TargetError(error.message, { cause: error });
    throw error;
  }
}
