/** What is said to a participant and by it, in a thread in which one can wait for an answer. */
import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import type { RoleAnswer, RoleAsk, RoleRequest, RoleResponse } from '../../../../spec/formats/role-protocol.js';
import type { Status } from '../../../../spec/vocabulary.js';
import { describe } from '../../../formats/problems.js';
import { validate } from '../../../formats/validate.js';
import { clip, harmless } from '../../../text/text.js';
import { type End, endText, parseLine } from '../../life.js';
import { TargetError } from '../../target.js';

/** It spoke between two programs. */
export const UNASKED: End = { kind: 'malformed', text: 'it spoke though nothing was asked of it' };

/** What a participant may ask while it does one thing. Who asks more does so without end. */
const MOST_ASKED = 20_000;
/** The same, of one that has asked without end before: its user need not wait as long each time. */
const MOST_ASKED_AGAIN = 1_000;

/** The participant died while it was to do something: that is its own doing. */
export class ParticipantDied extends Error {
  override readonly name = 'ParticipantDied';
}

/** The participant did not answer, or asks without end. */
export class ParticipantHung extends Error {
  override readonly name = 'ParticipantHung';
}

/** The participant cannot go on, and says so. */
export class GaveUp extends TargetError {}

/** What comes from a process: a line, or its end. Its lives are numbered, for each is started anew when it has died. */
export type Heard = { readonly life: number } & ({ readonly line: string } | { readonly ended: End });

/** The two ends of what a participant says: a port, and a count of what was put on it, for who waits. */
export interface Ear {
  readonly port: MessagePort;
  readonly count: Int32Array;
}

/** A conversation with a participant: what it is asked to do it answers, and asks back meanwhile. */
export class Conversation {
  #life = 0;
  #owed = 0;
  #asked = 0;
  #begun = false;
  /** How this life of it has ended, before anything was asked of it. */
  #ended: End | undefined;
  #most = MOST_ASKED;

  constructor(
    readonly address: string,
    readonly ear: Ear,
    readonly say: (message: RoleRequest) => void,
  ) {}

  /** Whether it has done anything since it began anew. */
  get begun(): boolean {
    return this.#begun;
  }

  /** Whether nothing that it was to do is left undone. */
  get settled(): boolean {
    return this.#owed === 0;
  }

  /** Begin anew, with a life of the participant. @throws {TargetError} when it has spoken unasked */
  renew(life: number): void {
    this.#life = life;
    this.#owed = 0;
    this.#begun = false;
    this.#ended = undefined;
    for (let heard = this.#heard(); heard !== undefined; heard = this.#heard()) {
      if (heard.life !== life) continue;
      if ('line' in heard) throw new TargetError(`${this.address} ${endText(UNASKED)}`);
      this.#ended = heard.ended;
    }
  }

  /**
   * Have the participant do something, and answer what it asks until that is done.
   *
   * @returns the status, where there is one
   * @throws {ParticipantDied | ParticipantHung} when it does not come to an end
   * @throws {TargetError} when it says what it must not
   */
  request(message: RoleRequest, answer: (ask: RoleAsk) => RoleAnswer['value']): Status | undefined {
    if (this.#owed++ === 0) this.#asked = 0;
    this.say(message);
    for (;;) {
      const response = this.#receive();
      switch (response.type) {
        case 'done':
          this.#owed--;
          this.#begun = true;
          return response.status;
        case 'ask':
          if (++this.#asked > this.#most) {
            this.#most = MOST_ASKED_AGAIN;
            throw new ParticipantHung(`it asks without end, last for ${response.what}`);
          }
          this.say({ type: 'answer', value: answer(response) });
          break;
        // It lives on, and has forgotten all that it was to do.
        case 'crash':
          this.#owed = 0;
          throw new ParticipantDied(response.detail);
        case 'hang':
          this.#owed = 0;
          throw new ParticipantHung(response.detail);
        case 'error':
          throw new GaveUp(`${this.address} ${endText({ kind: 'gave-up', text: response.message })}`);
      }
    }
  }

  #receive(): RoleResponse {
    const line = this.#line();
    const value = parseLine(line);
    if (typeof value === 'string') throw new TargetError(`${this.address}: ${value}`);
    const validated = validate('role-message', value.json);
    if (validated.ok) return validated.value;
    throw new TargetError(`${this.address} said ${harmless(clip(line, 200))}: ${describe(validated.problems)}`);
  }

  /** Wait for the next line. Whoever hears the process keeps the clock, too, and says when it has run out. */
  #line(): string {
    const { count } = this.ear;
    if (this.#ended !== undefined) throw this.#errorOf(this.#ended);
    for (;;) {
      const seen = Atomics.load(count, 0);
      const heard = this.#heard();
      if (heard === undefined) Atomics.wait(count, 0, seen);
      else if (heard.life !== this.#life) continue;
      else if ('line' in heard) return heard.line;
      else throw this.#errorOf(heard.ended);
    }
  }

  #heard(): Heard | undefined {
    return receiveMessageOnPort(this.ear.port)?.message as Heard | undefined;
  }

  #errorOf(end: End): Error {
    switch (end.kind) {
      case 'died':
        return new ParticipantDied(end.detail);
      case 'silent':
        return new ParticipantHung('no answer');
      default:
        return new TargetError(`${this.address} ${endText(end)}`);
    }
  }
}
