/** What is in deploy/: read as YAML, and the commands in it typed as their engines would. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseDocument } from 'yaml';
import { packageRoot } from '../../src/files/root.js';

const folder = mkdtempSync(join(tmpdir(), 'irqbypass-spec-deploy-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The tool as it was built stands for an installed one. */
beforeAll(() => {
  const tool = `exec '${process.execPath}' '${join(packageRoot, 'dist', 'cli', 'main.js')}' "$@"\n`;
  for (const [name, text] of [
    ['irqbypass-spec', `#!/bin/sh\n${tool}`],
    ['npx', `#!/bin/sh\nshift\n${tool}`],
  ] as const) {
    writeFileSync(join(folder, name), text);
    chmodSync(join(folder, name), 0o755);
  }
});

function type(line: string, env: Readonly<Record<string, string>>) {
  return spawnSync('bash', ['-e', '-c', line], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, PATH: `${folder}${delimiter}${process.env.PATH}`, ...env },
  });
}

/** The run that all of them are made to do here. */
const SMALL = { TARGET: 'reference', TIER: 'smoke', SEED: '1', OUT: folder };

function read(path: string): unknown {
  const document = parseDocument(readFileSync(join(packageRoot, 'deploy', path), 'utf8'), { strict: true });
  expect([...document.errors, ...document.warnings]).toEqual([]);
  return document.toJS();
}

interface Workflow {
  readonly env: Readonly<Record<string, string>>;
  readonly jobs: {
    readonly shard: Steps & {
      readonly env: Readonly<Record<string, string>>;
      readonly strategy: { readonly matrix: { readonly shard: readonly number[] } };
    };
    readonly merge: Steps;
  };
}

interface Steps {
  readonly steps: readonly { readonly run?: string }[];
}

test('the matrix of GitHub Actions: every shard runs, and they merge', { timeout: 120_000 }, () => {
  const { env, jobs } = read('github/shards.yml') as Workflow;
  expect(Object.keys(env)).toEqual(['TARGET', 'TIER', 'SEED']);
  const lineOf = ({ steps }: Steps) => steps.flatMap(({ run }) => (run?.startsWith('npx') === true ? [run] : []))[0];
  for (const shard of jobs.shard.strategy.matrix.shard) {
    const own = Object.entries(jobs.shard.env).map(([name, text]) => [
      name,
      text.replace(/\$\{\{ matrix\.shard \}\}/, String(shard)),
    ]);
    expect(type(lineOf(jobs.shard) ?? '', { ...SMALL, ...Object.fromEntries(own) })).toMatchObject({ status: 0 });
  }
  expect(type(lineOf(jobs.merge) ?? '', SMALL)).toMatchObject({ status: 0 });
});

interface IndexedJob {
  readonly spec: {
    readonly completions: number;
    readonly template: {
      readonly spec: {
        readonly containers: readonly {
          readonly command: readonly string[];
          readonly args: readonly string[];
          readonly env: readonly { readonly name: string; readonly value: string }[];
        }[];
      };
    };
  };
}

test('the Indexed Job of Kubernetes: every index is a shard, and they merge', { timeout: 120_000 }, () => {
  const { completions, template } = (read('kubernetes/shards.yaml') as IndexedJob).spec;
  const [container] = template.spec.containers;
  const env = Object.fromEntries((container?.env ?? []).map(({ name, value }) => [name, value]));
  expect(env).toMatchObject({ SHARDS: String(completions) });
  expect(container?.command).toEqual(['sh', '-c']);
  const files = Array.from({ length: completions }, (_, index) => {
    const given = { ...env, ...SMALL, JOB_COMPLETION_INDEX: String(index) };
    expect(type(container?.args[0] ?? '', given)).toMatchObject({ status: 0 });
    return `${index}.json`;
  });
  expect(type(`irqbypass-spec merge ${files.join(' ')}`, SMALL)).toMatchObject({ status: 0 });
});

test('the line for GNU parallel is one line of shards', { timeout: 120_000 }, () => {
  const page = readFileSync(join(packageRoot, 'docs', 'scale.md'), 'utf8');
  const line = /^ {4}(parallel .*)$/m.exec(page)?.[1] ?? '';
  const here = line.replace('--sshlogin a,b,c ', '').replace('TARGET', 'reference').replace('nightly', 'smoke');
  expect(type(`mkdir -p shards && ${here}`, {})).toMatchObject({ status: 0 });
  expect(type('irqbypass-spec merge shards/*.json', {})).toMatchObject({ status: 0 });
});
