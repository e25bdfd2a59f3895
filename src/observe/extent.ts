/** How much is observed of a kernel where nobody says how much. */

/** The programs of a run. */
export const PROGRAMS = 20;

/** The operations of a random program, before it closes all. */
export const LENGTH = 24;
