/**
 * What a program did as a sequence diagram, beside what is allowed: a row an event, drawn in two pictures and told in one
 * sentence. Everything across is measured in parts of the width, so that a diagram fits a phone as it fits a desk.
 *
 *     caller    manager     p0        c0   │   caller    manager     p0        c0
 *        ├─────────>│        │         │   │      ├─────────>│        │         │
 *        │          ├────────────────>│   │      │          ├───────>│         │    <- the first difference
 */
import type { Event } from '../../spec/vocabulary.js';
import type { Row } from '../text/beside.js';
import type { Way } from '../text/description.js';
import { harmless } from '../text/text.js';
import { type Content, type Html, html } from './html.js';
import { type Standing, standings } from './standing.js';

/** What is drawn. */
export interface Sequence {
  /** Who takes part, from left to right. */
  readonly lifelines: readonly string[];
  readonly events: readonly unknown[];
  readonly rows: readonly Row[];
  readonly way: (event: unknown) => Way;
  readonly managerEvent: (event: unknown) => Event | undefined;
  /** A name that no other figure of the page has. */
  readonly id: string;
}

/** An event as it is drawn. */
type Arrow = Way & { readonly text: string };

/** The rows that are drawn of a long trace from before its first difference, and after it. */
const BEFORE = 40;
const AFTER = 40;

const HEIGHT = 30;
const LINE = 21;

/** More lifelines than this are no picture: then those near the first difference are drawn, and one for all others. */
const MOST_LIFELINES = 9;
const NEAR = 12;
const OTHERS = 'others';

/** The figure, with what it takes to step through it. */
export function sequenceFigure(whole: Sequence): Html {
  const sequence = { ...whole, lifelines: nearest(whole) };
  const { lifelines, rows, id } = sequence;
  const after = standings(
    sequence.events.map((event) => sequence.managerEvent(event)),
    lifelines,
    (object) => !lifelines.includes(OTHERS) || lifelines.includes(object),
  );
  const marked = rows.findIndex((row) => row.marked);
  const from = Math.max(0, marked - BEFORE);
  const to = marked === -1 ? BEFORE + AFTER : marked + AFTER;
  const shown = rows.slice(from, to);
  const left = [
    from === 0 ? '' : `${from} rows before are left out.`,
    to >= rows.length ? '' : `${rows.length - to} rows after are left out.`,
  ];
  const compared = marked !== -1;
  return html`<figure class="sequence${compared ? ' compared' : ''}" data-at="${marked === -1 ? shown.length - 1 : marked - from}">
<div class="scroll need-${roomFor(sequence, shown)}" tabindex="0" role="group" aria-label="What happened${compared ? ', beside what is allowed' : ''}">
<div class="columns" aria-hidden="true"><span></span><h4>What happened</h4>${compared ? html`<h4>What is allowed</h4>` : ''}</div>
<div class="columns heads" aria-hidden="true"><span></span>${heads(lifelines)}${compared ? heads(lifelines) : ''}</div>
<ol>
${shown.map((row, at) => rowItem(row, from + at, sequence, after, compared, marked))}
</ol></div>
${left.filter((text) => text !== '').map((text) => html`<p class="quiet">${text}</p>`)}
<div class="stepper" id="${id}" hidden>
<div class="buttons" role="group" aria-label="Step through the events">
<button type="button" data-go="first">First</button>
<button type="button" data-go="back"><span aria-hidden="true">←</span> Back</button>
<button type="button" data-go="on">Next <span aria-hidden="true">→</span></button>
${compared ? html`<button type="button" data-go="difference">First difference</button>` : ''}
<span class="where" aria-live="polite"></span>
</div>
<table><caption>Who is registered and paired after it</caption>
<thead><tr><th scope="col">object</th><th scope="col">registered under</th><th scope="col">paired with</th><th scope="col">by its callbacks</th></tr></thead>
<tbody></tbody></table>
</div>
</figure>`;
}

