/** What goes wrong around the kit, and how a command ends then. */

/** A fault, and what is due. */
export interface Fault {
  /** What is wrong, in words. */
  readonly fault: string;
  /** Files of the folder in which the command runs; a text that begins with `base64:` is bytes. */
  readonly files?: Readonly<Record<string, string>>;
  /**
   * A line of bash, run in that folder. `$SPEC` is the tool; `$ADAPTER` is the adapter that goes wrong, ready for
   * `exec:`, and `$SMALL` one that manages nothing; `$PRODUCER` is a participant that does. The exit status is that of the last command that fails.
   */
  readonly command: string;
  readonly status: 0 | 1 | 2 | 64 | 129 | 130 | 137 | 143;
  /** What is said: in the verdict on standard output, or in the first line of standard error. */
  readonly says?: string | RegExp;
  /** What is in the folder afterwards, beside its files and `.irqbypass-spec`. */
  readonly leaves?: readonly string[];
}

/** The address of the adapter that goes wrong in a way, as a word of bash. */
export function adapter(way: string, program: '$ADAPTER' | '$SMALL' = '$ADAPTER'): string {
  return `"exec:${program} ${way.replaceAll(/["\\$`]/g, '\\$&')}"`;
}

/**
 * A line of bash that runs a command of the tool until the file `begun` has so many lines, and sends the tool a signal then.
 * It ends as the tool does. Targets write those lines, into the file that BEGUN names, when they are where they are to be
 * met. It is a pipe: whoever waits for a line looks for none.
 */
export function signalled(signal: string, command: string, lines = 1): string {
  return [
    // Whoever is started with job control minds SIGINT.
    'set -m; mkfifo begun; export BEGUN=$PWD/begun',
    `$SPEC ${command} & tool=$!`,
    `exec 3<>begun; for ((i = 0; i < ${lines}; i++)); do read -r -t 60 -u 3 || exit; done`,
    `kill -s ${signal} $tool; wait $tool; exit $?`,
  ].join('\n');
}
