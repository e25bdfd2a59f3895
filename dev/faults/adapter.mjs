// A right adapter around the reference manager, and the ways in which it goes wrong. The first argument names one, the
// second is for it.
import { spawn } from 'node:child_process';
import { appendFileSync, closeSync, existsSync, unlinkSync, writeFileSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { createReferenceManager } from '../../dist/reference/index.js';
import { core } from '../../dist/spec/profiles/core.js';
import { play } from '../../dist/src/targets/in-process.js';

const [name = 'right', argument = ''] = process.argv.slice(2);

/** Written at once: what dies next has said it. */
const write = (text) => {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(1, bytes, at);
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
    }
  }
};
const say = (message) => write(`${JSON.stringify(message)}\n`);
const complain = (text) => writeSync(2, text);
const die = (signal = 'SIGKILL') => {
  process.kill(process.pid, signal);
  for (;;);
};
/** For ever, and without a processor: whoever waits for an answer sees no difference. */
const hang = () => {
  tell();
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
};
/** Tell whoever waits for that: it is where it is to be met. */
const tell = () => process.env.BEGUN !== undefined && appendFileSync(process.env.BEGUN, 'begun\n');
/** Whether this is the first life of this adapter in its folder. */
const isFirstLife = () => {
  if (existsSync('lived')) return false;
  writeFileSync('lived', '');
  return true;
};
const firstLife = name.startsWith('first-life-') && isFirstLife();

const hello = {
  type: 'hello',
  protocol: 1,
  name: 'adapter',
  version: '1',
  language: 'javascript',
  profile: 'core',
  capabilities: ['null-token'],
};
/** Texts that are to do nothing to a terminal. */
const EVIL = '\u001b]0;mine\u0007\u001b[2J\u009b31m\u202e\u0000\r\n✓ conforms\u2028';
/** A status that no refusal has, in place of -EBUSY. */
const wrongly = (events) =>
  events.map((event) => (event.type === 'return' && event.status === -16 ? { ...event, status: 1 } : event));
const flipped = (events) =>
  events.map((event) => (event.type === 'return' && event.status === 0 ? { ...event, status: -22 } : event));
let registered = 0;
let lastIrq = 1;
let first;
const canned = (events) => {
  first ??= events;
  return first;
};
const firstReturn = (events, replace) => {
  const at = events.findIndex(({ type }) => type === 'return');
  return at === -1 ? events : events.toSpliced(at, 1, ...replace(events[at]));
};

/**
 * What may differ. `hello`, `bye`: in place of the answer. `before`: before program number `n` of this life.
 * `inside`: inside a registration of a consumer. `environment`: in which its manager works. `events`: other events.
 * `line`: another line than the answer.
 */
