/** `certified ARGUMENTS`: a run with these arguments conforms, and certifies that it covered everything. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { packageRoot } from '../../src/files/root.js';

const main = join(packageRoot, 'dist', 'cli', 'main.js');
const { status, stdout } = spawnSync(process.execPath, [main, 'run', ...process.argv.slice(2), '--report', 'json'], {
  encoding: 'utf8',
  maxBuffer: 1 << 28,
  stdio: ['ignore', 'pipe', 'inherit'],
});
const { certificate } = JSON.parse(stdout) as { readonly certificate: { readonly complete: boolean } | null };
process.stdout.write(`${JSON.stringify(certificate)}\n`);
process.exitCode = status === 0 && certificate?.complete === true ? 0 : 1;
