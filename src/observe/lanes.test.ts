/** What two lanes of system calls returned, held against the reference host; the guest is a stub. */
import { expect, test } from 'vitest';
import { linux47 } from '../../spec/profiles/linux-4.7.js';
import { rules } from '../../spec/rules/index.js';
import type { Status } from '../../spec/vocabulary.js';
import type { Guest } from './guest.js';
import { observeLanes } from './lanes.js';
import { stages } from './stages.js';

/** A guest in which the lanes return these, round by round, and nothing is recorded. */
function guestThatReturns(round: readonly Status[]): Guest {
  const text =
    '# irqbypass-spec: release=6.1 generation=token-in-struct clock=counter begins=nothing-registered events= missed=0\n';
  const { amd64 } = stages;
  if (amd64 === undefined) throw new Error('there is no stage');
  const no = () => Promise.reject(new Error('nobody asks for this'));
  return {
    release: '6.1',
    stage: amd64,
    ask: no,
    read: no,
    run: no,
    close: () => Promise.resolve(),
    race: async (_, rounds) => ({ statuses: Array.from({ length: rounds }, () => round).flat(), text }),
  };
}

async function faultsOf(round: readonly Status[]): Promise<readonly string[]> {
  const { report } = await observeLanes(guestThatReturns(round), {
    address: 'observe:stub',
    hello: { type: 'hello', protocol: 1, name: 'stub', version: '1', language: 'none', capabilities: [] },
    profile: linux47,
    rules,
    allRules: true,
    seed: 0,
    programs: 1,
    now: () => 0,
  });
  return report.faults.map(({ text }) => text);
}

const NO_ORDER =
  /^in "KVM_IRQFD against close of the eventfd" the calls returned .*; on the reference host they return /;

test.each([[[0, 0]], [[-9, 0]]])('what one order of the calls returns is right: %j', async (round) => {
  expect((await faultsOf(round)).filter((text) => NO_ORDER.test(text))).toEqual([]);
});

test('what no order of the calls returns is told', async () => {
  expect(await faultsOf([0, -9])).toContainEqual(expect.stringMatching(NO_ORDER));
});

test('lanes that never met, and a manager that never paired, could not be judged', async () => {
  const faults = await faultsOf([0, 0]);
  expect(faults).toContainEqual(expect.stringMatching(/no pair was made/));
  expect(faults).toContain('no call of one lane began while one of the other ran');
});
