/** Managers that are right, each built in a way of its own: no rule may find fault with any of them. */
import { bisection } from './bisection.js';
import type { Design } from './design.js';
import { eventLog } from './event-log.js';
import { graves } from './graves.js';
import { meetingPlaces } from './meeting-places.js';
import { openAddressing } from './open-addressing.js';
import { slots } from './slots.js';

export type { Design } from './design.js';

/** All of them. */
export const designs: readonly Design[] = [openAddressing, bisection, eventLog, meetingPlaces, slots, graves];
