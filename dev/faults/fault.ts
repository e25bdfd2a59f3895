/** What goes wrong around the kit, and how a command ends then. */

/** A fault, and what is due. */
export interface Fault {
  /** What is wrong, in words. */
  readonly fault: string;
  /** Files of the folder in which the command runs; a text that begins with `base64:` is bytes. */
  readonly files?: Readonly<Record<string, string>>;
  /**
   * A line of bash, run in that folder. `$SPEC` is the tool; `$ADAPTER` is the adapter that goes wrong, ready for
   * `exec:`; `$PRODUCER` is a participant that does. The exit status is that of the last command that fails.
   */
  readonly command: string;
  readonly status: 0 | 1 | 2 | 64 | 129 | 130 | 137 | 143;
  /** What is said: in the verdict on standard output, or in the first line of standard error. */
  readonly says?: string | RegExp;
  /** What is in the folder afterwards, beside its files and `.irqbypass-spec`. */
  readonly leaves?: readonly string[];
}

/** The address of the adapter that goes wrong in a way, as a word of bash. */
export function adapter(way: string): string {
  return `"exec:$ADAPTER ${way.replaceAll(/["\\$`]/g, '\\$&')}"`;
}
