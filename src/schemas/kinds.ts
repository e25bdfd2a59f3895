/** The kinds of data that have a schema, and where their schemas lie. */
import { join } from 'node:path';
import type { Diff, HostDiff } from '../../spec/formats/diff.js';
import type { ExplorationReport, ExplorationShard } from '../../spec/formats/exploration.js';
import type { Comparison, Matrix } from '../../spec/formats/gathered.js';
import type { HostBaseline, HostFinding, HostReport } from '../../spec/formats/host-results.js';
import type { KillMatrixShard } from '../../spec/formats/kill-matrix.js';
import type { Hello, Request, Response } from '../../spec/formats/protocol.js';
import type { Baseline, Finding, Report, StoredSchedule } from '../../spec/formats/results.js';
import type { RoleResponse } from '../../spec/formats/role-protocol.js';
import type { SeriesReport } from '../../spec/formats/series.js';
import type { HostShard, Shard } from '../../spec/formats/shard.js';
import type { Vectors } from '../../spec/formats/vectors.js';
import type { HostProgram, HostTrace } from '../../spec/host/vocabulary.js';
import type { Program, Trace } from '../../spec/vocabulary.js';
import { packageRoot } from '../files/root.js';

/** The type behind each kind. */
export interface Kinds {
  readonly program: Program;
  readonly trace: Trace;
  readonly 'host-program': HostProgram;
  readonly 'host-trace': HostTrace;
  readonly 'host-finding': HostFinding;
  readonly 'host-report': HostReport;
  readonly 'host-baseline': HostBaseline;
  /** What a participant says, beside hello. */
  readonly 'role-message': RoleResponse;
  readonly hello: Hello;
  readonly request: Request;
  /** Whatever a target may say. */
  readonly 'target-message': Response;
  readonly report: Report;
  readonly finding: Finding;
  readonly schedule: StoredSchedule;
  readonly series: SeriesReport;
  readonly vectors: Vectors;
  readonly baseline: Baseline;
  readonly shard: Shard;
  readonly 'host-shard': HostShard;
  readonly exploration: ExplorationReport;
  readonly 'exploration-shard': ExplorationShard;
  readonly 'kill-matrix-shard': KillMatrixShard;
  readonly diff: Diff;
  readonly 'host-diff': HostDiff;
  readonly comparison: Comparison;
  readonly matrix: Matrix;
}

/** The name of a kind; `NAME.schema.json` is its schema. */
export type Kind = keyof Kinds;

/** What the generator needs to know of a kind. */
export interface KindEntry {
  /** The name of the type in `spec/`. */
  readonly type: string;
  /** The title of the schema. */
  readonly title: string;
  /** The page that explains it, for people. */
  readonly page: string;
}

/** The table of kinds. */
export const kinds: Readonly<Record<Kind, KindEntry>> = {
  program: { type: 'Program', title: 'Program', page: 'spec/vocabulary.ts' },
  trace: { type: 'Trace', title: 'Trace', page: 'spec/vocabulary.ts' },
  'host-program': { type: 'HostProgram', title: 'Host program', page: 'spec/host/vocabulary.ts' },
  'host-trace': { type: 'HostTrace', title: 'Host trace', page: 'spec/host/vocabulary.ts' },
  'host-finding': { type: 'HostFinding', title: 'Host finding', page: 'spec/formats/host-results.ts' },
  'host-report': { type: 'HostReport', title: 'Host report', page: 'spec/formats/host-results.ts' },
  'host-baseline': { type: 'HostBaseline', title: 'Host baseline', page: 'spec/formats/host-results.ts' },
  'role-message': { type: 'RoleResponse', title: 'Message of a participant', page: 'spec/formats/role-protocol.ts' },
  hello: { type: 'Hello', title: 'Hello', page: 'spec/protocol.md' },
  request: { type: 'Request', title: 'Message of the kit', page: 'spec/protocol.md' },
  'target-message': { type: 'Response', title: 'Message of a target', page: 'spec/protocol.md' },
  report: { type: 'Report', title: 'Report', page: 'spec/formats/results.ts' },
  finding: { type: 'Finding', title: 'Finding', page: 'spec/formats/results.ts' },
  schedule: { type: 'StoredSchedule', title: 'Wrong schedule', page: 'spec/formats/results.ts' },
  vectors: { type: 'Vectors', title: 'Programs with what is expected of them', page: 'spec/formats/vectors.ts' },
  series: { type: 'SeriesReport', title: 'Report on a series of commits', page: 'spec/formats/series.ts' },
  baseline: { type: 'Baseline', title: 'Baseline', page: 'spec/formats/results.ts' },
  shard: { type: 'Shard', title: 'Shard', page: 'spec/formats/shard.ts' },
  'host-shard': { type: 'HostShard', title: 'Host shard', page: 'spec/formats/shard.ts' },
  exploration: { type: 'ExplorationReport', title: 'Exploration', page: 'spec/formats/exploration.ts' },
  'exploration-shard': {
    type: 'ExplorationShard',
    title: 'Shard of an exploration',
    page: 'spec/formats/exploration.ts',
  },
  'kill-matrix-shard': {
    type: 'KillMatrixShard',
    title: 'Shard of a kill matrix',
    page: 'spec/formats/kill-matrix.ts',
  },
  diff: { type: 'Diff', title: 'Differences of two managers', page: 'spec/formats/diff.ts' },
  'host-diff': { type: 'HostDiff', title: 'Differences of two hosts', page: 'spec/formats/diff.ts' },
  comparison: { type: 'Comparison', title: 'Comparison', page: 'spec/formats/gathered.ts' },
  matrix: { type: 'Matrix', title: 'Matrix', page: 'spec/formats/gathered.ts' },
};

/** The names of all kinds, in the order of the table. */
export const kindNames = Object.keys(kinds) as readonly Kind[];

/** The folder of the committed schemas. */
export const schemaFolder: string = join(packageRoot, 'spec', 'schemas');

/** The name of a kind's schema file. */
export function schemaFile(kind: Kind): string {
  return `${kind}.schema.json`;
}
