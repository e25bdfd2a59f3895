/** One spelling for one host program: everything that has a name or a free number gets it by first use. */
import type { HostDevice, HostOperation, HostProgram } from '../../spec/host/vocabulary.js';
import { FIRST_WILD_GSI } from '../../spec/host/vocabulary.js';

const NAMES = /^(vm|d|e|gsi|wild|pin)\d+$/;

/** The numbers that mean nothing but which one it is. */
const NUMBERS = ['gsi', 'pin'] as const;

/**
 * The program with its VMs, devices, eventfds, GSIs, pins and (where each is set alone) vectors named by first use, and
 * the devices that are not used left out.
 */
export function renameByFirstUse(program: HostProgram): HostProgram {
  const names = new Map<string, string>();
  const counts: Record<string, number> = {};
  const rename = (value: unknown): unknown => {
    if (typeof value === 'string') return nameOf(value);
    if (Array.isArray(value)) return value.map(rename);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, renumber(key, one) ?? rename(one)]));
  };
  const renumber = (key: string, value: unknown): number | undefined => {
    if (typeof value !== 'number') return undefined;
    const isFree = NUMBERS.some((one) => one === key);
    if (!isFree) return undefined;
    if (key === 'gsi' && value >= FIRST_WILD_GSI)
      return FIRST_WILD_GSI + Number(nameOf(`wild${value}`).slice('wild'.length));
    return Number(nameOf(`${key}${value}`).slice(key.length));
  };
  const nameOf = (name: string): string => {
    const kind = NAMES.exec(name)?.[1];
    if (kind === undefined) return name;
    const known = names.get(name);
    if (known !== undefined) return known;
    const number = counts[kind] ?? 0;
    counts[kind] = number + 1;
    names.set(name, `${kind}${number}`);
    return `${kind}${number}`;
  };
  const operations = withVectorsByFirstUse(program.operations).map((operation) => rename(operation) as HostOperation);
  const devices = program.devices
    .filter(({ id }) => names.has(id))
    .map((device) => rename(device) as HostDevice)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  return { backEnd: program.backEnd, devices, operations };
}

/** Vectors by first use, device by device; as they are where a call names a range, for then their order counts. */
function withVectorsByFirstUse(operations: readonly HostOperation[]): readonly HostOperation[] {
  const isRange = (one: HostOperation) =>
    one.operation === 'triggerIrqs' || (one.operation === 'setIrqs' && one.eventfds.length > 1);
  if (operations.some(isRange)) return operations;
  const numbers = new Map<string, number>();
  const counts = new Map<string, number>();
  const numberOf = (device: string, vector: number): number => {
    const key = `${device} ${vector}`;
    const known = numbers.get(key);
    if (known !== undefined) return known;
    const number = counts.get(device) ?? 0;
    counts.set(device, number + 1);
    numbers.set(key, number);
    return number;
  };
  return operations.map((one) => {
    if (one.operation === 'setIrqs') return { ...one, start: numberOf(one.device, one.start) };
    return 'vector' in one ? { ...one, vector: numberOf(one.device, one.vector) } : one;
  });
}
