/** The spec as a man page, in mdoc(7). Each sentence begins a line, as that language wants it. */
import { profiles } from '../../spec/profiles/index.js';
import { versionsText } from '../../spec/profiles/releases.js';
import { undefinedBehaviour } from '../../spec/undefined.js';
import { wrap } from '../text/text.js';
import type { AnyRule } from './rules-page.js';

const WIDTH = 78;

/**
 * The page, in section 7.
 *
 * @param chapters what each chapter is about
 * @param date such as `2026-05-01`
 */
export function manPage(rules: readonly AnyRule[], chapters: Readonly<Record<string, string>>, date: string): string {
  return `${[
    `.Dd ${dateText(date)}`,
    '.Dt IRQBYPASS-SPEC 7',
    '.Os',
    '.Sh NAME',
    '.Nm irqbypass-spec',
    '.Nd rules of the IRQ bypass manager',
    '.Sh DESCRIPTION',
    ...text(
      "The IRQ bypass manager pairs interrupt producers with interrupt consumers by a shared token, so that a device's interrupt reaches a guest without the host. These are the rules that any implementation of it is held against.",
    ),
    '.Sh RULES',
    ...Object.entries(chapters).flatMap(([chapter, about]) => [
      `.Ss ${chapter.charAt(0).toUpperCase()}${chapter.slice(1)}`,
      ...text(`${about.charAt(0).toUpperCase()}${about.slice(1)}.`),
      '.Bl -tag -width Ds',
      ...rules.filter((rule) => rule.chapter === chapter).flatMap(ruleLines),
      '.El',
    ]),
    '.Sh PROFILES',
    ...text('A profile names the choice of one version where good implementations differ.'),
    '.Bl -tag -width Ds',
    ...profiles.flatMap((profile) => [
      `.It Sy ${profile.name}`,
      ...text(`${versionsText(profile)}. ${profile.summary}`),
    ]),
    '.El',
    '.Sh UNDEFINED BEHAVIOUR',
    ...text('No rule speaks of any of this.'),
    '.Bl -tag -width Ds',
    ...undefinedBehaviour.flatMap(({ id, what, reason }) => [`.It Sy ${id}`, ...text(`${what} ${reason}`)]),
    '.El',
    '.Sh STANDARDS',
    ...text(
      'The first word on the manager is the mail of Alex Williamson of 2015-06-18 to the mailing list of KVM. It was merged in Linux 4.4, and rewritten for Linux 6.17.',
    ),
  ].join('\n')}\n`;
}

function ruleLines(rule: AnyRule): readonly string[] {
  const { id, text: sentence, intent, source, except = {} } = rule;
  const exceptions = Object.entries(except).map(([name, reason]) => `Not in ${name}: ${reason}`);
  return [
    `.It Sy ${id}`,
    ...text(sentence),
    '.Pp',
    ...text([intent, ...exceptions.map(ended), `Source: ${ended(source)}`].join(' ')),
  ];
}

function ended(sentence: string): string {
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}

/** A text as lines of mdoc. The name of a C function is a line of its own, as that language wants it, too. */
function text(words: string): readonly string[] {
  return words
    .split(/(?<=[.!?:]["')\]]*)\s+/)
    .flatMap((sentence) => sentence.split(/\s*\b(\w+\(\)[.,;:]?)\s*/))
    .flatMap((part) => {
      const [, name, mark = ''] = /^(\w+)\(\)([.,;:]?)$/.exec(part) ?? [];
      if (name !== undefined) return [`.Fn ${name} ${mark}`.trimEnd()];
      return part === '' ? [] : wrap(part, WIDTH).map(plain);
    });
}

/** A line in which nothing is a command. */
function plain(line: string): string {
  return line.replaceAll('\\', '\\e').replace(/^[.']/, '\\&$&');
}

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June'].concat([
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]);

/** `May 1, 2026`. */
function dateText(date: string): string {
  const [year = '', month = '', day = ''] = date.split('-');
  return `${MONTHS[Number(month) - 1]} ${Number(day)}, ${year}`;
}
