/** One life of a target: it is greeted, owes answers for which there is a clock, and ends in one of a few ways. */
import type { ByeRequest, Capability, Hello } from '../../spec/formats/protocol.js';
import { PROTOCOL } from '../../spec/formats/protocol.js';
import { describe } from '../formats/problems.js';
import { isOf, validate } from '../formats/validate.js';
import { clip, harmless, harmlessLines } from '../text/text.js';
import { type ProcessEnd, TargetProcess } from './process.js';
import { TargetError } from './target.js';
import { Waits } from './waits.js';

/** How to start a target. */
export interface StdioOptions {
  readonly address: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds without an answer after which it counts as hung. */
  readonly patience?: number;
  /** How long its answers took in earlier lives; each life waits as if it were the first where there is none. */
  readonly waits?: Waits;
  /** What it has to declare, for those who have to be told. */
  readonly expected?: readonly Capability[];
  /** Facts to add to what the target says of itself. */
  readonly facts?: Readonly<Record<string, string>>;
  /** Whether it speaks on descriptors of its own, and what it writes to standard output is but its log. */
  readonly speaksApart?: boolean;
  /** Why it did not say hello, in a sentence, where the usual one would not help. */
  readonly explainGreeting?: (end: End) => string;
  /** For targets whose process is not the implementation's, such as a guest. */
  readonly guest?: GuestOptions;
}

/** A target that lives in a guest: what ends its process is seldom the implementation. */
export interface GuestOptions {
  /** Milliseconds until it must have said hello: it boots first. */
  readonly bootPatience: number;
  /** What the end of the process means, by what the guest logged. Descriptor 3 of the process is the guest's log. */
  readonly explain: (exit: ProcessExit) => End;
  /** Why it did not say hello, in a sentence. */
  readonly explainGreeting: (end: End) => string;
}

/** How a process ended. */
export interface ProcessExit extends Pick<ProcessEnd, 'code' | 'signal'> {
  /** The last of what it logged. */
  readonly log: string;
}

/** How a life, or a batch in it, ended before its time. */
export type End =
  | { readonly kind: 'died'; readonly detail: string }
  | { readonly kind: 'silent' }
  | { readonly kind: 'malformed'; readonly text: string }
  | { readonly kind: 'gave-up'; readonly text: string }
  | { readonly kind: 'not-started'; readonly text: string }
  /** The life ended while an earlier batch was being answered, or in good order between two programs. */
  | { readonly kind: 'not-begun' };

/** Who speaks with a target once it was greeted. */
export interface Partner {
  /** Told each line that it says. */
  readonly heard: (line: string) => void;
  /** Told once how it ended. */
  readonly ended: (end: End) => void;
}

/** Milliseconds without an answer after which a target counts as hung, where nobody says otherwise. */
export const PATIENCE = 10_000;

/** An adapter that watches over its worker, as those over the C library do, ends it after so many milliseconds without progress. */
const WATCHDOG = 'IRQBYPASS_ADAPTER_WATCHDOG_MS';

/** What is added to the environment of a target, unless whoever starts the tool has chosen. */
function environment({ watchdog }: Waits): Readonly<Record<string, string>> {
  return process.env[WATCHDOG] === undefined ? { [WATCHDOG]: `${watchdog}` } : {};
}

/** What a target must do first, for those who write one. */
function greetingText(capabilities: readonly Capability[] = []): string {
  const hello: Hello = { type: 'hello', protocol: PROTOCOL, name: 'mine', version: '1', language: 'c', capabilities };
  return `A target answers {"type":"hello","protocol":1} with a line such as ${JSON.stringify(hello)} (spec/protocol.md).`;
}

/** What else may be wrong with a target that says nothing. */
const FLUSH = 'A program whose output is buffered must flush it after each line.';

/** A target's process, from its start to its end. */
export class Life {
  readonly #process: TargetProcess;
  #greeting: ((answer: Hello | End) => void) | undefined;
  #clock: NodeJS.Timeout | undefined;
  #ended: End | undefined;
  /** When the answer was asked for that is due. */
  #asked = 0;
  readonly #waits: Waits;

