/**
 * How many of something.
 * @asType integer
 * @minimum 0
 */
export type Count = number;
