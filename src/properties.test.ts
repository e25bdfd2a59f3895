/** The kit's own parsers, spellings and canonical forms, as properties over what fast-check makes. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { core } from '../spec/profiles/core.js';
import type { Program } from '../spec/vocabulary.js';
import { programs } from './arbitrary.js';
import { parseJson } from './formats/json.js';
import { layOut } from './formats/layout.js';
import { renameByFirstUse } from './manager/canonical.js';
import { manager } from './manager/manager.js';
import { spell } from './subject/spelling.js';
import { splitWords } from './targets/resolve.js';
import { harmless, harmlessLines, shellWord, wrap } from './text/text.js';
import { unified } from './text/unified.js';

const some = programs({ profile: core, capabilities: new Set(['null-token', 'missing-mandatory']) });
const check = <T>(arbitrary: fc.Arbitrary<T>, holds: (value: T) => void) =>
  fc.assert(fc.property(arbitrary, holds), { seed: 1, numRuns: 200 });

describe('canonical forms', () => {
  test('the canonical form of a canonical form is itself', () => {
    check(some, (program) => {
      const once = manager.canonical(program);
      expect(spell(manager.canonical(once))).toBe(spell(once));
    });
  });

  test('renaming objects and tokens of a program changes nothing of its form', () => {
    check(some, (program) => {
      expect(spell(renameByFirstUse(shifted(program)))).toBe(spell(renameByFirstUse(program)));
    });
  });
});

/** The same program with higher numbers. */
function shifted(program: Program): Program {
  const text = spell(program).replace(/"([pct])(\d+)"/g, (_, letter: string, number: string) => {
    return `"${letter}${Number(number) + 7}"`;
  });
  return JSON.parse(text) as Program;
}

describe('shrinking', () => {
  test('no simpler program is the program itself, and none has more operations', () => {
    check(some, (program) => {
      let looked = 0;
      for (const simpler of manager.simpler(program)) {
        expect(spell(simpler)).not.toBe(spell(program));
        expect(manager.operations(simpler)).toBeLessThanOrEqual(manager.operations(program));
        if (++looked === 30) break;
      }
    });
  });

  test('a beginning of a program is a program with fewer operations, or itself', () => {
    check(some, (program) => {
      let length = 0;
      for (const beginning of manager.beginnings(program)) {
        expect(manager.operations(beginning)).toBeGreaterThanOrEqual(length);
        length = manager.operations(beginning);
      }
      expect(length).toBeLessThanOrEqual(manager.operations(program));
    });
  });
});

describe('parsers', () => {
  test('what is laid out is read again as it was', () => {
    check(fc.jsonValue(), (value) => {
      const parsed = parseJson(layOut(value), 'file');
      expect(parsed.ok && JSON.stringify(parsed.value)).toBe(JSON.stringify(value));
    });
  });

  test('of any text it is said whether it is JSON, and where it stops being so', () => {
    check(fc.string(), (text) => {
      const parsed = parseJson(text, 'file');
      if (!parsed.ok) expect(parsed.at).toBeLessThanOrEqual(text.length);
    });
  });

  test('words that are quoted for a shell are split as they were', () => {
    const word = fc.string({ unit: fc.constantFrom(...'ab/:.- \'"$*;&') }).filter((text) => text !== '');
    check(fc.array(word, { minLength: 1 }), (words) => {
      expect(splitWords(words.map(shellWord).join(' '))).toEqual(words);
    });
  });
});

describe('texts', () => {
  const anyText = fc.string({ unit: 'binary' });

  test('a text from outside holds nothing that a terminal acts upon, and is harmless twice', () => {
    check(anyText, (text) => {
      const shown = harmless(text);
      expect(shown).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
      expect(harmless(shown)).toBe(shown);
      for (const line of harmlessLines(text)) expect(line).not.toMatch(/\p{Cc}/u);
    });
  });

  test('wrapping keeps every word, in its order', () => {
    check(fc.array(fc.string({ unit: fc.constantFrom(...'abc'), minLength: 1 })), (words) => {
      expect(wrap(words.join(' '), 10).join(' ')).toBe(words.join(' '));
    });
  });

  test('two texts as one have both in them', () => {
    const lines = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 12 });
    check(fc.tuple(lines, lines), ([first, second]) => {
      const both = unified(first, second);
      expect(both.filter(({ mark }) => mark !== '+').map(({ text }) => text)).toEqual(first);
      expect(both.filter(({ mark }) => mark !== '-').map(({ text }) => text)).toEqual(second);
    });
  });
});
