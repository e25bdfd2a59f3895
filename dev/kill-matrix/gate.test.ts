/** Each gate of the kill matrix closes. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { mutants } from '../../conformance/mutants/index.js';
import type { Fate, NamedRow, SourceMutant, SourceRow } from '../../spec/formats/kill-matrix.js';
import type { ChapterRule } from '../../spec/rule.js';
import { rules } from '../../spec/rules/index.js';
import { packageRoot } from '../../src/files/root.js';
import type { Explanation } from './explanations.js';
import { speaksOf } from './explanations.js';
import { problemsOf } from './gate.js';
import type { Matrix } from './matrix.js';
import { drift } from './page.js';
import { render } from './render.js';

const mutant: SourceMutant = {
  id: '7',
  file: 'reference/registry.ts',
  line: 34,
  within: 'return this.#byToken.get(token);',
  mutator: 'BooleanLiteral',
  original: 'true',
  replacement: 'false',
  range: [0, 4],
};

const explanation: Explanation = {
  file: mutant.file,
  within: mutant.within,
  mutator: mutant.mutator,
  original: mutant.original,
  replacement: mutant.replacement,
  why: 'Nobody can tell.',
};

function row(fate: Fate, killers: readonly string[] = [], id = '7'): SourceRow {
  return { mutant: { ...mutant, id }, fate, killers, hung: false };
}

/** Every named mutant, killed by the rule that it was made for. */
const allKilled: readonly NamedRow[] = mutants.map(({ name, profile, rule }) => ({
  name,
  profile,
  meantFor: rule,
  killers: [rule],
  message: 'it is wrong',
}));

function matrix(sources: readonly SourceRow[], named: readonly NamedRow[] = allKilled): Matrix {
  return { sources, named, worlds: [{ name: 'core', programs: 1 }], disagreements: [] };
}

const killed = row('killed', ['TOKEN-1'], '1');
const problems = (of: Matrix, explained: readonly Explanation[] = [], held: readonly ChapterRule[] = rules) =>
  problemsOf(of, explained, held);

describe('the gate', () => {
  test('is open when every mutant is killed or explained', () => {
    expect(problems(matrix([killed]))).toEqual([]);
    expect(problems(matrix([killed, row('survived')]), [explanation])).toEqual([]);
    expect(problems(matrix([killed, row('unbuilt', ['LIFE-8'])]))).toEqual([]);
  });

  test('closes on a survivor that nobody explained, and says where it is', () => {
    expect(problems(matrix([killed, row('survived')]))).toEqual([
      'No rule finds the mutant at reference/registry.ts:34 (BooleanLiteral) that makes false of true. Strengthen the programs or a rule; or say in explanations.ts why it is the same manager.',
    ]);
  });

  test('closes on a void mutant of which nothing is known', () => {
    const unreached = { ...row('unreached'), reason: 'no program comes by the changed place' };
    expect(problems(matrix([killed, unreached]))).toEqual([
      expect.stringMatching(/^Nothing is known \(no program comes by the changed place\) of the mutant/),
    ]);
    expect(problems(matrix([killed, row('unbuilt')]))).toEqual([expect.stringMatching(/^No rule finds/)]);
  });

  test('closes on an explanation that speaks of no survivor any more', () => {
    const stale = [expect.stringMatching(/speaks of no survivor: it is stale/)];
    expect(problems(matrix([killed]), [explanation])).toEqual(stale);
    // It is killed by now.
    expect(problems(matrix([row('killed', ['TOKEN-1'])]), [explanation])).toEqual(stale);
  });

  test('closes on an explanation that would excuse two', () => {
    const two = matrix([killed, row('survived', [], '7'), row('survived', [], '8')]);
    expect(problems(two, [explanation])).toEqual([expect.stringMatching(/speaks of 2 survivors/)]);
  });

  test('closes when no mutant was run', () => {
    const nothing = /^No mutant of the reference was run/;
    expect(problems(matrix([]))).toEqual([expect.stringMatching(nothing)]);
    // Void ones were not.
    expect(problems(matrix([row('unbuilt', ['LIFE-8'])]))).toEqual([expect.stringMatching(nothing)]);
    expect(problems(matrix([killed], []), [], [])).toEqual([expect.stringMatching(/^No named mutant was run/)]);
  });

  test('closes on a MUST rule that kills no named mutant that is meant for it', () => {
    // Another one, which is meant for something else, it does kill.
    const others = allKilled
      .filter(({ meantFor }) => meantFor !== 'PAIR-2')
      .map((one) => ({ ...one, killers: [...one.killers, 'PAIR-2'] }));
    expect(problems(matrix([killed], others))).toEqual([
      'PAIR-2 kills no named mutant that is meant for it: nothing shows that it works.',
    ]);
  });

  test('closes on a named mutant that others kill, but not the rule that is meant for it', () => {
    const named = allKilled.map(({ message, ...one }) =>
      one.name === 'rekey'
        ? { ...one, killers: ['PAIR-1'] }
        : { ...one, ...(message === undefined ? {} : { message }) },
    );
    expect(problems(matrix([killed], named))).toEqual([
      'The named mutant rekey is meant for TOKEN-7 and is killed by PAIR-1.',
    ]);
  });

  test('closes where rules and model do not agree', () => {
    const divided = { ...matrix([killed]), disagreements: ['registry.ts:34 under core: TOKEN-1 finds fault'] };
    expect(problems(divided)).toEqual([expect.stringMatching(/do not agree.*registry\.ts:34 under core/)]);
  });
});

