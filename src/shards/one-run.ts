/** Which shards make one run: all of them, each once, and all of the same. Whatever else comes is refused by name. */
import type { AskedRun, EvidenceOf, ShardOf } from '../../spec/formats/shard.js';
import { Spent } from '../engine/gather.js';
import { BadInput } from '../formats/errors.js';
import { counted, harmless, listed } from '../text/text.js';

/** A shard of any subject. */
export type AnyShard = ShardOf<unknown, { readonly events: readonly unknown[] }, unknown>;

/** A shard and the file that it was read from. */
export interface ReadShard<X extends AnyShard = AnyShard> {
  readonly file: string;
  readonly shard: X;
}

/** What shards must have in common, in words. */
const COMMON = {
  version: 'version of this tool',
  rulesHash: 'hash of the rules',
  target: 'target',
  opened: 'way to open the target',
  hello: 'hello of the target',
  profile: 'profile',
  profileAsked: 'option --profile',
  rules: 'option --rules',
  tier: 'tier',
  seed: 'seed',
  programs: 'number of random programs',
  scope: 'option --scope',
  extraStates: 'option --extra-states',
  undefined: 'option --undefined',
  baseline: 'baseline',
  stored: 'stored programs',
} as const satisfies Readonly<Record<keyof AskedRun<unknown, unknown>, string>>;

const REMEDY = 'A shard is written by "irqbypass-spec run --shard i/n --report json=FILE".';

/**
 * The shards of one run, in their order.
 *
 * @param read at least one
 * @param own the version and the rules of this tool
 * @throws {BadInput} that names the file, says what was expected and what came
 */
export function ofOneRun<X extends AnyShard>(
  read: readonly ReadShard<X>[],
  own: Pick<AskedRun<unknown, unknown>, 'version' | 'rulesHash'>,
): readonly ReadShard<X>[] {
  const [first] = read;
  if (first === undefined) return [];
  mustBe(first, own, 'as this tool has');
  for (const one of read) {
    mustBe(one, first.shard.run, `as ${harmless(first.file)} has`);
    if (one.shard.of !== first.shard.of || one.shard.parts !== first.shard.parts) {
      const partsOf = ({ of, parts }: AnyShard) => `one of ${of} shards of ${counted(parts, 'part')}`;
      refuse(one, `expected ${partsOf(first.shard)}, as ${harmless(first.file)} is; came ${partsOf(one.shard)}`);
    }
    mustBeFinished(one);
  }
  return allOf(first, read);
}

function allOf<X extends AnyShard>(first: ReadShard<X>, read: readonly ReadShard<X>[]): readonly ReadShard<X>[] {
  const { of } = first.shard;
  const found = new Map<number, ReadShard<X>>();
  for (const one of read) {
    const same = found.get(one.shard.shard);
    if (same !== undefined) {
      refuse(one, `expected each shard once; shard ${one.shard.shard}/${of} came as ${harmless(same.file)} already`);
    }
    found.set(one.shard.shard, one);
  }
  const numbers = Array.from({ length: of }, (_, index) => index + 1);
  const missing = numbers.filter((number) => !found.has(number)).map((number) => `${number}/${of}`);
  if (missing.length > 0) {
    const problem = `expected ${counted(of, 'shard')}; ${listed(missing)} ${missing.length === 1 ? 'is' : 'are'} missing.`;
    throw new BadInput({
      where: first.file,
      problem,
      remedy: `Run what is missing: ${again(first.shard, missing[0])}`,
    });
  }
  return numbers.flatMap((number) => found.get(number) ?? []);
}

function again({ again: line }: AnyShard, missing: string | undefined): string {
  return harmless(`${line} --shard ${missing} --report json=FILE`);
}

function mustBe(one: ReadShard, expected: Partial<AskedRun<unknown, unknown>>, why: string): void {
  for (const [key, words] of Object.entries(COMMON)) {
    if (!Object.hasOwn(expected, key)) continue;
    const [due, came] = [expected, one.shard.run].map((run) => JSON.stringify(run[key as keyof typeof run]));
    if (due !== came) refuse(one, `expected the ${words} to be ${told(due)}, ${why}; came ${told(came)}`);
  }
}

/** A baseline is long; that it differs says enough. */
function told(json: string | undefined): string {
  const text = json ?? 'none';
  return harmless(text.length > 200 ? `${text.slice(0, 200)}...` : text);
}

/** A shard ends early only where the whole run does. */
function mustBeFinished(one: ReadShard): void {
  const { shard, of, parts, evidence } = one.shard;
  if (shard < 1 || shard > of) refuse(one, `expected a shard from 1/${of} to ${of}/${of}; came ${shard}/${of}`);
  const mine = Array.from({ length: parts }, (_, number) => number).filter((number) => isPartOf(shard, of, number));
  const wrong = evidence.findIndex(({ part }, at) => part !== mine[at]);
  if (wrong !== -1) refuse(one, `expected what part ${mine[wrong]} showed; came part ${evidence[wrong]?.part}`);
  // Whether the last part is run depends on what was seen before: it asks in several lanes.
  const left = mine.slice(evidence.length).filter((number) => number !== parts - 1);
  if (left.length > 0 && !isSpent(evidence)) {
    refuse(one, `expected ${counted(mine.length, 'part')}; what parts ${listed(left.map(String))} showed is missing`);
  }
}

function isSpent(evidence: readonly EvidenceOf<unknown, unknown, unknown>[]): boolean {
  const spent = new Spent();
  for (const one of evidence) spent.add(one);
  return spent.isTooMuch;
}

/** Whether a part of a plan belongs to a shard: each gets every n-th. */
export function isPartOf(shard: number, of: number, part: number): boolean {
  return part % of === shard - 1;
}

function refuse({ file }: ReadShard, problem: string): never {
  throw new BadInput({ where: file, problem: `${problem}.`, remedy: REMEDY });
}
