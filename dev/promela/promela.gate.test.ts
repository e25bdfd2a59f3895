/** SPIN finds out what is wrong with a Promela model. That ours is right is what `npm run promela` says. */
import { describe, expect, test } from 'vitest';
import { core } from '../../spec/profiles/core.js';
import { compareWithExplore, oneStep, proofBy, prove } from './checks.js';
import { differences } from './compare.js';
import { defects, drifts } from './defects.js';
import { edited, readSources } from './sources.js';
import { SpinFailed, search } from './spin.js';
import { versions } from './versions.js';

const sources = readSources();
const [first] = versions;
if (first?.profile !== core) throw new Error('core comes first');

describe('a wrong Promela model is found out', () => {
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
