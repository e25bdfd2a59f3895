/** Files and messages: read, validated, written. */
export { BadInput, type BadInputParts, NotWritten } from './errors.js';
export { layOut } from './layout.js';
export { checkOutput, namedTwice } from './place.js';
export { describe, type Problem, quote } from './problems.js';
export { readBaselineFile, readFileOf, readFindingFile, readTraceFile } from './read.js';
export { type Validated, validate } from './validate.js';
export { ensureIgnored, writeJsonFile, writeTextFile } from './write.js';
