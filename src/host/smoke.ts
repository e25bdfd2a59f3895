/** Is the adapter of a participant itself right? A few programs whose answers say so, whatever the participant does. */
import type { JudgedRole } from '../../spec/formats/host-results.js';
import type { HostEvent, HostOperation, HostProgram } from '../../spec/host/vocabulary.js';
import type { SmokeResult, SubjectTarget } from '../subject/subject.js';
import { hostDescription } from '../text/host-format.js';
import type { HostShape } from './shape.js';

const PAIR: readonly HostOperation[] = [
  { operation: 'createEventfd', eventfd: 'e0' },
  { operation: 'createVm', vm: 'vm0', vcpus: 1 },
  { operation: 'openDevice', device: 'd0' },
  {
    operation: 'setRoutes',
    vm: 'vm0',
    routes: [{ type: 'msi', gsi: 0, vcpus: [0], vector: 48, delivery: 'fixed' }],
  },
  { operation: 'assignIrqfd', vm: 'vm0', eventfd: 'e0', gsi: 0 },
  { operation: 'setIrqs', device: 'd0', index: 'msix', start: 0, eventfds: ['e0'] },
  { operation: 'raise', device: 'd0', index: 'msix', vector: 0 },
  { operation: 'setIrqs', device: 'd0', index: 'msix', start: 0, eventfds: [null] },
  { operation: 'closeDevice', device: 'd0' },
  { operation: 'destroyVm', vm: 'vm0' },
];

const program = (operations: readonly HostOperation[]): HostProgram => ({
  backEnd: 'vtd-posted',
  devices: [{ id: 'd0', driver: 'vfio-pci', vectors: 2 }],
  operations,
});

/** Ask all questions. @throws {TargetError} when the target cannot go on */
export async function smokeRole(role: JudgedRole, target: SubjectTarget<HostShape>): Promise<readonly SmokeResult[]> {
  // A program that ends in the middle leaves something behind; the next one must not see it.
  const programs = [program(PAIR), program(PAIR.slice(0, -3)), program(PAIR)];
  const outcomes = await target.run(programs);
  const [first, , again] = outcomes.map(({ events }) => events);
  return [
    {
      name: 'it answers every program',
      problem:
        outcomes.find(({ fault }) => fault !== undefined)?.fault ??
        (outcomes.length === programs.length
          ? undefined
          : `${programs.length} programs were run and ${outcomes.length} answered`),
    },
    {
      name: 'every operation is answered, and none ends it',
      problem: outcomes.map(({ events }) => unanswered(events)).find((one) => one !== undefined),
    },
    {
      name: `it plays a ${role}: something of its role is seen`,
      problem: first === undefined || first.some((event) => isOf(role, event)) ? undefined : MISSING[role],
    },
    {
      name: 'a program starts where nothing was done, and the same program gives the same trace',
      problem:
        JSON.stringify(first) === JSON.stringify(again)
          ? undefined
          : 'the first and the last program are the same, and their traces are not: what one program leaves behind must not reach the next',
    },
  ];
}

/** What a role that does nothing at all does not show. */
const MISSING: Readonly<Record<JudgedRole, string>> = {
  host: 'no interrupt was requested and no object registered when user space set up a vector and an irqfd',
  manager: 'no registration came back when a producer and a consumer registered',
  producer: 'no interrupt was requested when user space set a vector',
  observed: 'no object registered when user space set up a vector and an irqfd',
  consumer: 'no interrupt reached the guest when the device sent one to an irqfd that is assigned',
};

function isOf(role: JudgedRole, { type }: HostEvent): boolean {
  if (role === 'producer') return type === 'irqRequested';
  if (role === 'consumer') return type === 'pending' || type === 'delivered';
  return type === 'manager';
}

function unanswered(events: readonly HostEvent[]): string | undefined {
  const died = events.find(({ type }) => type === 'crash' || type === 'hang');
  return died === undefined ? undefined : hostDescription.event(died);
}
