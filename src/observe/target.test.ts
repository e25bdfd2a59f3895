/** A guest that is silent before a program begins is replaced; one that goes on being silent ends the run. */
import { expect, test } from 'vitest';
import { GuestNotReady } from './channel.js';
import type { Guest, Observation } from './guest.js';
import { stages } from './stages.js';
import { ObservedTarget } from './target.js';
import { twoOnOneEvent } from './written.js';

const dead: Observation = {
  statuses: [],
  text: '',
  reports: [],
  frozen: [],
  death: { kind: 'crash', detail: 'oops', log: 'oops', at: 0 },
};

function guest(run: Guest['run']): Guest {
  const { arm64 } = stages;
  if (arm64 === undefined) throw new Error('there is no stage');
  const no = () => Promise.reject(new Error('nobody asks for this'));
  return { release: '6.12', stage: arm64, ask: no, read: no, race: no, run, close: async () => {} };
}

const silent = guest(() => Promise.reject(new GuestNotReady('the guest did not answer')));

function targetOf(another: Guest): ObservedTarget {
  const hello = {
    type: 'hello',
    protocol: 1,
    name: 'stub',
    version: '1',
    language: 'none',
    capabilities: [],
  } as const;
  return new ObservedTarget('observe:stub', hello, silent, async () => another);
}

test('another guest runs the program', async () => {
  const [outcome] = await targetOf(guest(async () => dead)).run([twoOnOneEvent]);
  expect(outcome?.events.at(-1)).toEqual({ type: 'crash', detail: 'oops' });
});

test('where none answers, nobody is charged', async () => {
  await expect(targetOf(silent).run([twoOnOneEvent])).rejects.toThrow(/did not answer/);
});
