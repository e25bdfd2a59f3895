/** Steps and mistakes by name, as tests call them. */
import { core } from '../../spec/profiles/core.js';
import type { Step } from '../../spec/proof/step.js';
import { stepsOf } from '../../spec/proof/system.js';
import { type Broken, broken } from './broken.js';

/** The steps of the core profile. */
export const steps = stepsOf(core);

export function stepNamed(name: string): Step {
  const found = steps.find((step) => step.name === name);
  if (found === undefined) throw new Error(`no step is ${name}`);
  return found;
}

export function mistake(what: string): Broken {
  const found = broken.find((one) => one.what === what);
  if (found === undefined) throw new Error(`no mistake ${what}`);
  return found;
}
