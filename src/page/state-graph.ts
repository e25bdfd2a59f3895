/**
 * The states of the model as a picture, those together that only differ in names: what was reached, and what was not. Further
 * down more is registered: each step to the left is a producer, each to the right a consumer.
 *
 *               none
 *              /    \
 *            p        c
 *          /   \    /   \
 *        pp     p c      cc        a line inside a state is a pair
 */
import type { Covered, StateClass } from '../../spec/formats/results.js';
import { counted, grouped } from '../text/text.js';
import { type Html, html } from './html.js';

const [COLUMN, LEVEL, BESIDE] = [176, 118, 78];
const NODE = { width: 132, height: 76 } as const;
const MARGIN = 12;

interface Node extends StateClass {
  readonly x: number;
  readonly y: number;
}

/**
 * The picture, with what it shows as a table below it.
 *
 * @param shows what was reached of the states, or the model alone
 */
export function stateGraph(classes: readonly StateClass[], shows: 'reached' | 'model' = 'reached'): Html {
  const nodes = placed(classes);
  const xs = nodes.map(({ x }) => x);
  const [left, right] = [Math.min(...xs) - NODE.width / 2 - MARGIN, Math.max(...xs) + NODE.width / 2 + MARGIN];
  const height = Math.max(...nodes.map(({ y }) => y)) + NODE.height / 2 + MARGIN;
  const top = -NODE.height / 2 - MARGIN;
  const total = (counts: Covered) => (shows === 'model' ? grouped(counts.all) : share(counts));
  const most = { producers: 0, consumers: 0 };
  for (const { producers, consumers } of classes) {
    most.producers = Math.max(most.producers, producers);
    most.consumers = Math.max(most.consumers, consumers);
  }
  return html`<figure class="graph ${shows}"><div class="scroll" tabindex="0" role="group" aria-label="The states of the model">
<svg viewBox="${left} ${top} ${right - left} ${height - top}" width="${right - left}" height="${height - top}" role="img" aria-label="The states of the model by how many producers and consumers are registered; the table below says the same.">
${edges(nodes)}
${nodes.map((node) => drawn(node, most))}
</svg></div>
<figcaption><span class="key"><i class="square"></i> producer</span> <span class="key"><i class="round"></i> consumer</span> <span class="key"><i class="line"></i> pair</span>${shows === 'model' ? '' : html` <span class="key"><i class="box full"></i> reached, every transition taken</span> <span class="key"><i class="box part"></i> in part</span> <span class="key"><i class="box none"></i> not reached</span>`}</figcaption>
<details><summary>The same as a table</summary>
<table class="counts"><thead><tr><th scope="col">registered</th><th scope="col">${shows === 'model' ? 'states' : 'states reached'}</th><th scope="col">${shows === 'model' ? 'transitions' : 'transitions taken'}</th></tr></thead><tbody>
${classes.map((one) => html`<tr><th scope="row">${nameOf(one)}</th><td>${total(one.states)}</td><td>${total(sum(one.transitions))}</td></tr>`)}
</tbody></table></details></figure>`;
}

function placed(classes: readonly StateClass[]): readonly Node[] {
  return classes.map((one) => {
    const { producers, consumers, pairs } = one;
    const level = producers + consumers;
    const beside = classes.filter((other) => other.producers === producers && other.consumers === consumers);
    const offset = beside.filter((other) => other.pairs > pairs).length - (beside.length - 1) / 2;
    return { ...one, x: (consumers - producers) * COLUMN + offset * 2 * BESIDE, y: level * LEVEL };
  });
}

/** What leads from one class to another and back, as one line. What stays in its class is counted in the state. */
function edges(nodes: readonly Node[]): Html[] {
  const lines: Html[] = [];
  for (const [at, node] of nodes.entries()) {
    for (const { to } of node.transitions) {
      const other = nodes[to];
      if (other === undefined || to <= at) continue;
      const back = other.transitions.filter((one) => one.to === at);
      const both = sum([...node.transitions.filter((one) => one.to === to), ...back]);
      lines.push(
        html`<line class="edge ${extentOf(both)}" x1="${node.x}" y1="${node.y}" x2="${other.x}" y2="${other.y}"><title>${nameOf(node)}, ${nameOf(other)}: ${share(both)} transitions between them</title></line>`,
      );
    }
  }
  return lines;
}

function drawn(node: Node, most: { readonly producers: number; readonly consumers: number }): Html {
  const { x, y, states } = node;
  const transitions = sum(node.transitions);
  const extent = extentOf(sum([states, transitions]));
  return html`<g class="state ${extent}" transform="translate(${x} ${y})"><title>${nameOf(node)}: ${share(states)} states, ${share(transitions)} transitions</title>
<rect x="${-NODE.width / 2}" y="${-NODE.height / 2}" width="${NODE.width}" height="${NODE.height}" rx="7"/>
${glyph(node, most)}
<text y="11" text-anchor="middle">${states.covered === states.all ? counted(states.all, 'state') : `${share(states)} states`}</text>
<text class="quiet" y="27" text-anchor="middle">${transitions.covered === transitions.all ? grouped(transitions.all) : share(transitions)} transitions</text>
</g>`;
}

/** Who is registered: filled squares are producers, filled circles consumers, lines pairs. */
function glyph(
  { producers, consumers, pairs }: StateClass,
  most: { readonly producers: number; readonly consumers: number },
): Html {
  const rows = Math.max(most.producers, most.consumers);
  const step = Math.min(15, 34 / Math.max(1, rows));
  const y = (row: number) => -18 + (row - (rows - 1) / 2) * step;
  const size = Math.min(9, step * 0.65);
  const range = (count: number) => Array.from({ length: count }, (_, at) => at);
  return html`${range(pairs).map((row) => html`<line class="pair" x1="-16" x2="16" y1="${y(row)}" y2="${y(row)}"/>`)}${range(most.producers).map((row) => html`<rect class="object${row < producers ? ' on' : ''}" x="${-18 - size / 2}" y="${y(row) - size / 2}" width="${size}" height="${size}"/>`)}${range(most.consumers).map((row) => html`<circle class="object${row < consumers ? ' on' : ''}" cx="18" cy="${y(row)}" r="${size / 2}"/>`)}`;
}

function extentOf({ covered, all }: Covered): 'full' | 'part' | 'none' {
  return covered === all ? 'full' : covered > 0 ? 'part' : 'none';
}

function sum(parts: readonly Covered[]): Covered {
  return {
    covered: parts.reduce((total, { covered }) => total + covered, 0),
    all: parts.reduce((total, { all }) => total + all, 0),
  };
}

function share({ covered, all }: Covered): string {
  return covered === all ? `all ${grouped(all)}` : `${grouped(covered)} of ${grouped(all)}`;
}

function nameOf({ producers, consumers, pairs }: StateClass): string {
  if (producers + consumers === 0) return 'nobody';
  const parts = [counted(producers, 'producer'), counted(consumers, 'consumer')];
  return `${parts.join(' and ')}, ${pairs === 0 ? 'no pair' : counted(pairs, 'pair')}`;
}
