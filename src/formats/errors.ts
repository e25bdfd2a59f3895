/** What a user gave us and we cannot use: a file, a message, an argument, a place to write to. */
import { harmless } from '../text/text.js';

/** The parts of the message, each a sentence or a part of one. */
export interface BadInputParts {
  /** Where: the file, and the place in it. */
  readonly where: string;
  /** What was expected there and what came instead. */
  readonly problem: string;
  /** The page that explains it. */
  readonly page?: string;
  /** What to do about it. */
  readonly remedy?: string;
}

/** An input that cannot be used. Its message is complete: where, what was expected, what came, what to do. */
export class BadInput extends Error {
  override readonly name = 'BadInput';
  readonly parts: BadInputParts;

  constructor(parts: BadInputParts, options?: ErrorOptions) {
    const lines = [`${harmless(parts.where)}: ${parts.problem}`];
    if (parts.remedy !== undefined) lines.push(parts.remedy);
    if (parts.page !== undefined) lines.push(`See ${parts.page}.`);
    super(lines.join('\n'), options);
    this.parts = parts;
  }
}

/** A file that was asked for cannot be written: a full disk, a folder that may not be changed. */
export class NotWritten extends Error {
  override readonly name = 'NotWritten';

  /** @param reason the rest of the sentence */
  constructor(path: string, reason: string, options?: ErrorOptions) {
    super(`${path === '' ? "''" : harmless(path)} cannot be written: ${reason}.`, options);
  }
}
