import type { Command } from 'commander';
import { profiles } from '../../../spec/profiles/index.js';
import { holdsIn } from '../../../spec/rule.js';
import { findAnyRule } from '../../../spec/rules/all.js';
import { HOW } from '../../text/judged.js';
import { UsageError } from '../exit.js';

/** `explain ID`: one rule in full. */
export function addExplain(program: Command): void {
  program
    .command('explain')
    .summary('one rule in full')
    .description('Show a rule: its sentence, why it matters, where it comes from, and where it holds.')
    .argument('<id>', 'the id of a rule, such as BAL-1')
    .action((id: string) => {
      const rule = findAnyRule(id);
      if (rule === undefined)
        throw new UsageError(`There is no rule ${JSON.stringify(id)}; 'irqbypass-spec rules' lists them.`);
      const holds = profiles.filter((profile) => holdsIn(rule, profile)).map(({ name }) => name);
      const lines = [
        `${rule.id} (${rule.level}, ${rule.chapter})`,
        '',
        rule.text,
        '',
        `Why:     ${rule.intent}`,
        `Source:  ${rule.source}`,
        `Holds:   ${holds.length === profiles.length ? 'in every profile' : holds.join(', ')}`,
        ...Object.entries(rule.except ?? {}).map(([name, reason]) => `         not in ${name}: ${reason}`),
        ...(rule.needs === undefined ? [] : [`Needs:   the capability ${rule.needs}`]),
        rule.kind === 'untestable'
          ? `Judged:  never: ${rule.reason}`
          : `Judged:  ${HOW[rule.kind]}; inconclusive below ${rule.floor} exposures`,
      ];
      process.stdout.write(`${lines.join('\n')}\n`);
    });
}
