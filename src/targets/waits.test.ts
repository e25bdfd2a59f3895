/** Patience is used once a kind of hang, and again for what is told of. */
import { expect, test } from 'vitest';
import { Waits } from './waits.js';

test('until it has hung, a target is waited for with all the patience there is', () => {
  const waits = new Waits(10_000);
  waits.took(3);
  expect(waits.next).toBe(10_000);
});

test('then far longer than its slowest answer took, and never longer than the patience', () => {
  const waits = new Waits(10_000);
  waits.took(40);
  waits.took(3);
  waits.ranOut();
  expect(waits.next).toBe(800);
  waits.took(5_000);
  expect(waits.next).toBe(10_000);
});

test('one that always answered at once is given time all the same, and no more than its user gives it', () => {
  const [long, short] = [new Waits(10_000), new Waits(100)];
  for (const waits of [long, short]) waits.ranOut();
  expect([long.next, short.next]).toEqual([250, 100]);
});

test('what is told of is asked with all the patience there is, and then it is as before', async () => {
  const waits = new Waits(10_000);
  waits.ranOut();
  expect(await waits.patiently(async () => waits.next)).toBe(10_000);
  expect(waits.next).toBe(250);
});

test('an adapter that watches over itself waits half as long, and far less in lives after one that hung', async () => {
  for (const hang of ['ranOut', 'toldOfHang'] as const) {
    const waits = new Waits(10_000);
    expect(waits.watchdog).toBe(5_000);
    waits[hang]();
    expect(waits.watchdog).toBe(250);
    expect(await waits.patiently(async () => waits.watchdog)).toBe(5_000);
    expect(waits.watchdog).toBe(250);
  }
  const hasty = new Waits(200);
  hasty.ranOut();
  expect(hasty.watchdog).toBe(100);
});
