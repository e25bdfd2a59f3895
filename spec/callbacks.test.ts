/** The table of callbacks agrees with itself, and the Promela model names the same ones. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, expectTypeOf, test } from 'vitest';
import {
  bareCallbacks,
  callbackNames,
  callbackTable,
  fallibleCallback,
  returnsStatus,
  wholeCallbacks,
} from './callbacks.js';
import type { Consumer, Producer } from './manager.js';
import { profiles } from './profiles/index.js';
import type { CallbackName, ConsumerCallback, ProducerCallback } from './vocabulary.js';

const KINDS = ['stop', 'start', 'add', 'del'];
const ROLES = ['producer', 'consumer'] as const;

describe('the table of callbacks', () => {
  test.each(callbackNames)('%s is the opposite of its opposite, and the mirror of its mirror', (name) => {
    const { opposite, mirror, passesCounterpart, mandatory, kind } = callbackTable[name];
    expect(callbackTable[opposite].opposite).toBe(name);
    expect(callbackTable[mirror].mirror).toBe(name);
    expect(callbackTable[mirror].kind).toBe(kind);
    expect(callbackTable[opposite]).toMatchObject({ passesCounterpart, mandatory, roles: callbackTable[name].roles });
  });

  test.each(ROLES)('a %s has one of each kind, in the same order, of which one can fail', (role) => {
    const names: readonly CallbackName[] = wholeCallbacks[role];
    expect(names.map((name) => callbackTable[name].kind)).toEqual(KINDS);
    expect(names.filter(returnsStatus)).toEqual([fallibleCallback[role]]);
  });

  test.each(profiles)('$name has no other callbacks, and none without those that are mandatory', (profile) => {
    for (const role of ROLES) {
      expect(wholeCallbacks[role]).toEqual(expect.arrayContaining([...profile.callbacks[role]]));
      expect(profile.mandatory[role]).toEqual(expect.arrayContaining([...bareCallbacks[role]]));
    }
  });

  test('core and the mainline ask for no more than those', () => {
    for (const { mandatory } of profiles.filter(({ name }) => name !== 'premerge-2015')) {
      expect(mandatory).toEqual(bareCallbacks);
    }
  });

  test('a manager sees them by the same names', () => {
    expectTypeOf<keyof Producer>().toEqualTypeOf<ProducerCallback>();
    expectTypeOf<keyof Consumer>().toEqualTypeOf<ConsumerCallback>();
  });
});

describe('the Promela model', () => {
  const model = readFileSync(join(import.meta.dirname, 'irqbypass.pml'), 'utf8');
  const rules = readFileSync(join(import.meta.dirname, 'irqbypass-rules.pml'), 'utf8');

  test('has the callbacks of the table', () => {
    const names = /^mtype = \{ (stop,[^}]*) \};$/m.exec(model)?.[1]?.split(', ');
    expect(names).toEqual(callbackNames);
  });

  test('has a bit for each kind, in the order of the table', () => {
    const bits = [...model.matchAll(/^#define HAS_([A-Z]+)\s+(\d+)$/gm)].map(([, kind, bit]) => [kind, Number(bit)]);
    expect(bits).toEqual(KINDS.map((kind, index) => [kind.toUpperCase(), 1 << index]));
  });

  test.each(callbackNames.filter((name) => callbackTable[name].passesCounterpart))('calls %s by its kind', (name) => {
    expect(model).toContain(`call_${callbackTable[name].kind}(${name}, ${callbackTable[name].roles[0]}, `);
  });

  test.each(callbackNames)('has a rule that speaks of %s', (name) => {
    expect(rules).toMatch(new RegExp(`\\(name\\) == ${name}\\b|name == ${name}\\b`));
  });
});
