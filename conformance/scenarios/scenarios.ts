/**
 * The scenarios that tell the versions of the manager apart best, and what each version does in them.
 *
 * `intended` is what the profile of a version asks for, and what the reference does under it. `code` is what the
 * version's own code does where that is something else: a known defect, or behaviour that is undefined. It was seen in
 * kernels of Debian and, of 5.9, in a mutant that does what 5.9 did.
 *
 * What an operation does is written as its status (`ok` for one that returns nothing) and then its callbacks.
 */
import { bareCallbacks, wholeCallbacks } from '../../spec/callbacks.js';
import type { ProfileName } from '../../spec/profile.js';
import { profiles } from '../../spec/profiles/index.js';
import type { Operation, Program, ProgramObject, Status, Trace } from '../../spec/vocabulary.js';

/** The versions whose intention is compared: the profiles but core and the RFC of 2015. */
export type Version = Exclude<ProfileName, 'core' | 'rfc-2015'>;

/** One scenario. */
export interface Scenario {
  readonly id: string;
  readonly title: string;
  readonly program: Program;
  /** One line an operation. A version that is missing does not define the scenario; `undefinedBecause` says why. */
  readonly intended: Partial<Readonly<Record<Version, readonly string[]>>>;
  readonly undefinedBecause?: string;
  /** What the code of a version does, where that is not what it intends. */
  readonly code?: Partial<Readonly<Record<Version, readonly string[]>>>;
}

/** Every version that is compared. */
export const versions: readonly Version[] = profiles
  .map(({ name }) => name)
  .filter((name): name is Version => name !== 'core' && name !== 'rfc-2015');

const P0: ProgramObject = { id: 'p0', callbacks: wholeCallbacks.producer };
const P1: ProgramObject = { ...P0, id: 'p1' };
const BARE: ProgramObject = { id: 'p0', callbacks: bareCallbacks.producer };
const C0: ProgramObject = { id: 'c0', callbacks: wholeCallbacks.consumer };
const C1: ProgramObject = { ...C0, id: 'c1' };

const registerP = (object: 'p0' | 'p1', token: 't0' | 't1' | null = 't0'): Operation => ({
  operation: 'registerProducer',
  object,
  token,
  irq: 33,
});
const registerC = (object: 'c0' | 'c1', token: 't0' | 't1' | null = 't0'): Operation => ({
  operation: 'registerConsumer',
  object,
  token,
});
const unregisterP = (object: 'p0' | 'p1'): Operation => ({ operation: 'unregisterProducer', object });
const unregisterC = (object: 'c0' | 'c1'): Operation => ({ operation: 'unregisterConsumer', object });

const connect = (p: string, c: string) =>
  `0: ${p}.stop ${c}.stop ${p}.addConsumer ${c}.addProducer ${c}.start ${p}.start`;
const disconnect = (p: string, c: string) =>
  `ok: ${p}.stop ${c}.stop ${c}.delProducer ${p}.delConsumer ${c}.start ${p}.start`;
const addConsumerFails = (r: Status) => `${r}: p0.stop c0.stop p0.addConsumer c0.start p0.start`;
const addProducerFails = (r: Status) =>
  `${r}: p0.stop c0.stop p0.addConsumer c0.addProducer p0.delConsumer c0.start p0.start`;

const all = (...lines: readonly string[]): Scenario['intended'] =>
  Object.fromEntries(versions.map((version) => [version, lines]));
const program = (objects: readonly ProgramObject[], ...lane: readonly Operation[]): Program => ({
  objects,
  lanes: [lane],
});
const failing = (object: ProgramObject, ...results: readonly Status[]): ProgramObject => ({ ...object, results });

const PAIR = [P0, C0] as const;
const SPURIOUS = '0: p0.stop c0.stop p0.addConsumer c0.addProducer c0.start p0.start p0.delConsumer';

