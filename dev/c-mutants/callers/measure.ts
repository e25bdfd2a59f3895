/**
 * What real threads show of the mutants of the locking. What threads do depends on luck, so it is not part of a matrix that
 * has to come out the same each time: `npm run kill-matrix:c -- threads` measures it and keeps it in `measured.json`, from which
 * the page takes it; `-- tsan` measures only what ThreadSanitizer tells.
 *
 *     random programs of lanes ──> those that go wrong in no order of one lane ──> each mutant ──> the rules that are broken
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lanePrograms } from '../../../conformance/generators/lanes.js';
import type { Profile } from '../../../spec/profile.js';
import type { ChapterRule } from '../../../spec/rule.js';
import { concurrency } from '../../../spec/rules/concurrency.js';
import { rules } from '../../../spec/rules/index.js';
import type { Program } from '../../../spec/vocabulary.js';
import { growing } from '../../../src/engine/growing.js';
import { packageRoot } from '../../../src/files/root.js';
import { writeJsonFile } from '../../../src/formats/write.js';
import { Judge } from '../../../src/judge/judge.js';
import { MOST_ORDERS, serialPrograms } from '../../../src/manager/serial.js';
import { compileManager, compileWatched } from '../../../src/targets/linux-source/build.js';
import { describeTarget, findManager } from '../../../src/targets/linux-source/index.js';
import { profileNamed } from '../../../src/targets/resolve.js';
import { startStdioTarget } from '../../../src/targets/stdio.js';
import type { Target } from '../../../src/targets/target.js';
import { using } from '../../tests/using.js';
import { applyEdit } from '../editor/edits.js';
import { amongCallers, type Version } from '../table/index.js';

/** What a sanitizer tells; what else threads do wrong under it, they do without. */
const aboutRaces = rules.filter(({ id }) => id === 'CONC-5');

/** Judging by these alone shows what is wrong among lanes, and not what is wrong anyhow. */
const aboutLanes = rules.filter(({ id }) => concurrency.some((rule) => rule.id === id));

/** The ways in which threads are asked: with gates, without, and both watched by ThreadSanitizer. */
export type ByThreads = 'gates' | 'threads' | 'tsan';
/** How many programs there are of each of the first two. */
const PROGRAMS = 150;
const SEED = 1;
/** A program that takes so many milliseconds without progress hangs; one that is only left out may be left out too soon. */
const PATIENCE = { original: 300, mutant: 1_000, watched: 2_000 } as const;
/** Programs that hang, after which it is not worth watching more. */
const MOST_HUNG = 8;

/** By version and mutant, the rules that were broken; none where nothing was seen. */
export type Measured = Readonly<
  Record<string, Readonly<Record<string, Readonly<Partial<Record<ByThreads, readonly string[]>>>>>>
>;

const FILE = join(packageRoot, 'dev', 'c-mutants', 'callers', 'measured.json');

/** What was measured last. */
export async function readMeasured(): Promise<Measured> {
  return JSON.parse(await readFile(FILE, 'utf8')) as Measured;
}

/** Measure all versions anew, in some ways. @throws {TargetUnavailable} when one cannot be had or compiled */
export async function measureThreads(
  versions: readonly Version[],
  how: 'all' | 'tsan',
  onProgress: (text: string) => void,
): Promise<void> {
  const measured: Record<string, Record<string, Partial<Record<ByThreads, readonly string[]>>>> = {
    ...(await readMeasured()),
  };
  for (const version of versions) {
    const watched = await measureVersion(version, 'tsan', onProgress);
    const plain = how === 'all' ? await measureVersion(version, 'threads', onProgress) : undefined;
    const before = measured[version] ?? {};
    measured[version] = Object.fromEntries(
      amongCallers[version].map(({ what }) => [what, { ...(plain?.[what] ?? before[what]), ...watched[what] }]),
    );
  }
  writeJsonFile(FILE, measured);
}

