/**
 * What a kernel says of itself when something is wrong with it, in a sentence that two runs agree on: what it is, and in
 * which function. Addresses, numbers and times are left out.
 *
 *     Unable to handle kernel paging request at virtual address 006b6b6b6b6b6b73   ──> Unable to handle kernel paging
 *     pc : lpi_write_config+0x84/0x1e0                                                 request, in lpi_write_config
 */

/** How a guest died, and during what. */
export interface Death {
  readonly kind: 'crash' | 'hang';
  readonly detail: string;
  /** The lines of the kernel's log from the first that tells of it. */
  readonly log: string;
}

const BEGINNINGS: readonly RegExp[] = [
  /^(Unable to handle kernel [a-z ]+?)(?: at virtual address.*)?$/,
  /^(kernel BUG) at (\S+?):\d+!$/,
  /^(BUG: .+?)(?:, address.*| at .*)?$/,
  /^(general protection fault)/,
  /^(Internal error: [A-Za-z -]+)/,
  /^(WARNING): (?:CPU: \d+ PID: \d+ at )?(\S+?):\d+/,
  /^(Kernel panic - not syncing: .+?)(?: exitcode=\S+)?$/,
];
const PLACES: readonly RegExp[] = [/^pc : ([\w.]+)\+/, /^RIP: \w+:([\w.]+)\+/, /^epc : ([\w.]+)\+/];

/** The first report in a log; undefined when there is none. */
export function reportIn(log: string): { readonly text: string; readonly log: string } | undefined {
  const lines = log.split(/\r?\n/).map((line) => line.replace(/^(?:<\d+>)?\[\s*[\d.]+\](?:\[\s*\w+\])?\s/, ''));
  const at = lines.findIndex((line) => BEGINNINGS.some((one) => one.test(line)));
  if (at === -1) return undefined;
  const [, what = '', where] = BEGINNINGS.map((one) => one.exec(lines[at] ?? '')).find((one) => one !== null) ?? [];
  const behind = lines.slice(at);
  const place = behind.flatMap((line) => PLACES.flatMap((one) => one.exec(line)?.[1] ?? []))[0];
  const text = [what.trim(), where === undefined ? undefined : `at ${where}`].filter((one) => one !== undefined);
  return {
    text: `${text.join(' ')}${place === undefined ? '' : `, in ${place}`}`,
    log: behind.slice(0, MOST_LINES).join('\n'),
  };
}

/** A report is shorter. */
const MOST_LINES = 80;
