/**
 * The host's scheduler in random programs: vCPUs move to other CPUs of the host, and run nowhere for a while. Nothing that
 * is due is changed by it, so it is put into programs that are finished, before what sends an interrupt.
 */
import type { CreateVm, HostOperation, HostProgram } from '../../spec/host/vocabulary.js';
import { bitsFrom, Draw } from './random.js';

/** In how many programs of a hundred there is a scheduler, and before how many interrupts of a hundred in these. */
const PROGRAMS = 25;
const INTERRUPTS = 40;
const CPUS = 3;

/** The same program, or that with a scheduler; which of them, and how, follows from the program. */
export function withScheduling(program: HostProgram): HostProgram {
  const draw = new Draw(bitsFrom(JSON.stringify(program.operations).length));
  if (!draw.chance(PROGRAMS)) return program;
  const vms: CreateVm[] = [];
  const operations = program.operations.flatMap((operation): readonly HostOperation[] => {
    if (operation.operation === 'createVm') vms.push(operation);
    if (operation.operation !== 'raise' || vms.length === 0 || !draw.chance(INTERRUPTS)) return [operation];
    const { vm, vcpus } = draw.of(vms);
    const cpu = draw.chance(60) ? null : draw.below(CPUS);
    return [{ operation: 'scheduleVcpu', vm, vcpu: draw.below(vcpus), cpu }, operation];
  });
  return { ...program, operations };
}
