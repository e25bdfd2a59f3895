/** Which mutants each rule kills: what `conformance/kill-matrix.md` says, whose figures the gate checks. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hostMutants } from '../../conformance/host/mutants/index.js';
import { mutants } from '../../conformance/mutants/index.js';
import { packageRoot } from '../files/root.js';

/** A mutant, and what it does wrong. */
export interface Killed {
  readonly name: string;
  readonly summary: string;
  /** Whether the rule is the one that is meant to find it. */
  readonly meant: boolean;
}

/** The mutants that each rule kills, by its id; of participants, those that it is meant for. */
export function killsByRule(): ReadonlyMap<string, readonly Killed[]> {
  const page = readFileSync(join(packageRoot, 'conformance/kill-matrix.md'), 'utf8');
  const found = new Map<string, Killed[]>();
  const add = (rule: string, killed: Killed) => {
    const list = found.get(rule);
    if (list === undefined) found.set(rule, [killed]);
    else list.push(killed);
  };
  for (const { name, summary, rule, killers } of [...managerKills(page), ...hostKills()]) {
    for (const killer of killers) add(killer, { name, summary, meant: killer === rule });
  }
  for (const list of found.values()) list.sort((a, b) => Number(b.meant) - Number(a.meant));
  return found;
}

interface Kill {
  readonly name: string;
  readonly summary: string;
  readonly rule: string;
  readonly killers: readonly string[];
}

function managerKills(page: string): readonly Kill[] {
  const rows = page.slice(page.indexOf('\n## Named mutants')).split('\n## ')[1]?.split('\n') ?? [];
  const killers = new Map(
    rows.map((row) => row.split(' | ')).map((cells) => [(cells[0] ?? '').replace('| ', ''), cells]),
  );
  return mutants.map(({ name, summary, rule }) => {
    const cells = killers.get(name);
    const last = (cells?.at(-1) ?? '').replace(/ \|$/, '');
    return { name, summary, rule, killers: cells === undefined ? [rule] : rulesIn(last) };
  });
}

/** `2: CALL-1,4 BAL-2` as `CALL-1`, `CALL-4`, `BAL-2`. */
function rulesIn(cell: string): readonly string[] {
  return [...cell.matchAll(/([A-Z]+)-([\d,]+)/g)].flatMap(([, chapter = '', numbers = '']) =>
    numbers.split(',').map((number) => `${chapter}-${number}`),
  );
}

function hostKills(): readonly Kill[] {
  return hostMutants.map(({ name, summary, rule }) => ({ name, summary, rule, killers: [rule] }));
}
