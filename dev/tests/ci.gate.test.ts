/** What is for services of CI, run without them: the steps of action.yml, and the commands of docs/ci.md. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { packageRoot } from '../../src/files/root.js';

const folder = mkdtempSync(join(tmpdir(), 'irqbypass-spec-ci-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A user's shell, in which the tool and an adapter are at hand. */
function shell(line: string, env: Readonly<Record<string, string>> = {}) {
  return spawnSync('bash', ['-e', '-o', 'pipefail', '-c', line], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, PATH: `${join(folder, 'bin')}${delimiter}${process.env.PATH}`, NO_COLOR: '1', ...env },
  });
}

beforeAll(() => {
  mkdirSync(join(folder, 'bin'));
  const tool = `#!/bin/sh\nexec '${process.execPath}' '${join(packageRoot, 'dist', 'cli', 'main.js')}' "$@"\n`;
  // npx would ask a registry for the version that a page names.
  const npx = `#!/bin/sh\nwhile [ "\${1#irqbypass-spec}" = "$1" ]; do shift; done\nshift\nexec irqbypass-spec "$@"\n`;
  for (const [name, text] of [
    ['irqbypass-spec', tool],
    ['npx', npx],
  ] as const) {
    writeFileSync(join(folder, 'bin', name), text);
    chmodSync(join(folder, 'bin', name), 0o755);
  }
  const known = { format: 'irqbypass-spec/baseline/1', target: 'x', profile: 'core', entries: [] };
  writeFileSync(join(folder, 'known.json'), JSON.stringify(known));
});

interface Step {
  readonly name: string;
  readonly shell?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly run: string;
}

