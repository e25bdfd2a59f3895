/**
 * The tokens of a recording by their eventfds: that of `e2` is `t2`, as on the simulated host. The rules about a host find the
 * pair of an irqfd by it.
 *
 * A recording has addresses, and only the call in which something registers tells of which eventfd that is. The address of an
 * eventfd that was closed may come again as another's. A token that is not the one of the eventfd in the call is a
 * stranger's, and is named as such.
 */
import type { EventfdId, HostOperation } from '../../spec/host/vocabulary.js';
import { tokenOf } from '../../spec/host/vocabulary.js';
import type { Token } from '../../spec/vocabulary.js';

/** The first number of a stranger: no program has so many eventfds. */
const STRANGERS = 1000;

/** Names tokens, call by call. */
export class EventfdTokens {
  readonly #eventfds = new Map<Token, EventfdId>();
  readonly #open = new Set<EventfdId>();
  readonly #strangers = new Map<Token, Token>();

  /** User space makes a call, which may open or close an eventfd. */
  operation(call: HostOperation): void {
    if (call.operation === 'closeEventfd') this.#open.delete(call.eventfd);
    if (call.operation !== 'createEventfd') return;
    this.#open.add(call.eventfd);
    for (const [token, eventfd] of this.#eventfds) if (eventfd === call.eventfd) this.#eventfds.delete(token);
  }

  /**
   * The name of the token of a registration.
   * @param token as the recording names it
   * @param due the eventfd under which the call registers; undefined when the call is about none
   */
  name(token: Token, due: EventfdId | undefined): Token {
    if (token === null) return null;
    const known = this.#eventfds.get(token);
    if (known !== undefined && (known === due || this.#open.has(known))) return tokenOf(known);
    if (due === undefined || [...this.#eventfds.values()].includes(due)) return this.#stranger(token);
    this.#eventfds.set(token, due);
    return tokenOf(due);
  }

  #stranger(token: Token): Token {
    const name = this.#strangers.get(token) ?? (`t${STRANGERS + this.#strangers.size}` as const);
    this.#strangers.set(token, name);
    return name;
  }
}
