/**
 * The stretches of a recording: what may be judged on its own, one after the other, so that a recording of any size is
 * judged in the memory of one.
 *
 *     where events were lost            what was registered then is not known afterwards
 *     where another recording begins    as it says
 *     where nothing is registered       a stretch that begins there begins as the recording did: from nothing
 *     where a stretch gets too long     what is registered then is withheld in the next one
 */
import type { Address, Placed } from './calls.js';
import type { Entry, FtraceReader, FtraceRecord } from './ftrace.js';

/** Records without a loss between them. */
export interface Stretch {
  readonly records: readonly Placed[];
  /** Whether it is known that nothing was registered when it began. */
  readonly fromNothing: boolean;
}

/** What comes of a recording: a stretch, or that what came from some place on is in doubt. */
export type Piece = Stretch | { readonly doubtFrom: number };

/** A stretch ends at the next moment of rest after so many records; and in any case after so many. */
export interface Lengths {
  readonly restful: number;
  readonly most: number;
}

const LENGTHS: Lengths = { restful: 5_000, most: 20_000 };

/**
 * Cut a recording.
 *
 * @param fromNothing whether it is known that nothing was registered when it began; the recording's word when left out
 * @throws {Impossible} for a line that cannot be true
 */
export function* stretchesOf(
  reader: FtraceReader,
  fromNothing?: boolean,
  lengths: Lengths = LENGTHS,
): Generator<Piece, void, undefined> {
  const cutter = new Cutter(reader, fromNothing, lengths);
  let at = 0;
  for (const entry of reader.entries()) yield* cutter.take(entry, at++);
  yield* cutter.end();
}

class Cutter {
  /** The place of the last entry of each CPU. */
  readonly #lastOn = new Map<number, number>();
  #records: Placed[] = [];
  /** Where the stretch under way begins. */
  #from = 0;
  /** Undefined until its first record: by then the recording has said how it begins. */
  #fromNothing: boolean | undefined;
  #next: boolean | undefined;
  readonly #rest = new Rest();

  constructor(
    readonly reader: FtraceReader,
    readonly told: boolean | undefined,
    readonly lengths: Lengths,
  ) {}

  *take(entry: Entry, at: number): Generator<Piece, void, undefined> {
    if ('fromNothing' in entry) {
      yield* this.#cut(at + 1, this.told ?? entry.fromNothing);
      return;
    }
    if ('lost' in entry) {
      // It lies behind the last event of its CPU.
      const doubtFrom = (this.#lastOn.get(entry.cpu) ?? -1) + 1;
      this.#records = this.#records.filter((record) => record.at < doubtFrom);
      if (doubtFrom < this.#from) yield { doubtFrom };
      yield* this.#cut(at + 1, false);
    }
    this.#lastOn.set(entry.cpu, at);
    if (!('event' in entry)) return;
    this.#fromNothing ??= this.#next ?? this.#begins();
    this.#records.push({ at, record: entry });
    this.#rest.take(entry);
    const { restful, most } = this.lengths;
    if (this.#records.length >= restful && this.#fromNothing && this.#rest.isAtRest()) yield* this.#cut(at + 1, true);
    else if (this.#records.length >= most) yield* this.#cut(at + 1, false);
  }

  *end(): Generator<Piece, void, undefined> {
    yield* this.#cut(0, false);
  }

  #begins(): boolean {
    return (this.told ?? this.reader.facts.begins === 'nothing-registered') && !this.reader.overwritten;
  }

  /** End the stretch under way. */
  *#cut(from: number, nextFromNothing: boolean): Generator<Piece, void, undefined> {
    if (this.#records.length > 0) yield { records: this.#records, fromNothing: this.#fromNothing ?? false };
    this.#records = [];
    this.#from = from;
    this.#fromNothing = undefined;
    this.#next = nextFromNothing;
    this.#rest.begin();
  }
}

/** Follows who is registered, to see when nobody is, and nobody calls. */
class Rest {
  readonly #calling = new Map<number, FtraceRecord>();
  readonly #registered = new Set<Address>();
  #isKnown = true;

  begin(): void {
    this.#calling.clear();
    this.#registered.clear();
    this.#isKnown = true;
  }

  isAtRest(): boolean {
    return this.#isKnown && this.#calling.size === 0 && this.#registered.size === 0;
  }

  take(record: FtraceRecord): void {
    const { event, pid, fields } = record;
    if (event.startsWith('register') || event.startsWith('unregister')) {
      const call = this.#calling.get(pid);
      if (!event.endsWith('Return')) {
        // A call whose end was not seen may have done anything.
        if (call !== undefined) this.#isKnown = false;
        this.#calling.set(pid, record);
        return;
      }
      this.#calling.delete(pid);
      if (call === undefined) this.#isKnown = false;
      else if (call.event.startsWith('un')) this.#registered.delete(call.fields.object ?? '');
      else if (fields.status === '0') this.#registered.add(call.fields.object ?? '');
    }
  }
}
