/**
 * The frame of every page: one file that needs no other. Its policy lets nothing in, neither a script nor a style, but the
 * two that stand in it, which it knows by their hashes. So a text that got through all quotes would still do nothing.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../files/root.js';
import { visible } from '../text/text.js';
import { type Content, type Html, html, trusted } from './html.js';

/** What stands in a page. */
export interface Page {
  readonly title: string;
  /** Beside the name of the tool, at the top. */
  readonly top?: Content;
  readonly main: Content;
  readonly foot?: Content;
}

/** The files whose text every page carries. */
const asset = (name: string): string => readFileSync(join(packageRoot, 'src/page', name), 'utf8').trim();

/** A page as a text. */
export function renderPage({ title, top, main, foot }: Page): string {
  const [style, script] = [asset('style.css'), asset('stepping.js')];
  const policy = [
    "default-src 'none'",
    `style-src 'sha256-${hash(style)}'`,
    `script-src 'sha256-${hash(script)}'`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const document = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="data:,">
${element('style', style)}
</head>
<body>
<a class="skip" href="#main">To the content</a>
<header class="top"><div class="wide"><span class="name">irqbypass-spec</span>${top}</div></header>
<main id="main" class="wide">
${main}
</main>
<footer class="wide">${foot}</footer>
${element('script', script)}
</body>
</html>
`;
  // Whatever cannot be seen is shown, wherever it stands.
  return visible(String(document));
}

/** An element whose content is no HTML. */
function element(name: 'style' | 'script', content: string): Html {
  return trusted(`<${name}>${content}</${name}>`);
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}
