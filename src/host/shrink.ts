/** Make a failing host program as small as it can be: fewer operations first, then simpler ones, then one spelling. */
import { backEnds } from '../../spec/host/back-ends.js';
import type { BackEnd, HostOperation, HostProgram, Route } from '../../spec/host/vocabulary.js';
import { renameByFirstUse } from './canonical.js';

/** Whether a program still fails in the way that is looked for. */
export type StillFails = (program: HostProgram) => Promise<boolean>;

/** How many programs are tried in all before what was reached is taken as it is. */
const MOST_ASKED = 5_000;

/**
 * Shrink a program that fails. Each round goes on from the first simpler program that still fails, so it ends, and it
 * ends the same for every run.
 */
export async function shrinkHost(program: HostProgram, stillFails: StillFails): Promise<HostProgram> {
  const asked = new Set<string>();
  let best = program;
  for (let found = true; found && asked.size < MOST_ASKED; ) {
    found = false;
    for (const candidate of simpler(best)) {
      const key = JSON.stringify(candidate);
      if (asked.has(key)) continue;
      asked.add(key);
      if (!(await stillFails(candidate))) continue;
      best = candidate;
      found = true;
      break;
    }
  }
  return leastSpelling(best, stillFails);
}

/** The same program named by first use, with neighbours exchanged as long as that comes earlier in the order of spellings. */
async function leastSpelling(program: HostProgram, stillFails: StillFails): Promise<HostProgram> {
  const renamed = renameByFirstUse(program);
  let best = (await stillFails(renamed)) ? renamed : program;
  for (let found = true; found; ) {
    found = false;
    for (let at = 0; at + 1 < best.operations.length; at++) {
      const { operations } = best;
      const [one, other] = [operations[at], operations[at + 1]];
      if (one === undefined || other === undefined) break;
      const exchanged = renameByFirstUse({ ...best, operations: operations.with(at, other).with(at + 1, one) });
      if (JSON.stringify(exchanged) >= JSON.stringify(best) || !(await stillFails(exchanged))) continue;
      best = exchanged;
      found = true;
    }
  }
  return best;
}

const BACK_ENDS = Object.keys(backEnds) as readonly BackEnd[];

function* simpler(program: HostProgram): Generator<HostProgram> {
  const { operations } = program;
  for (let size = operations.length >> 1; size >= 1; size >>= 1) {
    for (let from = operations.length - size; from >= 0; from -= size) {
      yield { ...program, operations: operations.toSpliced(from, size) };
    }
  }
  for (let a = 0; a < operations.length && operations.length <= 14; a++) {
    for (let b = a + 1; b < operations.length; b++) {
      yield { ...program, operations: operations.filter((_, at) => at !== a && at !== b) };
    }
  }
  if (operations.some((operation) => 'index' in operation && operation.index === 'msi')) {
    const msix = operations.map((one) => ('index' in one && one.index === 'msi' ? { ...one, index: 'msix' } : one));
    yield { ...program, operations: msix as readonly HostOperation[] };
  }
  for (const [at, operation] of operations.entries()) {
    for (const plain of simplerOperations(operation)) yield { ...program, operations: operations.with(at, plain) };
  }
  for (const backEnd of BACK_ENDS.slice(0, BACK_ENDS.indexOf(program.backEnd))) yield { ...program, backEnd };
  for (const [at, device] of program.devices.entries()) {
    if (device.vectors > 1) {
      yield { ...program, devices: program.devices.with(at, { ...device, vectors: device.vectors - 1 }) };
    }
    if (device.driver !== 'vfio-pci') {
      yield { ...program, devices: program.devices.with(at, { ...device, driver: 'vfio-pci' }) };
    }
  }
}

function* simplerOperations(operation: HostOperation): Generator<HostOperation> {
  switch (operation.operation) {
    case 'setIrqs': {
      const { eventfds } = operation;
      for (const [at, eventfd] of eventfds.entries()) {
        if (eventfd !== null) yield { ...operation, eventfds: eventfds.with(at, null) };
      }
      if (eventfds.length > 1) {
        yield { ...operation, start: operation.start + 1, eventfds: eventfds.slice(1) };
        yield { ...operation, eventfds: eventfds.slice(0, -1) };
      }
      break;
    }
    case 'setRoutes':
      for (const at of operation.routes.keys()) yield { ...operation, routes: operation.routes.toSpliced(at, 1) };
      for (const [at, route] of operation.routes.entries()) {
        for (const plain of simplerRoutes(route)) yield { ...operation, routes: operation.routes.with(at, plain) };
      }
      break;
    case 'assignIrqfd': {
      const { resample, ...edge } = operation;
      if (resample !== undefined) yield edge;
      break;
    }
    case 'closeDevice':
    case 'disableIrqs':
    case 'resetDevice':
      // Letting go of one vector is plainer than letting go of all.
      for (const start of [0, 1, 2]) {
        yield { operation: 'setIrqs', device: operation.device, index: 'msix', start, eventfds: [null] };
      }
      break;
    case 'createVm':
      if (operation.vcpus > 1) yield { ...operation, vcpus: operation.vcpus - 1 };
      break;
    default:
      break;
  }
}

function* simplerRoutes(route: Route): Generator<Route> {
  if (route.type !== 'msi') return;
  if (route.delivery !== 'fixed') yield { ...route, delivery: 'fixed' };
  if (route.vcpus.length > 1) yield { ...route, vcpus: route.vcpus.slice(0, 1) };
  if (route.vector > 48) yield { ...route, vector: 48 };
}
