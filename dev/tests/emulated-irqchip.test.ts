/** A VM for which nothing can be shortcut beside one for which it can: each is judged by what holds for it. */
import { describe, expect, test } from 'vitest';
import { generateHostProgram } from '../../conformance/generators/host.js';
import { bitsFrom } from '../../conformance/generators/random.js';
import { hostMutants } from '../../conformance/host/mutants/index.js';
import { otherwise } from '../../conformance/host/otherwise.js';
import { type Participants, runOnHost } from '../../reference/host/host.js';
import { Kvm } from '../../reference/host/kvm.js';
import type { BackEnd, HostOperation, HostProgram, VmId } from '../../spec/host/vocabulary.js';
import { core } from '../../spec/profiles/core.js';
import { hostRules } from '../../spec/rules/host.js';
import { allBackEnds } from '../../src/host/tiers.js';
import { HostJudge } from '../../src/judge/host-judge.js';

const bypassing = allBackEnds.filter((backEnd) => backEnd !== 'refusing');
const NUMBERS = [0, 1] as const;

/** Two VMs, of which the first has an emulated irqchip, each with a vector of one device, which interrupts both. */
const beside = (backEnd: BackEnd): HostProgram => ({
  backEnd,
  devices: [{ id: 'd0', driver: 'vfio-pci', vectors: 2 }],
  operations: [
    ...NUMBERS.map((at): HostOperation => ({ operation: 'createEventfd', eventfd: `e${at}` })),
    { operation: 'createVm', vm: 'vm0', vcpus: 1, irqchip: 'emulated' },
    { operation: 'createVm', vm: 'vm1', vcpus: 1 },
    ...NUMBERS.map((at): HostOperation => {
      const route = { type: 'msi', gsi: 1, vcpus: [0], vector: 48 + at, delivery: 'fixed' } as const;
      return { operation: 'setRoutes', vm: `vm${at}`, routes: [route] };
    }),
    ...NUMBERS.map((at): HostOperation => ({ operation: 'assignIrqfd', vm: `vm${at}`, eventfd: `e${at}`, gsi: 1 })),
    { operation: 'openDevice', device: 'd0' },
    { operation: 'setIrqs', device: 'd0', index: 'msix', start: 0, eventfds: ['e0', 'e1'] },
    ...NUMBERS.map((at): HostOperation => ({ operation: 'raise', device: 'd0', index: 'msix', vector: at })),
  ],
});

/** The ways on which interrupts came to each VM, and the rules that are broken. */
function judged(program: HostProgram, participants: Participants = {}) {
  const trace = runOnHost(program, core, participants);
  const { breaches, disagreement } = new HostJudge(core, hostRules, false).judge(trace);
  const ways = trace.events.flatMap((one) => (one.type === 'delivered' ? [[one.target.vm, one.path]] : []));
  return { ways: Object.fromEntries(ways), rules: [...new Set(breaches.map(({ rule }) => rule))], disagreement };
}

describe.each(bypassing)('on %s', (backEnd) => {
  const right = { ways: { vm0: 'host', vm1: 'bypass' }, rules: [], disagreement: undefined };
  const names = ['pairs-and-maps-nothing-for-an-emulated-irqchip', 'registers-nothing-for-an-emulated-irqchip'];
  const others = otherwise.filter(({ name }) => names.includes(name));

  test('a consumer that refuses, pairs and maps nothing, or stays away for the one VM is right', () => {
    expect(judged(beside(backEnd))).toEqual(right);
    expect(others.map(({ participants }) => judged(beside(backEnd), participants))).toEqual([right, right]);
  });

  test.each([
    ['kvm-maps-for-an-emulated-irqchip', 'CONS-16'],
    ['kvm-refuses-all-after-an-emulated-irqchip', 'DELIV-14'],
  ])('%s is not: %s', (name, rule) => {
    const participants = hostMutants.find((one) => one.name === name)?.participants;
    expect(judged(beside(backEnd), participants).rules).toContain(rule);
  });
});

describe('in random programs', () => {
  const made = (backEnd: BackEnd, emulatedIrqchips: boolean) => {
    const bits = bitsFrom(7);
    const programs = Array.from({ length: 100 }, () =>
      generateHostProgram(bits, backEnd, core, { irqActions: true, emulatedIrqchips }),
    );
    return programs.filter(({ operations }) => operations.some((one) => 'irqchip' in one)).length;
  };

  test.each(bypassing)('on %s there are such VMs, for who knows of them', (backEnd) => {
    expect(made(backEnd, true)).toBeGreaterThan(3);
    expect(made(backEnd, false)).toBe(0);
  });

  test('and none where there is no bypass', () => {
    expect(made('refusing', true)).toBe(0);
  });
});

test('a driver that does not know of such VMs is handed one like any other', () => {
  const created: VmId[] = [];
  class Unaware extends Kvm {
    override createVm(id: VmId) {
      created.push(id);
      return super.createVm(id);
    }
  }
  const consumer: Participants['consumer'] = (environment) => {
    const driver = new Unaware(environment);
    Object.defineProperty(driver, 'createVmWithEmulatedIrqchip', { value: undefined });
    return driver;
  };
  runOnHost(beside('vtd-posted'), core, { consumer });
  expect(created).toEqual(['vm0', 'vm1']);
});
