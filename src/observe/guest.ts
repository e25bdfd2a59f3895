/**
 * The guest in which real VFIO, KVM and the manager are observed, on the stage of its architecture (stages.ts), with two
 * PCI devices with MSI-X.
 *
 * It comes ready from boot.ts. For each program it runs the operations, and then gives the recording. The observer inside
 * (conformance/harnesses/linux-observer) answers one command a line.
 */
import type { VmId } from '../../spec/host/vocabulary.js';
import type { Status } from '../../spec/vocabulary.js';
import { TargetError } from '../targets/target.js';
import { type Channel, GuestDied, GuestNotReady } from './channel.js';
import { commandOf, type ObservedOperation, type ObservedProgram } from './commands.js';
import { type Death, reportIn } from './death.js';
import type { ObservedBackEnd, Stage } from './stages.js';

/** Where the kernel traces, and the recording there: not that of a recorder that may run beside. */
export const TRACING = '/sys/kernel/tracing';
export const GROUP = 'irqbypass_observed';
export const INSTANCE = `${TRACING}/instances/${GROUP}`;

/** What is known of a guest that is ready: its release, and the line that a recording of it begins with. */
export interface Facts {
  readonly release: string;
  readonly line: string;
}

/** Behind what the kernel reports when what a program has left open is closed: no call of the program is charged alone. */
const AFTERWARDS = ', when all that was left open was closed';

/** Turns of an empty loop by which one lane of a round begins later than in the last. */
const TURNS = 300;

/** What one program did. */
export interface Observation {
  /** What each operation's system call returned. */
  readonly statuses: readonly Status[];
  /** The raw recording, with what the recorder says of itself; none of a program in which the guest died. */
  readonly text: string;
  /** What the kernel reported of itself, a defect, by the operation in which it did. */
  readonly reports: readonly { readonly at: number; readonly text: string; readonly log: string }[];
  /** The VMs whose guest made no step when it was let run, before the operation that closes them. */
  readonly frozen: readonly { readonly at: number; readonly vm: VmId }[];
  /** How the guest died, and in which operation, if it did. It takes no more programs then. */
  readonly death?: Death & { readonly at: number };
}

/**
 * When user space goes on. KVM takes an irqfd away in a work queue: `settled`, each operation is begun when all is done
 * that those before set off, so that the same program does the same each time; `hasty`, when the last call has returned,
 * so that tasks of the kernel run beside it.
 */
export type Pace = 'settled' | 'hasty';

/** A guest that is ready for programs. */
export interface Guest {
  readonly release: string;
  readonly stage: Stage;
  /** Give the observer a command; what it returns. */
  ask(command: string): Promise<Status>;
  /** The lines of a file in the guest. */
  read(path: string): Promise<readonly string[]>;
  /** Run one program, wait until all that it set off is done, and read the recording. */
  run(program: Pick<ObservedProgram, 'operations' | 'backEnd'>, pace?: Pace): Promise<Observation>;
  /**
   * Set up, let two lanes run their operations at once, and close all; so many rounds, in one recording. `statuses` are
   * those of the lanes: lane 0's and then lane 1's, round by round.
   */
  race(program: Race, rounds: number): Promise<Pick<Observation, 'statuses' | 'text'>>;
  /** End it, and wait until it is gone. */
  close(): Promise<void>;
}

/** What is done before, and by each lane. */
export interface Race {
  readonly backEnd: ObservedBackEnd;
  readonly before: readonly ObservedOperation[];
  readonly lanes: readonly (readonly ObservedOperation[])[];
}

/** A guest that is ready, over the way to its observer. */
export function guestOver(channel: Channel, kill: () => Promise<void>, stage: Stage, facts: Facts): Guest {
  let missedBefore = 0;
  const recorded = async (): Promise<string> => {
    const lines = await channel.read(`read ${INSTANCE}/trace`);
    const missed = missedHits(await channel.read(`read ${TRACING}/kprobe_profile`));
    const text = [`${facts.line} missed=${missed - missedBefore}`, ...lines, ''].join('\n');
    missedBefore = missed;
    return text;
  };
  return {
    release: facts.release,
    stage,
    run: async ({ operations, backEnd }, pace = 'settled') => {
      const statuses: Status[] = [];
      const reports: Observation['reports'][number][] = [];
      const frozen: Observation['frozen'][number][] = [];
      let at = 0;
      let isOver = false;
      await beReady(channel);
      try {
        for (const operation of operations) {
          at = statuses.length;
          if (operation.operation === 'destroyVm' && stage.hardware.length > 0) {
            if ((await channel.ask(`runs ${operation.vm.slice(2)}`)) === 0) frozen.push({ at, vm: operation.vm });
          }
          const [status, , log] = await Promise.all([
            channel.ask(commandOf(operation, backEnd)),
            pace === 'settled' ? channel.must('settle') : undefined,
            channel.read('log'),
          ]);
          statuses.push(status);
          const report = reportOf(log);
          if (report !== undefined) reports.push({ at, ...report });
        }
        if (pace === 'hasty') await channel.must('settle');
        const text = await recorded();
        isOver = true;
        await channel.must('close-all');
        const report = reportOf(await channel.read('log'));
        if (report !== undefined) reports.push({ at, ...report, text: `${report.text}${AFTERWARDS}` });
        await channel.must(`clear ${INSTANCE}/trace`);
        return { statuses, text, reports, frozen };
      } catch (error) {
        if (!(error instanceof GuestDied)) throw error;
        const detail = `${error.death.detail}${isOver ? AFTERWARDS : ''}`;
        return { statuses, text: '', reports, frozen, death: { ...error.death, detail, at } };
      }
    },
    race: async ({ backEnd, before, lanes }, rounds) => {
      const statuses: Status[] = [];
      for (let round = 0; round < rounds; round++) {
        for (const operation of before) await channel.must(commandOf(operation, backEnd));
        for (const [lane, operations] of lanes.entries()) {
          for (const operation of operations) await channel.must(`lane ${lane}\t${commandOf(operation, backEnd)}`);
        }
        statuses.push(...(await channel.read(`race ${turnsOf(round)}`)).map(Number));
        await channel.must('settle');
        await channel.must('close-all');
      }
      const text = await recorded();
      await channel.must(`clear ${INSTANCE}/trace`);
      return { statuses, text };
    },
    ask: (command) => channel.ask(command),
    read: (path) => channel.read(`read ${path}`),
    close: () => kill(),
  };
}

/** @throws {GuestNotReady} when the guest is silent */
async function beReady(channel: Channel): Promise<void> {
  try {
    // What the kernel warns of once a boot, it warns of once a program.
    await channel.ask('write /sys/kernel/debug/clear_warn_once\t1');
    await channel.read('log');
  } catch (error) {
    throw error instanceof TargetError ? new GuestNotReady(error.message) : error;
  }
}

/** What the kernel reported in lines of its log, each behind its level. */
function reportOf(log: readonly string[]): ReturnType<typeof reportIn> {
  return reportIn(log.map((line) => line.slice(2)).join('\n'));
}

/** By how much one lane begins later than the other: by nothing, then by ever more, the one and the other by turns. */
function turnsOf(round: number): number {
  return Math.ceil(round / 2) * TURNS * (round % 2 === 0 ? 1 : -1);
}

/** The hits that the kernel missed: the last number of each line of kprobe_profile. */
function missedHits(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + Number(/(\d+)\s*$/.exec(line)?.[1] ?? 0), 0);
}
