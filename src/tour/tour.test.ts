/** The tour tells the story of the RFC of 2015, in every format. */
import pc from 'picocolors';
import { expect, test } from 'vitest';
import { readHostHistory } from '../../spec/host/reading/history.js';
import { core } from '../../spec/profiles/core.js';
import { hostRules } from '../../spec/rules/host.js';
import { drawMarkdown } from './mermaid.js';
import { sequenceOf } from './sequence.js';
import { play, story } from './story.js';
import { drawSvg } from './svg.js';
import { drawTerminal } from './terminal.js';

const scenarios = story.map((scenario) => ({ title: scenario.title, items: sequenceOf(scenario, play(scenario)) }));

test('in a terminal', () => {
  const text = scenarios.map(({ title, items }) => drawTerminal(title, items, pc.createColors(false))).join('');
  expect(text).toMatchSnapshot();
});

test('as Markdown', () => {
  expect(drawMarkdown(scenarios)).toMatchSnapshot();
});

test('as a picture in which every arrow and every text stands', () => {
  for (const { title, items } of scenarios) {
    const svg = drawSvg(title, items);
    const messages = items.filter(({ kind }) => kind === 'message').length;
    expect(svg.match(/marker-end/g)?.length).toBeGreaterThanOrEqual(messages);
    for (const item of items) if (item.kind === 'note') expect(svg).toContain(item.text);
  }
});

test('no rule is broken in it', () => {
  for (const scenario of story) {
    const { backEnd, devices, ...trace } = play(scenario);
    const history = readHostHistory({ backEnd, devices, ...trace }, { backEnd, devices, profile: core });
    for (const call of history.calls) {
      for (const rule of hostRules) {
        if (rule.kind === 'host') expect([undefined, true], rule.id).toContain(rule.check(call, history));
      }
    }
  }
});
