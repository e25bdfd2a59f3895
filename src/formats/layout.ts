/** JSON laid out for people and for diffs: whatever fits on a line is on one, so that an event or an operation is. */
import stringify from 'json-stringify-pretty-compact';
import { visible } from '../text/text.js';

/** A value as JSON: two spaces a level, short objects and lists on one line. Ends with a line break. */
export function layOut(value: unknown): string {
  // JSON lets through some characters that would do something to a terminal.
  return `${visible(stringify(value, { maxLength: 120 }))}\n`;
}
