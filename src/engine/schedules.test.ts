/** CONC: wrong schedules beside a baseline that lists some of them. */
import { expect, test } from 'vitest';
import type { Exhaustive, WrongSchedule } from '../../spec/formats/results.js';
import { boundsOfSchedules, schedulesNotMet, splitSchedules } from './schedules.js';

const race: WrongSchedule = {
  name: '000000000001',
  rule: 'CONC-5',
  what: 'data race',
  text: '',
  scope: '2x2x2',
  lanes: 2,
  operations: 1,
  schedule: '[[],[]]',
};
const other = { ...race, name: '000000000002' };

function explored(wrong: readonly WrongSchedule[], complete = true): Exhaustive {
  const numbers = { lanes: 2, operations: 1, roots: 1, states: 1, schedules: 1, programs: 1 };
  return {
    closed: { closed: true, scope: '2x2x2', states: 1, steps: 1, stopped: 0 },
    interleavings: [{ complete, ...numbers }],
    wrong,
  };
}

const asked = [{ id: 'CONC-5' }];
const baseline = { schedules: [{ ...race, reason: 'Because.', fixedIn: null }] };

test('a listed schedule is known, with its reason, and another race is new', () => {
  const { wrong, known } = splitSchedules(explored([race, other]), baseline);
  expect(wrong).toEqual([other]);
  expect(known).toEqual([{ ...race, reason: 'Because.', fixedIn: null }]);
});

test('behind every known schedule as many new ones are looked for as without a baseline', () => {
  const [none, one] = [boundsOfSchedules(undefined, false), boundsOfSchedules(baseline, false)];
  expect(one.most).toBe(none.most + 1);
});

test('a listed schedule that no interleaving comes to is gone', () => {
  expect(schedulesNotMet(explored([race]), baseline, asked)).toEqual([]);
  expect(schedulesNotMet(explored([other]), baseline, asked)).toMatchObject([{ form: race.name, is: 'gone' }]);
});

test('nothing is said of a listed schedule where not every interleaving was explored', () => {
  expect(schedulesNotMet(explored([other], false), baseline, asked)).toEqual([]);
  const wider = { schedules: [{ ...race, lanes: 3, reason: 'Because.', fixedIn: null }] };
  expect(schedulesNotMet(explored([other]), wider, asked)).toEqual([]);
});

test('nothing is said of a listed schedule whose rule was not asked for', () => {
  expect(schedulesNotMet(explored([]), baseline, [{ id: 'CONC-1' }])).toEqual([]);
});
