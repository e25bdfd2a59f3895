/**
 * Packs the package, installs it into an empty folder as a user does, and sees that it is whole: it runs, its pages lead
 * somewhere, nothing is in it that is only for us, and its types resolve. Ends with "N passed, N failed".
 */
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { packageRoot } from '../../src/files/root.js';
import { danglingLinks, isOurs } from './package-contents.js';
import { runLine } from './shell.js';

let [passed, failed] = [0, 0];

function note(what: string, problems: readonly string[]): void {
  if (problems.length === 0) passed++;
  else failed++;
  process.stdout.write(
    `${problems.length === 0 ? 'ok    ' : 'FAILED'} ${what}\n${problems.map((one) => `** ${one}\n`).join('')}`,
  );
}

/** A line of shell ends with 0. */
async function holds(what: string, line: string, at: string): Promise<void> {
  const { status, output } = await runLine(line, { folder: at });
  note(what, status === 0 ? [] : [`${line}: exit status ${status}\n${output}`]);
}

/** The version of a package that this one is tested with. */
function ownVersionOf(name: string): string {
  const { devDependencies } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as {
    readonly devDependencies: Readonly<Record<string, string>>;
  };
  return devDependencies[name] ?? 'latest';
}

const folder = mkdtempSync(join(tmpdir(), 'irqbypass-spec-package-'));
try {
  const packing = `npm pack --silent --ignore-scripts --pack-destination '${folder}'`;
  await holds('it is packed', packing, packageRoot);
  const [tarball = ''] = readdirSync(folder);
  const user = join(folder, 'user');
  mkdirSync(user);
  writeFileSync(join(user, 'package.json'), '{ "private": true, "type": "module" }\n');
  await holds('it is installed without what only we need', `npm install --silent --omit=dev '../${tarball}'`, user);

  const installed = join(user, 'node_modules', 'irqbypass-spec');
  const files = readdirSync(installed, { recursive: true, encoding: 'utf8' })
    .map((name) => relative(installed, join(installed, name)))
    .filter((name) => !name.startsWith('node_modules') && statSync(join(installed, name)).isFile());
  note('nothing is in it that is only for us', files.filter(isOurs));
  const pages = files.filter((name) => name.endsWith('.md'));
  const leads = (page: string) =>
    danglingLinks(readFileSync(join(installed, page), 'utf8'), (to) => {
      const path = join(dirname(page), to).replace(/\/$/, '');
      return path === '.' || files.some((name) => name === path || name.startsWith(`${path}/`));
    });
  note(
    'its pages lead somewhere',
    pages.flatMap((page) => leads(page).map((link) => `${page} leads to ${link}`)),
  );

  await holds('it judges the reference', 'npx irqbypass-spec run --tier smoke', user);
  await holds(
    'its entries can be imported',
    `node --input-type=module -e "${['', '/spec', '/reference', '/fast-check']
      .map((entry) => `await import('irqbypass-spec${entry}');`)
      .join(' ')}"`,
    user,
  );
  const examples = join(installed, 'conformance', 'examples');
  const { status } = await runLine(`node '${join(examples, 'library.example.js')}'`, { folder: user });
  note('its example of a library judges a mutant', status === 1 ? [] : [`exit status ${status}, where 1 was expected`]);
  await holds('vitest is installed beside it', `npm install --silent 'vitest@${ownVersionOf('vitest')}'`, user);
  for (const name of ['vitest', 'fast-check']) {
    copyFileSync(join(examples, `${name}.example.js`), join(user, `${name}.test.js`));
  }
  await holds('its examples for vitest and fast-check pass', 'npx vitest run', user);
  await holds('publint finds nothing', `npx publint run --strict '${join(folder, tarball)}'`, packageRoot);
  // The package is an ES module, and says so: require() of one is the user's choice, from Node 22.12 on.
  await holds(
    'its types resolve',
    `npx attw --ignore-rules cjs-resolves-to-esm -- '${join(folder, tarball)}'`,
    packageRoot,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
