/** The kill matrix could not be made, through no fault of the rules or of the mutants; the message says what to do. */
export class CannotRun extends Error {
  override readonly name = 'CannotRun';
}
