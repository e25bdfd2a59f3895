import type { Command } from 'commander';
import { profiles } from '../../../spec/profiles/index.js';
import { versionsText } from '../../../spec/profiles/releases.js';
import { holdsIn } from '../../../spec/rule.js';
import { hostRules } from '../../../spec/rules/host.js';
import { rules } from '../../../spec/rules/index.js';
import { undefinedBehaviour } from '../../../spec/undefined.js';
import { hashOfRules } from '../../engine/rules-hash.js';
import { profileNamed } from '../../targets/resolve.js';

interface Flags {
  readonly profile?: string;
  readonly profiles?: boolean;
  readonly undefined?: boolean;
  readonly json?: boolean;
}

/** `rules`: the rules, the profiles, and what is deliberately undefined. */
export function addRules(program: Command): void {
  program
    .command('rules')
    .summary('list the rules')
    .description('List the rules, one a line; or the profiles; or what is deliberately left undefined.')
    .option('--profile <name>', 'only the rules that hold in this profile')
    .option('--profiles', 'list the profiles instead')
    .option('--undefined', 'list what is deliberately undefined, and why')
    .option('--json', 'as JSON')
    .action((flags: Flags) => {
      if (flags.profiles === true) listProfiles(flags.json ?? false);
      else if (flags.undefined === true) listUndefined(flags.json ?? false);
      else listRules(flags);
    });
}

function listRules(flags: Flags): void {
  const profile = flags.profile === undefined ? undefined : profileNamed(flags.profile);
  const chosen = [...rules, ...hostRules].filter((rule) => profile === undefined || holdsIn(rule, profile));
  if (flags.json === true) {
    const list = chosen.map((rule) => {
      const { id, chapter, level, kind, text, intent, source } = rule;
      return { id, hash: hashOfRules([rule]), chapter, level, kind, text, intent, source };
    });
    print(JSON.stringify({ hash: hashOfRules(rules), rules: list }, null, 2));
    return;
  }
  let chapter = '';
  for (const rule of chosen) {
    if (rule.chapter !== chapter) print(`${chapter === '' ? '' : '\n'}${rule.chapter}`);
    chapter = rule.chapter;
    print(`  ${rule.id.padEnd(9)}${rule.text}${rule.kind === 'untestable' ? ' (untestable)' : ''}`);
  }
  print(`\n${chosen.length} rules, hash ${hashOfRules(rules)}. 'irqbypass-spec explain ID' shows one in full.`);
}

function listProfiles(json: boolean): void {
  if (json) print(JSON.stringify(profiles, null, 2));
  else
    for (const profile of profiles) {
      print(`${profile.name.padEnd(15)}${versionsText(profile)}\n${' '.repeat(15)}${profile.summary}`);
    }
}

function listUndefined(json: boolean): void {
  if (json) print(JSON.stringify(undefinedBehaviour, null, 2));
  else for (const { what, reason } of undefinedBehaviour) print(`${what}\n    ${reason}`);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
