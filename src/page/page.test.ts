/** What pages are made of: how objects stand, how a trace is told, and what the policy of a page lets in. */
import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import type { StateClass } from '../../spec/formats/results.js';
import type { Event, Program } from '../../spec/vocabulary.js';
import { managerDescription } from '../text/format.js';
import { html } from './html.js';
import { renderPage } from './page.js';
import { sequenceFigure } from './sequence.js';
import { standings } from './standing.js';
import { stateGraph } from './state-graph.js';

const connecting: readonly Event[] = [
  { type: 'call', operation: 'registerConsumer', object: 'c0', token: 't0' },
  { type: 'return', status: 0 },
  { type: 'call', operation: 'registerProducer', object: 'p0', token: 't0', irq: 33 },
  { type: 'enter', callback: 'stop', object: 'c0' },
  { type: 'leave', callback: 'stop', object: 'c0' },
  { type: 'enter', callback: 'addProducer', object: 'c0', counterpart: 'p0', irq: 33 },
];
const succeeding: readonly Event[] = [
  ...connecting,
  { type: 'leave', callback: 'addProducer', object: 'c0', result: 0 },
  { type: 'enter', callback: 'start', object: 'c0' },
  { type: 'leave', callback: 'start', object: 'c0' },
  { type: 'return', status: 0 },
];

/** How the objects stand after the last of some events. */
function after(events: readonly Event[]): readonly string[] {
  return (standings(events, ['p0', 'c0']).at(-1) ?? []).map(({ object, token, partner, connected, stopped }) =>
    [object, token ?? '-', partner ?? '-', connected ?? '-', stopped ? 'stopped' : 'runs'].join(' '),
  );
}

it('two that registered under one token are a pair when the second registration has returned, and not before', () => {
  expect(after(succeeding.slice(0, -1))).toEqual(['p0 - - - runs', 'c0 t0 - p0 runs']);
  expect(after(succeeding)).toEqual(['p0 t0 c0 - runs', 'c0 t0 p0 p0 runs']);
});

it('whoever failed to connect is not registered, and a stop without its start shows', () => {
  const failing: readonly Event[] = [
    ...connecting,
    { type: 'leave', callback: 'addProducer', object: 'c0', result: -5 },
    { type: 'return', status: -5 },
  ];
  expect(after(failing)).toEqual(['p0 - - - runs', 'c0 t0 - - stopped']);
});

it('who leaves takes the pair along, and a del ends what an add began', () => {
  const leaving: readonly Event[] = [
    ...succeeding,
    { type: 'call', operation: 'unregisterProducer', object: 'p0' },
    { type: 'enter', callback: 'delProducer', object: 'c0', counterpart: 'p0' },
    { type: 'leave', callback: 'delProducer', object: 'c0' },
    { type: 'return' },
  ];
  expect(after(leaving)).toEqual(['p0 - - - runs', 'c0 t0 - - runs']);
});

it('of what nobody but the manager would see, nothing changes', () => {
  expect(standings([undefined, ...connecting, undefined]).map((all) => all.length)).toEqual([0, 1, 1, 2, 2, 2, 2, 2]);
});

it('the policy of a page lets in its own script and style, by their hashes, and nothing else', () => {
  const page = renderPage({ title: '<x>', main: html`<p>${'</p><script>x</script>'}</p>` });
  const policy = / content="(default-src[^"]*)"/.exec(page)?.[1]?.replaceAll('&#39;', "'") ?? '';
  for (const [element, directive] of [
    ['script', 'script-src'],
    ['style', 'style-src'],
  ] as const) {
    const [own = '', ...others] = [...page.matchAll(new RegExp(`<${element}>(.*?)</${element}>`, 'gs'))].map(
      ([, text = '']) => text,
    );
    expect(others).toEqual([]);
    expect(policy).toContain(`${directive} 'sha256-${createHash('sha256').update(own).digest('base64')}';`);
  }
  expect(policy).toMatch(/^default-src 'none';/);
  expect(page).toContain('&lt;/p&gt;&lt;script&gt;x&lt;/script&gt;');
});

it('the picture of the states tells what was reached and what was not', () => {
  const classes: readonly StateClass[] = [
    {
      producers: 0,
      consumers: 0,
      pairs: 0,
      states: { covered: 1, all: 1 },
      transitions: [{ to: 1, covered: 2, all: 2 }],
    },
    {
      producers: 1,
      consumers: 0,
      pairs: 0,
      states: { covered: 1, all: 2 },
      transitions: [{ to: 0, covered: 0, all: 2 }],
    },
  ];
  const picture = String(stateGraph(classes));
  expect([...picture.matchAll(/class="state (\w+)"/g)].map(([, extent]) => extent)).toEqual(['full', 'part']);
  expect(picture).toContain('class="edge part"');
  expect(picture).toContain('<th scope="row">1 producer and 0 consumers, no pair</th><td>1 of 2</td><td>0 of 2</td>');
});

it('of hundreds of objects, those near the first difference are drawn', () => {
  const ids = Array.from({ length: 300 }, (_, at) => `p${at}` as const);
  const events: readonly Event[] = ids.flatMap((object, at): readonly Event[] => [
    { type: 'call', operation: 'registerProducer', object, token: `t${at}`, irq: at },
    { type: 'return', status: at === 299 ? -16 : 0 },
  ]);
  const trace = { objects: [], events };
  const call = events.at(-2) ?? { type: 'return' };
  const difference = { at: 599, call: 299, expected: [{ type: 'return', status: 0 } as const], allowed: [[call]] };
  const program: Program = { objects: ids.map((id) => ({ id, callbacks: ['stop'] })), lanes: [[]] };
  const figure = String(
    sequenceFigure({
      lifelines: managerDescription.lifelines(program),
      events,
      rows: managerDescription.beside({ trace, difference }),
      way: (event) => managerDescription.way(event as Event),
      managerEvent: (event) => event as Event,
      id: 'x',
    }),
  );
  const heads = [...figure.matchAll(/class="head"[^>]*>([^<]*)</g)].map(([, name]) => name);
  expect(heads.slice(0, heads.length / 2)).toEqual([
    'caller',
    'manager',
    'p294',
    'p295',
    'p296',
    'p297',
    'p298',
    'p299',
    'others',
  ]);
  expect(figure).toContain('559 rows before are left out.');
  expect(figure.length).toBeLessThan(200_000);
});