interface Action {
  readonly inputs: Readonly<Record<string, { readonly required?: boolean; readonly default?: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}

describe('action.yml', () => {
  const action = parse(readFileSync(join(packageRoot, 'action.yml'), 'utf8')) as Action;

  /** Run its steps as GitHub does, with inputs. @returns the exit status of the last, and what was written */
  function act(inputs: Readonly<Record<string, string>>, name: string) {
    const output = join(folder, `${name}.output`);
    const summary = join(folder, `${name}.summary`);
    for (const file of [output, summary]) writeFileSync(file, '');
    // The tool as it is built stands for the clone that GitHub makes; npm ci in it is what the gate begins with.
    const here = join(folder, 'action');
    if (!existsSync(here)) symlinkSync(packageRoot, here);
    const value = (expression: string) =>
      expression.replace(/\$\{\{ (\S+) \}\}/g, (_, of: string) => {
        if (of === 'github.action_path') return here;
        const input = of.replace(/^inputs\./, '');
        return inputs[input] ?? action.inputs[input]?.default ?? '';
      });
    let said = { status: 0 as number | null, stdout: '' };
    for (const { name: step, run, env = {} } of action.runs.steps) {
      expect(run, 'what a workflow says is never read as shell').not.toContain('${{');
      if (step === 'Install') continue;
      const set = Object.fromEntries(Object.entries(env).map(([key, text]) => [key, value(text)]));
      said = shell(run, { ...set, GITHUB_OUTPUT: output, GITHUB_STEP_SUMMARY: summary });
    }
    return { ...said, output: readFileSync(output, 'utf8'), summary: readFileSync(summary, 'utf8') };
  }

  test('is a composite action whose steps say their shell', () => {
    expect(action.runs.using).toBe('composite');
    expect(action.runs.steps.every((step) => step.shell === 'bash')).toBe(true);
    expect(action.runs.steps.map(({ name }) => name)).toEqual(['Install', 'Judge']);
  });

  test('annotates what a wrong manager does, writes a summary and a report, and ends with 1', () => {
    const { status, stdout, output, summary } = act({ target: 'mutant:no-roll-back', tier: 'smoke' }, 'wrong');
    expect([status, output]).toEqual([1, 'status=1\n']);
    expect(stdout).toMatch(/^::error title=.*FAIL-2/m);
    expect(summary).toContain('FAIL-2');
    expect(readFileSync(join(folder, 'conformance.xml'), 'utf8')).toContain('<testsuites');
  });

  test('ends with 0 for a manager that conforms, and takes all its inputs', () => {
    const inputs = {
      target: 'reference:linux-6.17',
      tier: 'smoke',
      seed: '7',
      profile: 'linux-6.17',
      junit: 'other.xml',
    };
    expect(act(inputs, 'right')).toMatchObject({ status: 0, output: 'status=0\n' });
    expect(existsSync(join(folder, 'other.xml'))).toBe(true);
  });

  test('a target that tries to be shell is none', () => {
    const { status } = act({ target: '"; touch pwned; "', tier: 'smoke' }, 'hostile');
    expect([status, existsSync(join(folder, 'pwned'))]).toEqual([64, false]);
  });
});

describe('docs/ci.md', () => {
  const page = readFileSync(join(packageRoot, 'docs', 'ci.md'), 'utf8');
  const blocks = [...page.matchAll(/^```\w+ (\S+)\n([\s\S]*?)^```$/gm)];
  const block = (name: string) => blocks.find(([, of]) => of === name)?.[2] ?? '';
  const env = { TARGET: 'mutant:no-roll-back' };
  const quick = (line: string) => line.replace('--tier pr', '--tier smoke');

  test('its workflow gives the action what the action takes', () => {
    const workflow = parse(block('.github/workflows/conformance.yml')) as {
      readonly jobs: {
        readonly conformance: { readonly steps: readonly { readonly uses?: string; readonly with?: object }[] };
      };
    };
    const step = workflow.jobs.conformance.steps.find(({ uses }) => uses?.includes('irqbypass-spec'));
    const { inputs } = parse(readFileSync(join(packageRoot, 'action.yml'), 'utf8')) as Action;
    expect(Object.keys(inputs)).toEqual(expect.arrayContaining(Object.keys(step?.with ?? {})));
    expect(Object.keys(step?.with ?? {})).toContain('target');
  });

  test('its job for GitLab ends with 1 for a wrong manager, and leaves the report', () => {
    const job = parse(block('.gitlab-ci.yml')) as {
      readonly conformance: {
        readonly script: readonly string[];
        readonly artifacts: { readonly reports: { readonly junit: string } };
      };
    };
    const { script, artifacts } = job.conformance;
    rmSync(join(folder, 'conformance.xml'), { force: true });
    expect(shell(quick(script.join('\n')), env).status).toBe(1);
    expect(existsSync(join(folder, artifacts.reports.junit))).toBe(true);
  });

  test('its pipeline for Jenkins ends with 1 for a wrong manager, and leaves the report', () => {
    const text = block('Jenkinsfile');
    const [, line = ''] = /sh '([^']+)'/.exec(text) ?? [];
    const [, report = ''] = /junit '([^']+)'/.exec(text) ?? [];
    rmSync(join(folder, 'conformance.xml'), { force: true });
    expect(shell(quick(line), env).status).toBe(1);
    expect(existsSync(join(folder, report))).toBe(true);
  });
});

test('the Containerfile installs what the gate installs for the same targets', () => {
  const container = readFileSync(join(packageRoot, 'Containerfile'), 'utf8');
  const gate = readFileSync(join(packageRoot, 'dev', 'gate', 'checks.ts'), 'utf8');
  const packages = (text: string) => new Set(text.match(/\b[a-z][a-z0-9.+-]+\b/g));
  const installed = /install -y -qq --no-install-recommends \\\n([\s\S]*?)&&/.exec(container)?.[1] ?? '';
  const own = ['git', 'dpkg-dev'];
  const listed = [...packages(installed)];
  expect(listed.length).toBeGreaterThan(10);
  for (const one of listed.filter((name) => !own.includes(name))) expect(packages(gate), one).toContain(one);
});
