/** The initramfs is what the kernel unpacks: each entry and its padding, as the format newc has them. */
import { expect, test } from 'vitest';
import { archive } from './archive.js';

/** The entries of an archive, read as the kernel reads them. */
function entriesOf(bytes: Buffer): { name: string; mode: number; contents: string }[] {
  const entries = [];
  for (let at = 0; ; ) {
    const field = (index: number): number =>
      Number.parseInt(bytes.toString('latin1', at + 6 + index * 8, at + 14 + index * 8), 16);
    expect(bytes.toString('latin1', at, at + 6)).toBe('070701');
    const [mode, size, nameSize] = [field(1), field(6), field(11)];
    const name = bytes.toString('latin1', at + 110, at + 110 + nameSize - 1);
    const contents = (at + 110 + nameSize + 3) & ~3;
    if (name === 'TRAILER!!!') return entries;
    entries.push({ name, mode, contents: bytes.toString('latin1', contents, contents + size) });
    at = (contents + size + 3) & ~3;
  }
}

const files = [
  { path: 'init', contents: Buffer.from('#!'), executable: true },
  { path: 'modules' },
  { path: 'modules/a.ko', contents: Buffer.from('12345') },
];

test('holds the files with their contents, folders, and the console that the kernel opens first', () => {
  expect(entriesOf(archive(files))).toEqual([
    { name: 'init', mode: 0o100755, contents: '#!' },
    { name: 'modules', mode: 0o040755, contents: '' },
    { name: 'modules/a.ko', mode: 0o100644, contents: '12345' },
    { name: 'dev', mode: 0o040755, contents: '' },
    { name: 'dev/console', mode: 0o020600, contents: '' },
  ]);
});

test('the same files give the same bytes, so that the cache finds them', () => {
  expect(archive(files).equals(archive(files))).toBe(true);
});
