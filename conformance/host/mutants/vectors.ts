/** How a mutant of a producer is made: VFIO as it should be, but for its vectors. */

import { Vfio } from '../../../reference/host/vfio.js';
import { IntxVector } from '../../../reference/host/vfio-intx.js';
import { Vector } from '../../../reference/host/vfio-msi.js';
import { backEnds } from '../../../spec/host/back-ends.js';
import type { ProducerEnvironment, ProducerFactory } from '../../../spec/host/roles.js';
import type { DeviceId, IrqIndex } from '../../../spec/host/vocabulary.js';

type MsiClass = new (environment: ProducerEnvironment, device: DeviceId, index: IrqIndex, number: number) => Vector;
type IntxClass = new (environment: ProducerEnvironment, device: DeviceId, registers: boolean) => IntxVector;

/** VFIO with other vectors for messages, or for lines. */
export function withVectors({
  msi = Vector,
  intx = IntxVector,
}: {
  readonly msi?: MsiClass;
  readonly intx?: IntxClass;
}): ProducerFactory {
  return (environment) =>
    new (class extends Vfio {
      protected override makeVector(device: DeviceId, index: IrqIndex, number: number): Vector {
        if (index !== 'intx') return new msi(environment, device, index, number);
        return new intx(environment, device, backEnds[environment.backEnd].forwardsLines);
      }
    })(environment);
}
