/** Modules and participants that do to their process what they should not. */
import { SHORT } from '../../../src/cli/fixtures/command-line.js';
import { extent } from '../../tests/extent.js';
import { adapter, type Fault, signalled } from '../fault.js';

const RIGHT = `import { createReferenceManager } from 'DIST/reference/index.js';
import { core } from 'DIST/spec/profiles/core.js';
const make = (environment) => createReferenceManager(core, environment);
`;
const WRONG = `const make = () => ({ registerProducer: () => 0, unregisterProducer() {}, unregisterConsumer() {}, registerConsumer: () => 0 });
`;
/** Whoever waits for an answer sees no difference, but that to loop takes a processor. */
const WAITS = 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);';
const NEVER = extent(WAITS, WAITS, 'for (;;);');
const DEFAULT = 'export const createManager = make;';

const module = (fault: string, text: string, status: Fault['status'], says: string | RegExp, more = ''): Fault => ({
  fault: `a module that ${fault}`,
  files: { 'x.mjs': text },
  command: `sed -i "s#DIST#$ROOT/dist#" x.mjs; $SPEC run module:./x.mjs ${SHORT} ${more}`,
  status,
  says,
});
const inside = (what: string) =>
  `${RIGHT}export const createManager = (environment) => { const manager = make(environment); return { ...bound(manager), registerConsumer(...all) { ${what} return manager.registerConsumer(...all); } }; };
const bound = (manager) => ({ registerProducer: manager.registerProducer.bind(manager), unregisterProducer: manager.unregisterProducer.bind(manager), unregisterConsumer: manager.unregisterConsumer.bind(manager) });`;

const CONFORMS = 'conforms to core';
const NOT = 'does not conform';

const asModules: readonly Fault[] = [
  module('is right', `${RIGHT}${DEFAULT}`, 0, CONFORMS),
  module('is wrong', `${WRONG}${DEFAULT}`, 1, NOT),
  module(
    'is wrong and sets the exit status',
    `${WRONG}process.on('exit', () => { process.exitCode = 0; });${DEFAULT}`,
    1,
    NOT,
  ),
  module('is wrong and prints that it conforms', `${WRONG}console.log('\\u001b[2J✓ conforms');${DEFAULT}`, 1, NOT),
  module(
    'exits as it is loaded',
    `process.exit(0);${WRONG}${DEFAULT}`,
    2,
    'module:./x.mjs: it ended the process that was loading it (exit status 0).',
  ),
  module('throws as it is loaded', `throw new Error('\\u001b]0;x\\u0007no');`, 2, 'it cannot be loaded: no'),
  module(
    'waits at its top level for ever',
    `await new Promise(() => {});${WRONG}${DEFAULT}`,
    2,
    'it cannot be loaded: it awaits at its top level what cannot happen any more.',
  ),
  module('is no JavaScript', 'export default (', 2, 'it cannot be loaded'),
  module('exports nothing', 'export const number = 7;', 2, 'expected'),
  module('makes no manager', 'export const createManager = () => 7;', 2, 'could not be judged'),
  module(
    'makes a manager that throws when it is looked at',
    `export const createManager = () => ({ get registerProducer() { throw new Error('\\u001b]0;x\\u0007no'); } });`,
    2,
    'no manager could be made: Error: no',
  ),
  module('makes a promise', 'export const createManager = async () => ({});', 2, 'could not be judged'),
  module('exits in an operation', inside('process.exit(0);'), 1, NOT, extent('', '--fail-fast', '')),
  module('throws in an operation', inside(`throw new Error('\\u009b2Jno');`), 1, NOT),
  module('never returns from an operation', inside(NEVER), 1, NOT, '--patience 1500 --fail-fast'),
  module(
    'throws beside the operations',
    `${RIGHT}${DEFAULT}setTimeout(() => { throw new Error('astray'); }, 0);`,
    2,
    'astray',
  ),
  module('rejects beside the operations', `${RIGHT}${DEFAULT}Promise.reject(new Error('astray'));`, 2, 'astray'),
  module('keeps a timer open', `${RIGHT}${DEFAULT}setInterval(() => {}, 1000);`, 0, CONFORMS),
  module('returns what is no status', inside(`return 'busy';`), 1, NOT),
  module('returns what has a mind of its own', inside('return { valueOf() { process.exit(0); } };'), 1, NOT),
  {
    fault: 'a module that is not there',
    command: '$SPEC run module:./nothing.mjs',
    status: 2,
    says: 'there is no file',
  },
  { fault: 'a module that is a folder', command: '$SPEC run module:.', status: 2, says: '.' },
];

const participant = (
  fault: string,
  mode: string,
  status: Fault['status'],
  says: string | RegExp,
  address = `"exec:$PRODUCER ${mode}"`,
): Fault => ({
  fault: `a participant that ${fault}`,
  command: `$SPEC run --role producer ${address} --tier smoke --seed 1 --budget 20 --fail-fast --patience 2000`,
  status,
  says,
});

/** One that says the same in every call. */
const parrot = (fault: string, said: string, says: string): Fault =>
  participant(fault, '', 2, says, adapter(`producer says '${said}'`, '$SMALL'));

const asParticipants: readonly Fault[] = [
  participant('registers nothing', 'well', 1, 'does not conform'),
  participant('dies at the greeting', 'dies-at-hello', 2, 'ended (SIGSEGV'),
  participant('dies in every call', 'dies', 1, 'does not conform'),
  participant('says that it fell over', 'tells', 1, 'does not conform'),
  participant('gives up', 'gives-up', 2, 'gave up: the moon is full'),
  parrot('talks nonsense', 'hello there', 'is not JSON: hello there'),
  participant(
    'asks without end',
    '',
    1,
    'does not conform',
    adapter(`producer goes-on '{"type":"ask","what":"log","text":"first"}'`, '$SMALL'),
  ),
  participant('hangs', 'hangs', 1, 'does not conform'),
  participant('goes after its first answer', 'goes', 1, 'does not conform'),
  parrot('speaks unasked', '{"type":"done","status":0}\\n{"type":"done"}', 'could not be judged'),
  ...(
    [
      ['KILL', 137],
      ['TERM', 143],
      ['INT', 130],
    ] as const
  ).map(
    ([signal, status]): Fault => ({
      fault: `SIG${signal} while a participant hangs`,
      command: signalled(signal, 'run --role producer "exec:$PRODUCER hangs" --tier smoke --patience 60000'),
      status,
      leaves: ['begun'],
    }),
  ),
];

export const modules: readonly Fault[] = [...asModules, ...asParticipants];
