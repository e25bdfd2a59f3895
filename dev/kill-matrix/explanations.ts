/**
 * Why a mutant that survives is no other manager: nothing that a caller may do tells it from the reference.
 *
 * A mutant is named by its texts, not by where it stands, so that an explanation outlives changes elsewhere and not the
 * change of what it speaks of. One that speaks of no survivor any more is an error: it excuses nothing, and might
 * excuse something one day.
 */
import type { SourceMutant } from '../../spec/formats/kill-matrix.js';

/** A change that makes no difference, and why. */
export interface Explanation {
  readonly file: string;
  /** The line in which the changed place begins, without the blanks at its ends. */
  readonly within: string;
  readonly mutator: string;
  readonly original: string;
  readonly replacement: string;
  readonly why: string;
}

/** Whether an explanation speaks of a mutant. Blanks and line breaks do not count. */
export function speaksOf(explanation: Explanation, mutant: SourceMutant): boolean {
  const same = (field: 'file' | 'within' | 'mutator' | 'original' | 'replacement') =>
    squeezed(explanation[field]) === squeezed(mutant[field]);
  return same('file') && same('within') && same('mutator') && same('original') && same('replacement');
}

/** A text on one line, with single blanks. */
export function squeezed(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

const CONNECTION = 'reference/connection.ts';
const REFUSALS = 'reference/refusals.ts';
/** A template in the source, spelt so that it is none here. */
const ROLE = '$' + '{this.role}';
const WARNS = `if (refusal === 'registered' && this.#warns) this.environment.warn(\`a registered ${ROLE} registers again\`);`;
const CHOOSES =
  "this.#warns = profile.warnsWhenRegistered.includes(role === 'producer' ? 'registerProducer' : 'registerConsumer');";
const KNOWN = "const known = reasons.some(({ refusal }) => refusal === 'registered');";
const REASONS = "this.#reasons = known ? reasons : [{ refusal: 'registered', status: EINVAL }, ...reasons];";

const MANDATORY =
  'A consumer that lacks it is refused in every profile but rfc-2015, which leaves it undefined what becomes of one. So it is there.';
const NOT_KNOWN =
  'Only rfc-2015 does not say what becomes of an object that is registered twice. It leaves that undefined, so no program does it and no rule speaks of it.';
const MAY_WARN =
  'It no longer warns. A profile says where a manager may warn; none must, since a target may have nothing to write a warning to.';

/** The survivors that have been understood. */
export const explanations: readonly Explanation[] = [
  {
    file: CONNECTION,
    within: 'consumer.addProducer?.(producer, irq);',
    mutator: 'OptionalChaining',
    original: 'consumer.addProducer?.(producer, irq)',
    replacement: 'consumer.addProducer(producer, irq)',
    why: MANDATORY,
  },
  {
    file: CONNECTION,
    within: 'const failed = consumer.addProducer?.(producer, irq) ?? OK;',
    mutator: 'OptionalChaining',
    original: 'consumer.addProducer?.(producer, irq)',
    replacement: 'consumer.addProducer(producer, irq)',
    why: MANDATORY,
  },
  {
    file: CONNECTION,
    within: 'consumer.delProducer?.(producer);',
    mutator: 'OptionalChaining',
    original: 'consumer.delProducer?.(producer)',
    replacement: 'consumer.delProducer(producer)',
    why: MANDATORY,
  },
  {
    file: REFUSALS,
    within: KNOWN,
    mutator: 'ConditionalExpression',
    original: "refusal === 'registered'",
    replacement: 'true',
    why: NOT_KNOWN,
  },
  {
    file: REFUSALS,
    within: KNOWN,
    mutator: 'EqualityOperator',
    original: "refusal === 'registered'",
    replacement: "refusal !== 'registered'",
    why: `In each other profile some reason is another one, so that the answer is the same. ${NOT_KNOWN}`,
  },
  {
    file: REFUSALS,
    within: REASONS,
    mutator: 'ObjectLiteral',
    original: "{ refusal: 'registered', status: EINVAL }",
    replacement: '{}',
    why: NOT_KNOWN,
  },
  {
    file: REFUSALS,
    within: REASONS,
    mutator: 'StringLiteral',
    original: "'registered'",
    replacement: '""',
    why: NOT_KNOWN,
  },
  {
    file: REFUSALS,
    within: CHOOSES,
    mutator: 'StringLiteral',
    original: "'registerProducer'",
    replacement: '""',
    why: MAY_WARN,
  },
  {
    file: REFUSALS,
    within: CHOOSES,
    mutator: 'StringLiteral',
    original: "'registerConsumer'",
    replacement: '""',
    why: MAY_WARN,
  },
  {
    file: REFUSALS,
    within: WARNS,
    mutator: 'ConditionalExpression',
    original: "refusal === 'registered' && this.#warns",
    replacement: 'false',
    why: MAY_WARN,
  },
  {
    file: REFUSALS,
    within: WARNS,
    mutator: 'StringLiteral',
    original: "'registered'",
    replacement: '""',
    why: MAY_WARN,
  },
  {
    file: REFUSALS,
    within: WARNS,
    mutator: 'StringLiteral',
    original: `\`a registered ${ROLE} registers again\``,
    replacement: '``',
    why: 'What a warning says is for people. The rules ask whether there is one.',
  },
];
