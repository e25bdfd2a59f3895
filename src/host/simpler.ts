/** Host programs that are simpler than a given one. They come in a fixed order, the boldest cuts first. */
import { backEnds } from '../../spec/host/back-ends.js';
import type { BackEnd, HostOperation, HostProgram, Route } from '../../spec/host/vocabulary.js';
import { FIRST_WILD_GSI } from '../../spec/host/vocabulary.js';
import { spell } from '../subject/spelling.js';
import { renameByFirstUse } from './canonical.js';

const BACK_ENDS = Object.keys(backEnds) as readonly BackEnd[];

/** Simpler programs: fewer operations first, then simpler ones, then the same in a lesser spelling. */
export function* simplerHostPrograms(program: HostProgram): Generator<HostProgram> {
  yield* plainerPrograms(program);
  yield* lesserSpellings(program);
}

/** The same program named by first use, and with neighbours exchanged where that comes earlier in the order of spellings. */
function* lesserSpellings(program: HostProgram): Generator<HostProgram> {
  const { operations } = program;
  const own = spell(program);
  const renamed = renameByFirstUse(program);
  if (spell(renamed) !== own) {
    yield renamed;
    return;
  }
  for (let at = 0; at + 1 < operations.length; at++) {
    const [one, other] = [operations[at], operations[at + 1]];
    if (one === undefined || other === undefined) break;
    const exchanged = renameByFirstUse({ ...program, operations: operations.with(at, other).with(at + 1, one) });
    if (spell(exchanged) < own) yield exchanged;
  }
}

function* plainerPrograms(program: HostProgram): Generator<HostProgram> {
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
  if (operations.some(namesWildGsi)) {
    yield { ...program, operations: operations.map((one) => (namesWildGsi(one) ? { ...one, gsi: 0 } : one)) };
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

function namesWildGsi(operation: HostOperation): boolean {
  return 'gsi' in operation && operation.gsi >= FIRST_WILD_GSI;
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
    case 'triggerIrqs': {
      const { start, vectors } = operation;
      if (typeof vectors !== 'number') yield { ...operation, vectors: vectors.length };
      else if (vectors > 1) {
        yield { ...operation, vectors: vectors - 1 };
        yield { ...operation, start: start + 1, vectors: vectors - 1 };
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
      if (operation.irqchip === 'emulated') yield { operation: 'createVm', vm: operation.vm, vcpus: operation.vcpus };
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
