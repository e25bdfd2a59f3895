import { expect, it } from 'vitest';
import { core } from '../../spec/profiles/core.js';
import { Space } from '../explore/space.js';
import { machineOf } from '../suites/machine.js';
import { NOT_ASKED } from './certificate.js';
import { stateClasses } from './state-classes.js';

it('every state and transition is in one class, with what was reached of it', () => {
  const machine = machineOf(new Space(core, { producers: 2, consumers: 2, tokens: 2 }), NOT_ASKED);
  const [states, transitions] = [new Uint8Array(machine.states.length), new Uint8Array(machine.transitions.length)];
  states[0] = 1;
  transitions.fill(1, 0, 10);
  const classes = stateClasses(machine, states, transitions);
  const sum = (parts: readonly { readonly covered: number; readonly all: number }[]) => [
    parts.reduce((total, { covered }) => total + covered, 0),
    parts.reduce((total, { all }) => total + all, 0),
  ];
  expect(sum(classes.map((one) => one.states))).toEqual([1, machine.states.length]);
  expect(sum(classes.flatMap((one) => one.transitions))).toEqual([10, machine.transitions.length]);
  expect(classes.map(({ producers, consumers, pairs }) => `${producers}${consumers}${pairs}`)).toEqual([
    ...['000', '100', '010', '200', '111', '110', '020', '211', '121', '222'],
  ]);
});
