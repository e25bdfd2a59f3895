import type { ManagerEnvironment } from '../spec/manager.js';
import type { Profile, Refusal } from '../spec/profile.js';
import type { CallbackName, Role, Status, Token } from '../spec/vocabulary.js';
import { EINVAL, OK } from '../spec/vocabulary.js';
import type { ConsumerRegistration, ProducerRegistration, Registry } from './registry.js';

/** An object as this file sees it: which callbacks it has. */
type Callbacks = Readonly<Partial<Record<CallbackName, unknown>>>;

/**
 * The reasons for which a registration on one side is refused before anything is connected. They are those of a
 * profile, in its order, each with the first of its statuses.
 *
 * If a profile leaves it open whether a null token is refused, the reference refuses it: two callers without an eventfd
 * had better not be paired. (Linux 6.17 accepts it and cannot take it back.)
 */
export class Refusals<R extends ProducerRegistration | ConsumerRegistration> {
  readonly #reasons: readonly { readonly refusal: Refusal; readonly status: Status }[];
  readonly #mandatory: readonly CallbackName[];
  readonly #warns: boolean;

  constructor(
    profile: Profile,
    readonly role: Role,
    readonly registry: Registry<R>,
    readonly environment: ManagerEnvironment,
  ) {
    const reasons = profile.refusals.map(({ refusal, statuses }) => ({ refusal, status: statuses[0] ?? EINVAL }));
    // Undefined in rfc-2015, where the prototype finds the token that the caller has just overwritten, and refuses.
    const known = reasons.some(({ refusal }) => refusal === 'registered');
    this.#reasons = known ? reasons : [{ refusal: 'registered', status: EINVAL }, ...reasons];
    this.#mandatory = profile.mandatory[role];
    this.#warns = profile.warnsWhenRegistered.includes(role === 'producer' ? 'registerProducer' : 'registerConsumer');
  }

  /**
   * The status with which registering `object` under `token` is refused; 0 when nothing stands against it.
   * Memory is asked for last, when a refusal for any other reason is out of the question.
   */
  check(object: R['object'], token: Token): Status {
    for (const { refusal, status } of this.#reasons) {
      if (!this.#applies(refusal, object, token)) continue;
      if (refusal === 'registered' && this.#warns) this.environment.warn(`a registered ${this.role} registers again`);
      return status;
    }
    return OK;
  }

  #applies(refusal: Refusal, object: R['object'], token: Token): boolean {
    switch (refusal) {
      case 'registered':
        return this.registry.of(object) !== undefined;
      case 'null-token':
        return token === null;
      case 'missing-callback':
        return this.#lacksMandatory(object);
      case 'duplicate-token':
        return this.registry.under(token) !== undefined;
      case 'no-memory':
        return !this.environment.allocate();
    }
  }

  #lacksMandatory(object: Callbacks): boolean {
    for (const callback of this.#mandatory) {
      if (object[callback] === undefined) return true;
    }
    return false;
  }
}
