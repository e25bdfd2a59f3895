/** What a manager is, told by its answers. */
import { describe, expect, it } from 'vitest';
import type { ProfileName } from '../../../spec/profile.js';
import { openTarget } from '../resolve.js';
import type { Caller } from './caller.js';
import { detectManager } from './detect.js';
import { type Answers, pairsWithoutMemory, questions, readAnswers, starvedPair } from './questions.js';

const IN_OBJECT: Caller = { passes: 0, token: 'token', irq: true };
const AS_ARGUMENT: Caller = { passes: 2, token: 'eventfd', irq: true };
const HALF_WAY: Caller = { passes: 1, token: 'eventfd', irq: true };

/** A manager of Linux 4.7. */
const ANSWERS: Answers = {
  nullToken: [-22, -22],
  duplicate: [-16, -16],
  again: [-16, -16],
  bareProducer: 0,
  startsAfterFailure: true,
  deletesAfterSuccess: false,
  allocates: 'never',
};

describe('a manager of each version is told by what it answers', () => {
  it.each<[string, Caller, ProfileName]>([
    ['reference:premerge-2015', IN_OBJECT, 'premerge-2015'],
    ['reference:linux-4.4', IN_OBJECT, 'linux-4.4'],
    ['reference:linux-4.7', IN_OBJECT, 'linux-4.7'],
    ['mutant:linux-5.9', IN_OBJECT, 'linux-5.9'],
    ['reference:linux-6.17', AS_ARGUMENT, 'linux-6.17'],
    ['reference:linux-6.17', HALF_WAY, 'linux-6.17'],
  ])('%s', async (address, caller, profile) => {
    const target = await openTarget(address);
    const traces = (await target.run(questions)).map(({ events }) => events);
    await target.close();
    expect(detectManager(caller, readAnswers(traces, 'an allocation')).profile).toBe(profile);
  });
});

describe('the profile', () => {
  it.each<[string, Partial<Answers>, ProfileName]>([
    ['that agrees with most answers is taken', { duplicate: [0, 0] }, 'linux-4.7'],
    ['is the newer one where the two sides disagree', { nullToken: [-22, 0] }, 'linux-4.7'],
    ['is found where nothing but a question crashes', { nullToken: [undefined, undefined] }, 'linux-4.7'],
    ['of the versions that are known bad takes both of their faults', { startsAfterFailure: false }, 'linux-4.7'],
    ['is not that of an older version because memory is asked for', { allocates: 'always' }, 'linux-4.7'],
    [
      'leaves the order of reasons open where a lack of memory goes first',
      { allocates: 'always', starvedDuplicate: -12 },
      'core',
    ],
  ])('%s', (_, answers, profile) => {
    expect(detectManager(IN_OBJECT, { ...ANSWERS, ...answers }).profile).toBe(profile);
  });

  it('does not have memory fail for who does without it', () => {
    const answers: Answers = { ...ANSWERS, allocates: 'always', starvedDuplicate: -16 };
    expect(detectManager(IN_OBJECT, answers).allocates).toBe(true);
    const spared = detectManager(IN_OBJECT, { ...answers, pairsWithoutMemory: true });
    expect([spared.allocates, spared.facts['memory:']]).toEqual([
      false,
      'each registration allocates and does without where there is no memory, so none is made to fail',
    ]);
  });

  it('is explained by the answers', () => {
    expect(detectManager(IN_OBJECT, { ...ANSWERS, nullToken: [-22, 0] }).facts).toEqual({
      generation: 'token-in-object',
      'caller:': 'the token is a field of the object',
      'profile:':
        'null token refused with -22 as a producer and accepted as a consumer; duplicate refused with -16; registered again refused with -16; producer without callbacks accepted; start after a failed connection',
      'memory:': 'registering allocates nothing',
    });
  });
});

describe('whether a pair is joined without memory is seen in the trace', () => {
  it.each<[string, string, boolean]>([
    ['who goes on without joins it', 'mutant:registers-without-memory', true],
    ['who refuses does not', 'reference:linux-6.17', false],
    ['who accepts and never joins does not', 'mutant:does-nothing', false],
  ])('%s', async (_, address, expected) => {
    const target = await openTarget(address);
    const [trace] = await target.run([starvedPair]);
    await target.close();
    expect(pairsWithoutMemory(trace?.events ?? [])).toBe(expected);
  });
});

describe('whether registering allocates is seen in the trace', () => {
  const allocating = (which: (at: number) => boolean) => {
    const registrations = Array.from({ length: 80 }, (_, at) => [
      { type: 'call', operation: 'registerProducer', object: 'p0', token: 't0', irq: 32 } as const,
      ...(which(at) ? [{ type: 'log', level: 'info', text: 'an allocation' } as const] : []),
      { type: 'return', status: 0 } as const,
    ]).flat();
    return readAnswers([...questions.slice(1).map(() => []), registrations], 'an allocation').allocates;
  };

  it.each<[Answers['allocates'], (at: number) => boolean]>([
    ['always', () => true],
    ['sometimes', (at) => at === 64],
    ['never', () => false],
  ])('%s', (expected, which) => {
    expect(allocating(which)).toBe(expected);
  });
});