/** The lifelines that are drawn. */
function nearest({ lifelines, rows, events, way, managerEvent }: Sequence): readonly string[] {
  if (lifelines.length <= MOST_LIFELINES) return lifelines;
  const marked = Math.max(
    0,
    rows.findIndex((row) => row.marked),
  );
  // What is nearest comes first, and there is room for so many.
  const around = rows.slice(Math.max(0, marked - NEAR), marked + 2).reverse();
  const named = around
    .flatMap((row) => [events[row.from], row.due])
    .filter((event) => event !== undefined)
    .flatMap((event) => {
      const seen = managerEvent(event);
      return [way(event).from, way(event).to, ...(seen !== undefined && 'object' in seen ? [seen.object] : [])];
    });
  const kept = new Set([...new Set(['caller', 'manager', ...named])].slice(0, MOST_LIFELINES - 1));
  return [...lifelines.filter((name) => kept.has(name)), OTHERS];
}

/** The names of the lifelines. */
function heads(lifelines: readonly string[]): Html {
  return html`<svg class="row" height="26" width="100%">${lifelines.map(
    (name, at) =>
      html`<text class="head" x="${centre(at, lifelines.length)}" y="17" text-anchor="middle">${harmless(name)}</text>`,
  )}</svg>`;
}

function rowItem(
  row: Row,
  at: number,
  sequence: Sequence,
  after: readonly (readonly Standing[])[],
  compared: boolean,
  marked: number,
): Html {
  const { lifelines, events } = sequence;
  const event = events[row.from];
  const seen = row.happened.trim() === '' ? undefined : drawn(row.happened, event, row, sequence);
  // Up to the first difference, what is allowed is what happened; after its operation, nothing is said.
  const same = compared && at < marked;
  const due = same ? seen : row.allowed === undefined ? undefined : drawn(row.allowed, row.due, row, sequence);
  const state = JSON.stringify(after[Math.min(row.to, events.length) - 1] ?? []);
  const classes = ['step', row.marked ? 'marked' : '', row.number === undefined ? '' : 'call'].filter(
    (one) => one !== '',
  );
  return html`<li class="${classes.join(' ')}" data-standing="${state}"><span class="sr">${told(row)}</span><span class="number" aria-hidden="true">${row.number ?? (row.marked ? '≠' : '')}</span>${picture(seen, lifelines, 'seen')}${compared ? picture(due, lifelines, same ? 'due same' : 'due') : ''}</li>`;
}

/** One row in words. */
function told({ number, happened, allowed, marked }: Row): string {
  const what = harmless(happened.trim());
  const words = what === '' ? '' : `${number === undefined ? '' : `Operation ${number}: `}${what}.`;
  const due = allowed === undefined ? '' : ` Allowed: ${harmless(allowed.trim())}.`;
  return `${marked ? 'The first difference. ' : ''}${words}${due}`;
}

function drawn(text: string, event: unknown, row: Row, { lifelines, way }: Sequence): Arrow {
  const words = harmless(text.trim());
  if (event === undefined) return { from: 'manager', to: 'manager', kind: 'note', text: words };
  const { from, to, kind } = way(event);
  // The lifelines say in which lane it is, that it is the manager's, and whose callback it is.
  const said = words.replace(/^\[\d+\] +|^manager: /, '');
  const isNamed = to !== 'manager' && lifelines.includes(to);
  const short = isNamed && said.startsWith(`${to}.`) ? said.slice(to.length + 1) : said;
  return { from, to, kind, text: row.marked ? said : short };
}

function picture(arrow: Arrow | undefined, lifelines: readonly string[], name: string): Html {
  const count = lifelines.length;
  const lines = lifelines.map((_, at) => {
    const x = centre(at, count);
    return html`<line class="life" x1="${x}" x2="${x}" y1="0" y2="${HEIGHT}"/>`;
  });
  return html`<svg class="row ${name}" height="${HEIGHT}" width="100%" aria-hidden="true">${lines}${arrow === undefined ? '' : arrowOf(arrow, lifelines)}${name === 'due' && arrow !== undefined ? html`<text class="label small" x="100%" y="19" text-anchor="end">allowed</text>` : ''}</svg>`;
}