  constructor(
    readonly options: StdioOptions,
    readonly partner: Partner,
  ) {
    const { guest, ...start } = options;
    this.#waits = options.waits ?? new Waits(options.patience ?? PATIENCE);
    this.#process = new TargetProcess(
      { ...start, env: { ...environment(this.#waits), ...start.env }, logsOnThree: guest !== undefined },
      (line) => this.#heard(line),
      (how) => this.#end(this.#endOf(how)),
    );
  }

  get alive(): boolean {
    return this.#ended === undefined;
  }

  /** The last of what it wrote to its standard error. */
  get log(): string {
    return this.#process.log;
  }

  /** Forget what it wrote to its standard error. */
  forget(): void {
    this.#process.forget();
  }

  /** Greet it. @throws {TargetError} when it does not answer as it must, with what it wrote to its standard error */
  async greet(): Promise<Hello> {
    const answer = await new Promise<Hello | End>((resolve) => {
      if (this.#ended !== undefined) return resolve(this.#ended);
      this.#greeting = resolve;
      this.say({ type: 'hello', protocol: PROTOCOL });
      this.await(this.options.guest?.bootPatience ?? this.#waits.patience);
    });
    if (!('kind' in answer)) return answer;
    const { guest, address, expected, explainGreeting } = this.options;
    if (guest !== undefined) throw new TargetError(harmless(guest.explainGreeting(answer)));
    if (explainGreeting !== undefined) throw new TargetError(`${explainGreeting(answer)}${logText(this.log)}`);
    const what = `When it was greeted, ${harmless(address)} ${endText(answer)}`.replace(/\.$/, '');
    const help =
      answer.kind === 'not-started' ? 'Give a program that is there and may be run.' : greetingText(expected);
    const flush = answer.kind === 'silent' ? ` ${FLUSH}` : '';
    throw new TargetError(`${what}. ${help}${flush}${logText(this.log)}`);
  }

  say(message: object): void {
    this.#process.say(message);
  }

  /** An answer is due: start the clock, or start it anew. */
  await(patience = this.#waits.next): void {
    clearTimeout(this.#clock);
    if (this.#ended !== undefined) return;
    this.#asked = performance.now();
    this.#clock = setTimeout(() => {
      this.#waits.ranOut();
      this.break({ kind: 'silent' });
    }, patience);
  }

  /** It told that it hung. */
  toldOfHang(): void {
    this.#waits.toldOfHang();
  }

  /** No answer is due. */
  rest(): void {
    clearTimeout(this.#clock);
  }

  /** Have nothing more to do with it. */
  break(end: End): void {
    this.#end(end);
    this.#process.kill();
  }

  /** Say goodbye and wait until nothing is left of it; a target that does not go is killed. */
  async leave(): Promise<void> {
    if (this.alive) {
      this.say({ type: 'bye' } satisfies ByeRequest);
      this.#process.close();
    } else {
      this.#process.kill();
    }
    const kill = setTimeout(() => this.#process.kill(), this.#waits.patience);
    await this.#process.gone;
    clearTimeout(kill);
    this.rest();
  }

  #heard(line: string): void {
    if (line === '' || this.#ended !== undefined) return;
    const greeting = this.#greeting;
    if (greeting === undefined) {
      this.#waits.took(performance.now() - this.#asked);
      this.partner.heard(line);
      return;
    }
    this.rest();
    const answer = readGreeting(line);
    if ('kind' in answer) {
      this.break(answer);
    } else {
      this.#greeting = undefined;
      greeting(answer);
    }
  }

  #end(end: End): void {
    if (this.#ended !== undefined) return;
    this.#ended = end;
    this.rest();
    this.#greeting?.(end);
    this.#greeting = undefined;
    this.partner.ended(end);
  }

  #endOf({ code, signal, error }: ProcessEnd): End {
    if (error !== undefined) return { kind: 'not-started', text: error.message };
    const { log } = this;
    return this.options.guest?.explain({ code, signal, log }) ?? { kind: 'died', detail: deathOf(code, signal, log) };
  }
}

/** The answer to a greeting. A target may give up before it has said hello. */
function readGreeting(line: string): Hello | End {
  const value = parseLine(line);
  if (typeof value === 'string') return { kind: 'malformed', text: value };
  const hello = validate('hello', value.json);
  if (hello.ok) return hello.value;
  if (isOf('target-message', value.json) && value.json.type === 'error') {
    return { kind: 'gave-up', text: value.json.message };
  }
  return { kind: 'malformed', text: describe(hello.problems) };
}

/** The JSON of a line, or what is wrong with it. */
export function parseLine(line: string): { readonly json: unknown } | string {
  try {
    return { json: JSON.parse(line) as unknown };
  } catch {
    return `a line of its standard output is not JSON: ${harmless(clip(line, 80))}`;
  }
}

/** How a life ended, in words, on one line and harmless, whatever the target said. */
export function endText(end: End): string {
  return harmless(wordsOf(end));
}

function wordsOf(end: End): string {
  switch (end.kind) {
    case 'died':
      return `ended (${end.detail})`;
    case 'silent':
      return 'did not answer';
    case 'malformed':
      return `gave a wrong answer: ${end.text}`;
    case 'gave-up':
      return `gave up: ${clip(end.text, 500)}`;
    case 'not-started':
      return `could not be started: ${end.text}`;
    case 'not-begun':
      return 'did not begin';
  }
}

/** What a target wrote to its standard error, below a sentence about it: in lines that nobody takes for the tool's. */
export function logText(log: string): string {
  if (log.trim() === '') return '';
  const lines = harmlessLines(log.trimEnd());
  return `\nIt wrote to its standard error:\n${lines.map((line) => `  | ${line}`).join('\n')}`;
}

function deathOf(code: number | null, signal: NodeJS.Signals | null, log: string): string {
  const summary = log.split('\n').findLast((line) => line.startsWith('SUMMARY:') || line.includes('runtime error:'));
  const how = signal === null ? `exit status ${code}` : signal;
  return summary === undefined ? how : `${how}, ${summary.trim()}`;
}
