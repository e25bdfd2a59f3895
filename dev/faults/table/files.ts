/** Files that are none, wherever a command reads one; and places that cannot be written, wherever one writes. */
import type { Fault } from '../fault.js';

const deep = '['.repeat(5_000);

/** A thing in place of a file: how it is made, and what is said of it. */
const THINGS: readonly (readonly [thing: string, make: string, says: string | RegExp, left: readonly string[]])[] = [
  ['nothing', ':', /there is no (such )?(file|folder)|No such/, []],
  ['a folder', 'mkdir it', 'it is a folder', ['it']],
  ['an empty file', ': >it', /empty|ends/, ['it']],
  ['5,000 brackets', `printf '%s' '${deep}' >it`, 'it', ['it']],
  ['UTF-16', `printf '\\377\\376{\\0}\\0' >it`, 'UTF-16', ['it']],
  ['a byte order mark alone', `printf '\\357\\273\\277' >it`, 'it', ['it']],
  ['a list', `echo '[]' >it`, 'it', ['it']],
  ['a packed file', `printf '\\037\\213\\010' >it`, 'it', ['it']],
  ['the commands of a terminal', `printf '\\033]0;x\\007\\342\\200\\256' >it`, 'it', ['it']],
  ['a pipe that nobody writes to', 'mkfifo it', 'it is a pipe that nobody writes to', ['it']],
  ['links in a circle', 'ln -s it it', 'circle', ['it']],
];

/** Commands that read a file. */
const READERS = {
  replay: '$SPEC replay it',
  check: '$SPEC check it',
  'run --baseline': '$SPEC run --tier smoke --seed 1 --baseline it',
  compare: '$SPEC compare it it',
  matrix: '$SPEC matrix it',
} as const;

const unread: readonly Fault[] = Object.entries(READERS).flatMap(([reader, command]) =>
  THINGS.map(
    ([thing, make, says, leaves]): Fault => ({
      fault: `${reader} of ${thing}`,
      command: `${make}; ${command}`,
      status: 2,
      says,
      leaves,
    }),
  ),
);

/** Places that cannot be written: how each is made, its name, and what is said of it. */
const PLACES: readonly (readonly [string, string, string, string | RegExp, readonly string[]])[] = [
  ['a folder', 'mkdir it', 'it', 'it is a folder', ['it']],
  ['a place below a file', ': >it', 'it/below', 'is a file, not a folder', ['it']],
  ['a name of 256 letters', ':', 'x'.repeat(256), 'the name is too long', []],
  ['an empty name', ':', "''", 'the name is empty', []],
];
const WRITERS = {
  'run --report json': '$SPEC run --tier smoke --seed 1 --budget 60 --scope 1x1x1 --rules tokens --report json=PLACE',
  'run --report junit': '$SPEC run --tier smoke --seed 1 --budget 60 --scope 1x1x1 --rules tokens --report junit=PLACE',
  'check --report html': '$SPEC check "$ROOT/src/recording/fixtures/linux-6.1.trace" --report html=PLACE',
  'baseline --output': '$SPEC baseline mutant:rekey --tier smoke --seed 1 --output PLACE',
} as const;

const unwritten: readonly Fault[] = Object.entries(WRITERS).flatMap(([writer, command]) =>
  PLACES.map(
    ([place, make, name, says, leaves]): Fault => ({
      fault: `${writer} to ${place}`,
      command: `${make}; ${command.replace('PLACE', name)}`,
      status: 2,
      says,
      leaves,
    }),
  ),
);

/** Commands that write a folder, and what is in its way. */
const folders: readonly Fault[] = (
  [
    ['book --output it', 2],
    ['tour --output it', 2],
    ['init python it', 64],
    ['export vectors --profile core --output it', 2],
  ] as const
).map(
  ([command, status]): Fault => ({
    fault: `${command.split(' ')[0]} into a file`,
    command: `: >it; $SPEC ${command}`,
    status,
    says: 'it',
    leaves: ['it'],
  }),
);

export const files: readonly Fault[] = [
  ...unread,
  ...unwritten,
  ...folders,
  {
    fault: 'a baseline that goes to standard output, where nothing can be read before',
    command:
      '$SPEC baseline mutant:rekey --tier smoke --seed 1 --output /dev/stdout | cat >it; s=$?; grep -q spec/baseline/1 it && exit $s',
    status: 0,
    leaves: ['it'],
  },
  {
    fault: 'a device without end is read',
    command: '$SPEC replay /dev/zero',
    status: 2,
    says: 'of at most 64 MB; more came',
  },
  { fault: 'a device without end is checked', command: '$SPEC check /dev/zero', status: 2, says: '/dev/zero' },
  {
    fault: 'a store that is a file',
    command: ': >it; $SPEC run --tier smoke --seed 1 --store it',
    status: 2,
    says: 'it is a file',
    leaves: ['it'],
  },
  {
    fault: 'a recording with a line of 100 KB of blanks',
    command: `printf '%100000s\\n' x >it; $SPEC check it`,
    status: 2,
    says: 'expected JSON',
    leaves: ['it'],
  },
  {
    fault: 'a finding of somebody else names a program',
    command: `$SPEC run mutant:no-roll-back --tier smoke --seed 1 --scope 1x1x1 --budget 60 --findings found >/dev/null; f=$(ls found/*.json | head -1); sed -i 's#"mutant:no-roll-back"#"exec:touch ran"#' $f; $SPEC replay $f`,
    status: 64,
    says: 'The finding names the target',
    leaves: ['found'],
  },
  {
    fault: 'no more files may be opened',
    // The help opens the files of all commands at once; a run needs few.
    command: 'ulimit -n 24; $SPEC --help',
    status: 2,
    says: 'this process may not open more files (ulimit -n)',
  },
  {
    fault: 'no more files may be opened, with an adapter',
    command: 'ulimit -n 24; $SPEC run "exec:$ADAPTER right" --tier smoke --seed 1',
    status: 2,
    says: /may not open more files|EMFILE/,
  },
  {
    fault: 'a current folder that is gone',
    command:
      'mkdir gone && cd gone && rmdir ../gone && $SPEC run --tier smoke --seed 1 --budget 60 --scope 1x1x1 --rules tokens',
    status: 0,
    says: 'conforms to core',
  },
  {
    fault: "the user's .gitignore is in the folder of findings",
    command: `echo '*.o' >.gitignore; $SPEC run mutant:no-roll-back --tier smoke --seed 1 --scope 1x1x1 --budget 60 --findings . >/dev/null; status=$?; rm -f *.json; [ "$(cat .gitignore)" = '*.o' ] && exit $status`,
    status: 1,
    leaves: ['.gitignore'],
  },
];
