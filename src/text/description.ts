/** What a subject's programs and traces are in words. Every report format uses these. */
import type { Form } from '../../spec/formats/results.js';
import type { Event } from '../../spec/vocabulary.js';
import type { Row } from './beside.js';

/** The way of an event in a sequence diagram: who says it to whom; over one lifeline, where nobody else hears it. */
export interface Way {
  readonly from: string;
  readonly to: string;
  readonly kind: 'call' | 'return' | 'note';
}

/**
 * The words for programs `P` and traces `T`. These are methods, so that a report of any subject can be told by the words
 * of its own (`describe.ts`).
 */
export interface Description<P, T extends { readonly events: readonly unknown[] }> {
  /** A program: what there is, then its operations, numbered; a line each. */
  program(program: P): readonly string[];
  /** What a finding is about, in words; undefined where its rule says it. */
  title(finding: { readonly key: string; readonly forms: readonly Pick<Form, 'key' | 'behind'>[] }): string | undefined;
  /** One event of a trace. */
  event(event: T['events'][number]): string;
  /** What a program did, line by line, beside what is allowed; the first difference is marked. */
  beside(form: Pick<Form<P, T, T['events'][number]>, 'trace' | 'difference'>): readonly Row[];
  /** Who takes part in what a program does, from left to right. */
  lifelines(program: P): readonly string[];
  /** Who of them says an event to whom. */
  way(event: T['events'][number]): Way;
  /** What the manager saw of an event; undefined where it saw nothing. */
  managerEvent(event: T['events'][number]): Event | undefined;
}
