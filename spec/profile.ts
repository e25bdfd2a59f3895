/**
 * A profile: the choices that an implementation makes where good ones differ. One per known version in
 * `profiles/`, and `core`, which holds what all good ones share.
 *
 * A profile says what its version intends. Where a version's code breaks a rule, that is a finding, kept in the
 * baseline of that version, and not a choice.
 */
import type { CallbackName, OperationName, Status } from './vocabulary.js';

/**
 * The reasons to refuse a registration before anything is connected.
 * - `registered`: the object is registered already.
 * - `null-token`: there is no token.
 * - `missing-callback`: the object lacks a callback that the profile makes mandatory.
 * - `duplicate-token`: another object of the same side holds the token.
 * - `no-memory`: the manager needed memory and had none.
 */
export type Refusal = 'registered' | 'null-token' | 'missing-callback' | 'duplicate-token' | 'no-memory';

/** One reason to refuse and the statuses that it may have. */
export interface RefusalChoice {
  readonly refusal: Refusal;
  readonly statuses: readonly Status[];
  /** True when the implementation may also accept. A null token is then a token like any other. */
  readonly optional?: boolean;
}

/** The names of the profiles. */
export type ProfileName =
  | 'core'
  | 'rfc-2015'
  | 'premerge-2015'
  | 'linux-4.4'
  | 'linux-4.7'
  | 'linux-5.9'
  | 'linux-6.17';

/** The things that a profile may leave undefined. The kit never does them unless asked. */
export type UndefinedInProfile = 'unregister-unregistered' | 'register-registered' | 'missing-callback';

/**
 * How callers hand the token over, by which a caller is built and the code of the kernel is known:
 * - `token-in-object`: the caller writes it into the object that it registers.
 * - `token-as-argument`: it is an argument of the registration, and the object holds what the manager writes there.
 */
export type Generation = 'token-in-object' | 'token-as-argument';

/** The number of a release of Linux: `4.7`. */
export type Release = `${number}.${number}`;

/** Releases of Linux in a row, the first and the last included; up to today where there is no last. */
export interface Releases {
  readonly from: Release;
  readonly to?: Release;
  /** Those in between that are another profile's. */
  readonly less?: { readonly from: Release; readonly to: Release };
}

/** The choices of one version. */
export interface Profile {
  readonly name: ProfileName;
  /** The releases of Linux it stands for; or, in words, which version that was no release. */
  readonly versions: Releases | string;
  /** How its callers hand the token over; absent where any way will do. */
  readonly generation?: Generation;
  /** Its peculiarities, in a sentence or two. */
  readonly summary: string;
  /** The reasons to refuse, in the order in which they are looked at. */
  readonly refusals: readonly RefusalChoice[];
  /** True when that order is part of the profile. If not, any reason that applies may give the status. */
  readonly ordered: boolean;
  /** The callbacks that exist in this version. The kit gives its objects no other. */
  readonly callbacks: {
    readonly producer: readonly CallbackName[];
    readonly consumer: readonly CallbackName[];
  };
  /** The callbacks without which an object is refused (or, where undefined, never made). */
  readonly mandatory: {
    readonly producer: readonly CallbackName[];
    readonly consumer: readonly CallbackName[];
  };
  /** True when addConsumer and addProducer can fail. In rfc-2015 they return nothing. */
  readonly fallible: boolean;
  /** True when addProducer shows the producer's interrupt. */
  readonly showsIrq: boolean;
  /**
   * The callbacks that never overlap: all of the `manager`, which holds one lock while it makes them; or those under one
   * `token`, where each token may have a lock of its own.
   */
  readonly exclusive: 'manager' | 'token';
  /** The operations on which the manager may warn about misuse, when an object is registered already. */
  readonly warnsWhenRegistered: readonly OperationName[];
  /** The things that its version leaves undefined, each with the reason. */
  readonly undefined: Readonly<Partial<Record<UndefinedInProfile, string>>>;
}
