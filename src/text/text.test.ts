import { expect, it } from 'vitest';
import { harmless, harmlessLines, shellWord, visible } from './text.js';

it.each([
  ['what is harmless', 'größer als 1 🙂', 'größer als 1 🙂'],
  ['a colour', '\u001b[31mred\u001b[0m', 'red'],
  ['the title of a window', '\u001b]0;pwned\u0007x', 'x'],
  ['a link', '\u001b]8;;http://a.example\u001b\\text\u001b]8;;\u001b\\', 'text'],
  ['a colour that begins with C1', '\u009b31mred', 'red'],
  ['a colour inside a colour', '\u001b[\u001b[31m31mx', '\\u001b[31mx'],
  ['an escape alone', 'a\u001b', 'a\\u001b'],
  ['a bell and a backspace', 'a\u0007b\u0008', 'a\\u0007b\\u0008'],
  ['DEL and C1', '\u007f\u0085\u009c', '\\u007f\\u0085\\u009c'],
  ['line breaks', 'a\nall conforms\r\nb\rc', 'a\\nall conforms\\r\\nb\\rc'],
  ['separators of lines', 'a\u2028b\u2029c', 'a\\u2028b\\u2029c'],
  ['a tab', 'a\tb', 'a b'],
  ['another direction', '\u202Eevil\u202C\u2066x\u2069\u200F\u061C', '\\u202eevil\\u202c\\u2066x\\u2069\\u200f\\u061c'],
  ['what takes no room', 'a\u200Bb\u200D\u2060\uFEFF\u00AD\u3164', 'a\\u200bb\\u200d\\u2060\\ufeff\\u00ad\\u3164'],
  ['tags, which are two halves', '\u{E0041}', '\\udb40\\udc41'],
  ['half a character', '\uD83D', '\\ud83d'],
  ['NUL', '\u0000', '\\u0000'],
])('of somebody else: %s', (_, text, expected) => {
  expect(harmless(text)).toBe(expected);
  expect(harmless(expected)).toBe(expected);
});

it('a log keeps its lines, and nothing else', () => {
  expect(harmlessLines('one\r\n\u001b[1mtwo\u001b[0m\nthr\ree')).toEqual(['one', 'two', 'thr\\ree']);
});

it('JSON with what cannot be seen made visible is the same JSON', () => {
  const value = { text: '\u009b31m\u202E\u{E0041}\u007f é 🙂 \n' };
  const json = visible(JSON.stringify(value, null, 2));
  expect(json).toContain('\\u009b31m\\u202e\\udb40\\udc41\\u007f é 🙂');
  expect(JSON.parse(json)).toEqual(value);
});

it('a long text takes no longer than its length', () => {
  const text = `${'\u001b['.repeat(500_000)}${'\u001b;a'.repeat(300_000)}`;
  expect(harmless(text)).not.toContain('\u001b');
});

it.each([
  ['a.json', 'a.json'],
  ["it's", "'it'\\''s'"],
  ["\u001b]0;it's\u0007\n\\", "$'\\u001b]0;it\\'s\\u0007\\n\\\\'"],
])('the argument %j can be pasted into a shell', (text, word) => {
  expect(shellWord(text)).toBe(word);
});
