/**
 * The first mutant of each chapter is killed by the rule that it was made for. The gate asks all of them, and pins what the
 * rules say.
 */
import { describe, expect, test } from 'vitest';
import { hostMutants } from '../../conformance/host/mutants/index.js';
import { mutants } from '../../conformance/mutants/index.js';
import { findHostRule } from '../../spec/rules/host.js';
import { findRule } from '../../spec/rules/index.js';
import { type Killed, untilHostRule, untilRule } from './until-rule.js';

/** The first row of each chapter. */
function firstOfChapters<Row>(rows: readonly Row[], chapterOf: (row: Row) => string | undefined): readonly Row[] {
  const first = new Map<string | undefined, Row>();
  for (const row of rows) if (!first.has(chapterOf(row))) first.set(chapterOf(row), row);
  return [...first.values()];
}

function isKilled({ exit, faults, text }: Killed): void {
  expect({ exit, faults }).toEqual({ exit: 1, faults: [] });
  expect(text, 'what the rule says in the finding').toBeDefined();
}

describe('a mutant is killed by the rule meant for it', () => {
  const managers = firstOfChapters(mutants, ({ rule }) => findRule(rule)?.chapter);
  test.each(managers.map((mutant) => [mutant.name, mutant.rule, mutant] as const))('%s: %s', async (_, __, mutant) => {
    isKilled(await untilRule(mutant));
  });

  const participants = firstOfChapters(hostMutants, ({ rule }) => findHostRule(rule)?.chapter);
  test.each(participants.map((mutant) => [mutant.name, mutant.rule, mutant] as const))(
    '%s: %s',
    async (_, __, mutant) => {
      isKilled(await untilHostRule(mutant));
    },
  );
});
