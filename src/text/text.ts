/** Small work on texts that every format shares. */
import { stripVTControlCharacters } from 'node:util';
import type { Volume } from '../../spec/formats/results.js';

/** `12345` as `12,345`. Not by locale: the same report gives the same text everywhere. */
export function grouped(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `1 program`, `1,234 programs`. */
export function counted(count: number, what: string): string {
  return `${grouped(count)} ${what}${count === 1 ? '' : 's'}`;
}

/** How much was run, and in how many seconds. */
export function volumeText({ volume, seconds }: { readonly volume: Volume; readonly seconds: number }): string {
  const parts = [
    counted(volume.programs, 'program'),
    counted(volume.operations, 'operation'),
    counted(volume.events, 'event'),
    ...(volume.died === 0 ? [] : [`${grouped(volume.died)} died`]),
    ...(volume.notRun === 0 ? [] : [`${grouped(volume.notRun)} not run${volume.died === 0 ? '' : ' after that'}`]),
  ];
  return `${parts.join(', ')} in ${seconds.toFixed(1)} s`;
}

/** Cut a text off where it is longer than there is room for. */
export function clip(text: string, room: number): string {
  return text.length <= room ? text : `${text.slice(0, Math.max(0, room - 1)).trimEnd()}…`;
}

/** Break a text into lines at its spaces. A word that is longer than the room stands alone, whole. */
export function wrap(text: string, room: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

/**
 * What shows nothing of itself, or makes a terminal do something: controls (C0, DEL, C1), what sets the direction of
 * writing, what takes no room, halves of characters, and separators of lines. Line breaks are not among them.
 */
const UNSEEN = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** A text with what cannot be seen in it written as JSON writes it: `\u001b`, `\u202e`. Lines stay lines. */
export function visible(text: string): string {
  return text.replace(UNSEEN, (character) =>
    character === '\r' ? '\\r' : character.split('').map(escapedUnit).join(''),
  );
}

function escapedUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/**
 * A text from outside as one line that can do nothing to a terminal and passes for nothing else. Every such text goes
 * through here, or through `harmlessLines`, before people see it. Colours and the like go; whatever else cannot be
 * seen, a line break included, is shown as JSON shows it. What is harmless stays as it is.
 */
export function harmless(text: string): string {
  return withoutColors(text).replaceAll('\n', '\\n');
}

/** The lines of a text from outside, such as a log, each of them harmless. */
export function harmlessLines(text: string): readonly string[] {
  return withoutColors(text.replaceAll('\r\n', '\n')).split('\n');
}

function withoutColors(text: string): string {
  return visible(stripVTControlCharacters(text).replaceAll('\t', ' '));
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[], last: 'and' | 'or' = 'and'): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${last} ${words[words.length - 1]}`;
}

/** An argument of a command line, in quotes where a shell would take it apart, and harmless to show. */
export function shellWord(text: string): string {
  if (/^[\w@%+=:,./#-]+$/.test(text)) return text;
  if (harmless(text) === text) return `'${text.replaceAll("'", "'\\''")}'`;
  // The quotes in which bash knows the escapes of JSON.
  return `$'${visible(text.replace(/[\\']/g, '\\$&')).replaceAll('\n', '\\n')}'`;
}
