/** What is exported is what the kit itself expects, and all of it is in the C file. */
import { expect, test } from 'vitest';
import { createReferenceManager } from '../../reference/index.js';
import { linux47 } from '../../spec/profiles/linux-4.7.js';
import { linux617 } from '../../spec/profiles/linux-6.17.js';
import type { Event } from '../../spec/vocabulary.js';
import { validate } from '../formats/validate.js';
import { play } from '../targets/in-process.js';
import { kunitFiles } from './kunit.js';
import { vectorsOf } from './vectors.js';

const vectors = await vectorsOf(linux617, false);

test('the vectors are valid, and name rules that there are', () => {
  expect(validate('vectors', vectors)).toEqual({ ok: true, value: vectors });
  expect(new Set(vectors.vectors.map(({ suite }) => suite))).toEqual(new Set(['transition tour', 'callback sets']));
});

test('the reference does what is expected of each operation', () => {
  for (const { program, calls } of vectors.vectors) {
    const events = play(program, (environment) => createReferenceManager(linux617, environment));
    expect(seenIn(events)).toEqual(calls.map(({ rules: _, ...call }) => call));
  }
});

/** The status and the callbacks of each operation. */
function seenIn(events: readonly Event[]) {
  const calls: { status?: number; callbacks: Event[] }[] = [];
  for (const event of events) {
    const call = calls.at(-1);
    if (event.type === 'call') calls.push({ callbacks: [] });
    else if (event.type === 'enter') call?.callbacks.push(event);
    else if (event.type === 'return' && event.status !== undefined && call !== undefined) call.status = event.status;
  }
  return calls;
}

test('the suite has a case for each rule that an operation shows, and each program', () => {
  const { 'irqbypass_spec_kunit.c': text = '', ...others } = kunitFiles(linux617, vectors);
  const shown = new Set(vectors.vectors.flatMap(({ calls }) => calls.flatMap(({ rules }) => rules)));
  expect(text.match(/^\tX\(/gm)).toHaveLength(shown.size);
  expect(text.match(/^\t\{ \d+, \d+, /gm)).toHaveLength(vectors.vectors.length);
  expect(text).not.toMatch(/@[A-Z]+@|undefined/);
  expect(text).toContain('#define TOKEN_AS_ARGUMENT 1');
  expect(Object.keys(others)).toEqual(['Kconfig', 'Makefile']);
});

test('an older profile hands the token over in the object', async () => {
  const older = await vectorsOf(linux47, false);
  expect(kunitFiles(linux47, older)['irqbypass_spec_kunit.c']).toContain('#define TOKEN_AS_ARGUMENT 0');
});
