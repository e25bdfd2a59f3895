/** Which shards make one whole: all of them, each once, and all of the same. Whatever else comes is refused by name. */
import type { ShardedOf } from '../../spec/formats/shard.js';
import { BadInput } from '../formats/errors.js';
import { counted, harmless, listed } from '../text/text.js';

/** A shard of whatever work. */
export type AnySharded = ShardedOf<{ readonly version: string; readonly rulesHash: string }, { readonly part: number }>;

/** A shard and the file that it was read from. */
export interface ReadSharded<X extends AnySharded = AnySharded> {
  readonly file: string;
  readonly shard: X;
}

/** A kind of work that is done in shards. */
export interface ShardedWork<X extends AnySharded> {
  /** What of `run` shards must have in common, in words. */
  readonly common: Readonly<Record<string, string>>;
  /** The command that writes a shard. */
  readonly writtenBy: string;
  /** Whether a shard that has nothing after it may lack a part. None may when absent. */
  readonly mayLack?: (shard: X, part: number) => boolean;
}

/**
 * The shards of one whole, in their order.
 *
 * @param read at least one
 * @param own the version and the rules of this tool
 * @throws {BadInput} that names the file, says what was expected and what came
 */
export function shardsOfOne<X extends AnySharded>(
  read: readonly ReadSharded<X>[],
  own: Pick<X['run'], 'version' | 'rulesHash'>,
  work: ShardedWork<X>,
): readonly ReadSharded<X>[] {
  const [first] = read;
  if (first === undefined) return [];
  const check = new Check(work);
  check.mustBe(first, own, 'as this tool has');
  for (const one of read) {
    check.mustBe(one, first.shard.run, `as ${harmless(first.file)} has`);
    if (one.shard.of !== first.shard.of || one.shard.parts !== first.shard.parts) {
      const partsOf = ({ of, parts }: X) => `one of ${of} shards of ${counted(parts, 'part')}`;
      check.refuse(one, `expected ${partsOf(first.shard)}, as ${harmless(first.file)} is; came ${partsOf(one.shard)}`);
    }
    check.mustBeFinished(one);
  }
  return check.allOf(first, read);
}

class Check<X extends AnySharded> {
  constructor(readonly work: ShardedWork<X>) {}

  allOf(first: ReadSharded<X>, read: readonly ReadSharded<X>[]): readonly ReadSharded<X>[] {
    const { of } = first.shard;
    const found = new Map<number, ReadSharded<X>>();
    for (const one of read) {
      const same = found.get(one.shard.shard);
      if (same !== undefined) {
        const came = `shard ${one.shard.shard}/${of} came as ${harmless(same.file)} already`;
        this.refuse(one, `expected each shard once; ${came}`);
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

  mustBe(one: ReadSharded<X>, expected: Partial<X['run']>, why: string): void {
    for (const [key, words] of Object.entries(this.work.common)) {
      if (!Object.hasOwn(expected, key)) continue;
      const [due, came] = [expected, one.shard.run].map((run) => JSON.stringify(run[key as keyof typeof run]));
      if (due !== came) this.refuse(one, `expected the ${words} to be ${told(due)}, ${why}; came ${told(came)}`);
    }
  }

  mustBeFinished(one: ReadSharded<X>): void {
    const { shard, of, parts, evidence } = one.shard;
    if (shard < 1 || shard > of) this.refuse(one, `expected a shard from 1/${of} to ${of}/${of}; came ${shard}/${of}`);
    const mine = Array.from({ length: parts }, (_, number) => number).filter((number) => isPartOf(shard, of, number));
    const wrong = evidence.findIndex(({ part }, at) => part !== mine[at]);
    if (wrong !== -1) this.refuse(one, `expected what part ${mine[wrong]} showed; came part ${evidence[wrong]?.part}`);
    const left = mine.slice(evidence.length).filter((part) => this.work.mayLack?.(one.shard, part) !== true);
    if (left.length > 0) {
      const lack = `what parts ${listed(left.map(String))} showed is missing`;
      this.refuse(one, `expected ${counted(mine.length, 'part')}; ${lack}`);
    }
  }

  refuse({ file }: ReadSharded<X>, problem: string): never {
    throw new BadInput({
      where: file,
      problem: `${problem}.`,
      remedy: `A shard is written by "${this.work.writtenBy} --shard i/n --report json=FILE".`,
    });
  }
}

function again({ again: line }: AnySharded, missing: string | undefined): string {
  return harmless(`${line} --shard ${missing} --report json=FILE`);
}

/** A baseline is long; that it differs says enough. */
function told(json: string | undefined): string {
  const text = json ?? 'none';
  return harmless(text.length > 200 ? `${text.slice(0, 200)}...` : text);
}

/** Whether a part belongs to a shard: each gets every n-th. */
export function isPartOf(shard: number, of: number, part: number): boolean {
  return part % of === shard - 1;
}
