/** A sequence diagram in a terminal: a column a lifeline, a line a message. */
import type pc from 'picocolors';
import { clip, wrap } from '../text/text.js';
import { type Item, LIFELINES, type Lifeline } from './sequence.js';

const COLUMN = 22;
const MARGIN = 2;
const WIDTH = MARGIN + COLUMN * LIFELINES.length;

const centre = (lifeline: Lifeline) => MARGIN + COLUMN * LIFELINES.indexOf(lifeline) + COLUMN / 2;

/** The diagram, line by line. */
export function drawTerminal(title: string, items: readonly Item[], color: ReturnType<typeof pc.createColors>): string {
  const lines = ['', color.bold(title), ''];
  for (const item of items) lines.push(...draw(item, color));
  return `${lines.join('\n')}\n`;
}

function draw(item: Item, color: ReturnType<typeof pc.createColors>): readonly string[] {
  switch (item.kind) {
    case 'chapter':
      return [
        '',
        color.bold(`${item.title}`),
        ...wrap(item.text, WIDTH - 4).map((line) => color.dim(line)),
        '',
        heads(color),
      ];
    case 'call': {
      const who = item.to === 'device' ? 'the device' : item.to === 'guest' ? 'the guest' : 'user space';
      return [`${color.bold(`${who}: ${item.text}`)}`, color.dim(bars())];
    }
    case 'note':
      return [place(item.over, `[${item.text}]`, color.cyan, color)];
    case 'message':
      return arrow(item, color);
  }
}

function heads(color: ReturnType<typeof pc.createColors>): string {
  const line = Array<string>(WIDTH).fill(' ');
  for (const lifeline of LIFELINES) write(line, centre(lifeline) - Math.floor(lifeline.length / 2), lifeline);
  return color.bold(line.join('').trimEnd());
}

function bars(): string {
  const line = Array<string>(WIDTH).fill(' ');
  for (const lifeline of LIFELINES) line[centre(lifeline)] = '│';
  return line.join('').trimEnd();
}

/** A text over a lifeline, with the others going on beside it. */
function place(
  over: Lifeline,
  text: string,
  paint: (text: string) => string,
  color: ReturnType<typeof pc.createColors>,
): string {
  const from = Math.max(0, Math.min(centre(over) - Math.floor(text.length / 2), WIDTH - text.length));
  const line = bars().padEnd(WIDTH);
  return `${color.dim(line.slice(0, from))}${paint(text)}${color.dim(line.slice(from + text.length).trimEnd())}`;
}

function arrow(
  { from, to, text, path }: Extract<Item, { kind: 'message' }>,
  color: ReturnType<typeof pc.createColors>,
): readonly string[] {
  const paint = path === 'bypass' ? color.green : path === 'host' ? color.yellow : color.bold;
  const left = Math.min(centre(from), centre(to));
  const right = Math.max(centre(from), centre(to));
  const dash = path === 'bypass' ? '═' : '─';
  const shaft = dash.repeat(right - left - 2);
  const drawn = centre(from) < centre(to) ? `${shaft}>` : `<${shaft}`;
  const line = bars().padEnd(WIDTH);
  const labels = [text, ...(path === 'bypass' ? ['bypassing the host'] : [])];
  const label = labels
    .map((one) => clip(one, WIDTH - left - 2))
    .map((one) => {
      const beside = line.slice(0, left + 2);
      return `${color.dim(beside)}${paint(one)}${color.dim(line.slice(left + 2 + one.length).trimEnd())}`;
    });
  const shaftLine = `${color.dim(line.slice(0, left + 1))}${paint(drawn)}${color.dim(line.slice(right).trimEnd())}`;
  return [...label, shaftLine];
}

function write(line: string[], at: number, text: string): void {
  for (const [offset, letter] of [...text].entries()) line[at + offset] = letter;
}
