/**
 * Holds what came of a share of the mutants against the page. The shares of all machines together hold all of the page's
 * lines, and so need no merging.
 */
import { isHarmless } from './callers/gates.js';
import type { CallersMatrix } from './callers/matrix.js';
import { callersHeading, callersRow } from './callers/render.js';
import type { Matrix } from './matrix.js';
import { headingOf, rowOf } from './render.js';

/** A sentence for each mutant of which the page says something else than what came of it, or nothing. */
export function notOnPage(page: string, { version, examined }: Matrix): readonly string[] {
  const lines = linesUnder(page, headingOf(version));
  return examined.flatMap((one) => missing(lines, `Linux ${version}`, rowOf(one)));
}

/** The same for mutants with several callers. */
export function callersNotOnPage(page: string, { version, examined }: CallersMatrix): readonly string[] {
  return examined.flatMap((one) => {
    const lines = linesUnder(page, callersHeading(version, isHarmless(one)));
    return missing(lines, `Linux ${version}, several callers`, callersRow(one));
  });
}

function missing(lines: ReadonlySet<string>, where: string, line: string): readonly string[] {
  if (lines.has(line)) return [];
  return [`${where}: the page lacks the line that came: ${line} Run npm run kill-matrix:c, which writes the page.`];
}

/** The lines from a heading to the next of its level or above. */
function linesUnder(page: string, heading: string): ReadonlySet<string> {
  const lines = page.split('\n');
  const from = lines.indexOf(heading);
  if (from === -1) return new Set();
  const level = heading.indexOf(' ');
  const after = lines.slice(from + 1);
  const to = after.findIndex((line) => /^#+ /.test(line) && line.indexOf(' ') <= level);
  return new Set(to === -1 ? after : after.slice(0, to));
}
