/** A vCPU gets its interrupts wherever it runs, and is woken by them where it runs nowhere: rules and model say nothing else. */
import { describe, expect, test } from 'vitest';
import { generateHostProgram } from '../../conformance/generators/host.js';
import { bitsFrom } from '../../conformance/generators/random.js';
import { paired } from '../../conformance/host/paired.js';
import { type Participants, runOnHost } from '../../reference/host/host.js';
import { Kvm } from '../../reference/host/kvm.js';
import type { ConsumerEnvironment } from '../../spec/host/roles.js';
import type { HostOperation, HostProgram, VmId } from '../../spec/host/vocabulary.js';
import { core } from '../../spec/profiles/core.js';
import { hostRules } from '../../spec/rules/host.js';
import { validate } from '../../src/formats/validate.js';
import { allBackEnds } from '../../src/host/tiers.js';
import { HostJudge } from '../../src/judge/host-judge.js';

const raise: HostOperation = { operation: 'raise', device: 'd0', index: 'msix', vector: 0 };
const schedule = (cpu: number | null): HostOperation => ({ operation: 'scheduleVcpu', vm: 'vm0', vcpu: 0, cpu });

/** What comes to the guest by the bypass, and the rules that are broken. */
function judged(program: HostProgram, participants: Participants = {}) {
  const trace = runOnHost(program, core, participants);
  const { breaches, followed, disagreement } = new HostJudge(core, hostRules, false).judge(trace);
  return {
    bypassed: trace.events.filter((event) => event.type === 'delivered' && event.path === 'bypass').length,
    rules: [...new Set(breaches.map(({ rule }) => rule))],
    agrees: disagreement === undefined && (followed.divergence === undefined) === (breaches.length === 0),
  };
}

/** A consumer that tells the hardware otherwise where a vCPU runs. */
const telling = (tell: (environment: ConsumerEnvironment, vm: VmId, vcpu: number, cpu: number | null) => void) => ({
  consumer: (environment: ConsumerEnvironment) =>
    new (class extends Kvm {
      override scheduled(vm: VmId, vcpu: number, cpu: number | null): void {
        tell(environment, vm, vcpu, cpu);
      }
    })(environment),
});

describe.each(allBackEnds.filter((backEnd) => backEnd !== 'refusing'))('on %s', (backEnd) => {
  test('an interrupt comes straight to a vCPU that has moved, and to one that is woken by it, and to that again', () => {
    const moves = paired(backEnd, 1, [schedule(2), raise, schedule(null), raise, raise, schedule(1), raise]);
    expect(judged(moves)).toEqual({ bypassed: 4, rules: [], agrees: true });
  });

  test.each<[string, Participants, readonly HostOperation[]]>([
    [
      'that lets a vCPU sleep is to have it woken',
      telling((environment, vm, vcpu, cpu) => cpu !== null && environment.announce(vm, vcpu, cpu)),
      [schedule(null), raise],
    ],
    [
      'whose vCPU has moved is to tell where it runs',
      telling((environment, vm, vcpu, cpu) => environment.announce(vm, vcpu, cpu === null ? null : 0)),
      [schedule(2), raise],
    ],
    [
      'whose vCPU was woken is to tell where it runs',
      telling((environment, vm, vcpu, cpu) => cpu !== 0 && environment.announce(vm, vcpu, cpu)),
      [schedule(null), raise, raise],
    ],
  ])('a consumer %s: DELIV-1', (_, participants, operations) => {
    expect(judged(paired(backEnd, 1, operations))).toMatchObject({ rules: [], agrees: true });
    expect(judged(paired(backEnd, 1, operations), participants)).toMatchObject({ rules: ['DELIV-1'], agrees: true });
  });
});

test('a consumer that hears of no scheduler is judged as before', () => {
  const deaf: Participants = {
    consumer: (environment) => {
      const kvm = new Kvm(environment);
      return new Proxy(kvm, {
        get: (target, name) => {
          const value: unknown = name === 'scheduled' ? undefined : Reflect.get(target, name);
          return typeof value === 'function' ? value.bind(target) : value;
        },
      });
    },
  };
  const moves = paired('vtd-posted', 1, [schedule(2), raise, schedule(null), raise, raise]);
  expect(judged(moves, deaf)).toEqual({ bypassed: 3, rules: [], agrees: true });
});

test('what the host delivers itself comes to a vCPU that runs nowhere, too', () => {
  const refused = paired('refusing', 1, [schedule(null), raise, raise]);
  expect(judged(refused)).toEqual({ bypassed: 0, rules: [], agrees: true });
});

test('random programs have a scheduler now and then, and fit their schema', () => {
  const bits = bitsFrom(1);
  const programs = Array.from({ length: 200 }, () => generateHostProgram(bits, 'vtd-posted', core));
  const some = programs.filter(({ operations }) => operations.some((one) => one.operation === 'scheduleVcpu'));
  expect(some.length).toBeGreaterThan(20);
  expect(some.length).toBeLessThan(100);
  for (const program of some) {
    expect(validate('host-program', program)).toMatchObject({ ok: true });
    expect(judged(program)).toMatchObject({ rules: [], agrees: true });
  }
});
