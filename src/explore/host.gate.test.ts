/** That the pairing follows from the calls of user space: proved on the model, and not on one that is wrong. */
import { expect, test } from 'vitest';
import { hostMachine } from '../../conformance/host/scope.js';
import type { Registration } from '../../spec/host/state.js';
import { core } from '../../spec/profiles/core.js';
import { exploreHost, isBroken, provePairing } from './host.js';

test('who is paired follows from what user space has set up, for every back end', () => {
  const proofs = exploreHost(core);
  expect(proofs.map(({ backEnd }) => backEnd)).toHaveLength(4);
  for (const proof of proofs) {
    expect(proof.counterexample).toBeUndefined();
    expect(isBroken(proof)).toBe(false);
    // Many ways lead to a set-up, or there would be nothing to prove.
    expect(proof.accepted).toBeGreaterThan(proof.setUps);
  }
  expect(proofs.map(({ targets }) => targets)).toContain('proved');
});

test('a model that remembers more than that is found', () => {
  const machine = hostMachine('vtd-posted', core);
  const changed = (how: (registration: Registration) => Registration) =>
    machine.states.flatMap((state, at) => {
      const { e0 } = state.registrations;
      if (e0 === undefined || e0.shortcut === null) return [];
      const other = { ...state, registrations: { ...state.registrations, e0: how(e0) } };
      return [provePairing({ ...machine, states: machine.states.with(at, other) })];
    });
  expect(changed((e0) => e0).some(isBroken)).toBe(false);
  expect(changed((e0) => ({ ...e0, shortcut: null })).some(({ targets }) => targets === 'broken')).toBe(true);
  const moved = changed((e0) => ({ ...e0, consumer: 'vm1.e0' }));
  expect(moved.some(({ counterexample }) => counterexample !== undefined)).toBe(true);
});
