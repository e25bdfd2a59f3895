/** The rules about hosts and the model of hosts are formulated apart: neither can lean on the other. */
import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../src/files/root.js';

const IMPORT = /(?:from|import\()\s*'(\.[^']+)\.js'/g;

/** Every file of the project that some files import, and what those import, and so on; themselves among them. */
function importedBy(...files: readonly string[]): ReadonlySet<string> {
  const found = new Set(files.map((file) => join(packageRoot, file)));
  for (const file of found) {
    for (const [, path = ''] of readFileSync(file, 'utf8').matchAll(IMPORT))
      found.add(join(dirname(file), `${path}.ts`));
  }
  return new Set([...found].map((file) => relative(packageRoot, file)));
}

const MODEL = ['spec/host/model.ts', 'spec/host/pairing.ts', 'spec/host/state.ts', 'spec/host/reading/follow.ts'];
const RULES = ['spec/rules/host.ts', 'spec/host/reading/history.ts', 'spec/host/reading/observer.ts'];

test('no rule, and nothing that reads a trace for the rules, imports the model', () => {
  const files = importedBy('spec/rules/all.ts', ...RULES);
  expect(files).toContain('spec/rules/delivery.ts');
  expect(files).toContain('spec/host/reading/set-up.ts');
  expect(MODEL.filter((file) => files.has(file))).toEqual([]);
});

test('nothing that follows a trace through the model imports a rule, or what reads a trace for the rules', () => {
  const files = importedBy('spec/host/reading/follow.ts');
  expect(files).toContain('spec/host/model.ts');
  expect([...files].filter((file) => file.startsWith('spec/rules/') || RULES.includes(file))).toEqual([]);
  expect(files).not.toContain('spec/host/reading/set-up.ts');
});
