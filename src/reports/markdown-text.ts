/** Texts as Markdown holds them. */
import { harmless } from '../text/text.js';

/** A text from outside as code in a line. Code is the one place in which Markdown, and what is built on it, reads nothing. */
export function code(text: string): string {
  const shown = harmless(text).trim();
  if (shown === '') return '';
  const fence = '`'.repeat(longestRun(shown) + 1);
  const room = shown.startsWith('`') || shown.endsWith('`') ? ' ' : '';
  return `${fence}${room}${shown}${room}${fence}`;
}

/** Lines as a block of code. */
export function block(lines: readonly string[]): string {
  const fence = '`'.repeat(Math.max(3, longestRun(lines.join('\n')) + 1));
  return [`${fence}text`, ...lines.map((line) => harmless(line).trimEnd()), fence].join('\n');
}

/** A table. A bar in a cell would end it, even in code. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}
