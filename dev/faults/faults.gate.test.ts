/**
 * What is wrong around the kit is never charged to an implementation, and no implementation gets away with it. Each
 * fault ends with its status and its sentence; nothing of it goes on running, nothing is left half written, and no
 * text of it does anything to a terminal.
 */
import { describe, expect, test } from 'vitest';
import { extent } from '../tests/extent.js';
import { lastWords, suffer } from './suffer.js';
import { byNight, faults } from './table/index.js';

/** What makes a terminal do something, or turns the direction of writing. */
const RAW = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u;

describe.concurrent.each(Object.entries(faults))('%s', (_, group) => {
  const due = group.filter(({ fault }) => extent(false, !byNight.has(fault), true));
  test.each(due.map((fault) => [fault.fault, fault] as const))('%s', async (_, fault) => {
    const end = await suffer(fault);
    const { stdout, stderr, running } = end;
    expect({ status: end.status, left: end.left, running }, lastWords(end)).toEqual({
      status: fault.status,
      left: fault.leaves ?? [],
      running: [],
    });
    if (typeof fault.says === 'string') expect(lastWords(end)).toContain(fault.says);
    else if (fault.says !== undefined) expect(lastWords(end)).toMatch(fault.says);
    // Wrong usage is said where errors are said, and nothing else is.
    if (fault.status === 64) expect(stdout).toBe('');
    for (const line of [...stdout.split('\n'), ...stderr.split('\n')]) expect(line).not.toMatch(RAW);
    expect(stderr).not.toContain('defect of the tool');
    expect(stdout).not.toContain('contradicts itself');
  });
});
