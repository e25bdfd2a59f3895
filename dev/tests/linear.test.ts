/** The two answers to one question: the search that splits by token, and every order tried by its definition. */
import { describe, expect, test } from 'vitest';
import { core } from '../../spec/profiles/core.js';
import { profiles } from '../../spec/profiles/index.js';
import { linux617 } from '../../spec/profiles/linux-6.17.js';
import type { Event, ProgramObject } from '../../spec/vocabulary.js';
import { explain } from '../../src/linear/explain.js';
import { explainPlainly } from '../../src/linear/plain.js';
import { type Span, spansOf } from '../../src/linear/span.js';
import { extent } from './extent.js';
import { histories, objects, partsOf } from './fixtures/small-histories.js';

/** The night takes every history of the scope. */
const EVERY = extent(16, 4, 1);

function whole(events: readonly Event[]): readonly Span[] {
  const spans = spansOf(events);
  if (typeof spans === 'string') throw new Error(spans);
  return spans.spans;
}

/** How many of all histories of the scope are which. */
const COUNTS: Readonly<Record<string, unknown>> = {
  core: { right: 3_283, wrong: 91_441, wrongUnderOneToken: 91_441 },
  'linux-6.17': { right: 3_273, wrong: 91_451, wrongUnderOneToken: 91_441 },
};

describe.each([core, linux617])('under $name', (profile) => {
  test('search and definition agree on every history of the small scope, right and wrong', () => {
    const counts = { right: 0, wrong: 0, wrongUnderOneToken: 0 };
    let number = 0;
    for (const events of histories()) {
      if (number++ % EVERY !== 0) continue;
      const spans = whole(events);
      const searched = explain(spans, profile, objects);
      const plain = explainPlainly(spans, profile, objects);
      if ((searched.is === 'explained') !== plain) expect([events, searched]).toEqual([events, plain]);
      counts[plain === true ? 'right' : 'wrong']++;
      if (searched.is === 'unexplained' && 'token' in searched) counts.wrongUnderOneToken++;
    }
    if (EVERY === 1) expect(counts).toEqual(COUNTS[profile.name]);
    expect(Math.min(counts.right, counts.wrong)).toBeGreaterThan(100);
  });
});

test('every profile refuses what is registered before it looks for a duplicate, as splitting by token needs', () => {
  for (const { refusals, ordered, name } of profiles) {
    const at = (refusal: string) => refusals.findIndex((one) => one.refusal === refusal);
    const [registered, duplicate] = [refusals[at('registered')], refusals[at('duplicate-token')]];
    if (registered === undefined || duplicate === undefined) continue;
    const covers = duplicate.statuses.every((status) => registered.statuses.includes(status));
    expect(ordered ? at('registered') < at('duplicate-token') : covers, name).toBe(true);
  }
});

test('one lock ties tokens together: what each token alone explains, the order of all callbacks may not', () => {
  const all: readonly ProgramObject[] = [...objects, { id: 'p2', callbacks: [] }];
  const [joinCall = [], joinCallbacks = [], joinReturn = []] = partsOf(
    { object: 'p0', token: 't0', status: 0, partner: 'c0' },
    1,
  );
  const events = [
    ...partsOf({ object: 'c0', token: 't0', status: 0 }, 0).flat(),
    ...partsOf({ object: 'p1', token: 't1', status: 0 }, 0).flat(),
    ...joinCall,
    // p2 is refused because of p0, before the lock was taken for p0: others had it first.
    ...partsOf({ object: 'p2', token: 't0', status: -16 }, 2).flat(),
    ...partsOf({ object: 'c1', token: 't1', status: 0, partner: 'p1' }, 3).flat(),
    ...joinCallbacks,
    ...joinReturn,
  ];
  const spans = whole(events);
  expect(explain(spans, core, all)).toEqual({ is: 'explained' });
  expect(explainPlainly(spans, core, all)).toBe(true);
  expect(explain(spans, linux617, all)).toEqual({ is: 'unexplained' });
  expect(explainPlainly(spans, linux617, all)).toBe(false);
});

test('two lanes that call one object are undefined, and not judged', () => {
  const events = [0, 1].flatMap((lane) => partsOf({ object: 'p0', token: 't0', status: 0 }, lane).flat());
  expect(explain(whole(events), core, objects)).toEqual({ is: 'undefined' });
});

test('a call that warns where the model says that nothing is amiss is explained by no order', () => {
  const [call = [], end = []] = partsOf({ object: 'p0', token: 't0', status: 0 }, 0);
  const other = partsOf({ object: 'p1', token: 't1', status: 0 }, 1).flat();
  const warns: Event = { type: 'log', level: 'warning', text: 'list_add corruption' };
  expect(explain(whole([...call, ...end, ...other]), core, objects).is).toBe('explained');
  expect(explain(whole([...call, warns, ...end, ...other]), core, objects).is).toBe('unexplained');
});