describe('an explanation', () => {
  test('outlives what moves its place, and no change of what it speaks of', () => {
    expect(speaksOf(explanation, { ...mutant, id: '9', line: 99, range: [8, 12] })).toBe(true);
    expect(speaksOf(explanation, { ...mutant, within: '  return  this.#byToken.get(token);' })).toBe(true);
    for (const field of ['file', 'within', 'mutator', 'original', 'replacement'] as const) {
      expect(speaksOf(explanation, { ...mutant, [field]: 'another' }), field).toBe(false);
    }
  });
});

describe('the page', () => {
  const page = (of: Matrix, explained: readonly Explanation[] = []) => render(of, explained, rules);

  test('counts what is void apart from what is killed', () => {
    const text = page(matrix([killed, row('unbuilt', ['LIFE-8'], '2'), row('unreached', [], '3'), row('survived')]), [
      explanation,
    ]);
    expect(text).toContain('| mutants of the reference | 4 | 1 | 1 | 1 | 1 | 0 |');
    // The kill of one that was not built is no kill of the rule.
    expect(text).toMatch(/\| LIFE-8 \| 0 \| 0 \|/);
    expect(text).toMatch(/\| TOKEN-1 \| 1 \| 1 \|/);
  });

  test('gives each survivor its reason, or says that it has none', () => {
    expect(page(matrix([killed, row('survived')]), [explanation])).toContain('| Nobody can tell. |');
    expect(page(matrix([killed, row('survived')]))).toContain('| **unexplained** |');
  });

  test('lists what cannot be tested, with the reason', () => {
    expect(page(matrix([killed]))).toContain('- LIFE-10 cannot be tested, and so kills nothing: a trace shows calls');
  });

  test('that has drifted is told from one that has not, with the first line that differs', () => {
    expect(drift('a\nb\n', 'a\nb\n')).toEqual([]);
    expect(drift(undefined, 'a\n')).toEqual([expect.stringContaining('`npm run kill-matrix` makes it')]);
    expect(drift('a\nb\n', 'a\nc\n')).toEqual([expect.stringMatching(/line 2 on it reads\s+b\s+and should read\s+c/)]);
    expect(drift('a\nb', 'a')).toEqual([
      expect.stringMatching(/line 2 on it reads\s+b\s+and should read\s+\(its end\)/),
    ]);
  });
});

describe('the command', () => {
  test('answers an option that it does not know with how it is used, and exit status 64', () => {
    const main = join(packageRoot, 'dist', 'dev', 'kill-matrix', 'main.js');
    const { status, stderr } = spawnSync(process.execPath, [main, '--chekc'], { encoding: 'utf8' });
    expect(status).toBe(64);
    expect(stderr).toContain("unknown option '--chekc'");
  });
});
