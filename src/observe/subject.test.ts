/** How what was observed of a real kernel is made small: in few runs, and cut where the kernel told of its defect. */
import { expect, test } from 'vitest';
import type { HostEvent, HostProgram, HostTrace } from '../../spec/host/vocabulary.js';
import { shrink } from '../engine/shrink.js';
import type { HostShape } from '../host/shape.js';
import { programsOf } from './observe.js';
import { MOST_ASKED, observedHost } from './subject.js';

const subject = observedHost('arm-forwarding');
const [program] = programsOf(1, 1, 24, 'arm-forwarding');

/** A trace in which the kernel warns in one call, and dies in another. */
function deadly({ backEnd, devices, operations }: HostProgram, warned: number, died: number): HostTrace {
  const events = operations
    .slice(0, died + 1)
    .flatMap((operation, at): readonly HostEvent[] => [
      { type: 'call', ...operation },
      ...(at === warned ? [{ type: 'log', level: 'warning', text: 'WARNING' } as const] : []),
      at === died ? { type: 'crash', detail: 'oops' } : { type: 'return', status: 0 },
    ]);
  return { backEnd, devices, events };
}

test('a program is cut behind the calls in which the kernel reported a defect, whichever of them counts', () => {
  if (program === undefined) throw new Error('no program');
  const cut = [...subject.beginnings(program, deadly(program, 9, 20))];
  expect(cut.map(({ operations }) => operations.length)).toEqual([10, 21]);
});

test('without such a report the beginnings grow by four calls', () => {
  if (program === undefined) throw new Error('no program');
  const lengths = [...subject.beginnings(program)].map(({ operations }) => operations.length);
  expect(lengths.slice(0, 3)).toEqual([4, 8, 12]);
  expect(Math.max(...lengths)).toBeLessThan(program.operations.length);
});

test('a program of some thirty calls becomes small in as many runs as a defect is given', async () => {
  if (program === undefined) throw new Error('no program');
  let asked = 0;
  const fails = ({ operations }: HostProgram) =>
    ['createVm', 'openDevice', 'assignIrqfd', 'setIrqs'].every((name) =>
      operations.some(({ operation }) => operation === name),
    );
  const small = await shrink<HostShape>(subject, program, async (programs) => {
    asked += programs.length;
    return programs.map(fails);
  });
  expect(small.operations.map(({ operation }) => operation).toSorted()).toEqual([
    'assignIrqfd',
    'createVm',
    'openDevice',
    'setIrqs',
  ]);
  expect(asked).toBeLessThanOrEqual(MOST_ASKED);
});