function arrowOf(arrow: Arrow, lifelines: readonly string[]): Content {
  const count = lifelines.length;
  const { from, to, kind, text } = arrow;
  const [start, end] = [placeOf(from, lifelines), placeOf(to, lifelines)];
  const { at, anchor } = labelPlace(arrow, lifelines);
  const x = centre(at, count);
  if (start === end || kind === 'note') {
    return html`<circle class="dot" cx="${x}" cy="15" r="3"/><text class="label" x="${x}" dx="${anchor === 'end' ? -9 : 9}" y="19" text-anchor="${anchor}">${text}</text>`;
  }
  return html`<line class="arrow ${kind}" x1="${centre(start, count)}" x2="${centre(end, count)}" y1="${LINE}" y2="${LINE}" marker-end="url(#head)"/><text class="label" x="${x}" dx="${anchor === 'end' ? -12 : 9}" y="14" text-anchor="${anchor}">${text}</text>`;
}

function placeOf(name: string, lifelines: readonly string[]): number {
  const place = lifelines.indexOf(name);
  return place === -1 ? Math.max(0, lifelines.indexOf(OTHERS)) : place;
}

/**
 * The lifeline at which a text stands, and whether it begins or ends there. It begins at the left end of its arrow, unless
 * only what lies to its left has room for it.
 */
function labelPlace(
  { from, to, kind }: Arrow,
  lifelines: readonly string[],
): { readonly at: number; readonly anchor: 'start' | 'end' } {
  const middle = (lifelines.length - 1) / 2;
  const [start, end] = [placeOf(from, lifelines), placeOf(to, lifelines)];
  const [left, right] = [Math.min(start, end), Math.max(start, end)];
  if (start === end || kind === 'note') return { at: start, anchor: start > middle ? 'end' : 'start' };
  const isTight = left > middle || (left > 0 && right === lifelines.length - 1);
  return isTight ? { at: right, anchor: 'end' } : { at: left, anchor: 'start' };
}

/** The widths, in rem, that a picture can ask for; `style.css` has a class for each. */
const ROOMS = [20, 22, 24, 26, 28, 30, 32, 34, 36, 40, 44, 48, 60] as const;
/** The width of a letter, and what stands between a text and its lifeline, in rem. */
const [LETTER, GAP] = [0.433, 0.9];

/** The room that the texts of a picture need; where there is less, it scrolls. */
function roomFor(sequence: Sequence, rows: readonly Row[]): number {
  const { lifelines, events } = sequence;
  const needed = rows.flatMap((row) =>
    [drawn(row.happened, events[row.from], row, sequence), drawn(row.allowed ?? '', row.due, row, sequence)].map(
      (arrow) => {
        const { at, anchor } = labelPlace(arrow, lifelines);
        const share = shareOf(at, lifelines.length) / 100;
        return (arrow.text.length * LETTER + GAP) / (anchor === 'start' ? 1 - share : share);
      },
    ),
  );
  const most = Math.max(0, ...needed);
  // On any screen there is this much.
  if (most <= 19) return 0;
  return ROOMS.find((room) => room >= most) ?? 60;
}

/** The middle of a lifeline, in hundredths of the width. The outer ones stand near the edges: texts go inwards. */
function shareOf(at: number, count: number): number {
  return count === 1 ? 50 : Math.round((6 + (88 * at) / (count - 1)) * 100) / 100;
}

function centre(at: number, count: number): string {
  return `${shareOf(at, count)}%`;
}

/** The head of an arrow, once a page. */
export const arrowHead: Html = html`<svg class="defs" width="0" height="0" aria-hidden="true"><defs><marker id="head" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="8" markerHeight="8" orient="auto-start-reverse"><path d="M0,0.6 L7.5,4 L0,7.4" fill="none" stroke="context-stroke" stroke-width="1.3"/></marker></defs></svg>`;
