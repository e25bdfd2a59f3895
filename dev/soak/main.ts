/**
 * `npm run soak [-- OPERATIONS]`: judge the managers of other designs until so many operations were judged in all, 10^8
 * where nothing else is said. It takes the better part of an hour, and is for the night.
 *
 * Exit status: 0, no false alarm; 1, one; 64, wrong usage.
 */
import '../../src/cli/tune.js';
import { designs } from '../../conformance/correct/index.js';
import { grouped } from '../../src/text/text.js';
import { soak } from './soak.js';

const USAGE = 64;

async function main([given = '100000000', ...others]: readonly string[]): Promise<number> {
  const all = Number(given);
  if (!Number.isSafeInteger(all) || all < 1 || others.length > 0) {
    process.stderr.write('usage: npm run soak [-- OPERATIONS]\n');
    return USAGE;
  }
  let judged = 0;
  for (const design of designs) {
    const { operations, alarm } = await soak(design, Math.ceil(all / designs.length));
    judged += operations;
    process.stdout.write(`${design.name}: ${grouped(operations)} operations\n`);
    if (alarm === undefined) continue;
    process.stdout.write(
      `** ${alarm.summary} seed ${alarm.seed}\n${JSON.stringify(alarm.findings[0] ?? alarm.faults[0])}\n`,
    );
    return 1;
  }
  process.stdout.write(`no false alarm in ${grouped(judged)} operations\n`);
  return 0;
}

process.exitCode = await main(process.argv.slice(2));
