/** All rules, in the order of reading. */
import type { Chapter, ChapterRule, Rule } from '../rule.js';
import { inChapters } from '../rule.js';
import { balance } from './balance.js';
import { callbacks } from './callbacks.js';
import { concurrency } from './concurrency.js';
import { failure } from './failure.js';
import { isolation } from './isolation.js';
import { lifetime } from './lifetime.js';
import { order } from './order.js';
import { pairing } from './pairing.js';
import { tokens } from './tokens.js';

const chapters: Readonly<Record<Chapter, readonly Rule[]>> = {
  tokens,
  pairing,
  callbacks,
  failure,
  balance,
  order,
  lifetime,
  isolation,
  concurrency,
};

/** Every rule with its chapter. */
export const rules: readonly ChapterRule[] = inChapters(chapters);

/** The rule of an id, whatever its case. */
export function findRule(id: string): ChapterRule | undefined {
  return rules.find((rule) => rule.id === id.toUpperCase());
}
