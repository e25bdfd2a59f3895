/** Safety: what a host owes itself, whatever user space asks of it. */
import type { HostCall } from '../host/reading/history.js';
import type { HostRule } from '../host/rule.js';
import { hostOperationText } from '../host/words.js';

/** What the host reported of itself in a call: how it ended, or a warning or an error in its log. */
function reported({ outcome, detail, events }: HostCall): string | undefined {
  if (outcome === 'crash' || outcome === 'hang')
    return `the host ${outcome === 'crash' ? 'crashes' : 'hangs'}: ${detail}`;
  for (const event of events) {
    if (event.type === 'log' && event.level !== 'info') return `the host reports: ${event.text}`;
  }
  return undefined;
}

export const safety: readonly HostRule[] = [
  {
    kind: 'host',
    id: 'HOST-1',
    level: 'MUST',
    text: 'A host MUST NOT crash, hang or report a defect of its own, whatever calls user space makes.',
    intent: 'Whoever may open a device and a VM would take down every guest of the host.',
    source:
      'The RFC of 2015: user space sets both sides up in any order. Linux 6.1 and 6.12 panic on arm64 (docs/real-kernels.md).',
    recorded: true,
    check: (call) => {
      const report = reported(call);
      return report === undefined || `by ${hostOperationText(call.operation)} ${report}`;
    },
  },
];
