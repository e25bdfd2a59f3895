/** CONS-7, CONS-10, CONS-14, CONS-15: what the GIC is told, among the events of a trace. */
import { expect, test } from 'vitest';
import type { HostEvent } from '../../spec/host/vocabulary.js';
import { gicProbes, hardwareRecords, type Step, withHardware } from './hardware.js';
import { withoutThings } from './without.js';
import { twoOnOneEvent } from './written.js';

const RECORDING = [
  '# tracer: nop',
  '            init-1       [000] ..... 11: haltGuest: (kvm_arm_halt_guest+0x0/0x50) kvm=0xffff000012340000',
  '            init-1       [000] ..... 12: mapVlpi: (its_map_vlpi+0x0/0x68) interrupt=29 lpi=8197',
  '            init-1       [000] ..... 13: mapVlpiReturn: (kvm_vgic_v4_set_forwarding+0x120/0x190 <- its_map_vlpi) mapped=0',
  '            init-1       [000] ..... 14: resumeGuest: (kvm_arm_resume_guest+0x0/0x50) kvm=0xffff000012340000',
  '            init-1       [000] ..... 15: unmapVlpi: (its_unmap_vlpi+0x0/0x58) interrupt=29',
  '            init-1       [000] ..... 16: somethingElse: (f+0x0/0x1) interrupt=29',
].join('\n');

const callback = (type: 'enter' | 'leave', line: number): Step => ({
  line,
  event: { type: 'manager', event: { type, callback: 'addProducer', object: 'c0' } as never },
});
const named: Step = { line: 1, event: { type: 'named', object: 'c0', holder: 'vm1.e0' } };
const told = (event: HostEvent) => event.type !== 'manager' && event.type !== 'named';

test('a vLPI is mapped for the guest whose consumer is asked, and unmapped', () => {
  const records = hardwareRecords(RECORDING).map((record): Step => ({ line: record.line, record }));
  expect(records).toHaveLength(5);
  const events = withHardware([named, callback('enter', 1), ...records, callback('leave', 9)]).filter(told);
  expect(events).toEqual([
    { type: 'guestHalted', vm: 'vm1' },
    { type: 'mapped', irq: 29, target: { vm: 'vm1', vcpu: 1, vector: 0x41 } },
    { type: 'guestResumed', vm: 'vm1' },
    { type: 'unmapped', irq: 29 },
  ]);
});

test('a vLPI is told as the route of its VM that leads to it', () => {
  const records = hardwareRecords(RECORDING).map((record): Step => ({ line: record.line, record }));
  const routed: Step = {
    line: 1,
    event: {
      type: 'call',
      operation: 'setRoutes',
      vm: 'vm1',
      routes: [{ type: 'msi', gsi: 0, vcpus: [1], vector: 49, delivery: 'fixed' }],
    },
  };
  const events = withHardware([named, routed, callback('enter', 1), ...records, callback('leave', 9)]);
  expect(events).toContainEqual({ type: 'mapped', irq: 29, target: { vm: 'vm1', vcpu: 1, vector: 49 } });
});

test('halts are left out where the kernel shows no resume: its compiler has put that elsewhere', () => {
  const records = hardwareRecords(RECORDING.replace(/^.*resumeGuest.*$/m, '')).map(
    (record): Step => ({ line: record.line, record }),
  );
  const events = withHardware([named, callback('enter', 1), ...records, callback('leave', 9)]).filter(told);
  expect(events.map(({ type }) => type)).toEqual(['mapped', 'unmapped']);
});

test('every probe is in the group that it is asked for', () => {
  for (const { event, line } of gicProbes) expect(line('mine')).toMatch(new RegExp(`^[pr]:mine/${event} `));
});

test('a program without a thing does not name it, and signals nothing where it would have', () => {
  const programs = [...withoutThings(twoOnOneEvent)];
  expect(programs.map(({ operations }) => operations.length)).toEqual([5, 9, 9, 9]);
  const [, , withoutE0] = programs;
  expect(JSON.stringify(withoutE0)).not.toContain('"e0"');
  expect(withoutE0?.operations).toContainEqual({
    operation: 'setIrqs',
    device: 'd0',
    index: 'msix',
    start: 0,
    eventfds: [null, 'e1'],
  });
});
