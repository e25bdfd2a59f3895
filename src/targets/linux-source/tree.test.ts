/** What a tree without a manager is told. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findTree } from './tree.js';

const SOURCE = 'virt/lib/irqbypass.c';
const HEADER = 'include/linux/irqbypass.h';
const POINTER = 'version https://git-lfs.github.com/spec/v1\noid sha256:0123\nsize 6000\n';
const MERGE = ['<<<<<<< HEAD', 'int one;', '=======', 'int two;', '>>>>>>> other'].join('\n');
const STRUCT = 'struct irq_bypass_producer {\n\tvoid *token;\n};\n';

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'irqbypass-spec-tree-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

it.each<[string, Readonly<Record<string, string>>, RegExp]>([
  ['that is empty', {}, /^\S+ is not a kernel tree with .*irqbypass\.c is missing/],
  [
    'whose source is a pointer',
    { [SOURCE]: POINTER, [HEADER]: STRUCT },
    /irqbypass\.c is a pointer of Git LFS .*lfs pull/,
  ],
  ['whose header is a pointer', { [SOURCE]: 'int it;\n', [HEADER]: POINTER }, /irqbypass\.h is a pointer of Git LFS/],
  ['whose source is half merged', { [SOURCE]: MERGE, [HEADER]: STRUCT }, /irqbypass\.c holds the marks of a merge/],
  [
    'whose header is half merged',
    { [SOURCE]: 'int it;\n', [HEADER]: MERGE },
    /irqbypass\.h holds the marks of a merge/,
  ],
  ['whose source is empty', { [SOURCE]: ' \n', [HEADER]: STRUCT }, /irqbypass\.c is empty/],
  ['without a header', { [SOURCE]: 'int it;\n' }, /irqbypass\.h is missing/],
  [
    'whose header declares other things',
    { [SOURCE]: 'int it;\n', [HEADER]: 'int it;\n' },
    /declares struct irq_bypass_p/,
  ],
])('a tree %s is told so', async (name, files, told) => {
  const folder = join(root, name.replace(/\W+/g, '-'));
  await mkdir(folder);
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  await expect(findTree(folder)).rejects.toThrow(told);
});
