import { scenarios, type Version } from '../../conformance/scenarios/scenarios.js';

/** The scenarios in which it is known what the code of a version does, and what that is. */
export const inCode = (version: string) =>
  scenarios.flatMap((scenario) => {
    const lines = scenario.code?.[version as Version] ?? scenario.intended[version as Version];
    return lines === undefined ? [] : [[scenario.id, scenario.title, scenario.program, lines] as const];
  });
