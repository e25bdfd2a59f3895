/** The states of the model in the book: a picture for each profile whose model is another. */

import type { Profile } from '../../spec/profile.js';
import { profiles } from '../../spec/profiles/index.js';
import { Space } from '../explore/space.js';
import { NOT_ASKED } from '../manager/certificate.js';
import { stateClasses } from '../manager/state-classes.js';
import { type Html, html } from '../page/html.js';
import { stateGraph } from '../page/state-graph.js';
import { machineOf } from '../suites/machine.js';
import { grouped, listed } from '../text/text.js';

/** Two of each, as a run covers them. */
const SCOPE = { producers: 2, consumers: 2, tokens: 2 } as const;

interface Pictured {
  readonly names: string[];
  readonly picture: Html;
  readonly states: number;
  readonly transitions: number;
}

/** The pictures, one for all profiles whose model is the same. */
export function statesContent(): Html {
  const found = new Map<string, Pictured>();
  for (const profile of profiles) {
    const { key, ...made } = pictured(profile);
    const before = found.get(key);
    if (before === undefined) found.set(key, { names: [profile.name], ...made });
    else before.names.push(profile.name);
  }
  return html`<p>The state of a manager is who is registered under which token, and nothing else. Two that are registered under one token are a pair, always. In these pictures, those states are together that only differ in which objects and tokens they name, on two producers, two consumers, two tokens and the null token, where it is refused. A step down is a registration that succeeds, a step up an unregistration; whatever is refused, fails or does nothing stays where it is and is counted there.</p>
${[...found.values()].map(({ names, picture, states, transitions }) => html`<section><h2 id="${names[0]}">${listed(names)}</h2><p>${grouped(states)} states, ${grouped(transitions)} transitions.</p>${picture}</section>`)}`;
}

function pictured(profile: Profile) {
  const machine = machineOf(new Space(profile, SCOPE), NOT_ASKED);
  const all = (count: number) => new Uint8Array(count).fill(1);
  const [states, transitions] = [machine.states.length, machine.transitions.length];
  const classes = stateClasses(machine, all(states), all(transitions));
  return { key: JSON.stringify(classes), picture: stateGraph(classes, 'model'), states, transitions };
}
