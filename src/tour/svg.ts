/** A sequence diagram as SVG: it needs nothing to be looked at but a browser. */
import { create } from 'xmlbuilder2';
import { wrap } from '../text/text.js';
import { type Item, LIFELINES, type Lifeline } from './sequence.js';

const COLUMN = 210;
const LEFT = 120;
const ROW = 34;
const WIDTH = LEFT + COLUMN * LIFELINES.length;

const centre = (lifeline: Lifeline) => LEFT + COLUMN * LIFELINES.indexOf(lifeline) + COLUMN / 2;

type Element = ReturnType<ReturnType<typeof create>['ele']>;

/** The picture of one scenario. */
export function drawSvg(title: string, items: readonly Item[]): string {
  const height = 60 + items.reduce((sum, item) => sum + heightOf(item), 0);
  const root = create({ version: '1.0', encoding: 'UTF-8' }).ele('http://www.w3.org/2000/svg', 'svg', {
    width: WIDTH,
    height,
    viewBox: `0 0 ${WIDTH} ${height}`,
    'font-family': 'sans-serif',
    'font-size': 13,
  });
  root.ele('title').txt(title);
  root.ele('rect', { width: WIDTH, height, fill: '#ffffff' });
  for (const [id, colour] of Object.entries(COLOURS)) {
    root
      .ele('marker', { id: `head-${id}`, markerWidth: 9, markerHeight: 9, refX: 8, refY: 4, orient: 'auto' })
      .ele('path', { d: 'M0,0 L8,4 L0,8 z', fill: colour });
  }
  text(root, 12, 30, title, { 'font-size': 20, 'font-weight': 'bold' });
  let y = 50;
  for (const item of items) {
    const height = heightOf(item);
    if (item.kind !== 'chapter') bars(root, y, height);
    draw(root, item, y);
    y += height;
  }
  return `${root.end({ prettyPrint: true })}\n`;
}

const COLOURS = { call: '#30475e', host: '#b7791f', bypass: '#2f855a' };

function heightOf(item: Item): number {
  return item.kind === 'chapter' ? 84 + 18 * wrap(item.text, 130).length : ROW;
}

function draw(root: Element, item: Item, y: number): void {
  switch (item.kind) {
    case 'chapter': {
      text(root, 12, y + 30, item.title, { 'font-size': 16, 'font-weight': 'bold' });
      const lines = wrap(item.text, 130);
      for (const [at, line] of lines.entries()) text(root, 12, y + 50 + 18 * at, line, { fill: '#555555' });
      for (const lifeline of LIFELINES) {
        text(root, centre(lifeline), y + 70 + 18 * lines.length, lifeline, {
          'text-anchor': 'middle',
          'font-weight': 'bold',
        });
      }
      break;
    }
    case 'call': {
      const who = item.to === 'device' || item.to === 'guest' ? '' : 'user space: ';
      text(root, 12, y + 14, `${who}${item.text}`, { 'font-weight': 'bold' });
      if (who !== '' && item.to !== undefined) line(root, 12, centre(item.to), y + 22, 'call');
      break;
    }
    case 'note':
      text(root, centre(item.over), y + 20, item.text, { 'text-anchor': 'middle', fill: '#2c5282' });
      break;
    case 'message': {
      const kind = item.path ?? 'call';
      const how = item.path === 'bypass' ? ' (bypassing the host)' : '';
      const middle = (centre(item.from) + centre(item.to)) / 2;
      text(root, middle, y + 16, `${item.text}${how}`, { 'text-anchor': 'middle', fill: COLOURS[kind] });
      line(root, centre(item.from), centre(item.to), y + 24, kind);
      break;
    }
  }
}

function bars(root: Element, y: number, height: number): void {
  for (const lifeline of LIFELINES) {
    const x = centre(lifeline);
    root.ele('line', { x1: x, x2: x, y1: y, y2: y + height, stroke: '#cccccc', 'stroke-dasharray': '3 3' });
  }
}

function line(root: Element, from: number, to: number, y: number, kind: keyof typeof COLOURS): void {
  root.ele('line', {
    x1: from,
    x2: to,
    y1: y,
    y2: y,
    stroke: COLOURS[kind],
    'stroke-width': kind === 'bypass' ? 3 : 1.5,
    'marker-end': `url(#head-${kind})`,
  });
}

/** A text with a white rim, so that it can be read across the lifelines. */
function text(
  root: Element,
  x: number,
  y: number,
  content: string,
  attributes: Readonly<Record<string, string | number>>,
): void {
  root
    .ele('text', {
      x,
      y,
      stroke: '#ffffff',
      'stroke-width': 4,
      'paint-order': 'stroke',
      fill: '#222222',
      ...attributes,
    })
    .txt(content);
}
