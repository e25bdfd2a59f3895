/**
 * What the system calls of user space return on a host without a bypass: for each call, the reasons for which it fails, in
 * the order in which they are looked at. The bypass may change nothing of this.
 */
import type { Status } from '../../vocabulary.js';
import type { HostSetting } from '../setting.js';
import type { DeviceId, EventfdId, HostDevice, HostOperation, SetIrqs, UnloadModule } from '../vocabulary.js';
import { countOf, FIRST_WILD_GSI } from '../vocabulary.js';
import type { SetUp } from './set-up.js';

const SUCCESS = 0;
const ENOENT = -2;
const EBADF = -9;
const EAGAIN = -11;
const EBUSY = -16;
const EEXIST = -17;
const ENODEV = -19;
const EINVAL = -22;
const ENOTTY = -25;

/** A status, and whether there is cause for it. */
type Reason = readonly [Status, boolean];

/**
 * What a call has to return, given what is set up; undefined for what a device or a guest does, which returns nothing. It
 * may depend on what it `returned` where two answers are right: see `AssignIrqfd`.
 */
export function dueStatus(
  setting: HostSetting,
  setUp: SetUp,
  operation: HostOperation,
  returned: Status | undefined,
): Status | undefined {
  if (returned === EINVAL && mayBeRefused(setUp, operation)) return EINVAL;
  switch (operation.operation) {
    case 'createEventfd':
      return SUCCESS;
    case 'closeEventfd':
      return firstOf([EBADF, !setUp.eventfds.has(operation.eventfd)]);
    case 'createVm':
      return firstOf([ENODEV, setUp.unloaded.has('kvm')], [EEXIST, setUp.vms.has(operation.vm)]);
    case 'assignIrqfd': {
      const { vm, eventfd, resample } = operation;
      const closed = !setUp.eventfds.has(eventfd) || (resample !== undefined && !setUp.eventfds.has(resample));
      return firstOf([EBADF, !setUp.vms.has(vm) || closed], [EBUSY, setUp.irqfds.has(eventfd)]);
    }
    case 'destroyVm':
    case 'deassignIrqfd':
    case 'setRoutes':
      return firstOf([EBADF, !setUp.vms.has(operation.vm)]);
    case 'openDevice':
      return firstOf([ENODEV, setUp.unloaded.has('vfio')], [EBUSY, setUp.devices.has(operation.device)]);
    case 'closeDevice':
    case 'resetDevice':
      return firstOf([EBADF, !setUp.devices.has(operation.device)]);
    case 'setIrqs':
      return firstOf(
        [EBADF, !setUp.devices.has(operation.device)],
        [EINVAL, !isInRange(setting, operation, operation.eventfds.length)],
        [EINVAL, (setUp.devices.get(operation.device) ?? operation.index) !== operation.index],
        [EBADF, closedAt(setUp, operation.eventfds) !== -1],
      );
    case 'disableIrqs':
      return firstOf(
        [EBADF, !setUp.devices.has(operation.device)],
        [EINVAL, setUp.devices.get(operation.device) !== operation.index],
      );
    case 'setUnmaskEventfd':
      return firstOf(
        [EBADF, !setUp.devices.has(operation.device)],
        [EINVAL, setUp.devices.get(operation.device) !== 'intx'],
        [EBADF, closedAt(setUp, [operation.eventfd]) !== -1],
      );
    case 'triggerIrqs':
      return firstOf(
        [EBADF, !setUp.devices.has(operation.device)],
        [EINVAL, !isInRange(setting, operation, countOf(operation))],
        [EINVAL, setUp.devices.get(operation.device) !== operation.index],
      );
    case 'maskLine':
    case 'unmaskLine':
      return firstOf(
        [EBADF, !setUp.devices.has(operation.device)],
        [EINVAL, setUp.devices.get(operation.device) !== 'intx'],
      );
    case 'setStatus':
      return firstOf(
        [EBADF, !setUp.devices.has(operation.device)],
        [ENOTTY, driverOf(setting, operation.device) !== 'vhost-vdpa'],
      );
    case 'unloadModule':
      return firstOf([ENOENT, setUp.unloaded.has(operation.module)], [EAGAIN, isInUse(setUp, operation)]);
    default:
      return undefined;
  }
}

/** Whether a call names a GSI that no route can: but what was taken all the same can be given back. */
function mayBeRefused({ irqfds }: SetUp, operation: HostOperation): boolean {
  if (operation.operation === 'assignIrqfd') return operation.gsi >= FIRST_WILD_GSI;
  if (operation.operation !== 'deassignIrqfd' || operation.gsi < FIRST_WILD_GSI) return false;
  const { vm, eventfd, gsi } = operation;
  const assigned = irqfds.get(eventfd);
  return assigned?.vm !== vm || assigned.gsi !== gsi;
}

/** The place of the first eventfd that is not open; -1 when all are. */
export function closedAt(setUp: SetUp, eventfds: readonly (EventfdId | null)[]): number {
  return eventfds.findIndex((eventfd) => eventfd !== null && !setUp.eventfds.has(eventfd));
}

function firstOf(...reasons: readonly Reason[]): Status {
  return reasons.find(([, holds]) => holds)?.[0] ?? SUCCESS;
}

/** Whether the device has all of the vectors that a call names; a line is one vector, 0. */
function isInRange(
  setting: HostSetting,
  { device, index, start }: Pick<SetIrqs, 'device' | 'index' | 'start'>,
  count: number,
): boolean {
  const vectors = index === 'intx' ? 1 : vectorsOf(setting, device);
  return count > 0 && start + count <= vectors;
}

function driverOf(setting: HostSetting, device: DeviceId): HostDevice['driver'] | undefined {
  return setting.devices.find(({ id }) => id === device)?.driver;
}

function vectorsOf(setting: HostSetting, device: DeviceId): number {
  return setting.devices.find(({ id }) => id === device)?.vectors ?? 0;
}

/** The manager is in use by the modules that depend on it, VFIO by the devices that are open, KVM by the VMs. */
function isInUse({ unloaded, devices, vms }: SetUp, { module }: UnloadModule): boolean {
  switch (module) {
    case 'irqbypass':
      return !unloaded.has('vfio') || !unloaded.has('kvm');
    case 'vfio':
      return devices.size > 0;
    case 'kvm':
      return vms.size > 0;
  }
}
