/** A Markdown page of the project as a page of the book: its links lead to the book's own pages, or nowhere. */
import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { Marked } from 'marked';
import { packageRoot } from '../files/root.js';
import { type Html, trusted } from '../page/html.js';
import { chapterPage, ruleAddress } from './links.js';

/** The pages of the book by the files that they are made of. */
const PAGES: Readonly<Record<string, string>> = {
  'spec/README.md': 'reading.html',
  'spec/protocol.md': 'protocol.html',
  'spec/undefined.ts': 'undefined.html',
  'spec/ledger.ts': 'undefined.html',
  'spec/profiles': 'profiles.html',
  'spec/profile.ts': 'profiles.html',
  'spec/profiles/core.ts': 'profiles.html',
  'spec/model.ts': 'states.html',
};

/** Where a link of a Markdown page leads in the book; undefined where the book has no such page. */
function addressOf(href: string, page: string): string | undefined {
  if (/^[a-z]+:/.test(href)) return undefined;
  const [path = '', fragment] = href.split('#');
  const tail = fragment === undefined ? '' : `#${fragment}`;
  if (path === '') return tail;
  const file = normalize(join(dirname(page), path)).replace(/\/$/, '');
  const chapter = /^spec\/rules\/(\w+)\.ts$/.exec(file)?.[1];
  if (chapter !== undefined && CHAPTERS.has(chapter)) return chapterPage(chapter);
  const known = PAGES[file];
  return known === undefined ? undefined : `${known}${tail}`;
}

const CHAPTERS: ReadonlySet<string> = new Set([
  ...['tokens', 'pairing', 'callbacks', 'failure', 'balance', 'order', 'lifetime', 'isolation', 'concurrency'],
  ...['producer', 'consumer', 'delivery', 'modules'],
]);

/** The name of a heading, as GitHub makes it of its text. */
function slug(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/<[^>]*>|[^\p{L}\p{N}\s-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-');
}

/** The content of a Markdown page. Its text is ours, so it is taken as it is. */
export function prose(page: string): Html {
  const marked = new Marked({
    renderer: {
      heading({ tokens, depth, text: raw }) {
        const text = this.parser.parseInline(tokens);
        return `<h${depth} id="${slug(raw)}">${text}</h${depth}>\n`;
      },
      link({ href, tokens }) {
        const text = this.parser.parseInline(tokens);
        const address = addressOf(href, page);
        return address === undefined ? text : `<a href="${address}">${text}</a>`;
      },
      table(token) {
        const row = (cells: typeof token.header, name: 'th' | 'td') =>
          `<tr>${cells.map((cell) => `<${name}>${this.parser.parseInline(cell.tokens)}</${name}>`).join('')}</tr>`;
        const head = token.header.every(({ text }) => text === '')
          ? ''
          : `<thead>${row(token.header, 'th').replaceAll('<th></th>', '<td></td>').replaceAll('<th>', '<th scope="col">')}</thead>`;
        const body = token.rows.map((cells) =>
          row(cells, 'td').replace(/^<tr><td>(B\d+)<\/td>/, '<tr id="$1"><td>$1</td>'),
        );
        return `<div class="scroll" tabindex="0" role="group" aria-label="table"><table>${head}<tbody>${body.join('')}</tbody></table></div>\n`;
      },
      code({ text }) {
        return `<pre tabindex="0">${escaped(text)}</pre>\n`;
      },
    },
  });
  const text = readFileSync(join(packageRoot, page), 'utf8');
  const made = marked.parse(text, { async: false });
  return trusted(
    made.replaceAll(/(?<![\w#">/-])([A-Z]{2,}-\d+)\b(?![^<]*<\/(?:a|pre|code)>)/g, (id) => {
      const address = ruleAddress(id);
      return address === undefined ? id : `<a class="rule" href="${address}">${id}</a>`;
    }),
  );
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
