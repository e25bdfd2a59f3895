/** What a run is asked for, as plain data: by the options of the command, in the file of a shard, and for another thread. */
import type { AskedRun } from '../../spec/formats/shard.js';
import type { RunOptions } from '../engine/options.js';
import { hashOfRules } from '../engine/rules-hash.js';
import type { Shape, Subject, SubjectTarget } from '../subject/subject.js';
import { profileNamed } from '../targets/resolve.js';
import { scopeFor, selectRules } from './options.js';

/** What a run of a subject is asked for. */
export type Asked<S extends Shape> = AskedRun<S['program'], S['trace']['events'][number]>;

/** What the tool itself adds. */
export function ownOf<S extends Shape>(
  { rules }: Subject<S>,
  version: string,
): Pick<Asked<S>, 'version' | 'rulesHash'> {
  return { version, rulesHash: hashOfRules(rules) };
}

/** The options of a run that was asked for. @throws {UsageError} for rules or a scope that there are not */
export function optionsOf<S extends Shape>(
  subject: Subject<S>,
  target: SubjectTarget<S>,
  asked: Asked<S>,
  more: Pick<RunOptions<S>, 'onProgress' | 'onNote' | 'failFast'>,
): RunOptions<S> {
  const { profile, rules, tier, seed, programs, scope, extraStates, baseline, stored } = asked;
  return {
    target,
    profile: profileNamed(profile),
    ...selectRules(subject, rules ?? undefined),
    seed,
    programs,
    coverage: subject.coverage(tier, {
      ...(scope === null ? {} : { scope: scopeFor(scope) }),
      ...(extraStates === null ? {} : { extraStates }),
    }),
    tier,
    undefined: asked.undefined,
    ...(baseline === null ? {} : { baseline }),
    ...(stored === null ? {} : { stored }),
    ...more,
    now: () => performance.now(),
  };
}
