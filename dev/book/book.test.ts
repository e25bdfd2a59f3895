/** The book says all that the spec says, and every link in it leads somewhere. */
import { expect, it } from 'vitest';
import { hostMutants } from '../../conformance/host/mutants/index.js';
import { mutants } from '../../conformance/mutants/index.js';
import { profiles } from '../../spec/profiles/index.js';
import { hostRules } from '../../spec/rules/host.js';
import { rules } from '../../spec/rules/index.js';
import { undefinedBehaviour } from '../../spec/undefined.js';
import { MAN_PAGE, makeBook } from '../../src/book/book.js';

const book = makeBook('2026-05-01');
const meant = new Set([...mutants, ...hostMutants].map(({ rule }) => rule));
const pages = [...book].filter(([name]) => name.endsWith('.html'));

/** The names of places in a page. */
function places(html: string): ReadonlySet<string> {
  return new Set([...html.matchAll(/ id="([^"]+)"/g)].map(([, id = '']) => id));
}

it('every link leads to a page of the book and to a place in it', () => {
  const lost = pages.flatMap(([name, html]) =>
    [...html.matchAll(/<a [^>]*href="([^"]+)"/g)].flatMap(([, address = '']) => {
      const [file = '', place] = address.split('#');
      const page = book.get(file === '' ? name : file);
      if (page === undefined) return [`${name}: ${address}, which is no page`];
      return place === undefined || places(page).has(place) ? [] : [`${name}: ${address}, which is no place`];
    }),
  );
  expect(lost).toEqual([]);
  expect(pages.map(([, html]) => html.match(/<a /g)?.length ?? 0).reduce((a, b) => a + b)).toBeGreaterThan(500);
});

it('no place of a page has the name of another', () => {
  for (const [name, html] of pages) {
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id = '']) => id);
    expect(
      ids.filter((id, at) => ids.indexOf(id) !== at),
      name,
    ).toEqual([]);
  }
});

it.each([...rules, ...hostRules])('$id stands in its chapter, whole, with the mutants that it is meant for', (rule) => {
  const page = book.get(`rules-${rule.chapter}.html`) ?? '';
  const [, section = ''] = page.split(`<h2 id="${rule.id}">`);
  const own = section.split('<section')[0] ?? '';
  const text = own
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll('&#39;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>');
  for (const part of [rule.text, rule.intent, rule.source]) expect(text).toContain(part);
  if (meant.has(rule.id)) expect(own).toContain('<dt>Kills</dt>');
});

it('profiles and undefined behaviour stand in the book', () => {
  for (const { name } of profiles) expect(places(book.get('profiles.html') ?? '')).toContain(name);
  for (const { id } of undefinedBehaviour) expect(places(book.get('undefined.html') ?? '')).toContain(id);
});

it('the man page has every rule', () => {
  const page = book.get(MAN_PAGE) ?? '';
  for (const { id } of [...rules, ...hostRules]) expect(page).toContain(`\n.It Sy ${id}\n`);
});
