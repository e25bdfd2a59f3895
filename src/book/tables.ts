/** The pages of the book that are tables: profiles side by side, what is undefined, where each behaviour went. */
import { ledger } from '../../spec/ledger.js';
import type { Profile, Refusal } from '../../spec/profile.js';
import { profiles } from '../../spec/profiles/index.js';
import { versionsText } from '../../spec/profiles/releases.js';
import { holdsIn } from '../../spec/rule.js';
import { hostRules } from '../../spec/rules/host.js';
import { rules } from '../../spec/rules/index.js';
import { undefinedBehaviour } from '../../spec/undefined.js';
import { type Content, type Html, html } from '../page/html.js';
import { statusText } from '../text/format.js';
import { listed } from '../text/text.js';
import { ruleLink } from './links.js';

const REFUSALS: readonly (readonly [Refusal, string])[] = [
  ['registered', 'an object that is registered'],
  ['null-token', 'the null token'],
  ['missing-callback', 'an object that lacks a mandatory callback'],
  ['duplicate-token', 'a token that another of its side holds'],
  ['no-memory', 'a registration without memory'],
];

/** What each profile says, a row a choice. */
const CHOICES: readonly (readonly [string, (profile: Profile) => Content])[] = [
  ['releases', (profile) => versionsText(profile)],
  ['in a sentence', ({ summary }) => summary],
  ['the token is', ({ generation }) => (generation === undefined ? 'either' : generation.replaceAll('-', ' '))],
  ...REFUSALS.map(
    ([refusal, what]) => [`refuses ${what}`, (profile: Profile) => refusalText(profile, refusal)] as const,
  ),
  ['order of the reasons', ({ ordered }) => (ordered ? 'as they stand here' : 'free')],
  [
    'callbacks exclude one another',
    ({ exclusive }) => (exclusive === 'manager' ? 'all of a manager' : 'those of a token'),
  ],
  ['callbacks of a producer', (profile) => callbacksText(profile, 'producer')],
  ['callbacks of a consumer', (profile) => callbacksText(profile, 'consumer')],
  ['an add can fail', ({ fallible }) => (fallible ? 'yes' : 'no')],
  ['addProducer shows the interrupt', ({ showsIrq }) => (showsIrq ? 'yes' : 'no')],
  ['may warn when registered already', ({ warnsWhenRegistered: on }) => (on.length === 0 ? 'never' : listed(on))],
  [
    'leaves undefined',
    ({ undefined: free }) =>
      Object.entries(free).map(([what, why]) => html`<span class="reason"><code>${what}</code>: ${why}</span>`),
  ],
];

function refusalText({ refusals }: Profile, refusal: Refusal): string {
  const found = refusals.find((one) => one.refusal === refusal);
  if (found === undefined) return 'no';
  return `${found.statuses.map(statusText).join(' or ')}${found.optional === true ? ', or takes it' : ''}`;
}

function callbacksText({ callbacks, mandatory }: Profile, role: 'producer' | 'consumer'): Content {
  return callbacks[role].map(
    (name, at) =>
      html`${at === 0 ? '' : ', '}${mandatory[role].includes(name) ? html`<strong>${name}</strong>` : name}`,
  );
}

/** The profiles side by side, then the rules that do not hold in all of them. */
export function profilesContent(): Html {
  const exceptions = [...rules, ...hostRules].filter(({ except }) => except !== undefined);
  const head = html`<thead><tr><td></td>${profiles.map(({ name }) => html`<th scope="col" id="${name}"><code>${name}</code></th>`)}</tr></thead>`;
  return html`<p>A profile names the choice of one version, where good implementations differ. It says what the version intends: where its code breaks a rule, that is a finding, and not a choice. Mandatory callbacks are bold.</p>
<div class="scroll" tabindex="0" role="group" aria-label="Profiles side by side"><table class="profiles">${head}<tbody>
${CHOICES.map(([name, choice]) => html`<tr><th scope="row">${name}</th>${profiles.map((profile) => html`<td>${choice(profile)}</td>`)}</tr>`)}
</tbody></table></div>
<h2 id="exceptions">Rules that do not hold in every profile</h2>
<div class="scroll" tabindex="0" role="group" aria-label="Rules by profiles"><table class="profiles"><thead><tr><th scope="col">rule</th>${profiles.map(({ name }) => html`<th scope="col"><code>${name}</code></th>`)}</tr></thead><tbody>
${exceptions.map((rule) => html`<tr><th scope="row">${ruleLink(rule.id)}</th>${profiles.map((profile) => html`<td>${holdsIn(rule, profile) ? 'holds' : html`<span class="quiet">${rule.except?.[profile.name] ?? ''}</span>`}</td>`)}</tr>`)}
</tbody></table></div>`;
}

/** What no rule speaks of, and where each known behaviour went. */
export function undefinedContent(): Html {
  return html`<p>Some behaviour of callers, and some inner state of managers, is deliberately undefined: no rule speaks of it. The kit does none of it unless asked, and never charges an implementation for what follows.</p>
${undefinedBehaviour.map(({ id, what, reason }) => html`<section><h2 id="${id}">${what}</h2><p>${reason}</p></section>`)}
<h2 id="ledger">Where each known behaviour went</h2>
<p>A reviewer who misses something looks here.</p>
${Object.entries(ledger).map(
  ([
    topic,
    entries,
  ]) => html`<h3>${topic}</h3><div class="scroll" tabindex="0" role="group" aria-label="${topic}"><table><thead><tr><th scope="col">behaviour</th><th scope="col">rules</th><th scope="col">choices of a profile</th><th scope="col">undefined</th></tr></thead><tbody>
${entries.map((entry) => html`<tr><td>${entry.behaviour}</td><td>${(entry.rules ?? []).map((id, at) => html`${at === 0 ? '' : ', '}${ruleLink(id)}`)}</td><td>${(entry.choices ?? []).join(', ')}</td><td>${(entry.undefined ?? []).map((id, at) => html`${at === 0 ? '' : ', '}<a href="#${id}">${id}</a>`)}</td></tr>`)}
</tbody></table></div>`,
)}`;
}
