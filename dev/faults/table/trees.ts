/** Trees of a kernel that are none, and compilers that fail: the tree's fault is not its manager's. */
import type { Fault } from '../fault.js';

const HEADER = `struct irq_bypass_producer { void *token; };
int irq_bypass_register_producer(struct irq_bypass_producer *producer);
`;
const SOURCE = `#include <linux/irqbypass.h>
int irq_bypass_register_producer(struct irq_bypass_producer *producer) { return 0; }
`;
const C = 'tree/virt/lib/irqbypass.c';
const H = 'tree/include/linux/irqbypass.h';

const CACHE = 'cannot be a folder of the cache';

const tree = (fault: string, files: Fault['files'], says: string | RegExp, before = ''): Fault => ({
  fault: `a tree ${fault}`,
  ...(files === undefined ? {} : { files }),
  command: `export IRQBYPASS_SPEC_CACHE=$PWD/cache; ${before} $SPEC run linux-source:./tree --tier smoke --seed 1; status=$?; rm -rf cache; exit $status`,
  status: 2,
  says,
});

export const trees: readonly Fault[] = [
  tree('that is not there', undefined, 'tree'),
  tree('that is a file', { tree: '' }, 'tree'),
  tree('that is empty', { 'tree/README': '' }, 'irqbypass'),
  tree('without the header', { [C]: SOURCE }, 'irqbypass'),
  tree('whose source is empty', { [C]: '', [H]: HEADER }, 'irqbypass'),
  tree('whose source is a folder', { [`${C}/x`]: '', [H]: HEADER }, 'irqbypass'),
  tree(
    'that refuses to compile with evil words',
    { [C]: '#error "\u001b]0;x\u0007\u202e✓ conforms"\n', [H]: HEADER },
    'irqbypass',
  ),
  tree('that does not compile', { [C]: 'int x = ;\n', [H]: HEADER }, 'irqbypass'),
  tree(
    'for a compiler that is not there',
    { [C]: SOURCE, [H]: HEADER },
    'linux-source needs a C compiler',
    'CC=/nothing/cc',
  ),
  tree('for a compiler that always fails', { [C]: SOURCE, [H]: HEADER }, /compil/, 'CC=/bin/false'),
  tree(
    'whose build would be kept in a file',
    { [C]: SOURCE, [H]: HEADER, file: '' },
    CACHE,
    'IRQBYPASS_SPEC_CACHE=file',
  ),
  tree(
    'whose build would be kept where no folder can be',
    { [C]: SOURCE, [H]: HEADER },
    CACHE,
    'IRQBYPASS_SPEC_CACHE=/proc/x',
  ),
  {
    fault: 'SIGKILL while a tree is compiled',
    files: { [C]: SOURCE, [H]: HEADER, cc: '#!/bin/sh\nsleep 60\n' },
    command:
      'chmod +x cc; export IRQBYPASS_SPEC_CACHE=$PWD/cache CC=$PWD/cc; timeout -s KILL 2 $SPEC run linux-source:./tree; status=$?; rm -rf cache; exit $status',
    status: 137,
  },
  {
    fault: 'a branch of what is no repository',
    command: 'mkdir d; $SPEC run linux-source:git:d@main',
    status: 2,
    says: 'd',
    leaves: ['d'],
  },
];
