/**
 * A real kernel as a target: host programs in, host traces out.
 *
 * A guest that has died is replaced by one that is as new. So is one whose kernel has reported a defect, or has left an
 * interrupt mapped: what such a kernel does from then on says nothing about the next program.
 */
import type { Hello } from '../../spec/formats/protocol.js';
import type { HostProgram, HostTrace } from '../../spec/host/vocabulary.js';
import { readRecording } from '../recording/read.js';
import { KERNEL_USAGE, kernelText, readKernelName } from '../targets/debian/kernels.js';
import { AddressError, type HostTarget, type Outcome, SILENCE_COUNTS } from '../targets/target.js';
import { GuestNotReady } from './channel.js';
import type { ObservedProgram } from './commands.js';
import { isObservable } from './commands.js';
import type { Guest, Observation, Pace } from './guest.js';
import { openKernel } from './kernel.js';
import type { Observed } from './observed.js';
import { deadTrace, traceOf } from './trace.js';

/** How a target runs its programs. */
export interface Running {
  /** When user space goes on, by the number of programs before; it waits when left out. */
  readonly paceOf?: (index: number) => Pace;
  /** Told how many programs have run. */
  readonly onProgram?: (done: number) => void;
}

/** How many guests in a row may be silent before a program begins; one in some hundreds was. */
const MOST_NOT_READY = 2;

/** A kernel that is observed. */
export class ObservedTarget implements HostTarget {
  /** What was seen of every program that ran to its end, in the order in which they ran. */
  readonly seen: Observed[] = [];
  #guest: Guest | undefined;
  #spare: Promise<Guest> | undefined;
  #allowance = Number.POSITIVE_INFINITY;
  #turn: Promise<unknown> = Promise.resolve();
  #done = 0;

  constructor(
    readonly address: string,
    readonly hello: Hello,
    readonly first: Guest,
    readonly another: () => Promise<Guest>,
    readonly running: Running = {},
  ) {
    this.#guest = first;
  }

  run(programs: readonly HostProgram[]): Promise<readonly Outcome<HostTrace>[]> {
    const answer = this.#turn.then(() => this.#runAll(programs));
    this.#turn = answer.catch(() => undefined);
    return answer;
  }

  get allowance(): number {
    return this.#allowance;
  }

  allow(deaths: number): void {
    this.#allowance = deaths;
  }

  async close(): Promise<void> {
    await this.#turn;
    await this.#leave();
    await (await this.#spare?.catch(() => undefined))?.close();
  }

  async #runAll(programs: readonly HostProgram[]): Promise<readonly Outcome<HostTrace>[]> {
    const outcomes: Outcome<HostTrace>[] = [];
    for (const program of programs) {
      if (this.#allowance <= 0) break;
      outcomes.push(
        isObservable(program)
          ? await this.#runOne(program)
          : {
              events: [],
              fault: `${this.address} cannot be asked for this program: it has operations of no real kernel`,
            },
      );
    }
    return outcomes;
  }

  async #runOne(program: ObservedProgram): Promise<Outcome<HostTrace>> {
    const pace = this.running.paceOf?.(this.#done) ?? 'settled';
    const observation = await this.#observe(program, pace);
    this.running.onProgram?.(++this.#done);
    const { death, reports } = observation;
    const log = death?.log ?? reports[0]?.log;
    const told = log === undefined ? {} : { log };
    if (death !== undefined) {
      this.#allowance -= death.kind === 'hang' ? SILENCE_COUNTS : 1;
      await this.#leave();
      return { events: deadTrace(program, observation).events, ...told };
    }
    const recording = readRecording(observation.text, `program ${this.#done}`);
    const trace = traceOf(program, observation, recording);
    this.seen.push({ number: this.#done, program, pace, observation, recording, trace });
    if (reports.length > 0 || leavesMapped(trace)) await this.#leave();
    return { events: trace.events, ...told };
  }

  /** Run a program on the guest that there is, or on another where that one is silent before the program begins. */
  async #observe(program: ObservedProgram, pace: Pace): Promise<Observation> {
    for (let left = MOST_NOT_READY; ; left--) {
      this.#guest ??= await this.#replace();
      try {
        return await this.#guest.run(program, pace);
      } catch (error) {
        if (!(error instanceof GuestNotReady) || left === 0) throw error;
        await this.#leave();
      }
    }
  }

  async #leave(): Promise<void> {
    await this.#guest?.close();
    this.#guest = undefined;
  }

  /** One guest in the place of another. The next gets ready beside it: where one had to be replaced, more will have to. */
  async #replace(): Promise<Guest> {
    const ready = this.#spare ?? this.another();
    const guest = await ready.finally(() => {
      this.#spare = undefined;
    });
    this.#spare = this.another();
    // Its failure counts when it is its turn.
    this.#spare.catch(() => undefined);
    return guest;
  }
}

/** Whether an interrupt is left mapped in the hardware when all is closed. */
function leavesMapped({ events }: HostTrace): boolean {
  const mapped = new Set<number>();
  for (const event of events) {
    if (event.type === 'mapped') mapped.add(event.irq);
    if (event.type === 'unmapped') mapped.delete(event.irq);
  }
  return mapped.size > 0;
}

/**
 * Boot a kernel, and observe it.
 *
 * @param address `observe:debian:6.12@arm64`, as reports name it
 * @param name the kernel, such as `6.12@arm64`
 * @throws {TargetError} when it is not to be had or does not come up, with what to do
 */
export async function openObserved(
  address: string,
  name: string,
  onProgress: (text: string) => void,
  running?: Running,
): Promise<ObservedTarget> {
  const { guest, another, hello } = await openKernel(name, onProgress);
  return new ObservedTarget(address, hello, guest, another, running);
}

/**
 * The same by the address in a finding: `observe:debian:6.12@arm64`.
 * @throws {AddressError} when it is no such address
 */
export async function openForReplay(address: string, onProgress: (text: string) => void): Promise<ObservedTarget> {
  const name = readKernelName(/^observe:debian:(.*)$/.exec(address)?.[1] ?? '');
  if (name === undefined) {
    throw new AddressError(
      `What was observed is seen again on observe:${KERNEL_USAGE}; came ${JSON.stringify(address)}.`,
    );
  }
  return openObserved(address, kernelText(name), onProgress);
}
