/** The pages for people: their links and the paths that they name lead somewhere, and their npm scripts exist. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageRoot } from '../../src/files/root.js';

const PAGES = ['README.md', 'CONTRIBUTING.md', 'docs/architecture.md', 'docs/record.md', 'spec/README.md'];

const { scripts } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>;
};

/** The headings of a page as the links to them are spelt. */
function anchorsOf(page: string): readonly string[] {
  return [...page.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^a-z0-9 -]/g, '')
      .replaceAll(' ', '-'),
  );
}

describe.each(PAGES)('%s', (name) => {
  const page = readFileSync(join(packageRoot, name), 'utf8');
  const folder = join(packageRoot, dirname(name));

  test('has links that lead somewhere', () => {
    for (const [, link = ''] of page.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(link)) continue;
      const [file = '', anchor] = link.split('#');
      expect(existsSync(join(folder, file)), link).toBe(true);
      if (anchor === undefined) continue;
      const target = file === '' ? page : readFileSync(join(folder, file), 'utf8');
      expect(anchorsOf(target), link).toContain(anchor);
    }
  });

  test('names files and folders that are there', () => {
    for (const [, path = ''] of page.matchAll(/`((?:spec|reference|conformance|src|dev|docs)\/[\w./-]*)`/g)) {
      expect(existsSync(join(packageRoot, path)), path).toBe(true);
    }
  });

  test('names npm scripts that there are', () => {
    for (const [, script = ''] of page.matchAll(/npm run (?:--silent )?([a-z][\w:-]*)/g)) {
      expect(Object.keys(scripts), script).toContain(script);
    }
  });
});

test('the pages have links and paths at all', () => {
  const all = PAGES.map((name) => readFileSync(join(packageRoot, name), 'utf8')).join('\n');
  expect(all.match(/\]\([^)\s]+\)/g)?.length).toBeGreaterThan(50);
  expect(all.match(/`src\/[\w./-]*`/g)?.length).toBeGreaterThan(20);
});
