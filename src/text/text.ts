/** Small work on texts that every format shares. */
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
    ...(volume.notRun === 0 ? [] : [`${grouped(volume.notRun)} not run`]),
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

/** A text of somebody else's as one that can do nothing to a terminal: its escapes and control characters go. */
export function harmless(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is to go
  return text.replace(/\u001b\[[0-9;?]*[ -/]*[@-~]/g, '').replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '�');
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[], last: 'and' | 'or' = 'and'): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${last} ${words[words.length - 1]}`;
}

/** An argument of a command line, in quotes where a shell would take it apart. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./#-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
