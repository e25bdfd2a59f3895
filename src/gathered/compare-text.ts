/** A comparison in words, on a terminal or as Markdown. */
import type { Comparison, Difference } from '../../spec/formats/gathered.js';
import { block, code } from '../reports/markdown-text.js';
import { harmless } from '../text/text.js';
import { labelOf } from './head.js';

const PARTS = [
  ['added', '+', 'New'],
  ['gone', '-', 'Gone'],
  ['still', ' ', 'Still there'],
] as const;

/** The verdict in a sentence. */
export function comparisonVerdict({ added, gone, still, exit }: Comparison): string {
  const counts = `${added.length} new, ${gone.length} gone, ${still.length} still there`;
  return `${['Nothing new', 'Something is new', 'It cannot be said what is new'][exit]}: ${counts}.`;
}

/** A comparison in lines, for a terminal. */
export function comparisonText(comparison: Comparison): string {
  const lines = [
    `old  ${harmless(comparison.old.file)}  ${harmless(labelOf(comparison.old))}`,
    `new  ${harmless(comparison.new.file)}  ${harmless(labelOf(comparison.new))}`,
    ...comparison.remarks.map((remark) => `     ${harmless(remark)}`),
    ...PARTS.flatMap(([part, mark, name]) => {
      const all = comparison[part];
      return all.length === 0 ? [] : ['', name, ...all.map((one) => `${mark} ${differenceText(one)}`)];
    }),
    '',
    comparisonVerdict(comparison),
  ];
  return `${lines.join('\n')}\n`;
}

/** The same as Markdown, for a review. */
export function comparisonMarkdown(comparison: Comparison): string {
  const parts = PARTS.flatMap(([part, mark, name]) => {
    const all = comparison[part];
    return all.length === 0 ? [] : [`### ${name}`, block(all.map((one) => `${mark} ${differenceText(one)}`))];
  });
  return `${[
    `## ${comparisonVerdict(comparison)}`,
    `${code(labelOf(comparison.old))}, then ${code(labelOf(comparison.new))}`,
    ...(comparison.remarks.length === 0 ? [] : [comparison.remarks.map((remark) => `- ${code(remark)}`).join('\n')]),
    ...parts,
  ].join('\n\n')}\n`;
}

const WORDS = { finding: '', schedule: 'schedule: ', baseline: 'baseline: ', fault: 'not judged: ' } as const;

function differenceText({ what, rule, name, title, remark }: Difference): string {
  const about = [rule, name].filter((one) => one !== null).join(' ');
  return harmless(`${about === '' ? '' : `${about}  `}${WORDS[what]}${title}${remark === null ? '' : `; ${remark}`}`);
}
