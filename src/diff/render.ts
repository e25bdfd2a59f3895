/** Differences for people: grouped by what they are about, each program with what the two sides did, side by side. */
import { objectText, operationText, traceText } from '../reports/words.js';
import type { Difference } from './diff.js';

/** What a difference can be about, in words. */
const ABOUT: Readonly<Record<string, string>> = {
  registered: 'registering what is registered already',
  'null-token': 'the null token',
  'missing-callback': 'an object that lacks a callback',
  'duplicate-token': 'a token that is taken',
  'no-memory': 'no memory',
  alone: 'registering while nobody waits',
  'peer-waiting': 'connecting',
  'connect-fails': 'connecting that fails',
  paired: 'unregistering one of a pair',
  unpaired: 'unregistering an object without a partner',
  'not-registered': 'unregistering what is not registered',
};

/** All differences as text. */
export function renderDifferences(
  differences: readonly Difference[],
  left: string,
  right: string,
  style: 'pretty' | 'markdown',
): string {
  const lines: string[] = [];
  const heading = (text: string) => lines.push(style === 'markdown' ? `## ${text}` : text, '');
  const groups = new Map<string, Difference[]>();
  for (const one of differences) groups.set(one.about, [...(groups.get(one.about) ?? []), one]);
  for (const [about, group] of groups) {
    heading(`${ABOUT[about] ?? about}: ${group.length} smallest program${group.length === 1 ? '' : 's'}`);
    for (const difference of group) {
      if (style === 'markdown') lines.push('```');
      lines.push(...renderOne(difference, left, right));
      lines.push(style === 'markdown' ? '```\n' : '');
    }
  }
  lines.push(
    differences.length === 0
      ? `No difference between ${left} and ${right} on this scope.`
      : `${differences.length} smallest programs tell ${left} and ${right} apart.`,
  );
  return `${lines.join('\n')}\n`;
}

function renderOne({ program, left, right, at }: Difference, leftName: string, rightName: string): readonly string[] {
  const [a, b] = [traceText(left), traceText(right)];
  const width = Math.max(leftName.length, ...a.map(({ text }) => text.length)) + 2;
  const rows = [`  ${leftName.padEnd(width)}  ${rightName}`];
  let marked = false;
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const [mine, theirs] = [a[index], b[index]];
    const first: boolean = !marked && (mine?.to ?? Number.POSITIVE_INFINITY) > at && mine?.text !== theirs?.text;
    marked ||= first;
    rows.push(`${first ? '> ' : '  '}${(mine?.text ?? '').padEnd(width)}  ${theirs?.text ?? ''}`.trimEnd());
  }
  const operations = (program.lanes[0] ?? []).map((operation) => operationText(operation));
  return [...program.objects.map((object) => `  ${objectText(object)}`), `  ${operations.join('; ')}`, ...rows];
}
