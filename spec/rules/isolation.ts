/** Isolation: an operation under one token leaves everything under other tokens alone. */
import type { Rule } from '../rule.js';
import { callText, invocationText, tokenText } from './helpers.js';
import { renameObjects, swapStrangers } from './relations.js';

export const isolation: readonly Rule[] = [
  {
    kind: 'call',
    id: 'ISO-1',
    level: 'MUST',
    text: 'An operation under one token MUST NOT call an object that is registered under another.',
    intent: 'One guest must not be able to stop the interrupts of another.',
    source: 'The RFC of 2015.',
    check: (call) => {
      for (const invocation of call.invocations) {
        if (invocation.object === call.object || invocation.token === undefined || invocation.token === call.token)
          continue;
        return `${invocationText(invocation)} while ${callText(call)}, though ${invocation.object} is registered under ${tokenText(invocation.token)}`;
      }
      return call.bystanders > 0 ? true : undefined;
    },
  },
  {
    kind: 'relation',
    id: 'ISO-2',
    level: 'MUST',
    text: 'Operations on different objects under different tokens MUST commute.',
    intent: 'What two guests do has no order; neither may see what the other did first.',
    source: 'The RFC of 2015.',
    variant: swapStrangers,
  },
  {
    kind: 'relation',
    id: 'ISO-3',
    level: 'MUST',
    text: 'Renaming objects MUST change nothing: objects of one side differ in nothing but who they are.',
    intent: 'An implementation that orders or hashes its objects must not let it show.',
    source: 'The RFC of 2015.',
    variant: renameObjects,
  },
];
