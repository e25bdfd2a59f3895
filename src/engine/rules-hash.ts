/** What was judged against, as one short text. */
import { createHash } from 'node:crypto';
import type { RuleText } from '../../spec/rule.js';

/** The hash of some rules, their texts included: sixteen hexadecimal digits. */
export function hashOfRules(rules: readonly RuleText[]): string {
  const hash = createHash('sha256');
  for (const { id, level, text, intent, source } of rules) {
    hash.update(JSON.stringify([id, level, text, intent, source]));
  }
  return hash.digest('hex').slice(0, 16);
}
