/**
 * Some behaviour of callers, and some inner state of managers, is deliberately undefined: no rule speaks of it. The kit
 * does none of it unless asked (`--undefined`), and never charges an implementation for what follows.
 */

/** One thing left undefined. */
export interface Undefined {
  readonly id: string;
  readonly what: string;
  readonly reason: string;
}

export const undefinedBehaviour: readonly Undefined[] = [
  {
    id: 'reentry',
    what: 'Calling an operation from inside a callback.',
    reason:
      'Every version holds one lock that is not recursive across all callbacks, so the call waits for itself. A manager that can do it is not wrong, and nobody may rely on it.',
  },
  {
    id: 'object-memory',
    what: 'Writing into an object while the manager knows it: overwriting its token, wiping it, freeing it.',
    reason:
      'Up to Linux 6.16 the key lies in the object; since 6.17 only the memory does. What follows (a lost entry, a stale one, a crash) is the work of the caller (vhost-vdpa, bug 211711).',
  },
  {
    id: 'token-by-hand',
    what: 'Unregistering an object that was never registered, but whose token field the caller has set by hand.',
    reason:
      'A special case of the above: nothing, a warning, or a broken list, by version. Not to be told from a registration by any caller.',
  },
  {
    id: 'token-lifetime',
    what: 'Letting go of a token (the last reference to its eventfd) while an object is registered under it.',
    reason:
      "The callers' duty in every version: KVM and VFIO hold a reference from before they register until after they unregister. The manager cannot see that an address is used anew.",
  },
  {
    id: 'same-object-races',
    what: 'Registering and unregistering one object from several lanes at the same time.',
    reason:
      'Since Linux 6.17 the first checks and the write of the interrupt come before the lock: the caller must serialise calls on one object.',
  },
  {
    id: 'inner-fields',
    what: "What an object's inner fields (its token, its partner) hold while callbacks run.",
    reason:
      "Since Linux 6.17 the newcomer's token is unset and neither partner is, until connecting is over; both are set throughout disconnecting; before, the fields were the caller's. A callback must use what it is passed.",
  },
  {
    id: 'irq-after-refusal',
    what: "What a producer's irq field holds after its registration was refused as a duplicate.",
    reason: 'Linux 6.17 has written it by then, though not when the object is registered already; nobody reads it.',
  },
  {
    id: 'module-going-away',
    what: 'Calling an operation while the manager is being unloaded.',
    reason:
      '-ENODEV up to Linux 6.16; the check was removed as useless in 6.17, since whoever calls holds the manager loaded.',
  },
  {
    id: 'might-sleep',
    what: 'Calling an operation in a context that must not sleep.',
    reason: 'Asserted up to Linux 6.16 on most paths, implied by the lock since. No trace shows the context of a call.',
  },
  {
    id: 'misaligned-object',
    what: 'Registering an object at an address that is not a multiple of four, or that an index reserves.',
    reason:
      'Since Linux 6.17 the index warns and refuses with -EINVAL. No compiler places a structure of pointers there.',
  },
  {
    id: 'liveness',
    what: 'How long an operation may take while callbacks of others run.',
    reason:
      'One lock for all, held across every callback, and no timeout in any version: as long as the slowest callback.',
  },
];
