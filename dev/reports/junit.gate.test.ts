/** What libxml2 makes of our JUnit XML, by what Ant's and Jenkins' descriptions of it have in common (`junit.xsd`). */
import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { crashed } from '../../src/reports/fixtures/reports.js';
import { render, reports } from './reports.js';

const SCHEMA = new URL('junit.xsd', import.meta.url).pathname;

/** What xmllint has against a text; nothing where it is valid. */
function problems(xml: string): string {
  const { status, stderr, error } = spawnSync('xmllint', ['--noout', '--schema', SCHEMA, '-'], {
    input: xml,
    encoding: 'utf8',
  });
  if (error !== undefined) throw error;
  return status === 0 ? '' : stderr;
}

it.each(reports)('a report %s is valid for Ant and for Jenkins', async (_, report) => {
  expect(problems(await render('junit', report))).toBe('');
});

it('what only one of the two allows is not', async () => {
  const xml = await render('junit', crashed);
  expect(problems(xml.replace('<testsuites>', '<testsuites skipped="2">'))).toContain("'skipped' is not allowed");
  expect(problems(xml.replace(/ timestamp="[^"]*"/, ''))).toContain("'timestamp' is required");
  expect(problems(xml.replace(' type="fail"', ''))).toContain("'type' is required");
});
