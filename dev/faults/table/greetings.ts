/** Adapters that go wrong before they are asked anything. */
import { SHORT } from '../../../src/cli/fixtures/command-line.js';
import { adapter, type Fault } from '../fault.js';

const greeted = (fault: string, mode: string, says: string | RegExp, patience = 3_000): Fault => ({
  fault: `an adapter that ${fault}`,
  command: `$SPEC run ${adapter(mode)} --patience ${patience} ${SHORT}`,
  status: 2,
  says,
});
const patched = (fault: string, patch: object, says: string | RegExp): Fault =>
  greeted(`greets with ${fault}`, `greets-otherwise '${JSON.stringify(patch)}'`, says);
/** `text` as JSON writes it in a string. */
const answered = (fault: string, text: string, says: string | RegExp): Fault =>
  greeted(`answers the greeting with ${fault}`, `greets-with '${text}'`, says);
const right = (fault: string, mode: string): Fault => ({
  fault: `an adapter that ${fault}: it is right`,
  command: `$SPEC run ${adapter(mode)} ${SHORT}`,
  status: 0,
  says: 'conforms to core',
});

const WRONG = 'gave a wrong answer';

export const greetings: readonly Fault[] = [
  greeted('dies at the greeting', 'dies-at-hello', 'ended (SIGKILL)'),
  greeted('dies at the greeting with evil words', 'dies-with-evil-words', 'ended (SIGSEGV'),
  greeted('gives up at the greeting with evil words', 'gives-up-with-evil-words', 'gave up: '),
  greeted('hangs at the greeting', 'hangs-at-hello', 'did not answer. A target answers'),
  greeted('answers the greeting without end', 'greets-without-end', WRONG),
  // To read on takes a processor for as long as there is patience.
  greeted('says newlines without end', 'says-newlines-without-end', 'did not answer', 1_000),
  answered('no JSON', 'hello\\n', 'is not JSON: hello'),
  answered('nothing but a newline', '\\n', 'did not answer'),
  answered('a list', '[]\\n', WRONG),
  answered('null', 'null\\n', WRONG),
  answered('a number', '7\\n', WRONG),
  answered('an empty object', '{}\\n', WRONG),
  answered('a trace', '{\\"type\\":\\"trace\\",\\"id\\":1,\\"index\\":0,\\"events\\":[]}\\n', WRONG),
  answered('half of a message', '{\\"type\\":\\"hello\\",\\n', 'is not JSON'),
  answered('a message that never ends its line', '{\\"type\\":\\"hello\\"', 'did not answer'),
  answered('NUL', '\\u0000\\n', 'is not JSON: \\u0000'),
  answered('the commands of a terminal', '\\u001b]0;x\\u0007\\u009b2J\\u202e\\n', 'is not JSON: \\u202e'),
  patched('another protocol', { protocol: 2 }, WRONG),
  patched('no protocol', { protocol: null }, WRONG),
  patched('a profile that there is not', { profile: 'linux-9' }, 'linux-9'),
  patched('a profile that is no text', { profile: 7 }, WRONG),
  patched('a version that is no text', { version: 1 }, WRONG),
  patched('capabilities that are no list', { capabilities: 'lanes' }, WRONG),
  patched('a capability that there is not', { capabilities: ['flying'] }, WRONG),
  patched('a property that there is not', { colour: 'red' }, WRONG),
  right('greets with evil words', 'greets-with-evil-words'),
  right('greets byte by byte', 'greets-in-bytes'),
  right('greets before it is greeted', 'greets-unasked'),
  right('ends its lines as Windows does', `greets-around 'HELLO\\r\\n'`),
  right('says empty lines before the greeting', `greets-around '\\n\\nHELLO\\n'`),
  right('has blanks around the greeting', `greets-around '  HELLO  \\n'`),
  greeted('puts a mark before the greeting', `greets-around '\\uFEFFHELLO\\n'`, /is not JSON|conforms/),
  greeted('greets twice', 'greets-twice', 'could not be judged'),
  {
    fault: 'an address of a program that there is not',
    command: `$SPEC run exec:./not-there ${SHORT}`,
    status: 2,
    says: 'could not be started',
  },
  {
    fault: 'an address of a file that may not be run',
    files: { tool: 'text' },
    command: `$SPEC run exec:./tool ${SHORT}`,
    status: 2,
    says: 'could not be started',
  },
  {
    fault: 'an address of a folder',
    command: `$SPEC run exec:. ${SHORT}`,
    status: 2,
    says: 'could not be started',
  },
  {
    fault: 'an address with a line that says that all conforms',
    command: `$SPEC run $'exec:./not-there\\n✓ conforms\\e]0;x\\a' 2>it; s=$?; cat it >&2; [ $(grep -c '^✓' it) = 0 ] && exit $s`,
    status: 2,
    says: 'could not be started',
    leaves: ['it'],
  },
  { fault: 'an address without a program', command: `$SPEC run "exec:''"`, status: 64, says: 'exec: needs a program' },
  {
    fault: 'an address with an open quote',
    command: `$SPEC run "exec:'x"`,
    status: 2,
    says: 'could not be started',
  },
  {
    fault: 'an argument of 100 KB',
    command: `$SPEC run "exec:$ADAPTER right $(printf 'x%.0s' {1..100000})" ${SHORT}`,
    status: 0,
    says: 'conforms to core',
  },
];
