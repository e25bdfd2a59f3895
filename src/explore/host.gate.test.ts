/** That the pairing follows from the calls of user space: proved on the model, and not on one that is wrong. */
import { expect, test } from 'vitest';
import { hostMachine } from '../../conformance/host/scope.js';
import type { Registration } from '../../spec/host/state.js';
import { core } from '../../spec/profiles/core.js';
import { exploreHost, isBroken, type PairingProof, provePairing } from './host.js';

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
  /** What is proved where one state has another registration, for each state in its turn. */
  function* changed(how: (registration: Registration) => Registration) {
    for (const [at, state] of machine.states.entries()) {
      const { e0 } = state.registrations;
      if (e0 === undefined || e0.shortcut === null) continue;
      const other = { ...state, registrations: { ...state.registrations, e0: how(e0) } };
      yield provePairing({ ...machine, states: machine.states.with(at, other) });
    }
  }
  const found = (how: (registration: Registration) => Registration, isIt: (proof: PairingProof) => boolean) => {
    for (const proof of changed(how)) if (isIt(proof)) return true;
    return false;
  };
  // Whichever state is written anew as it was, the machine is the same.
  const [asItWas] = changed((e0) => e0);
  expect(asItWas && isBroken(asItWas)).toBe(false);
  expect(
    found(
      (e0) => ({ ...e0, shortcut: null }),
      ({ targets }) => targets === 'broken',
    ),
  ).toBe(true);
  expect(
    found(
      (e0) => ({ ...e0, consumer: 'vm1.e0' }),
      ({ counterexample }) => counterexample !== undefined,
    ),
  ).toBe(true);
});
