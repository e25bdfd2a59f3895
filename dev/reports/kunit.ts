/**
 * Lets the kernel's own parser read our KTAP: `tools/testing/kunit` of Debian's linux-source, which is fetched once into the
 * cache, as the manager's files are, for the archive takes long to unpack. Ends with "N passed, N failed".
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Report } from '../../spec/formats/results.js';
import { cacheFolder } from '../../src/files/cache.js';
import { makeFolder } from '../../src/files/folder.js';
import { runTool } from '../../src/files/tool.js';
import { suitesOf } from '../../src/reports/cases.js';
import { searchSuites } from '../../src/targets/debian/apt.js';
import { debianVersions, sourcePackage } from '../../src/targets/debian/kernels.js';
import { render, reports } from './reports.js';

const PARSER = 'tools/testing/kunit';

/** The folder that has the parser under its name. */
async function fetchParser(): Promise<string> {
  const [version = ''] = debianVersions;
  const kept = join(cacheFolder(), 'kunit', version);
  await makeFolder(kept, (unfinished) => unpackParser(version, unfinished));
  return kept;
}

async function unpackParser(version: string, folder: string): Promise<void> {
  const name = sourcePackage(version);
  const work = join(folder, 'apt');
  const deb = await searchSuites(work, name, 'This check needs a Debian system.', console.log, async (apt) =>
    (await apt.show(name)) === undefined ? undefined : (await apt.download([name]))[0],
  );
  if (deb === undefined) throw new Error(`No suite of this machine's Debian mirror has ${name}.`);
  const script =
    'dpkg-deb --fsys-tarfile "$1" 2>/dev/null | tar -xO --wildcards "*/$2.tar.xz" 2>/dev/null | xz -dcq -T0 | tar -x -C "$3" --strip-components=1 "$2/$4"';
  const unpacked = await runTool('sh', ['-c', script, 'unpack', deb, name, folder, PARSER]);
  if (unpacked.exitCode !== 0) throw new Error(`${name} could not be unpacked: ${unpacked.stderr}`);
  rmSync(work, { recursive: true, force: true });
}

/** What the parser must count. What is expected to fail is no failure to it. */
function expected(report: Report): Readonly<Record<string, number>> {
  const outcomes = suitesOf(report).flatMap(({ cases }) => cases.map(({ outcome }) => outcome.is));
  const having = (...those: readonly string[]) => outcomes.filter((one) => those.includes(one)).length;
  return { passed: having('passed', 'expected'), failed: having('failed', 'error'), skipped: having('skipped') };
}

const folder = mkdtempSync(join(tmpdir(), 'irqbypass-spec-kunit-'));
let [passed, failed] = [0, 0];
try {
  const parser = join(await fetchParser(), PARSER, 'kunit.py');
  for (const [name, report] of reports) {
    const file = join(folder, 'report.ktap');
    writeFileSync(file, await render('ktap', report));
    const { all } = await runTool('python3', ['-B', parser, 'parse', file], { cwd: folder });
    const [, counts = ''] = /Ran \d+ tests: (.*)/.exec(all) ?? [];
    const came = Object.fromEntries(
      [...counts.matchAll(/(\w+): (\d+)/g)].map(([, word, count]) => [word, Number(count)]),
    );
    const due = expected(report);
    const isRight =
      Object.entries(due).every(([word, count]) => (came[word] ?? 0) === count) && !all.includes('[ERROR]');
    if (isRight) passed++;
    else failed++;
    console.log(
      `${isRight ? 'ok    ' : 'FAILED'} ${name}: ${counts}${isRight ? '' : `; expected ${JSON.stringify(due)}\n${all}`}`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
