/**
 * The simulated host as a release of Linux has it, where releases differ and all are right: so it can be laid beside a real
 * kernel.
 *
 * What connecting returns where the guest has not mapped the event was seen on 6.1 and 6.12 (the ITS's own code), and on
 * 6.16, 6.17 and 7.3 (accepted, and nothing is mapped). No archive has 6.13 to 6.15.
 */
import { ArmForwarding, NOT_MAPPED_BY_THE_GUEST } from '../../reference/host/back-ends/arm.js';
import { bypasses, Kvm, type Participants } from '../../reference/host/index.js';
import { numberOf } from '../../spec/profiles/releases.js';
import { OK } from '../../spec/vocabulary.js';

/** The first release that was seen to accept what the guest has not mapped. */
const ACCEPTS_FROM = numberOf('6.16') ?? 0;

/** The participants of a release such as `6.12.117+deb12-cloud-arm64`. */
export function participantsOf(release: string): Participants {
  const unmapped = (numberOf(release) ?? Infinity) < ACCEPTS_FROM ? NOT_MAPPED_BY_THE_GUEST : OK;
  return {
    consumer: (environment) =>
      new Kvm(
        environment,
        environment.backEnd === 'arm-forwarding'
          ? () => new ArmForwarding(environment, unmapped)
          : bypasses[environment.backEnd],
      ),
  };
}
