/**
 * Long work that never waits. Node tells a program of a signal only when it waits, so a signal would be told when the
 * work is done. While it lasts, the system's own answer to a signal holds: it ends the process at once. Such work has
 * nothing to clean up: it only computes.
 */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Compute something in a way that a signal ends at once. */
export function interruptibly<R>(compute: () => R): R {
  const listeners = SIGNALS.map((signal) => ({ signal, own: process.rawListeners(signal) }));
  for (const { signal } of listeners) process.removeAllListeners(signal);
  try {
    return compute();
  } finally {
    for (const { signal, own } of listeners) {
      for (const listener of own) process.on(signal, listener as NodeJS.SignalsListener);
    }
  }
}
