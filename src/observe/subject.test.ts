/** How what was observed of a real kernel is made small: in few runs, and cut where the kernel told of its defect. */
import { expect, test } from 'vitest';
import type { HostEvent, HostProgram, HostTrace } from '../../spec/host/vocabulary.js';
import { linux47 } from '../../spec/profiles/linux-4.7.js';
import { run } from '../engine/run.js';
import { shrink } from '../engine/shrink.js';
import type { HostShape } from '../host/shape.js';
import type { HostTarget } from '../targets/target.js';
import { mostAtOnce } from './at-once.js';
import { programsOf } from './observe.js';
import { MOST_ASKED, observedHost } from './subject.js';
import { twoOnOneEvent } from './written.js';

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

test('calls that were refused are left out as well, before all else is tried', () => {
  if (program === undefined) throw new Error('no program');
  const trace = deadly(program, 9, 20);
  const events = trace.events.map((event, at) =>
    event.type === 'return' && at < 8 ? { ...event, status: -16 } : event,
  );
  const cut = [...subject.beginnings(program, { ...trace, events })];
  expect(cut.map(({ operations }) => operations.length)).toEqual([6, 10, 17, 21]);
  expect(cut[0]?.operations).toEqual(program.operations.slice(4, 10));
});

test('a kernel that dies is told by what it died of, and its death is marked', () => {
  const trace = deadly(twoOnOneEvent, 10, 11);
  const judgement = subject.judge({ profile: linux47, rules: subject.rules, allRules: true }).judge(trace);
  expect(subject.broken(trace, judgement)).toEqual([
    { rule: 'HOST-1', text: 'by disableIrqs d0 msix the host crashes: oops' },
  ]);
  const difference = subject.difference(twoOnOneEvent, trace, judgement, linux47);
  expect(difference?.call).toBe(11);
  expect(trace.events[difference?.at ?? -1]).toEqual({ type: 'crash', detail: 'oops' });
  expect(difference?.expected).toEqual([{ type: 'return', status: 0 }]);
  expect(difference?.allowed.flat().map(({ type }) => type)).toEqual(['call', 'return']);
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

test('what fails by luck takes the place of nothing: a smaller program has to fail each time', async () => {
  const lucky = new Set<string>();
  const dies = (one: HostProgram) => {
    if (one.operations.some(({ operation }) => operation === 'setRoutes')) return true;
    const [spelled, before] = [JSON.stringify(one), lucky.size];
    return lucky.add(spelled).size > before;
  };
  const target: HostTarget = {
    address: 'observe:stub',
    hello: { type: 'hello', protocol: 1, name: 'stub', version: '1', language: 'none', capabilities: [] },
    run: async (programs) =>
      programs.map((one) => {
        const last = one.operations.length - 1;
        return { events: dies(one) ? deadly(one, last, last).events : [] };
      }),
    close: async () => {},
  };
  const report = await run(subject, {
    command: 'observe',
    target,
    profile: linux47,
    rules: subject.rules,
    allRules: true,
    seed: 1,
    programs: 1,
    tier: null,
    now: () => 0,
  });
  expect(lucky.size).toBeGreaterThan(0);
  expect(report.findings.map(({ forms }) => forms[0]?.program.operations.map(({ operation }) => operation))).toEqual([
    ['setRoutes'],
  ]);
});

test('no simpler program lets two irqfds go with their VM where none did: which goes first is luck', () => {
  expect(mostAtOnce(twoOnOneEvent)).toBe(0);
  const simpler = [...subject.simpler(twoOnOneEvent)];
  expect(simpler.length).toBeGreaterThan(20);
  expect(simpler.map(mostAtOnce).toSorted().at(-1)).toBe(1);
  const operations = twoOnOneEvent.operations.filter(({ operation }) => operation !== 'deassignIrqfd');
  expect(mostAtOnce({ ...twoOnOneEvent, operations })).toBe(2);
});
