/** The story of the tour in the book. */
import { type Html, html, trusted } from '../page/html.js';
import { sequenceOf } from '../tour/sequence.js';
import { play, story } from '../tour/story.js';
import { drawSvg } from '../tour/svg.js';

/** The story, a sequence diagram a scenario. */
export function tourContent(): Html {
  return html`<p>User space sets up KVM and VFIO, in either order, and names the bypass in none of its calls. An interrupt takes the host's path, and then the bypass; the guest moves its vector; everything is taken down.</p>
${story.map((scenario, at) => {
  const drawing = drawSvg(scenario.title, sequenceOf(scenario, play(scenario)))
    .replace(/^<\?xml[^>]*>\s*/, '')
    // Names are the page's, not the picture's.
    .replaceAll(/\b(id="|url\(#)head-/g, `$1story-${at}-`);
  return html`<section><h2 id="story-${at}">${scenario.title}</h2>
<ol class="story">${scenario.chapters.map(({ title, text }) => html`<li><strong>${title}.</strong> ${text}</li>`)}</ol>
<div class="scroll drawing" tabindex="0" role="group" aria-label="Sequence diagram: ${scenario.title}">${trusted(drawing)}</div></section>`;
})}`;
}