const modes = {
  right: {},
  'dies-at-hello': { hello: () => die() },
  'dies-with-evil-words': {
    hello: () => {
      complain(EVIL);
      die('SIGSEGV');
    },
  },
  'gives-up-with-evil-words': { hello: () => say({ type: 'error', message: EVIL }) },
  'greets-with-evil-words': { hello: () => say({ ...hello, name: `x${EVIL}`, version: EVIL, language: EVIL }) },
  'hangs-at-hello': { hello: hang },
  'greets-otherwise': { hello: () => say({ ...hello, ...JSON.parse(argument) }) },
  'greets-with': { hello: () => write(JSON.parse(`"${argument}"`)) },
  'greets-around': { hello: () => write(JSON.parse(`"${argument}"`).replace('HELLO', JSON.stringify(hello))) },
  'greets-twice': {
    hello: () => {
      say(hello);
      say(hello);
    },
  },
  'greets-unasked': { begin: () => say(hello), hello: () => undefined },
  'greets-in-bytes': {
    hello: () => {
      for (const byte of Buffer.from(`${JSON.stringify(hello)}\n`)) write(Buffer.of(byte));
    },
  },
  'dies-by-count': { before: (n, alone) => n === 30 && !alone && die() },
  'exits-by-count': { before: (n, alone) => n === 30 && !alone && process.exit(Number(argument)) },
  'hangs-by-count': { before: (n, alone) => n === 30 && !alone && hang() },
  'dies-inside': { inside: () => die(argument === '' ? 'SIGKILL' : argument) },
  'throws-inside': {
    inside: () => {
      complain('Traceback\n  KeyError: p0\n');
      process.exit(1);
    },
  },
  'dies-inside-with-evil-words': {
    inside: () => {
      complain(`SUMMARY: ${EVIL}`);
      die('SIGABRT');
    },
  },
  'hangs-inside': { inside: hang },
  'stops-inside': { inside: () => process.kill(process.pid, 'SIGSTOP') },
  'first-life-dies-inside': { inside: () => firstLife && die() },
  'first-life-dies-for-good': { hello: () => (firstLife ? say(hello) : die()), before: (n) => n === 30 && die() },
  'first-life-is-another': {
    hello: () => say(firstLife ? hello : { ...hello, profile: 'linux-6.17', capabilities: [] }),
    before: (n) => firstLife && n === 30 && die(),
  },
  'dies-at-bye': { bye: () => die() },
  'exits-at-bye': { bye: () => process.exit(3) },
  'hangs-at-bye': { bye: hang },
  'talks-after-bye': {
    bye: () => {
      write(`good ${EVIL}\n`.repeat(1_000));
      process.exit(0);
    },
  },
  'minds-no-signal': {
    begin: () => {
      for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => undefined);
    },
    bye: hang,
  },
  'leaves-a-child': { begin: () => child('inherit', false) },
  'leaves-a-daemon': { begin: () => child('ignore', true) },
  'leaves-a-daemon-with-its-pipes': { begin: () => child('inherit', true), inside: () => argument === 'dies' && die() },
  'leaves-an-orphan': {
    begin: () => spawn('sh', ['-c', 'setsid sleep 600 >/dev/null 2>&1 &'], { stdio: 'ignore' }),
  },
  'forks-as-it-manages': { inside: () => count <= Number(argument) && child('inherit', true) },
  'closes-its-input': { before: (n) => n === 30 && closeSync(0) },
  'closes-its-output': {
    before: (n) => {
      if (n === 30) {
        closeSync(1);
        hang();
      }
    },
  },
  'takes-itself-away': {
    before: (n) => {
      if (n === 30) {
        unlinkSync(argument);
        die();
      }
    },
  },
  'answers-unasked': {
    hello: () => {
      say(hello);
      say({ type: 'trace', id: 1, index: 0, events: [] });
    },
  },
  'answers-twice': { after: (n, one) => n === 30 && say(one) },
  'answers-not': { line: (n, one) => (n === 30 ? undefined : one) },
  'answers-with': {
    line: (n, one) => (n === 30 ? JSON.parse(`"${argument}"`).replace('ANSWER', JSON.stringify(one)) : one),
  },
  'answers-always-with': { line: (_, one) => JSON.parse(`"${argument}"`).replace('ANSWER', JSON.stringify(one)) },
  'greets-without-end': { hello: () => forEver('x'.repeat(65_536)) },
  'says-newlines-without-end': { hello: () => forEver('\n'.repeat(65_536)) },
  'complains-without-end': { before: (n) => n === 30 && complain('noise\n'.repeat(10_000)) },
  'calls-back-without-end': { inside: (id, isStreamed) => (isStreamed ? forEver(again(id)) : process.exit(1)) },
  'gives-up-in-between': { before: (n) => n === 30 && say({ type: 'error', message: argument || EVIL }) },
  'is-wrong': { events: wrongly },
  'is-wrong-once': { events: (events, n) => (n === Number(argument) ? flipped(events) : events) },
  'is-wrong-and-once-otherwise': {
    events: (events, n) => (n === Number(argument) ? flipped(events) : wrongly(events)),
  },
  'is-wrong-and-dies-by-count': { events: wrongly, before: (n, alone) => n === 400 && !alone && die() },
  'is-wrong-and-talks-nonsense-once': {
    events: wrongly,
    before: (n) => n === 1 && isFirstLife() && write('nonsense\n'),
  },
  'is-wrong-later': { events: (events, n) => (n > Number(argument) ? wrongly(events) : events) },
  'answers-all-alike': { events: (events) => canned(events) },
  // What a manager should forget from program to program.
  'counts-over-programs': {
    events: (events) => {
      registered += events.filter(({ status }) => status === 0).length;
      return registered > Number(argument) ? flipped(events) : events;
    },
  },
  'shows-an-earlier-interrupt': {
    events: (events, n) => {
      const earlier = lastIrq;
      for (const { irq } of events) if (irq !== undefined) lastIrq = irq;
      return events.map((event) =>
        n % 7 === 0 && event.type === 'enter' && event.irq !== undefined ? { ...event, irq: earlier } : event,
      );
    },
  },
  'is-wrong-for-some': {
    events: (events) => (events.length % Number(argument) === 0 ? wrongly(events) : events),
  },
  'never-lacks-memory': {
    hello: () => say({ ...hello, capabilities: ['allocation-failure'] }),
    environment: { allocate: () => true },
  },
  'is-wrong-with-evil-words': {
    events: (events) =>
      wrongly(events).flatMap((event) =>
        event.status === 1 ? [{ type: 'log', level: 'warning', text: EVIL }, event] : [event],
      ),
  },
  'crashes-with-evil-words': {
    events: (events) => {
      const at = events.findIndex(({ status }) => status === -16);
      return at === -1 ? events : [...events.slice(0, at), { type: 'crash', detail: EVIL }];
    },
  },
  'streams-not': { streams: false, inside: () => process.exit(1) },
  // One program of so many, and always the same.
  'logs-much': {
    events: (events) => [
      ...events.slice(0, 1),
      ...Array(events.length % 16 === 0 ? 20_000 : 1).fill({ type: 'log', level: 'info', text: 'x' }),
      ...events.slice(1),
    ],
  },
  // Traces that cannot be true.
  'returns-twice': { events: (events) => firstReturn(events, (one) => [one, one]) },
  'returns-never': { events: (events) => firstReturn(events, () => []) },
  'returns-before-the-call': {
    events: (events) => (events.length < 2 ? events : [events[1], events[0], ...events.slice(2)]),
  },
  'leaves-without-entering': { events: (events) => events.filter(({ type }) => type !== 'enter') },
  'enters-without-leaving': { events: (events) => events.filter(({ type }) => type !== 'leave') },
  'crashes-before-any-call': { events: (events) => [{ type: 'crash', detail: 'x' }, ...events] },
  'goes-on-after-a-crash': {
    events: (events) => [events[0], { type: 'crash', detail: 'x' }, ...events.slice(1)].filter(Boolean),
  },
  'says-nothing-happened': { events: () => [] },
  'returns-what-is-no-status': {
    events: (events) => firstReturn(events, (one) => [{ ...one, status: JSON.parse(argument) }]),
  },
  'calls-back-whom-nobody-knows': {
    events: (events) => [
      ...events.slice(0, 1),
      { type: 'enter', callback: 'stop', object: 'c7' },
      { type: 'leave', callback: 'stop', object: 'c7' },
      ...events.slice(1),
    ],
  },
};

