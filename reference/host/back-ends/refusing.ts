/** No bypass: every producer is refused with +1, as powerpc does when its module is told so. */
import type { Status } from '../../../spec/vocabulary.js';
import type { Bypass } from './bypass.js';

/** Any value but 0 is a refusal; this one is positive, and not an errno. */
const REFUSED = 1;

export class Refusing implements Bypass {
  add(): Status {
    return REFUSED;
  }

  del(): void {}

  routeChanged(): boolean {
    return true;
  }
}
