/** What the end of a guest means: who is to blame is never guessed. */
import { describe, expect, test } from 'vitest';
import type { ProcessExit } from '../life.js';
import { explainEnd, explainGreeting } from './endings.js';

const ended: ProcessExit = { code: 0, signal: null, log: '' };

describe('the end of a guest', () => {
  test('a panic is the crash of the kernel', () => {
    const log = 'a\r\n[    3.1] Kernel panic - not syncing: Fatal exception in interrupt\r\n[    3.2] Rebooting\r\n';
    expect(explainEnd({ ...ended, log })).toEqual({
      kind: 'died',
      detail: 'kernel panic: Fatal exception in interrupt',
    });
  });
  test('a reset without a word is one too', () => {
    expect(explainEnd(ended)).toEqual({ kind: 'died', detail: 'the guest was reset without a word' });
  });
  test('a guest that cannot be made as new is replaced, and nobody is charged', () => {
    expect(explainEnd({ ...ended, log: 'irqbypass-init asks for another guest\n' })).toEqual({ kind: 'not-begun' });
  });
  test('what init says when it gives up is the reason', () => {
    expect(explainEnd({ ...ended, log: '\r\nirqbypass-init gives up: no port\r\n' })).toEqual({
      kind: 'gave-up',
      text: 'no port',
    });
  });
  test('QEMU killed from outside is no crash of the kernel, whatever was logged before', () => {
    const log = 'Kernel panic - not syncing: once\n';
    expect(explainEnd({ code: null, signal: 'SIGKILL', log })).toEqual({
      kind: 'gave-up',
      text: 'QEMU was killed by SIGKILL; the kernel is not to blame',
    });
  });
  test('QEMU that fails is quoted', () => {
    expect(explainEnd({ code: 1, signal: null, log: 'qemu-system-x86_64: no memory\n' })).toMatchObject({
      kind: 'gave-up',
      text: 'QEMU ended with exit status 1: qemu-system-x86_64: no memory',
    });
  });
});

test('a guest that does not say hello: each reason is a sentence of its own, and none speaks of conformance', () => {
  const of = (end: Parameters<typeof explainGreeting>[2]) => explainGreeting('linux:debian:6.1', 90_000, end);
  const sentences = [
    of({ kind: 'died', detail: 'kernel panic: no init' }),
    of({ kind: 'silent' }),
    of({ kind: 'gave-up', text: 'no port' }),
    of({ kind: 'malformed', text: 'no JSON' }),
    of({ kind: 'not-started', text: 'ENOENT' }),
    of({ kind: 'not-begun' }),
  ];
  expect(new Set(sentences).size).toBe(sentences.length);
  for (const sentence of sentences) expect(sentence).toMatch(/^linux:debian:6\.1: .*(?:judged|hello).*\.$/);
});
