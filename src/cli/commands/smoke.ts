import type { Command } from 'commander';
import pc from 'picocolors';
import type { RoleUnderTest } from '../../../spec/formats/host-results.js';
import { harmless } from '../../text/text.js';
import { EXIT } from '../exit.js';
import { withTarget } from '../judged.js';
import { role } from '../options.js';
import { type TargetFlags, targetOptions, toOpen } from '../target-options.js';

interface Flags extends TargetFlags {
  readonly role?: RoleUnderTest;
}

/** `smoke TARGET`: is the adapter itself right? */
export function addSmoke(program: Command): void {
  const command = program
    .command('smoke')
    .summary('is the adapter itself right? for people writing one')
    .description(
      'Ask an adapter a few questions whose answers do not depend on the implementation behind it. Exit status 2 if one is answered wrongly.',
    )
    .argument('<target>', 'the target')
    .option('--role <name>', 'the target plays this role, as in run --role', role);
  targetOptions(command).action(async (address: string, flags: Flags) => {
    await withTarget(
      { address, role: flags.role, profile: undefined, ...toOpen(address, flags) },
      async (subject, target) => {
        const { hello } = target;
        process.stdout.write(
          harmless(
            `${address}: ${hello.name} ${hello.version} (${hello.language}), profile ${hello.profile ?? 'core'}, `,
          ),
        );
        process.stdout.write(`capabilities ${hello.capabilities.join(' ') || 'none'}\n`);
        const results = await subject.smoke(target);
        for (const { name, problem } of results) {
          const mark = problem === undefined ? pc.green('✓') : pc.red('✗');
          process.stdout.write(`  ${mark} ${name}${problem === undefined ? '' : `\n      ${problem}`}\n`);
        }
        const wrong = results.filter(({ problem }) => problem !== undefined).length;
        process.stdout.write(
          wrong === 0
            ? 'The adapter does what spec/protocol.md asks.\n'
            : `The adapter must be mended first: ${wrong} of ${results.length} questions are answered wrongly. See spec/protocol.md.\n`,
        );
        if (wrong > 0) process.exitCode = EXIT.notJudged;
      },
    );
  });
}
