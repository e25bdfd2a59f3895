/**
 * The report as SARIF 2.1.0, for what gathers the results of analyses. A finding is a result, with its trace as the flow
 * of code that leads there; a known one is suppressed, with the reason. What kept the run from being judged, or leaves a
 * rule in doubt, is a notification of the tool and no result: it says nothing about the code.
 */
import type { Explanation, WrongSchedule } from '../../spec/formats/results.js';
import { findAnyRule } from '../../spec/rules/all.js';
import { layOut } from '../formats/layout.js';
import { type AnyFinding, type AnyReport, descriptionOf } from '../text/describe.js';
import { harmless, harmlessLines } from '../text/text.js';
import { findingDetails, suitesOf } from './cases.js';
import type { ReportFormat } from './format.js';
import { explanationText } from './pretty-finding.js';
import { titleText, whoText } from './words.js';

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json';

export const sarif: ReportFormat = {
  summary: 'SARIF 2.1.0, for what gathers the results of analyses',
  render: (report, { findingFiles = new Map() }) =>
    layOut({ $schema: SCHEMA, version: '2.1.0', runs: [runOf(report, findingFiles)] }),
};

function runOf(report: AnyReport, files: ReadonlyMap<string, string>) {
  const location = locationOf(report.target);
  const results = [
    ...report.findings.map((finding) => resultOf(finding, report, location, files)),
    ...report.known.map((finding) => ({ ...resultOf(finding, report, location, files), ...suppressed(finding) })),
    ...(report.exhaustive?.wrong ?? []).map((schedule) => scheduleResult(schedule, location)),
    ...(report.exhaustive?.known ?? []).map((schedule) => ({
      ...scheduleResult(schedule, location),
      ...suppressed(schedule),
    })),
  ];
  return {
    tool: {
      driver: {
        name: 'irqbypass-spec',
        rules: report.rules.map(({ rule }) => descriptorOf(rule)),
      },
    },
    automationDetails: { id: `irqbypass-spec/${harmless(report.target)}/${report.profile}` },
    columnKind: 'utf16CodeUnits',
    invocations: [
      {
        executionSuccessful: report.exit !== 2,
        exitCode: report.exit,
        exitCodeDescription: harmless(report.summary),
        toolExecutionNotifications: notifications(report),
      },
    ],
    properties: {
      target: harmless(report.target),
      ...(whoText(report) === undefined ? {} : { who: whoText(report) }),
      profile: report.profile,
      rulesHash: report.rulesHash,
      seed: report.seed,
      tier: report.tier,
    },
    results,
  };
}

/** A rule as SARIF describes it. Reports of other versions may know rules that this one does not. */
function descriptorOf(id: string) {
  const rule = findAnyRule(id);
  if (rule === undefined) return { id: harmless(id) };
  return {
    id,
    name: id,
    shortDescription: { text: rule.text },
    fullDescription: { text: rule.intent },
    help: { text: `${rule.text}\n\n${rule.intent}\n\nSource: ${rule.source}` },
    defaultConfiguration: { level: rule.level === 'MUST' ? 'error' : 'warning' },
    properties: { tags: [rule.chapter] },
  };
}

type Location = ReturnType<typeof locationOf>;

function resultOf(finding: AnyFinding, report: AnyReport, location: Location, files: ReadonlyMap<string, string>) {
  const form = finding.forms[0];
  return {
    ruleId: harmless(finding.rule),
    level: findAnyRule(finding.rule)?.level === 'SHOULD' ? 'warning' : 'error',
    message: {
      text: [titleText(finding, report), '', ...findingDetails(finding, finding.rule, report, files)].join('\n'),
    },
    locations: [location],
    partialFingerprints: { 'defect/v1': finding.name },
    ...(form === undefined ? {} : { codeFlows: [flowOf(descriptionOf(report).beside(form), location)] }),
  };
}

type Rows = ReturnType<ReturnType<typeof descriptionOf>['beside']>;

/** A trace as a flow of code. What has no line of source is told in words. */
function flowOf(rows: Rows, { physicalLocation }: Location) {
  return {
    threadFlows: [
      {
        locations: rows.map(({ happened, allowed, marked }) => ({
          importance: marked ? 'essential' : 'important',
          location: {
            physicalLocation,
            message: {
              text: harmless(marked ? `${happened.trim()} (allowed: ${allowed?.trim()})` : happened.trim()),
            },
          },
        })),
      },
    ],
  };
}

function suppressed(explanation: Explanation) {
  return { suppressions: [{ kind: 'external', justification: explanationText(explanation) }] };
}

function scheduleResult({ rule, what, text }: WrongSchedule, location: Location) {
  return {
    ruleId: harmless(rule),
    level: 'error',
    message: { text: [harmless(what), '', ...harmlessLines(text)].join('\n') },
    locations: [location],
  };
}

/** What is wrong with the run, and what it met too rarely. */
function notifications(report: AnyReport) {
  return suitesOf(report).flatMap(({ name: suite, cases }) =>
    cases.flatMap(({ name, outcome }) => {
      if (outcome.is !== 'error' && !(outcome.is === 'failed' && suite === 'run')) return [];
      return [
        {
          level: suite === 'run' ? 'error' : 'warning',
          message: { text: `${name}: ${outcome.message}` },
          ...(suite === 'run' ? {} : { associatedRule: { id: name } }),
        },
      ];
    }),
  );
}

/** The kernel's manager, where its source was judged. */
const KERNEL_SOURCE = 'virt/lib/irqbypass.c';

/** The file that a target's address names: its source, its module or its program. Viewers show no result without one. */
function locationOf(target: string) {
  const [, kind = '', where = ''] = /^([\w-]+):(.*)$/s.exec(target) ?? [];
  const path = kind.startsWith('linux') ? KERNEL_SOURCE : (where.split(/[\s#]/)[0] ?? '');
  const shown = path === '' ? harmless(target) : path.replace(/^\.\//, '');
  return {
    physicalLocation: { artifactLocation: { uri: encodeURI(harmless(shown)) }, region: { startLine: 1 } },
    logicalLocations: [{ fullyQualifiedName: harmless(target), kind: 'module' }],
  };
}
