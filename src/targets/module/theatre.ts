/** Where the programs of a run are performed: those of a manager, or those of a host with all that is on it. */
import { type Participants, runOnHost } from '../../../reference/host/host.js';
import type { HostEvent, HostProgram } from '../../../spec/host/vocabulary.js';
import type { ManagerFactory } from '../../../spec/manager.js';
import type { Profile } from '../../../spec/profile.js';
import type { Event, Program } from '../../../spec/vocabulary.js';
import { Stage } from '../in-process.js';

/** One program, performed. */
export interface Performance {
  readonly events: readonly (Event | HostEvent)[];
  /** Perform it. @throws {TargetError} when that cannot be */
  perform(): void;
  /** It is over: what happens from now on is late. */
  close(late: (event: Event | HostEvent) => void): void;
}

/** Sets the stage for a program. `heard` is told each event as it happens. */
export type Theatre = (program: unknown, heard?: (event: Event | HostEvent) => void) => Performance;

/** Programs against managers of a factory. */
export function managerTheatre(factory: ManagerFactory): Theatre {
  return (program, heard) => {
    const stage = new Stage(program as Program, heard);
    return { events: stage.events, perform: () => stage.play(factory), close: (late) => stage.close(late) };
  };
}

/** Programs on hosts with these participants. */
export function hostTheatre(profile: Profile, participants: Participants): Theatre {
  return (program, heard) => {
    const events: HostEvent[] = [];
    const tell = (told: (event: HostEvent) => void): void => {
      events.push = (...added) => {
        for (const event of added) told(event);
        return events.length;
      };
    };
    if (heard !== undefined) {
      tell((event) => {
        events[events.length] = event;
        heard(event);
      });
    }
    return {
      events,
      perform: () => void runOnHost(program as HostProgram, profile, participants, events),
      close: tell,
    };
  };
}
