/** Adapters that go wrong once they are asked, and what they leave behind. */
import { SHORT } from '../../../src/cli/fixtures/command-line.js';
import { adapter, type Fault, signalled } from '../fault.js';

const run = (
  status: Fault['status'],
  says: string | RegExp,
  fault: string,
  mode: string,
  more: Partial<Fault> = {},
): Fault => ({
  fault: `an adapter that ${fault}`,
  command: `$SPEC run ${adapter(mode)} --patience 3000 ${SHORT}`,
  status,
  says,
  ...more,
});
const judged = run.bind(undefined, 0, 'conforms to core');
const wrong = run.bind(undefined, 1, 'does not conform');
/** What goes wrong in each program costs a process each time: what shows in the first is not looked for in the next ones. */
const wrongAtOnce = (fault: string, mode: string) =>
  run(1, 'does not conform', fault, mode, {
    command: `$SPEC run ${adapter(mode)} --patience 3000 ${SHORT} --fail-fast`,
  });
const notJudged = (
  fault: string,
  mode: string,
  says: string | RegExp = 'could not be judged',
  more: Partial<Fault> = {},
) => run(2, says, fault, mode, more);

/** An adapter that manages nothing. */
const small = (fault: string, what: string, says: string) =>
  run(2, says, fault, '', { command: `$SPEC run ${adapter(`null-token ${what}`, '$SMALL')} --patience 3000 ${SHORT}` });

/** The answer to a program, as text. */
const trace = (events: string, id = 1, index = 0) => `{"type":"trace","id":${id},"index":${index},"events":${events}}`;

const ALONE = 'but not when the program ran alone';

/** What it says is no answer. */
const answers: readonly Fault[] = [
  small(
    'answers another run',
    `says '${trace('[]', 7)}'`,
    'it answered run 7, program 0, but run 1, program 0 was due',
  ),
  small(
    'answers another program',
    `says '${trace('[]', 1, 3)}'`,
    'it answered run 1, program 3, but run 1, program 0 was',
  ),
  notJudged('answers before it is asked', 'answers-unasked'),
  notJudged('answers twice', 'answers-twice', 'could not be judged'),
  notJudged('leaves one program out', 'answers-not', 'could not be judged'),
  notJudged('answers one program with nonsense', `answers-with 'what?'`, 'could not be judged'),
  small('answers with nonsense always', `says 'what?'`, 'is not JSON: what?'),
  small('answers with a list', `says '[${trace('[]')}]'`, 'expected an object'),
  small('answers with half of the answer', `says '{"type":"trace"'`, 'is not JSON'),
  small('answers with deep brackets', `says '${trace('[[[[[[]]]]]]')}'`, 'expected'),
  small('answers without end', 'one-line x', 'a line of more than 16 MB: xxx'),
  judged('ends its answers as Windows does', `answers-always-with 'ANSWER\\r'`),
  judged('says empty lines between its answers', `answers-always-with '\\nANSWER\\n'`),
  small(
    'prints what it does before it answers',
    `says 'registering p0\\n${trace('[]')}'`,
    'is not JSON: registering p0',
  ),
  notJudged('gives up in between', `gives-up-in-between 'no more licences'`, 'gave up: no more licences'),
  notJudged('gives up in between with evil words', 'gives-up-in-between', 'gave up: '),
];

