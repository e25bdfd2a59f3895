/** Standard output and standard error that cannot be written, or that nobody reads. */
import { SHORT } from '../../../src/cli/fixtures/command-line.js';
import type { Fault } from '../fault.js';

const COMMANDS: readonly (readonly [string, 0 | 1])[] = [
  ['rules', 0],
  ['rules --profiles', 0],
  ['explain BAL-1', 0],
  ['tour', 0],
  ['schemas', 0],
  ['record', 0],
  ['--help', 0],
  ['run --help', 0],
  [`run ${SHORT}`, 0],
  [`run mutant:rekey ${SHORT}`, 1],
  [`run mutant:rekey ${SHORT} --report json`, 1],
  ['check "$ROOT/src/recording/fixtures/linux-6.1.trace"', 0],
  ['smoke reference', 0],
];

export const streams: readonly Fault[] = [
  ...COMMANDS.flatMap(([command, status]): readonly Fault[] => [
    { fault: `nobody reads what ${command} says`, command: `$SPEC ${command} | true`, status },
    {
      fault: `there is no room for what ${command} says`,
      command: `$SPEC ${command} >/dev/full`,
      status: 2,
      says: 'standard output could not be written: ENOSPC',
    },
  ]),
  ...['rules', `run ${SHORT} --report json`].map(
    (command): Fault => ({
      fault: `there is room for a part of what ${command} says`,
      command: `trap '' XFSZ; ulimit -f 4; $SPEC ${command} >it`,
      status: 2,
      says: 'standard output could not be written: EFBIG',
      leaves: ['it'],
    }),
  ),
  { fault: 'standard output is closed', command: `$SPEC run ${SHORT} >&-`, status: 0 },
  { fault: 'standard error is closed', command: '$SPEC run teapot: 2>&-', status: 64 },
  { fault: 'nobody reads the usage error', command: '$SPEC run teapot: 2>&1 >/dev/null | true', status: 64 },
  { fault: 'there is no room for the usage error', command: '$SPEC run teapot: 2>/dev/full', status: 64 },
  {
    fault: 'there is no room for a report',
    command: `$SPEC run ${SHORT} --report json=/dev/full`,
    status: 2,
    says: '/dev/full cannot be written: there is no room left for it.',
  },
];
