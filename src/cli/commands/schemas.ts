import type { Command } from 'commander';
import { schemaFolder } from '../../schemas/kinds.js';
import { EXIT } from '../exit.js';

/** `schemas`: where the JSON Schemas are; with `--write` or `--check`, for people who change the types. */
export function addSchemas(program: Command): void {
  program
    .command('schemas')
    .summary('the JSON Schemas of everything that goes in and out')
    .description('List the JSON Schemas of programs, traces, messages, reports, findings and baselines.')
    .option('--write', 'generate them from the types (in a checkout)')
    .option('--check', 'fail if they differ from what would be generated (in a checkout)')
    .action(async (flags: { write?: boolean; check?: boolean }) => {
      if (flags.write !== true && flags.check !== true) {
        const { readdirSync } = await import('node:fs');
        for (const file of readdirSync(schemaFolder).sort()) process.stdout.write(`${schemaFolder}/${file}\n`);
        return;
      }
      const { checkSchemas, writeSchemas } = await import('../../schemas/generate.js');
      if (flags.write === true) await writeSchemas(schemaFolder);
      const drifted = await checkSchemas(schemaFolder);
      if (drifted.length === 0) return;
      process.stderr.write(`These schemas differ from the types: ${drifted.join(', ')}. Run: npm run schemas\n`);
      process.exitCode = EXIT.doesNotConform;
    });
}
