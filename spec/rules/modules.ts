/** Modules: who may be unloaded when. */
import type { HostCall } from '../host/reading/history.js';
import type { HostRule } from '../host/rule.js';
import { hostOperationText } from '../host/words.js';
import { statusText } from './helpers.js';

const unloads = (call: HostCall, modules: readonly string[]) =>
  call.operation.operation === 'unloadModule' && modules.includes(call.operation.module) && call.outcome === 'returned';

export const modules: readonly HostRule[] = [
  {
    kind: 'host',
    id: 'MOD-1',
    level: 'MUST',
    text: 'The manager MUST NOT be unloaded while a producer or a consumer can call it.',
    intent: 'Whoever calls into a module that has gone calls into nothing.',
    source: 'The RFC of 2015: a module that is loaded by dependency.',
    check: (call) => {
      if (!unloads(call, ['irqbypass'])) return undefined;
      if (call.status === call.dueStatus) return true;
      return `${hostOperationText(call.operation)} returns ${statusText(call.status)}, and must return ${statusText(call.dueStatus)}`;
    },
  },
  {
    kind: 'host',
    id: 'MOD-2',
    level: 'MUST',
    text: 'VFIO and KVM MUST NOT be unloaded while a device or a VM of theirs is open.',
    intent: 'What is registered with the manager is memory of theirs.',
    source: 'The files of both hold a reference to their module.',
    check: (call) => {
      if (!unloads(call, ['vfio', 'kvm'])) return undefined;
      if (call.status === call.dueStatus) return true;
      return `${hostOperationText(call.operation)} returns ${statusText(call.status)}, and must return ${statusText(call.dueStatus)}`;
    },
  },
  {
    kind: 'host',
    id: 'MOD-3',
    level: 'MUST',
    text: 'When a module is unloaded, nothing of it MUST be registered with the manager.',
    intent: 'The lists of the manager would lead into memory that has gone.',
    source: 'The RFC of 2015.',
    check: (call) => {
      if (!unloads(call, ['vfio', 'kvm', 'irqbypass']) || call.status !== 0) return undefined;
      const { operation } = call;
      const module = operation.operation === 'unloadModule' ? operation.module : undefined;
      const first = { vfio: 'p', kvm: 'c', irqbypass: '' }[module ?? 'irqbypass'];
      const left = [...call.after.registered.keys()].find((object) => object.startsWith(first));
      return left === undefined || `${left} is registered after ${hostOperationText(operation)}`;
    },
  },
];
