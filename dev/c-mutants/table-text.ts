/** Tables of Markdown. */

/** A table of lines that `row` made. */
export function lined(titles: readonly string[], lines: readonly string[]): string {
  return `${[row(...titles), row(...titles.map(() => '---')), ...lines].join('\n')}\n`;
}

/** A line of a table; no cell can end it or begin another. */
export function row(...cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replace(/\|/g, '\\|').replace(/\s+/g, ' ')).join(' | ')} |`;
}