/** What is seen of each mutant of a version. */
async function measureVersion(
  version: Version,
  how: 'threads' | 'tsan',
  onProgress: (text: string) => void,
): Promise<Readonly<Record<string, Partial<Record<ByThreads, readonly string[]>>>>> {
  const found = await findManager(`debian:${version}`, { onProgress });
  const { source, parts } = found.build;
  const profile = profileNamed(found.detected.profile);
  const seen: Record<string, Partial<Record<ByThreads, readonly string[]>>> = {};
  const folder = await mkdtemp(join(tmpdir(), 'irqbypass-spec-threads-'));
  const compile = how === 'tsan' ? compileWatched : compileManager;
  const open = async (text: string, who: keyof typeof PATIENCE) => {
    const command = await compile(parts, text, folder);
    const { args, facts } = describeTarget(found.tree, found.detected, command);
    const env = { IRQBYPASS_ADAPTER_WATCHDOG_MS: `${PATIENCE[who]}` };
    return startStdioTarget({ address: `Linux ${version}`, command, args, facts, env });
  };
  try {
    const ask = await using(await open(source, 'original'), (original) => askerOf(original, how, profile));
    for (const [at, { what, edit }] of amongCallers[version].entries()) {
      onProgress(`Linux ${version}, ${how}: ${at} of ${amongCallers[version].length} mutants`);
      seen[what] = await using(
        await open(applyEdit(source, edit, '').plain, how === 'tsan' ? 'watched' : 'mutant'),
        ask,
      );
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return seen;
}

type Asker = (target: Target) => Promise<Partial<Record<ByThreads, readonly string[]>>>;

/** What a mutant is asked, given the original. */
async function askerOf(original: Target, how: 'threads' | 'tsan', profile: Profile): Promise<Asker> {
  if (how === 'threads') {
    const programs = await drawPrograms(original, profile);
    return async (target) => ({
      gates: await broken(target, programs.gates, profile, aboutLanes),
      threads: await broken(target, programs.threads, profile, aboutLanes),
    });
  }
  const capabilities = new Set(original.hello.capabilities);
  const make = lanePrograms(SEED, { profile, capabilities, asItShouldBe: true });
  const programs = Array.from({ length: 2 * PROGRAMS }, make);
  return async (target) => ({ tsan: await firstRace(target, programs, profile) });
}

/** Whether a sanitizer tells of a race in any of some programs. After one, or after many that hang, it is enough. */
async function firstRace(target: Target, programs: readonly Program[], profile: Profile): Promise<readonly string[]> {
  let hung = 0;
  for (const { from, count } of growing(programs.length)) {
    const seen = await broken(target, programs.slice(from, from + count), profile, aboutRaces, () => hung++);
    if (seen.length > 0) return seen;
    if (hung > MOST_HUNG) break;
  }
  return [];
}

/** Programs of lanes that go wrong on the original in no order of one lane. */
async function drawPrograms(
  original: Target,
  profile: Profile,
): Promise<Readonly<Record<'gates' | 'threads', readonly Program[]>>> {
  const make = lanePrograms(SEED, { profile, capabilities: new Set(original.hello.capabilities) });
  const judge = new Judge(profile, rules, false);
  const drawn: Record<'gates' | 'threads', Program[]> = { gates: [], threads: [] };
  while (drawn.gates.length < PROGRAMS || drawn.threads.length < PROGRAMS) {
    const program = make();
    const kind = program.gates === undefined ? 'threads' : 'gates';
    if (drawn[kind].length === PROGRAMS) continue;
    const serial = serialPrograms(program);
    // Of longer ones not every order is made, so that it cannot be said that none is wrong.
    if (serial.length < MOST_ORDERS && (await isRight(original, serial, judge))) drawn[kind].push(program);
  }
  return drawn;
}

/** Whether programs are right, the first by itself: most of those that are wrong are wrong in any order. */
async function isRight(target: Target, programs: readonly Program[], judge: Judge): Promise<boolean> {
  for (const batch of [programs.slice(0, 1), programs.slice(1)]) {
    const outcomes = await target.run(batch);
    const right = batch.every(({ objects }, at) => {
      const outcome = outcomes[at];
      if (outcome === undefined || outcome.fault !== undefined) return false;
      return judge.judge({ objects, events: outcome.events }).breaches.length === 0;
    });
    if (!right) return false;
  }
  return true;
}

/** Of some rules those that are broken in any of some programs. */
async function broken(
  target: Target,
  programs: readonly Program[],
  profile: Profile,
  held: readonly ChapterRule[],
  onHung: () => void = () => undefined,
): Promise<readonly string[]> {
  const judge = new Judge(profile, held, false);
  const outcomes = await target.run(programs);
  const seen = programs.flatMap(({ objects }, at) => {
    const outcome = outcomes[at];
    if (outcome === undefined || outcome.fault !== undefined) return [];
    if (outcome.events.at(-1)?.type === 'hang') onHung();
    return judge.judge({ objects, events: outcome.events }).breaches.map(({ rule }) => rule);
  });
  return [...new Set(seen)].sort();
}
