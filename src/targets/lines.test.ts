import { expect, it } from 'vitest';
import { LineSplitter } from './lines.js';

/** The lines of chunks. */
function linesOf(chunks: readonly (string | Buffer)[], most?: number): readonly string[] {
  const lines: string[] = [];
  const splitter = new LineSplitter((line) => lines.push(line), most);
  for (const chunk of chunks) splitter.push(Buffer.from(chunk));
  return lines;
}

it.each([
  ['whole lines', ['a\nb\n'], ['a', 'b']],
  ['a line in pieces', ['a', '', 'b', 'c\nd', '\n'], ['abc', 'd']],
  ['a line that does not end', ['a\nb'], ['a']],
  ['empty lines', ['\n\n', '\n'], ['', '', '']],
  ['a character in two pieces', [Buffer.from([0xc3]), Buffer.from([0xa9, 10])], ['é']],
])('%s', (_, chunks, lines) => {
  expect(linesOf(chunks)).toEqual(lines);
});

it.each([
  ['in one piece', ['ok\n', 'x'.repeat(100)]],
  ['in pieces', ['ok\n', ...'x'.repeat(100)]],
  ['that ends', [`ok\n${'x'.repeat(100)}\nnext\n`]],
])('of a line that is too long the beginning is told, and nothing behind it: %s', (_, chunks) => {
  expect(linesOf([...chunks, 'more\n'], 64)).toEqual([
    'ok',
    `a line of more than ${64 / 1024 / 1024} MB: ${'x'.repeat(60)}`,
  ]);
});

it('a line as long as lines can be is one, however small its pieces', () => {
  const piece = Buffer.alloc(1_000, 'x');
  let length = 0;
  const splitter = new LineSplitter((line) => {
    length = line.length;
  });
  for (let count = 0; count < 16_000; count++) splitter.push(piece);
  splitter.push(Buffer.from('\n'));
  expect(length).toBe(16_000_000);
});
