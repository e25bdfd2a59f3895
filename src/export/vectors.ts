/**
 * The suites of a profile with what is expected of each operation, for whoever has a harness of their own: as data, and as
 * the tables of a KUnit suite (`kunit.ts`).
 *
 *     suites ──program──> enact on the model ──trace──> by operation: status, callbacks, and the rules that it exposes
 */
import type { Capability } from '../../spec/formats/protocol.js';
import type { ExpectedCall, Vector, Vectors } from '../../spec/formats/vectors.js';
import type { Profile } from '../../spec/profile.js';
import { enact } from '../../spec/reading/enact.js';
import { objectsById } from '../../spec/reading/follow.js';
import { readHistory } from '../../spec/reading/read-history.js';
import type { ChapterRule } from '../../spec/rule.js';
import { rules } from '../../spec/rules/index.js';
import { type Event, isManagerOperation, type Program } from '../../spec/vocabulary.js';
import { hashOfRules } from '../engine/rules-hash.js';
import { manager } from '../manager/manager.js';
import type { Target } from '../targets/target.js';

/** What a harness can be asked that knows no more than how to call a manager. */
const ASKED: readonly Capability[] = ['missing-mandatory'];

/** The rules that one call shows, and that hold under a profile. */
export function rulesOf(profile: Profile): readonly (ChapterRule & { readonly kind: 'call' })[] {
  return rules.filter(
    (rule): rule is ChapterRule & { readonly kind: 'call' } =>
      rule.kind === 'call' && rule.except?.[profile.name] === undefined,
  );
}

/** The suites of a profile: every transition, every set of callbacks, and, with `pairs`, every pair of transitions. */
export async function vectorsOf(profile: Profile, pairs: boolean): Promise<Vectors> {
  const coverage = { ...manager.coverage('smoke', {}), pairs };
  const ask = { profile, rules: manager.rules, allRules: true, target: nobody, coverage };
  const { suites } = await manager.prepare(ask);
  const asked = rulesOf(profile);
  const vectors: Vector[] = [];
  for (const suite of suites) {
    for (const { program } of suite.plan().programs()) {
      vectors.push({ suite: suite.name, program, calls: callsOf(program, profile, asked) });
    }
  }
  return { format: 'irqbypass-spec/vectors/1', profile: profile.name, rulesHash: hashOfRules(manager.rules), vectors };
}

/** What is expected of each operation of a program. */
function callsOf(
  program: Program,
  profile: Profile,
  asked: readonly (ChapterRule & { readonly kind: 'call' })[],
): readonly ExpectedCall[] {
  const trace = enact(program, profile);
  const history = readHistory(trace, profile, objectsById(program.objects));
  return history.calls.map((call, at) => {
    const events = eventsOf(trace.events, at);
    const last = events.at(-1);
    return {
      ...(last?.type === 'return' && last.status !== undefined ? { status: last.status } : {}),
      callbacks: events.flatMap((event) => (event.type === 'enter' ? [event] : [])),
      rules: asked.filter((rule) => rule.check(call, history) === true).map(({ id }) => id),
    };
  });
}

/** The events of one operation. */
function eventsOf(events: readonly Event[], call: number): readonly Event[] {
  const starts = events.flatMap((event, at) => (event.type === 'call' ? [at] : []));
  return events.slice(starts[call], starts[call + 1]);
}

/** The suites of a profile that is known are planned without anybody to ask. */
const nobody: Target = {
  address: 'nobody',
  hello: { type: 'hello', protocol: 1, name: 'nobody', version: '1', language: 'none', capabilities: ASKED },
  run: async () => {
    throw new Error('a suite that is exported asks its target');
  },
  close: async () => undefined,
};

/** The operations of a program, all of which a manager can be asked. */
export function operationsOf({ lanes }: Program) {
  return (lanes[0] ?? []).filter(isManagerOperation);
}
