/**
 * What the end of a guest means, by what it logged last. Pure.
 *
 *     init gives up, QEMU fails or is killed   nobody is to blame but the kit or the machine: no verdict
 *     init asks for another guest              in good order: what was done cannot be undone in this one
 *     a panic, a reset without a word          the kernel crashed
 */
import type { End, ProcessExit } from '../life.js';

const GIVES_UP = /irqbypass-init gives up: (.*)/;
const ASKS_FOR_ANOTHER = 'irqbypass-init asks for another guest';
const PANIC = /Kernel panic - not syncing: (.*)/;

/** What ended the process of a guest. */
export function explainEnd({ code, signal, log }: ProcessExit): End {
  if (signal !== null) return { kind: 'gave-up', text: `QEMU was killed by ${signal}; the kernel is not to blame` };
  const reason = lastMatch(log, GIVES_UP);
  if (reason !== undefined) return { kind: 'gave-up', text: reason };
  if (code !== 0) return { kind: 'gave-up', text: `QEMU ended with exit status ${code}: ${lastLine(log)}` };
  if (log.includes(ASKS_FOR_ANOTHER)) return { kind: 'not-begun' };
  const panic = lastMatch(log, PANIC);
  if (panic !== undefined) return { kind: 'died', detail: `kernel panic: ${panic}` };
  return { kind: 'died', detail: 'the guest was reset without a word' };
}

/** Why a guest did not say hello, in one sentence. */
export function explainGreeting(address: string, patience: number, end: End): string {
  switch (end.kind) {
    case 'died':
      return `${address}: the guest did not come up, so nothing was judged: ${end.detail}.`;
    case 'silent':
      return `${address}: the guest did not say hello within ${patience / 1000} s of its start, so nothing was judged.`;
    case 'gave-up':
      return `${address}: the guest cannot be used, so nothing was judged: ${end.text}.`;
    case 'malformed':
      return `${address}: the guest gave a wrong answer when it was greeted, so nothing was judged: ${end.text}.`;
    case 'not-started':
      return `${address}: QEMU could not be started, so nothing was judged: ${end.text}.`;
    case 'not-begun':
      return `${address}: the guest ended before it said hello, so nothing was judged.`;
  }
}

function lastMatch(log: string, pattern: RegExp): string | undefined {
  const lines = log.split(/\r?\n/).map((line) => pattern.exec(line)?.[1]);
  return lines.findLast((found) => found !== undefined)?.trim();
}

function lastLine(log: string): string {
  const lines = log.split(/\r?\n/).filter((line) => line.trim() !== '');
  return lines.at(-1)?.trim() ?? 'without a word';
}
