/** Every interleaving of a few lanes on the real manager. */
export { renderSchedule } from './render.js';
export {
  exploreSchedules,
  replaySchedule,
  type ScheduleFinding,
  type ScheduleOptions,
  type Schedules,
  schedulesText,
} from './schedules.js';
