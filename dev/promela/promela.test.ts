/** The third formulation: what SPIN proves of it, that it agrees with `explore`, and that neither would pass a lie. */
import { describe, expect, test } from 'vitest';
import { core } from '../../spec/profiles/core.js';
import { rules } from '../../spec/rules/index.js';
import { unavailable } from '../tests/needs.js';
import { compareWithExplore, oneStep, proofBy, prove } from './checks.js';
import { differences } from './compare.js';
import { defects, drifts } from './defects.js';
import { edited, readSources } from './sources.js';
import { readOutput, SpinFailed, search } from './spin.js';
import { versions } from './versions.js';

const missing = await unavailable('spin');
const sources = readSources();
const [first] = versions;
const names = versions.map((version) => [version.profile.name, version] as const);
if (first?.profile !== core) throw new Error('core comes first');

describe.skipIf(missing)(`the Promela model ${missing ?? ''}`, () => {
  // `npm run promela` does all of it.
  test.concurrent.each(names)('%s keeps the rules', async (_, version) => {
    const { error, states } = await prove(sources, version, proofBy.oneCaller);
    expect(error).toBeUndefined();
    expect(states).toBeGreaterThan(1000);
  });

  test.concurrent.each(names)('%s reaches what explore reaches', async (_, version) => {
    const { compared, spin } = await compareWithExplore(sources, version, oneStep);
    expect(differences(compared)).toEqual([]);
    expect(spin.operations.size).toBeGreaterThan(500);
  });
});

describe.skipIf(missing)(`a wrong Promela model is found out ${missing ?? ''}`, () => {
  test.concurrent.each(defects.map((defect) => [defect.what, defect.rule, defect] as const))(
    'it %s: %s',
    async (_, rule, defect) => {
      const { error } = await prove(edited(sources, defect.edits), first, proofBy[defect.by ?? 'oneCaller']);
      expect(error?.rule).toBe(rule);
      expect(error?.trail).toContain('irqbypass');
    },
  );

  test.concurrent.each(drifts.map((drift) => [drift.what, drift] as const))('%s', async (_, drift) => {
    const { compared } = await compareWithExplore(edited(sources, drift.edits), first, oneStep);
    expect(differences(compared)).toContain(drift.differs);
  });

  test.each([
    ['memory', { compile: ['MEMLIM=1'] }],
    ['depth', { compile: [], depth: 100 }],
  ])('a search that is cut off for want of %s proves nothing', async (_, limit) => {
    const all = { sources, define: ['N_PRODUCERS=1', 'N_CONSUMERS=1'], ...limit };
    await expect(search(all)).rejects.toThrow(SpinFailed);
  });

  test('a model that is no Promela is told as it is', async () => {
    const wrong = edited(sources, [{ from: 'proctype caller', to: 'proctipe caller' }]);
    await expect(search({ sources: wrong, define: [], compile: [] })).rejects.toThrow(/spin .* failed/);
  });
});

describe('what the Promela model asserts', () => {
  const asserted = new Set(
    [...(sources.get('irqbypass-rules.pml') ?? '').matchAll(/MUST\(([A-Z]+)_(\d+)/g)].map(
      ([, chapter, number]) => `${chapter}-${number}`,
    ),
  );

  test('are rules of the spec', () => {
    const ids = new Set(rules.map(({ id }) => id));
    expect([...asserted].filter((id) => !ids.has(id))).toEqual([]);
  });

  test('is broken by a defect, each of them', () => {
    const broken = new Set(defects.map(({ rule }) => rule));
    expect([...asserted].filter((id) => !broken.has(id))).toEqual([]);
    expect(asserted.size).toBe(21);
  });

  test('an edit that does not fit is an error', () => {
    expect(() => edited(sources, [{ from: 'call_stop(producer)', to: '' }])).toThrow('stands in 2 places');
    expect(() => edited(sources, [{ from: 'call_everybody()', to: '' }])).toThrow('stands in 0 places');
  });
});

describe('what a verifier says', () => {
  const full = 'Full statespace search for:\nState-vector 10 byte, depth reached 9, errors: 0\n';
  const size = '        5 states, stored\n        7 transitions (= stored+matched)\n';

  test('a search to its end counts', () => {
    expect(readOutput(full + size)).toEqual({ states: 5, transitions: 7, seconds: 0, printed: [] });
  });

  test.each([
    ['too deep', `error: max search depth too small\n${full}${size}`],
    ['out of memory', `pan: out of memory\n${full}${size}`],
    ['broken off', `Warning: Search not completed\n${full}${size}`],
    ['nothing at all', ''],
    ['bit-state', `${full.replace('Full statespace', 'Bit statespace')}${size}`],
  ])('%s proves nothing', (_, output) => {
    expect(() => readOutput(output)).toThrow(SpinFailed);
  });
});
