/** Every interleaving of a few lanes on the real manager. */
export { tellSchedule } from './render.js';
export {
  exploreSchedules,
  prepareSchedules,
  replaySchedule,
  type ScheduleFinding,
  type ScheduleOptions,
  type Schedules,
  schedulesText,
} from './schedules.js';
