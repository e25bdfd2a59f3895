/** What a real VFIO and KVM are asked: it depends on the seed and the place alone, and leaves nothing behind. */
import { expect, test } from 'vitest';
import { validate } from '../formats/validate.js';
import { programsOf } from './observe.js';

test('the n-th program of a seed is the same, however many there are', () => {
  expect(programsOf(9, 5, 10, 'amd-avic')[2]).toEqual(programsOf(9, 3, 10, 'amd-avic')[2]);
  expect(programsOf(9, 1, 10, 'amd-avic')).not.toEqual(programsOf(10, 1, 10, 'amd-avic'));
});

test('a program is one that the schema of host programs accepts, and closes all that it opens', () => {
  for (const program of programsOf(4, 50, 24, 'amd-avic')) {
    expect(validate('host-program', program)).toMatchObject({ ok: true });
    const count = (name: string) => program.operations.filter(({ operation }) => operation === name).length;
    expect(count('createEventfd')).toBe(count('closeEventfd'));
    expect(count('createVm')).toBe(count('destroyVm'));
    expect(count('openDevice')).toBe(count('closeDevice'));
  }
});