function child(stdio, detached) {
  spawn('sleep', ['600'], { stdio, detached }).unref();
}
/** Many events of a log. */
function again(id) {
  const event = { type: 'log', level: 'info', text: 'again' };
  return `${JSON.stringify({ type: 'event', id, index: 0, event })}\n`.repeat(500);
}
function forEver(text) {
  for (;;) write(text);
}

const mode = modes[name];
if (mode === undefined) throw new Error(`there is no way to be ${name}`);
mode.begin?.();

let count = 0;
for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  if (request.type === 'hello') {
    if (mode.hello === undefined) say(hello);
    else mode.hello();
  } else if (request.type === 'bye') {
    mode.bye?.();
    break;
  } else {
    for (const [index, program] of request.programs.entries()) answer(request, index, program);
  }
}

function answer({ id, stream = false }, index, program) {
  const isStreamed = stream && mode.streams !== false;
  if (count++ === 0) tell();
  mode.before?.(count, stream);
  const played = play(program, (environment) => createReferenceManager(core, { ...environment, ...mode.environment }));
  const events = mode.events?.(played, count) ?? played;
  for (const event of events) {
    if (isStreamed) say({ type: 'event', id, index, event });
    if (event.type === 'call' && event.operation === 'registerConsumer') mode.inside?.(id, isStreamed);
  }
  const trace = { type: 'trace', id, index, events: isStreamed ? [] : events };
  const told = mode.line === undefined ? trace : mode.line(count, trace);
  if (typeof told === 'string') write(`${told}\n`);
  else if (told !== undefined) say(told);
  mode.after?.(count, trace);
}
