import type { Command } from 'commander';
import { execa } from 'execa';
import type { Generation } from '../../../spec/profile.js';
import { firstReleases, isGeneration, releasesOf } from '../../../spec/profiles/releases.js';
import { bpftraceScript } from '../../recording/bpftrace.js';
import { typesOfThisKernel } from '../../recording/btf.js';
import { recordScript, type ScriptFor } from '../../recording/script.js';
import { UsageError } from '../exit.js';
import { wholeNumber } from '../options.js';

interface Flags {
  readonly bpftrace?: boolean;
  readonly output?: string;
  readonly seconds?: number;
  readonly generation?: Generation;
}

/** `record`: what records a trace. */
export function addRecord(program: Command): void {
  program
    .command('record')
    .summary('record what the manager of a running kernel does')
    .description(
      'Print a shell script that records, by kprobe events, what the manager of a running kernel is asked and does; or, as root, run it. "irqbypass-spec check FILE" judges what it wrote. See docs/record.md.',
    )
    .option('--bpftrace', 'print a script for bpftrace instead')
    .option('--output <file>', 'record this host into a file, as root, instead of printing the script')
    .option('--seconds <number>', 'with --output: end after so long; else with Ctrl-C', wholeNumber('--seconds', 1))
    .option(
      '--generation <name>',
      `${firstReleases()
        .map(({ generation }) => `${generation} (${releasesOf(generation)})`)
        .join(' or ')}; else what this kernel's BTF says, or the release of the kernel that the script runs on`,
      generation,
    )
    .action(async ({ output, seconds, generation: asked, bpftrace }: Flags) => {
      if (bpftrace === true) {
        if (output !== undefined || seconds !== undefined) {
          throw new UsageError(
            '--bpftrace prints a script, which bpftrace runs: it takes no --output and no --seconds.',
          );
        }
        process.stdout.write(await scriptForBpftrace(asked));
        return;
      }
      if (output === undefined) {
        if (seconds !== undefined) throw new UsageError('--seconds takes --output; the script takes [FILE [SECONDS]].');
        // Printed, it may be for another host.
        process.stdout.write(recordScript(asked));
        return;
      }
      const kernel: ScriptFor = asked ?? (await typesOfThisKernel());
      const words = [output, ...(seconds === undefined ? [] : [String(seconds)])];
      process.exitCode = await runScript(recordScript(kernel), words);
    });
}

/** A script for a generation, or for the kernel of this host where none is named. */
async function scriptForBpftrace(asked: Generation | undefined): Promise<string> {
  if (asked !== undefined) return bpftraceScript(asked);
  const types = await typesOfThisKernel();
  if (types !== undefined) return bpftraceScript(types.generation, types.layout);
  throw new UsageError(
    `--bpftrace takes --generation: this host has no manager that says what it is. It is ${firstReleases()
      .map(({ generation: name }) => `${name} on ${releasesOf(name)}`)
      .join(', ')}.`,
  );
}

/** Run it, and let a signal end the recording before the tool: what was set up in the kernel must go first. */
async function runScript(script: string, words: readonly string[]): Promise<number> {
  const running = execa('sh', ['-c', script, 'record', ...words], {
    reject: false,
    stdio: ['ignore', 'inherit', 'inherit'],
    cleanup: false,
    // A terminal would signal the script as well; it is to be told once.
    detached: true,
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.removeAllListeners(signal);
    process.on(signal, () => running.kill('SIGTERM'));
  }
  const { exitCode } = await running;
  return exitCode ?? 2;
}

function generation(text: string): Generation {
  if (isGeneration(text)) return text;
  const known = firstReleases().map((first) => first.generation);
  throw new UsageError(`--generation takes ${known.join(' or ')}; came ${JSON.stringify(text)}.`);
}