/** Its process ends, or goes on for ever. */
const ends: readonly Fault[] = [
  small('dies before any program', 'dies', 'outside any operation'),
  notJudged('dies by count', 'dies-by-count', ALONE),
  notJudged('exits by count, with status 0', 'exits-by-count 0', ALONE),
  notJudged('exits by count, with status 1', 'exits-by-count 1', ALONE),
  notJudged('hangs by count', 'hangs-by-count', ALONE),
  wrong('dies inside an operation', 'dies-inside'),
  wrongAtOnce('dies inside an operation, aborting', 'dies-inside SIGABRT'),
  wrongAtOnce('throws inside an operation', 'throws-inside'),
  wrongAtOnce('dies inside an operation with evil words', 'dies-inside-with-evil-words'),
  wrong('hangs inside an operation', 'hangs-inside'),
  wrong('stops itself inside an operation', 'stops-inside'),
  wrongAtOnce('calls back without end', 'calls-back-without-end'),
  notJudged('dies inside an operation of its first life only', 'first-life-dies-inside', ALONE, { leaves: ['lived'] }),
  notJudged('dies, and then at every greeting', 'first-life-dies-for-good', 'could not be judged', {
    leaves: ['lived'],
  }),
  notJudged('is another one in its second life', 'first-life-is-another', 'could not be judged', { leaves: ['lived'] }),
  notJudged('closes its input', 'closes-its-input'),
  notJudged('closes its output', 'closes-its-output'),
  notJudged('does not stream, and dies inside an operation', 'streams-not'),
  small(
    'streams what was not asked, and dies',
    `dies '{"type":"event","id":1,"index":0,"event":{"type":"call","operation":"unregisterProducer","object":"p0"}}'`,
    'could not be judged',
  ),
  judged('dies at the end', 'dies-at-bye'),
  judged('ends with status 3', 'exits-at-bye'),
  judged('hangs at the end', 'hangs-at-bye'),
  judged('minds no signal, and hangs at the end', 'minds-no-signal'),
  judged('talks on after the end', 'talks-after-bye'),
  judged('complains without end', 'complains-without-end'),
  {
    fault: 'an adapter that takes itself away and dies',
    files: {},
    command: `cp "$ROOT/dev/faults/adapter.mjs" copy.mjs && sed -i "s#'../../dist#'$ROOT/dist#" copy.mjs && $SPEC run "exec:$NODE copy.mjs takes-itself-away copy.mjs" ${SHORT}`,
    status: 2,
    says: 'could not be judged',
  },
];

/** It leaves behind what it has started. */
const children: readonly Fault[] = [
  judged('leaves a child that has its pipes', 'leaves-a-child'),
  judged('leaves a daemon', 'leaves-a-daemon'),
  judged('leaves a daemon that has its pipes', 'leaves-a-daemon-with-its-pipes'),
  wrongAtOnce(
    'leaves a daemon that has its pipes, and dies inside an operation',
    'leaves-a-daemon-with-its-pipes dies',
  ),
  judged('leaves an orphan in a session of its own', 'leaves-an-orphan'),
  judged('starts a process in each operation of 50 programs', 'forks-as-it-manages 50'),
  {
    fault: 'a script around an adapter that hangs at the greeting',
    files: { 'wrapper.sh': '#!/bin/sh\n"$@"\nexit $?\n' },
    command: `$SPEC run "exec:sh wrapper.sh $ADAPTER hangs-at-hello" --patience 1000 ${SHORT}`,
    status: 2,
    says: 'did not answer',
  },
  ...(['INT', 'TERM', 'HUP'] as const).map(
    (signal): Fault => ({
      fault: `SIG${signal} while an adapter behind a script hangs`,
      files: { 'wrapper.sh': '#!/bin/sh\n"$@"\nexit $?\n' },
      command: signalled(signal, 'run "exec:sh wrapper.sh $ADAPTER hangs-at-hello" --patience 60000'),
      status: signal === 'INT' ? 130 : signal === 'TERM' ? 143 : 129,
      leaves: ['begun'],
    }),
  ),
];

/** The tool is killed in a way that it is not told of; alone, and while helpers of it have adapters of their own. */
const killed: readonly Fault[] = (
  [
    ['hangs', 'hangs-inside', 1, ''],
    ['hangs at the greeting', 'hangs-at-hello', 1, ''],
    ['has left a daemon', 'leaves-a-daemon', 1, ''],
    ['minds no signal', 'minds-no-signal', 1, ''],
    ['is asked by two helpers', 'right', 3, '--jobs 3'],
    ['is asked by a helper and minds no signal', 'minds-no-signal', 2, '--jobs 2'],
  ] as const
).map(
  ([fault, mode, asked, more]): Fault => ({
    fault: `SIGKILL while an adapter ${fault}`,
    command: signalled('KILL', `run ${adapter(mode)} --tier nightly --patience 60000 ${more}`, asked),
    status: 137,
    leaves: ['begun'],
  }),
);

