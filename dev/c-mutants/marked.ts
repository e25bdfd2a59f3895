/**
 * A target that tells whether a mutant's changed place was run. The place logs a mark, which is taken out of the trace
 * before anything is judged.
 *
 * A kernel's warning quotes the condition that it warns of. That is text of the source, which is no part of this project
 * and must not get into what is written, so it is taken out too.
 */
import type { Event, Program } from '../../spec/vocabulary.js';
import type { Outcome, Target } from '../../src/targets/target.js';

export const TEXT = 'the changed place is run';

/** The mark, as C: logs, once a program. */
export const MARK = `pr_info_once("${TEXT}")`;

/** The target of a marked program, without its marks. */
export class MarkedTarget implements Target {
  /** Whether the changed place was run in any program so far. */
  reached = false;

  constructor(readonly inner: Target) {}

  get address(): string {
    return this.inner.address;
  }

  get hello(): Target['hello'] {
    return this.inner.hello;
  }

  async run(programs: readonly Program[]): Promise<readonly Outcome[]> {
    return (await this.inner.run(programs)).map((outcome) => {
      const events = outcome.events.filter((event) => event.type !== 'log' || event.text !== TEXT);
      if (events.length < outcome.events.length) this.reached = true;
      return { ...outcome, events: events.map(withoutQuote) };
    });
  }

  close(): Promise<void> {
    return this.inner.close();
  }
}

function withoutQuote(event: Event): Event {
  return event.type === 'log' ? { ...event, text: event.text.replace(/\(.*\) in /, ' in ') } : event;
}
