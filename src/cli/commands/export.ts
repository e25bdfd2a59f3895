import { join } from 'node:path';
import type { Command } from 'commander';
import { checkOutput } from '../../formats/place.js';
import { writeJsonFile, writeTextFile } from '../../formats/write.js';
import { profileNamed } from '../../targets/resolve.js';
import { counted, harmless, listed } from '../../text/text.js';
import { UsageError } from '../exit.js';
import { folder } from '../options.js';

interface Flags {
  readonly profile: string;
  readonly output: string;
  readonly pairs: boolean;
}

const WHAT = ['kunit', 'vectors'];
const VECTORS = 'vectors.json';

/** `export kunit|vectors`: the suites for harnesses of others. */
export function addExport(program: Command): void {
  program
    .command('export')
    .summary('the suites of a profile as a KUnit suite, or as data')
    .description(
      'Write the suites of a profile: every transition of the small scope, every set of callbacks, and every pair of transitions, with what is expected of each operation. kunit writes a KUnit suite of one C file with its lines for Kconfig and Makefile; vectors writes the same as JSON (spec/schemas/vectors.schema.json).',
    )
    .argument('<what>', listed(WHAT, 'or'))
    .requiredOption('--profile <name>', 'the profile, such as linux-6.17')
    .requiredOption('--output <folder>', 'the folder to write into', folder('--output'))
    .option('--no-pairs', 'leave out the pairs of transitions: a tenth of the size')
    .action(async (what: string, { profile: name, output, pairs }: Flags) => {
      if (!WHAT.includes(what))
        throw new UsageError(`export takes ${listed(WHAT, 'or')}; came ${JSON.stringify(what)}.`);
      const profile = profileNamed(name);
      const kunit = what === 'kunit' ? await import('../../export/kunit.js') : undefined;
      checkOutput(join(output, kunit === undefined ? VECTORS : `${kunit.NAME}.c`));
      const { vectorsOf } = await import('../../export/vectors.js');
      const vectors = await vectorsOf(profile, pairs);
      const calls = vectors.vectors.reduce((sum, one) => sum + one.calls.length, 0);
      const files: string[] = [];
      if (kunit === undefined) {
        files.push(VECTORS);
        writeJsonFile(join(output, VECTORS), vectors);
      } else {
        for (const [file, text] of Object.entries(kunit.kunitFiles(profile, vectors))) {
          files.push(file);
          writeTextFile(join(output, file), text);
        }
      }
      process.stdout.write(
        `${harmless(output)} has ${listed(files)}: ${counted(vectors.vectors.length, 'program')}, ${counted(calls, 'operation')}, under ${profile.name}.\n`,
      );
    });
}
