/**
 * How far a test goes. `npm test` takes a part that shows every kind of thing there is to see; the gate
 * (`npm run gate:tests`) takes all kinds, with as many of each as there is time for by day; the night
 * (`npm run gate:tests:night`) takes all there are.
 */
import type { Profile } from '../../spec/profile.js';
import { core } from '../../spec/profiles/core.js';
import { profiles } from '../../spec/profiles/index.js';
import { linux617 } from '../../spec/profiles/linux-6.17.js';

const asked = process.env.IRQBYPASS_SPEC_EXTENT;

/** A part of something in `npm test`, more in the gate, and all of it in the night, or as much as in the gate. */
export function extent<T>(part: T, gate: T, night: T = gate): T {
  if (asked === 'night') return night;
  return asked === 'gate' ? gate : part;
}

/** The profiles to go through: what all versions share, and the latest, which is built otherwise; in the gate, each. */
export const someProfiles: readonly Profile[] = extent([core, linux617], profiles);

/** The same where a profile takes seconds: the latest; in the gate, each. */
export const provedProfiles: readonly Profile[] = extent([linux617], profiles);
