/** CONC-2: a baseline that lists what real threads do wrong now and then. */
import { expect, test } from 'vitest';
import type { Baseline, Often } from '../../spec/formats/results.js';
import { core } from '../../spec/profiles/core.js';
import type { Event, Program } from '../../spec/vocabulary.js';
import { registering } from '../../spec/vocabulary.js';
import { lookAtKnown } from '../../src/engine/baseline.js';
import { formInLanes } from '../../src/judge/lanes.js';
import { manager } from '../../src/manager/manager.js';
import type { Target } from '../../src/targets/target.js';
import { type Made, objects, partsOf } from './fixtures/small-histories.js';

const program: Program = { objects, lanes: [[registering('p0', 't0', 1)], [registering('c0', 't0', 1)]] };

const producer: Made = { object: 'p0', token: 't0', status: 0 };
const whole = (made: Made, lane: number) => partsOf(made, lane).flat();
const right = [...whole(producer, 0), ...whole({ object: 'c0', token: 't0', status: 0, partner: 'p0' }, 1)];
/** The two have one token, and do not become a pair. */
const wrong = [...whole(producer, 0), ...whole({ object: 'c0', token: 't0', status: 0 }, 1)];

/** A target whose threads come to one of these, one try after the other. */
function targetOf(came: readonly (readonly Event[])[]): Target {
  return {
    address: 'exec:./threads',
    hello: {
      type: 'hello',
      protocol: 1,
      name: 'threads',
      version: '1',
      language: 'c',
      capabilities: ['lanes'],
    },
    run: (programs) => Promise.resolve(programs.map((_, at) => ({ events: came[at % came.length] ?? [] }))),
    close: () => Promise.resolve(),
  };
}

function baselineOf(rule: string, often: Often): Baseline {
  const key = formInLanes(rule);
  const form = { key, rules: [rule], program, events: wrong, often };
  return {
    format: 'irqbypass-spec/baseline/1',
    target: 'exec:./threads',
    profile: 'core',
    entries: [{ key, rule, reason: 'Because.', fixedIn: null, forms: [form] }],
  };
}

const NOW_AND_THEN = { failed: 7, tries: 100 };
const ALWAYS = { failed: 100, tries: 100 };

async function becomes(came: readonly (readonly Event[])[], known: Baseline) {
  const { stale, faults } = await lookAtKnown(manager, known, targetOf(came), core);
  expect(faults).toEqual([]);
  return stale.map(({ is }) => is);
}

test('what goes wrong in some tries is known, whether it was always or now and then', async () => {
  for (const often of [NOW_AND_THEN, ALWAYS]) {
    expect(await becomes([right, right, wrong], baselineOf('CONC-2', often))).toEqual([]);
  }
});

test('what went wrong now and then, and does not in all tries of a run, is no news', async () => {
  expect(await becomes([right], baselineOf('CONC-2', NOW_AND_THEN))).toEqual([]);
});

test('what always went wrong, and does not any more, is gone', async () => {
  expect(await becomes([right], baselineOf('CONC-2', ALWAYS))).toEqual(['gone']);
});

test('what breaks a rule that is not listed has changed, were it in one try only', async () => {
  expect(await becomes([right, right, wrong], baselineOf('CONC-4', NOW_AND_THEN))).toEqual(['changed']);
});
