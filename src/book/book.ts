/**
 * The spec as a book: pages that link to one another, each whole in itself, and a man page. All of it is made from the
 * spec, so that it cannot say anything else.
 */
import type { HostChapter } from '../../spec/host/rule.js';
import type { Chapter } from '../../spec/rule.js';
import { hostRules } from '../../spec/rules/host.js';
import { rules } from '../../spec/rules/index.js';
import { hashOfRules } from '../engine/rules-hash.js';
import { type Content, type Html, html } from '../page/html.js';
import { renderPage } from '../page/page.js';
import { counted } from '../text/text.js';
import { killsByRule } from './kills.js';
import { chapterPage } from './links.js';
import { manPage } from './man.js';
import { prose } from './prose.js';
import { type AnyRule, chapterContent } from './rules-page.js';
import { statesContent } from './states-page.js';
import { profilesContent, undefinedContent } from './tables.js';
import { tourContent } from './tour-page.js';

/** What each chapter is about, in a line. */
const CHAPTERS: Readonly<Record<Chapter | HostChapter, string>> = {
  tokens: 'when a token is taken, and when it is free again',
  pairing: 'who is connected to whom, and for how long',
  callbacks: 'which callbacks are made, on whom, in which order, with what',
  failure: 'what follows when connecting fails or memory runs out',
  balance: 'a stop has its start, an add has its del',
  order: 'neither side has to come first',
  lifetime: 'from when to when the manager knows an object',
  isolation: 'one token is no business of another',
  concurrency: 'what holds for several callers at once',
  producer: 'what VFIO owes the manager',
  consumer: 'what KVM owes the manager',
  delivery: 'what the guest is owed',
  modules: 'what may come and go',
  safety: 'what a host owes itself, whatever user space asks of it',
};

interface Sheet {
  readonly file: string;
  readonly title: string;
  /** What it holds, in a line. */
  readonly about: string;
  readonly content: () => Content;
}

/** The name of the man page. */
export const MAN_PAGE = 'irqbypass-spec.7';

/**
 * All files of the book, by name.
 *
 * @param date the date of the man page, such as `2026-05-01`
 */
export function makeBook(date: string): ReadonlyMap<string, string> {
  const kills = killsByRule();
  const all: readonly AnyRule[] = [...rules, ...hostRules];
  const chapters = Object.entries(CHAPTERS).map(([chapter, about]): Sheet => {
    const own = all.filter((rule) => rule.chapter === chapter);
    return {
      file: chapterPage(chapter),
      title: `${chapter.charAt(0).toUpperCase()}${chapter.slice(1)}`,
      about: `${about}; ${counted(own.length, 'rule')}`,
      content: () => chapterContent(own, kills),
    };
  });
  const before: readonly Sheet[] = [
    {
      file: 'tour.html',
      title: 'The story',
      about: 'what all this is about, as sequence diagrams',
      content: tourContent,
    },
    {
      file: 'reading.html',
      title: 'How to read the spec',
      about: "the kernel's names beside ours, how a rule is read, the known bugs, the scenarios",
      content: () => prose('spec/README.md'),
    },
  ];
  const after: readonly Sheet[] = [
    {
      file: 'profiles.html',
      title: 'Profiles',
      about: 'what each version chose, side by side',
      content: profilesContent,
    },
    { file: 'states.html', title: 'States', about: 'the model as a picture', content: statesContent },
    {
      file: 'undefined.html',
      title: 'Undefined behaviour',
      about: 'what no rule speaks of, and why; where each known behaviour went',
      content: undefinedContent,
    },
    {
      file: 'protocol.html',
      title: 'The protocol',
      about: 'what a target in any language reads and writes',
      content: () => prose('spec/protocol.md'),
    },
  ];
  const sheets = [...before, ...chapters, ...after];
  return new Map([
    ['index.html', contents(before, chapters, after)],
    ...sheets.map((sheet, at) => [sheet.file, sheetPage(sheet, sheets[at - 1], sheets[at + 1])] as const),
    [MAN_PAGE, manPage(all, CHAPTERS, date)],
  ]);
}

const top = html`<nav class="book-top" aria-label="Book"><a href="index.html">Contents</a> <a href="tour.html">Story</a> <a href="reading.html">Reading</a> <a href="rules-tokens.html">Rules</a> <a href="profiles.html">Profiles</a> <a href="states.html">States</a> <a href="protocol.html">Protocol</a></nav>`;

const foot = html`<p class="quiet">Rules ${hashOfRules(rules)}. Made from the spec by <code>irqbypass-spec book</code>.</p>`;

function contents(before: readonly Sheet[], chapters: readonly Sheet[], after: readonly Sheet[]): string {
  const list = (sheets: readonly Sheet[]): Html =>
    html`<ul class="toc">${sheets.map(({ file, title, about }) => html`<li><a href="${file}">${title}</a> <span class="quiet">${about}</span></li>`)}</ul>`;
  return renderPage({
    title: 'The IRQ bypass manager: a specification',
    top,
    main: html`<div class="lead"><h1>The IRQ bypass manager</h1>
<p class="answer">A specification</p>
<p>The manager pairs interrupt producers (VFIO) with interrupt consumers (KVM) by a shared token, so that a device's interrupt reaches a guest without the host. Neither side knows the other; user space sets both up, in any order, and changes nothing to gain the shortcut. It lives in Linux as <code>virt/lib/irqbypass.c</code>.</p></div>
<h2 id="begin">To begin with</h2>${list(before)}
<h2 id="rules">The rules</h2>${list(chapters)}
<h2 id="rest">To look things up</h2>${list(after)}`,
    foot,
  });
}

function sheetPage({ title, about, content }: Sheet, before: Sheet | undefined, after: Sheet | undefined): string {
  const step = (sheet: Sheet | undefined, words: string, rel: string): Content =>
    sheet === undefined ? html`<span></span>` : html`<a href="${sheet.file}" rel="${rel}">${words} ${sheet.title}</a>`;
  const made = content();
  // A page made of Markdown brings its own title.
  const lead = String(made).trimStart().startsWith('<h1') ? '' : html`<h1>${title}</h1><p class="quiet">${about}</p>`;
  return renderPage({
    title: `${title}: the IRQ bypass manager`,
    top,
    main: html`<article class="prose"><div class="lead">${lead}</div>${made}</article>
<nav class="steps" aria-label="Pages">${step(before, '←', 'prev')}${step(after, '→', 'next')}</nav>`,
    foot,
  });
}
