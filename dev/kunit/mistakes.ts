/** Five mistakes in the manager of Linux 6.17 and later, each an edit of its text. */

/** A mistake. */
export interface Mistake {
  /** What the manager then does, as the end of a sentence. */
  readonly does: string;
  readonly edit: (source: string) => string;
}

/** The mistakes. Names of variables and fields are all that the edits know of the text. */
export const mistakes: readonly Mistake[] = [
  {
    does: 'rolls nothing back',
    edit: (source) => source.replace(/if \(ret && (\w+)->del_consumer\)/, 'if (0)'),
  },
  {
    does: 'starts the producer first',
    edit: (source) => source.replace(/(\s+if \(cons->start\)\s+\S+;)(\s+if \(prod->start\)\s+\S+;)/, '$2$1'),
  },
  {
    does: 'never deletes the producer',
    edit: (source) => source.replace(/\n\s+cons->del_producer\([^;]*;/, ''),
  },
  {
    does: 'keeps a producer that failed to connect',
    edit: (source) => source.replace(/\n\s+WARN_ON_ONCE\(xa_erase\(&producers, [^;]*;/, ''),
  },
  {
    does: 'does not show the interrupt',
    edit: (source) => source.replace(/\n\s+producer->irq = irq;/, ''),
  },
];