/** All scenarios that concern the manager. */
export const scenarios: readonly Scenario[] = [
  {
    id: 'S01',
    title: 'the producer first, then the consumer; the consumer leaves, then the producer',
    program: program(PAIR, registerP('p0'), registerC('c0'), unregisterC('c0'), unregisterP('p0')),
    intended: all('0', connect('p0', 'c0'), disconnect('p0', 'c0'), 'ok'),
    code: { 'linux-5.9': ['0', SPURIOUS, disconnect('p0', 'c0'), 'ok'] },
  },
  {
    id: 'S02',
    title: 'the consumer first, then the producer; the producer leaves, then the consumer',
    program: program(PAIR, registerC('c0'), registerP('p0'), unregisterP('p0'), unregisterC('c0')),
    intended: all('0', connect('p0', 'c0'), disconnect('p0', 'c0'), 'ok'),
    code: { 'linux-5.9': ['0', SPURIOUS, disconnect('p0', 'c0'), 'ok'] },
  },
  {
    id: 'S03',
    title: 'addConsumer fails; then the producer is unregistered',
    program: program([failing(P0, -5), C0], registerC('c0'), registerP('p0'), unregisterP('p0')),
    intended: all('0', addConsumerFails(-5), 'ok'),
    code: { 'linux-5.9': ['0', '-5: p0.stop c0.stop p0.addConsumer', 'ok'] },
  },
  {
    id: 'S04',
    title: 'addProducer fails when the producer registers',
    program: program([P0, failing(C0, -5)], registerC('c0'), registerP('p0'), unregisterP('p0')),
    intended: all('0', addProducerFails(-5), 'ok'),
    code: { 'linux-5.9': ['0', '-5: p0.stop c0.stop p0.addConsumer c0.addProducer p0.delConsumer', 'ok'] },
  },
  {
    id: 'S05',
    title: 'addProducer fails when the consumer registers',
    program: program([P0, failing(C0, -5)], registerP('p0'), registerC('c0'), unregisterC('c0')),
    intended: all('0', addProducerFails(-5), 'ok'),
    code: { 'linux-5.9': ['0', '-5: p0.stop c0.stop p0.addConsumer c0.addProducer p0.delConsumer', 'ok'] },
  },
  {
    id: 'S06',
    title: 'a duplicate producer is refused, and then unregistered',
    program: program([P0, P1, C0], registerP('p0'), registerC('c0'), registerP('p1'), unregisterP('p1')),
    intended: {
      ...all('0', connect('p0', 'c0'), '-16', 'ok'),
      'premerge-2015': ['0', connect('p0', 'c0'), '-22', 'ok'],
    },
    code: {
      'linux-5.9': ['0', SPURIOUS, '-16', 'ok'],
      'linux-4.7': [
        '0',
        connect('p0', 'c0'),
        '-16',
        'crash: p1.stop c0.stop c0.delProducer p1.delConsumer c0.start p1.start',
      ],
    },
  },
  {
    id: 'S07',
    title: 'a duplicate consumer is refused, and then unregistered',
    program: program([P0, C0, C1], registerP('p0'), registerC('c0'), registerC('c1'), unregisterC('c1')),
    intended: {
      ...all('0', connect('p0', 'c0'), '-16', 'ok'),
      'premerge-2015': ['0', connect('p0', 'c0'), '-22', 'ok'],
    },
    code: { 'linux-5.9': ['0', SPURIOUS, '-16', 'ok'] },
  },
  {
    id: 'S08',
    title: 'two producers with the null token',
    program: program([P0, P1], registerP('p0', null), registerP('p1', null)),
    intended: {
      'premerge-2015': ['0', '-22'],
      'linux-4.4': ['0', '-16'],
      'linux-5.9': ['-22', '-22'],
      'linux-4.7': ['-22', '-22'],
      'linux-6.17': ['-22', '-22'],
    },
    code: { 'linux-6.17': ['0', '-16'] },
  },
  {
    id: 'S09',
    title: 'a consumer without delProducer',
    program: program([{ ...C0, callbacks: ['addProducer'] }], registerC('c0')),
    intended: all('-22'),
  },
  {
    id: 'S11',
    title: 'a producer is registered twice, and unregistered twice',
    program: program([P0], registerP('p0'), registerP('p0'), unregisterP('p0'), unregisterP('p0')),
    intended: {
      ...all('0', '-16', 'ok', 'ok'),
      'premerge-2015': ['0', '-22', 'ok', 'ok'],
      'linux-6.17': ['0', '-22 and a warning', 'ok', 'ok'],
    },
  },
  {
    id: 'S12',
    title: 'a consumer is registered twice, and unregistered twice',
    program: program([C0], registerC('c0'), registerC('c0'), unregisterC('c0'), unregisterC('c0')),
    intended: {
      ...all('0', '-16', 'ok', 'ok'),
      'premerge-2015': ['0', '-22', 'ok', 'ok'],
      'linux-6.17': ['0', '-22 and a warning', 'ok', 'ok'],
    },
  },
  {
    id: 'S13',
    title: 'a live producer without a partner is registered under another token',
    program: program([P0, P1], registerP('p0'), registerP('p0', 't1'), registerP('p1')),
    intended: {
      ...all('0', '-16', '-16'),
      'premerge-2015': ['0', '-22', '-22'],
      'linux-6.17': ['0', '-22 and a warning', '-16'],
    },
    code: { 'linux-4.7': ['0', '-16', '0'] },
  },
  {
    id: 'S14',
    title: 'a live consumer without a partner is registered under another token',
    program: program([C0, C1], registerC('c0'), registerC('c0', 't1'), registerC('c1')),
    intended: {
      ...all('0', '-16', '-16'),
      'premerge-2015': ['0', '-22', '-22'],
      'linux-6.17': ['0', '-22 and a warning', '-16'],
    },
    code: { 'linux-4.7': ['0', '-16', '0'] },
  },
  {
    id: 'S15',
    title: 'connecting fails, and is tried again',
    program: program([P0, failing(C0, -5)], registerC('c0'), registerP('p0'), registerP('p0'), unregisterP('p0')),
    intended: all('0', addProducerFails(-5), connect('p0', 'c0'), disconnect('p0', 'c0')),
    code: {
      'linux-5.9': [
        '0',
        '-5: p0.stop c0.stop p0.addConsumer c0.addProducer p0.delConsumer',
        SPURIOUS,
        disconnect('p0', 'c0'),
      ],
    },
  },
  {
    id: 'S16',
    title: 'addProducer returns 1',
    program: program([P0, failing(C0, 1)], registerP('p0'), registerC('c0')),
    intended: all('0', addProducerFails(1)),
    code: { 'linux-5.9': ['0', '1: p0.stop c0.stop p0.addConsumer c0.addProducer p0.delConsumer'] },
  },
  {
    id: 'S17',
    title: 'a producer without callbacks',
    program: program([BARE, C0], registerP('p0'), registerC('c0'), unregisterC('c0')),
    intended: {
      ...all('0', '0: c0.stop c0.addProducer c0.start', 'ok: c0.stop c0.delProducer c0.start'),
      'premerge-2015': ['-22', '0', 'ok'],
    },
  },
  {
    id: 'S18',
    title: 'the consumer is replaced',
    program: program(
      [P0, C0, C1],
      registerP('p0'),
      registerC('c0'),
      unregisterC('c0'),
      registerC('c1'),
      unregisterC('c1'),
    ),
    intended: all('0', connect('p0', 'c0'), disconnect('p0', 'c0'), connect('p0', 'c1'), disconnect('p0', 'c1')),
    code: {
      'linux-5.9': [
        '0',
        SPURIOUS,
        disconnect('p0', 'c0'),
        `${connect('p0', 'c1')} p0.delConsumer`,
        disconnect('p0', 'c1'),
      ],
    },
  },
  {
    id: 'S20',
    title: 'a callback unregisters its own producer',
    program: program(
      [
        P0,
        {
          ...C0,
          reenters: [{ callback: 'addProducer', operation: { operation: 'unregisterProducer', object: 'p0' } }],
        },
      ],
      registerP('p0'),
      registerC('c0'),
    ),
    intended: {},
    undefinedBecause: 'a callback must not call an operation',
    code: {
      'linux-4.7': ['0', 'p0.stop c0.stop p0.addConsumer c0.addProducer', 'hang'],
      'linux-6.17': ['0', 'p0.stop c0.stop p0.addConsumer c0.addProducer', 'hang'],
    },
  },
  {
    id: 'S21',
    title: 'there is no memory, then there is',
    program: program([P0, C0], registerC('c0'), { ...registerP('p0'), memory: 'none' } as Operation, registerP('p0')),
    intended: { 'linux-6.17': ['0', '-12', connect('p0', 'c0')] },
    undefinedBecause: 'lists allocate nothing',
  },
  {
    id: 'S23',
    title: 'a producer without callbacks, and one whose partner fails',
    program: program(
      [BARE, failing({ ...C0, callbacks: bareCallbacks.consumer }, -5)],
      registerP('p0'),
      registerC('c0'),
    ),
    intended: { ...all('0', '-5: c0.addProducer'), 'premerge-2015': ['-22', '0'] },
  },
  {
    id: 'S24',
    title: 'unregistering what was never registered, with a token set by hand',
    program: program([P0], { operation: 'overwriteToken', object: 'p0', token: 't0' }, unregisterP('p0')),
    intended: {},
    undefinedBecause: 'the caller wrote into the object',
    code: { 'linux-4.7': ['ok', 'ok'], 'linux-6.17': ['ok', 'ok and a warning'] },
  },
  {
    id: 'S25',
    title: 'a live producer with a partner is registered under another token, and then unregistered',
    program: program(PAIR, registerP('p0'), registerC('c0'), registerP('p0', 't1'), unregisterP('p0')),
    intended: {
      ...all('0', connect('p0', 'c0'), '-16', disconnect('p0', 'c0')),
      'premerge-2015': ['0', connect('p0', 'c0'), '-22', disconnect('p0', 'c0')],
      'linux-6.17': ['0', connect('p0', 'c0'), '-22 and a warning', disconnect('p0', 'c0')],
    },
    code: {
      'linux-5.9': ['0', SPURIOUS, '-16', disconnect('p0', 'c0')],
      'linux-4.7': ['0', connect('p0', 'c0'), '-16', 'ok'],
    },
  },
  {
    id: 'S26',
    title: 'the token of a registered producer is overwritten, and another takes the token',
    program: program(
      [P0, P1, C0],
      registerP('p0'),
      registerC('c0'),
      { operation: 'overwriteToken', object: 'p0', token: null },
      unregisterP('p0'),
      registerP('p1'),
    ),
    intended: {},
    undefinedBecause: 'the caller wrote into the object',
    code: {
      'linux-4.7': ['0', connect('p0', 'c0'), 'ok', 'ok', connect('p1', 'c0')],
      'linux-6.17': ['0', connect('p0', 'c0'), 'ok', 'ok', '-16'],
    },
  },
  {
    id: 'S27',
    title: 'a registered producer is wiped, and another takes the token',
    program: program(
      [P0, P1, C0],
      registerP('p0'),
      registerC('c0'),
      { operation: 'wipeObject', object: 'p0' },
      unregisterP('p0'),
      registerP('p1'),
    ),
    intended: {},
    undefinedBecause: 'the caller wrote into the object',
    code: {
      'linux-4.7': ['0', connect('p0', 'c0'), 'ok', 'ok', 'crash'],
      'linux-6.17': ['0', connect('p0', 'c0'), 'ok', 'ok', '-16'],
    },
  },
  {
    id: 'S28',
    title: 'a producer and a consumer with the null token, and the producer leaves',
    program: program(PAIR, registerP('p0', null), registerC('c0', null), unregisterP('p0')),
    intended: {
      ...all('-22', '-22', 'ok'),
      'premerge-2015': ['0', connect('p0', 'c0'), disconnect('p0', 'c0')],
      'linux-4.4': ['0', connect('p0', 'c0'), disconnect('p0', 'c0')],
    },
    code: { 'linux-6.17': ['0', connect('p0', 'c0'), 'ok'] },
  },
  {
    id: 'S29',
    title: 'a producer fails to connect, another takes the token, and the first is unregistered',
    program: program([P0, P1, failing(C0, -5)], registerC('c0'), registerP('p0'), registerP('p1'), unregisterP('p0')),
    intended: all('0', addProducerFails(-5), connect('p1', 'c0'), 'ok'),
    code: {
      'linux-5.9': [
        '0',
        '-5: p0.stop c0.stop p0.addConsumer c0.addProducer p0.delConsumer',
        `${connect('p1', 'c0')} p1.delConsumer`,
        'ok',
      ],
      'linux-4.7': [
        '0',
        addProducerFails(-5),
        connect('p1', 'c0'),
        'crash: p0.stop c0.stop c0.delProducer p0.delConsumer c0.start p0.start',
      ],
    },
  },
];

/** Scenarios of the table that a trace cannot show, with the reason. */
export const notShown: Readonly<Record<string, string>> = {
  S22: "the irq field after a refusal is written or not, and nobody sees it: see 'irq-after-refusal'",
};

/** What each operation of a trace did, one line an operation. */
export function actionsOf(trace: Trace): readonly string[] {
  const lines: { callbacks: string[]; end: string; warned: boolean }[] = [];
  for (const event of trace.events) {
    if (event.type === 'call') lines.push({ callbacks: [], end: '', warned: false });
    const line = lines.at(-1);
    if (line === undefined) continue;
    if (event.type === 'enter') line.callbacks.push(`${event.object}.${event.callback}`);
    if (event.type === 'return') line.end = event.status === undefined ? 'ok' : String(event.status);
    if (event.type === 'crash' || event.type === 'hang') line.end = event.type;
    if (event.type === 'log' && event.level === 'warning') line.warned = true;
  }
  return lines.map(({ callbacks, end, warned }) => {
    const head = `${end}${warned ? ' and a warning' : ''}`;
    return [head, callbacks.join(' ')].filter((part) => part !== '').join(': ');
  });
}
