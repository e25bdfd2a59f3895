/** Pieces of HTML. Whatever is put into one is escaped, unless it is such a piece itself. */
import { html, type SafeHtml } from '@remix-run/html-template';

export { html };

/** A piece of HTML. */
export type Html = SafeHtml;

/** What may be put into a piece. */
export type Content = Html | string | number | Content[] | undefined;

/** A text that is HTML already: that of a file of ours, or of a writer that escapes. Never one of a target. */
export function trusted(text: string): Html {
  return html.raw`${text}`;
}
