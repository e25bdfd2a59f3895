/** The third formulation: what SPIN proves of it, that it agrees with `explore`, and that neither would pass a lie. */
import { describe, expect, test } from 'vitest';
import { rules } from '../../spec/rules/index.js';
import { defects } from './defects.js';
import { edited, readSources } from './sources.js';
import { readOutput, SpinFailed } from './spin.js';

const sources = readSources();

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
