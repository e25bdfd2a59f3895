import type { Hello } from '../../spec/formats/protocol.js';
import type { Profile } from '../../spec/profile.js';
import type { ChapterRule } from '../../spec/rule.js';

/** Why a rule does not apply to a target under a profile; undefined when it does. */
export function whyNotApplicable(rule: ChapterRule, profile: Profile, hello: Hello | null): string | undefined {
  const exception = rule.except?.[profile.name];
  if (exception !== undefined) return exception;
  if (rule.needs !== undefined && hello !== null && !hello.capabilities.includes(rule.needs)) {
    return `the target does not declare the capability ${rule.needs}`;
  }
  return undefined;
}
