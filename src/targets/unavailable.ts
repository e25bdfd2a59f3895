/**
 * The target cannot be had on this machine, or what was named is not one. The message is complete: what happened and
 * what to do, in one or two sentences. Never the implementation's fault.
 */
export class TargetUnavailable extends Error {
  override readonly name = 'TargetUnavailable';
}