/** What it does is wrong, or is not the same twice. */
const verdicts: readonly Fault[] = [
  wrong('is wrong', 'is-wrong'),
  notJudged('is wrong once, in the first suite', 'is-wrong-once 20', 'does not do the same twice'),
  notJudged('is wrong once, later', 'is-wrong-once 150', /does not do the same twice|conforms/),
  wrong('is wrong, and once in another way', 'is-wrong-and-once-otherwise 150'),
  wrong('is wrong, and its adapter talks nonsense once', 'is-wrong-and-talks-nonsense-once', { leaves: ['lived'] }),
  {
    fault: 'an adapter that talks nonsense once, while the programs of a baseline are run',
    command: `$SPEC baseline ${adapter('is-wrong')} --tier smoke --seed 1 --output known.json >it && $SPEC run ${adapter('is-wrong-and-talks-nonsense-once')} --tier smoke --seed 1 --scope 1x1x1 --budget 60 --baseline known.json`,
    status: 2,
    says: 'could not be judged',
    leaves: ['it', 'known.json', 'lived'],
  },
  notJudged('answers every program with the same trace', 'answers-all-alike', 'but the trace says'),
  notJudged('counts over all programs, and refuses from a number on', 'counts-over-programs 400', 'the same twice'),
  notJudged('shows an interrupt of an earlier program now and then', 'shows-an-earlier-interrupt', 'the same twice'),
  wrong('is wrong for programs of some lengths only', 'is-wrong-for-some 5'),
  wrong('claims to lack memory and never does', 'never-lacks-memory', {
    command: `$SPEC run ${adapter('never-lacks-memory')} --tier smoke --seed 1 --scope 1x1x1 --rules FAIL-7 --budget 60`,
  }),
  wrong('claims a profile that it does not keep', `greets-otherwise '{"profile":"linux-4.4"}'`),
  notJudged(
    'is right for a hundred programs, and wrong from then on',
    'is-wrong-later 100',
    'does not do the same twice',
  ),
  wrong('returns what no int can be', "returns-what-is-no-status '2147483648'"),
  wrong('returns what no number of 64 bits can be', "returns-what-is-no-status '1e99'"),
  wrong('is wrong, and says evil words', 'is-wrong-with-evil-words'),
  wrong('crashes with evil words', 'crashes-with-evil-words'),
  judged('logs much', 'logs-much'),
];

/** No implementation can have done what its trace says. */
const incoherent: readonly Fault[] = [
  notJudged('returns twice', 'returns-twice'),
  notJudged('does not return', 'returns-never'),
  notJudged('returns before the call', 'returns-before-the-call'),
  notJudged('leaves callbacks that it did not enter', 'leaves-without-entering'),
  notJudged('enters callbacks that it does not leave', 'enters-without-leaving'),
  notJudged('crashes before any call', 'crashes-before-any-call'),
  notJudged('goes on after a crash', 'goes-on-after-a-crash'),
  notJudged('says that nothing happened', 'says-nothing-happened'),
  notJudged('calls back whom nobody knows', 'calls-back-whom-nobody-knows'),
  ...['"zero"', '0.5', 'null', '[]', '{}', 'true'].map((status) =>
    small(
      `returns ${status}`,
      `says '${trace(`[{"type":"return","status":${status}}]`)}'`,
      'at events[0].status, expected a whole number',
    ),
  ),
];

export const adapters: readonly Fault[] = [...answers, ...ends, ...children, ...killed, ...verdicts, ...incoherent];
