/**
 * `npm run soak [-- OPERATIONS [DESIGN...]]`: judge the managers of other designs until so many operations were judged in
 * all, 10^8 where nothing else is said. It takes some ten minutes, and is for the night. Each run writes a line.
 *
 * Exit status: 0, no false alarm; 1, one; 64, wrong usage.
 */
import '../../src/cli/tune.js';
import { designs } from '../../conformance/correct/index.js';
import { grouped } from '../../src/text/text.js';
import { soak } from './soak.js';

const USAGE = 64;

async function main([given = '100000000', ...names]: readonly string[]): Promise<number> {
  const all = Number(given);
  const chosen = designs.filter(({ name }) => names.length === 0 || names.includes(name));
  if (!Number.isSafeInteger(all) || all < 1 || chosen.length !== (names.length || designs.length)) {
    process.stderr.write(`usage: npm run soak [-- OPERATIONS [${designs.map(({ name }) => name).join('|')}]...]\n`);
    return USAGE;
  }
  const judged = new Map<string, number>();
  for await (const { design, operations, alarm } of soak(chosen, Math.ceil(all / chosen.length))) {
    judged.set(design.name, operations);
    process.stdout.write(`${design.name}: ${grouped(operations)} operations\n`);
    if (alarm === undefined) continue;
    process.stdout.write(
      `** ${alarm.summary} seed ${alarm.seed}\n${JSON.stringify(alarm.findings[0] ?? alarm.faults[0])}\n`,
    );
    return 1;
  }
  const sum = [...judged.values()].reduce((total, operations) => total + operations, 0);
  process.stdout.write(`no false alarm in ${grouped(sum)} operations\n`);
  return 0;
}

process.exitCode = await main(process.argv.slice(2));
