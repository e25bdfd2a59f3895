/**
 * Types what the README says, in a fresh clone: all of it in its order, and once more from the top: by day what may trip
 * over what it left behind, with `--night` everything. Ends with "N passed, N failed".
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../src/files/root.js';
import { findTree } from '../../src/targets/linux-source/tree.js';
import { commandsIn } from './readme-commands.js';
import { type Expected, expected } from './readme-table.js';
import { runLine } from './shell.js';

/** What a reader has beside the clone: a kernel tree, a recording, and programs and modules of his own. */
async function provide(folder: string, clone: string): Promise<void> {
  const linux = join(folder, 'linux');
  const { source, header } = await findTree('debian:7.3');
  for (const path of ['virt/lib', 'include/linux']) mkdirSync(join(linux, path), { recursive: true });
  writeFileSync(join(linux, 'virt/lib/irqbypass.c'), source);
  writeFileSync(join(linux, 'include/linux/irqbypass.h'), header);
  const who = '-c user.name=A -c user.email=a@example.org';
  const history = [
    'git init --quiet && git add --all',
    `git ${who} commit --quiet --message base`,
    `echo '/* The end. */' >> virt/lib/irqbypass.c`,
    `git ${who} commit --quiet --all --message 'Say more in a comment'`,
  ];
  const { status: committed, output: told } = await runLine(history.join(' && '), { folder: linux });
  if (committed !== 0) throw new Error(told);

  const built = join(folder, 'built');
  const sources = join(clone, 'conformance/harnesses/c');
  const { status: made } = spawnSync('make', ['-s', '-C', sources, `BUILD=${built}`], { stdio: 'inherit' });
  if (made !== 0) throw new Error(`The examples in ${sources} could not be built.`);
  copyFileSync(join(built, 'example-manager'), join(clone, 'my-adapter'));
  copyFileSync(join(built, 'example-producer'), join(clone, 'my-driver'));
  copyFileSync(join(clone, 'src/recording/fixtures/linux-6.1.trace'), join(clone, 'irqbypass.trace'));
  writeFileSync(
    join(clone, 'manager.js'),
    `import { createReferenceManager } from 'irqbypass-spec/reference';
import { findProfile } from 'irqbypass-spec/spec';
export const createManager = (environment) => createReferenceManager(findProfile('core'), environment);
`,
  );
  writeFileSync(
    join(clone, 'kvm.js'),
    `import { Kvm } from './dist/reference/host/index.js';
export const createConsumers = (environment) => new Kvm(environment);
`,
  );
  // The page takes the reports of two runs for given; they may be as short as runs can be that find something.
  const short = '--tier smoke --seed 1 --budget 1 --scope 1x1x1';
  await make(`run mutant:linux-5.9-no-start ${short} --report json=old.json`, 1);
  await make(`run mutant:linux-5.9 ${short} --report json=new.json`, 1);

  async function make(command: string, expected: number): Promise<void> {
    const { status, output } = await runLine(`node dist/cli/main.js ${command} >/dev/null`, { folder: clone });
    if (status !== expected) throw new Error(output);
  }
}

/** What is really typed: a name for a placeholder, and `npx` where a sentence leaves it out. */
function typed(command: string, as: Readonly<Record<string, string>> = {}): string {
  const whole = command.startsWith('irqbypass-spec ') ? `npx ${command}` : command;
  return Object.entries(as).reduce((line, [placeholder, name]) => line.replaceAll(placeholder, name), whole);
}

/** What is typed in a round, or why nothing is. */
function inRound(round: 1 | 2, command: string, found: Extract<Expected, { status: number }>): Typed {
  if (round === 1) return { command };
  const except = found.fresh ?? (isNight ? undefined : found.once);
  if (except !== undefined) return { except };
  return { command: isNight ? command : (found.again ?? command) };
}

type Typed = { readonly command: string } | { readonly except: string };

const isNight = process.argv[2] === '--night';
const folder = mkdtempSync(join(tmpdir(), 'irqbypass-spec-readme-'));
const clone = join(folder, 'irqbypass-spec');
let [passed, failed] = [0, 0];
const note = (ok: boolean, text: string) => {
  if (ok) passed++;
  else failed++;
  process.stdout.write(`${ok ? 'ok    ' : 'FAILED'} ${text}\n`);
};

/** Type one command, and see what comes of it. */
async function type(command: string, { status, says = [], as }: Extract<Expected, { status: number }>): Promise<void> {
  const line = typed(command, as);
  // A reader's shell knows nothing of the gate.
  const ran = await runLine(`unset IRQBYPASS_SPEC_BUILT IRQBYPASS_SPEC_RESULTS NODE_OPTIONS\n${line}`, {
    folder: clone,
  });
  const problems = [
    ...(ran.status === status ? [] : [`expected exit status ${status}`]),
    ...says.filter((one) => !ran.output.includes(one)).map((one) => `expected it to say "${one}"`),
  ];
  note(problems.length === 0, `${line} (exit status ${ran.status}, ${ran.cpu.toFixed(1)} s of processors)`);
  if (problems.length === 0) return;
  const told = [...ran.output.trimEnd().split('\n'), ...problems];
  process.stdout.write(told.map((one) => `** ${one}\n`).join(''));
}

try {
  const cloned = spawnSync('git', ['clone', '--quiet', packageRoot, clone], { stdio: 'inherit' });
  if (cloned.status !== 0) throw new Error(`${packageRoot} could not be cloned.`);
  const commands = commandsIn(readFileSync(join(clone, 'README.md'), 'utf8'));
  for (const command of Object.keys(expected).filter((one) => !commands.includes(one))) {
    note(false, `${command}: the README does not say this any more; take it out of dev/gate/readme-table.ts`);
  }
  for (const round of [1, 2] as const) {
    for (const [number, command] of commands.entries()) {
      const found = expected[command];
      if (found === undefined) {
        if (round === 1) note(false, `${command}: dev/gate/readme-table.ts does not say what comes of it`);
      } else if ('except' in found) {
        if (round === 1) process.stdout.write(`       ${command}: not typed, for ${found.except}\n`);
      } else {
        const one = inRound(round, command, found);
        if ('command' in one) await type(one.command, found);
        else process.stdout.write(`       ${command}: not typed a second time, for ${one.except}\n`);
      }
      if (round === 1 && number === 0) await provide(folder, clone);
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
