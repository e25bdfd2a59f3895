/** The tool as a library: open a target, run it, check a trace. The spec itself is `irqbypass-spec/spec`. */
export { generateProgram, type ProgramOptions } from '../conformance/generators/program.js';
export { bitsFrom } from '../conformance/generators/random.js';
export { check } from './check/check.js';
export { toBaseline } from './engine/baseline.js';
export { replay } from './engine/replay.js';
export { type RunOptions, run } from './engine/run.js';
export { shrink } from './engine/shrink.js';
export { BadInput } from './formats/errors.js';
export { readBaselineFile, readFindingFile, readTraceFile } from './formats/read.js';
export { host } from './host/host.js';
export type { HostShape } from './host/shape.js';
export { Judge, type Judgement } from './judge/judge.js';
export { manager } from './manager/manager.js';
export type { Evidence, NamedTrace } from './recording/read.js';
export type { Subject, Tier } from './subject/subject.js';
export { InProcessTarget, play } from './targets/in-process.js';
export { openTarget } from './targets/resolve.js';
export { AddressError, type Outcome, type Target, TargetError } from './targets/target.js';
