/** Implementations that conform, written to be read. */
export { createReferenceManager } from './manager.js';
export { createRfcPrototype } from './rfc-prototype.js';
