import { join } from 'node:path';
import type { Command } from 'commander';
import { makeBook } from '../../book/book.js';
import { writeTextFile } from '../../formats/write.js';
import { harmless } from '../../text/text.js';
import { folder } from '../options.js';

interface Flags {
  readonly output: string;
}

/** `book`: the spec as pages for a browser, and as a man page. */
export function addBook(program: Command): void {
  program
    .command('book')
    .summary('the spec as a book: pages for a browser, and a man page')
    .description(
      'Write the spec as pages that link to one another, and as a man page: rules, profiles side by side, which mutants each rule kills, what is undefined, the states of the model, the protocol, and the story. The pages need no network. SOURCE_DATE_EPOCH sets the date of the man page.',
    )
    .requiredOption('--output <folder>', 'where to write it', folder('--output'))
    .action(({ output }: Flags) => {
      const book = makeBook(today());
      for (const [name, text] of book) writeTextFile(join(output, name), text);
      process.stdout.write(`${book.size} files in ${harmless(output)}; begin with index.html.\n`);
    });
}

/** The date, in UTC; that of `SOURCE_DATE_EPOCH`, where somebody builds the same twice. */
function today(): string {
  const { SOURCE_DATE_EPOCH: seconds = '' } = process.env;
  const date = /^\d+$/.test(seconds) ? new Date(Number(seconds) * 1000) : new Date();
  return date.toISOString().slice(0, 10);
}
