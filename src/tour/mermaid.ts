/** A sequence diagram as Markdown, in Mermaid: a diagram a chapter, with what to look at. */
import { type Item, LIFELINES } from './sequence.js';

/** The page of all scenarios. */
export function drawMarkdown(
  scenarios: readonly { readonly title: string; readonly items: readonly Item[] }[],
): string {
  const lines = [
    '# The IRQ bypass manager, as its story',
    '',
    'Played on the simulated host of this project. Arrows with a full head are calls; those with an open head are interrupts on their way to the guest.',
  ];
  for (const { title, items } of scenarios) {
    lines.push('', `## ${title}`);
    let open = false;
    for (const item of items) {
      if (item.kind === 'chapter') {
        if (open) lines.push('```');
        lines.push('', `### ${item.title}`, '', item.text, '', '```mermaid', 'sequenceDiagram');
        lines.push('  participant user as user space', ...LIFELINES.map((one) => `  participant ${one}`));
        open = true;
      } else lines.push(`  ${line(item)}`);
    }
    if (open) lines.push('```');
  }
  return `${lines.join('\n')}\n`;
}

function line(item: Exclude<Item, { kind: 'chapter' }>): string {
  switch (item.kind) {
    case 'call':
      if (item.to === undefined) return `Note over user: ${mermaidText(item.text)}`;
      return item.to === 'device' || item.to === 'guest'
        ? `Note over ${item.to}: ${mermaidText(item.text)}`
        : `user->>${item.to}: ${mermaidText(item.text)}`;
    case 'note':
      return `Note over ${item.over}: ${mermaidText(item.text)}`;
    case 'message': {
      const how = item.path === 'bypass' ? ' (bypassing the host)' : '';
      return `${item.from}${item.path === undefined ? '->>' : '-)'}${item.to}: ${mermaidText(item.text + how)}`;
    }
  }
}

/** Mermaid ends a message at a semicolon, and reads `#` as the beginning of an entity. */
function mermaidText(text: string): string {
  return text.replaceAll('#', '#35;').replaceAll(';', '#59;');
}
