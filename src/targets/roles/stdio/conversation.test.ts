/** What is heard of a participant between two programs is not lost. */
import { MessageChannel } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { TargetError } from '../../target.js';
import { Conversation, type Heard, ParticipantDied } from './conversation.js';

const died = { kind: 'died', detail: 'exit status 0' } as const;

/** A conversation that has heard something already. */
function having(...heard: readonly Heard[]): Conversation {
  const { port1, port2 } = new MessageChannel();
  const count = new Int32Array(new SharedArrayBuffer(4));
  for (const one of heard) {
    port1.postMessage(one);
    Atomics.add(count, 0, 1);
  }
  port1.unref();
  return new Conversation('exec:here', { port: port2, count }, () => undefined);
}

const ask = (conversation: Conversation) =>
  conversation.request({ type: 'tell', what: 'interrupt', irq: 32 }, () => null);

test('that it ended before it was asked is charged to the first thing that it is asked, and nobody waits for it', () => {
  const conversation = having({ life: 1, ended: died });
  conversation.renew(1);
  expect(() => ask(conversation)).toThrow(ParticipantDied);
  expect(conversation.begun).toBe(false);
});

test('that an earlier life of it ended is no matter of this one', () => {
  const conversation = having({ life: 1, ended: died }, { life: 2, ended: { kind: 'silent' } });
  conversation.renew(2);
  expect(() => ask(conversation)).toThrow('no answer');
});

test('that it spoke unasked is its fault', () => {
  expect(() => having({ life: 1, line: '{}' }).renew(1)).toThrow(TargetError);
});
