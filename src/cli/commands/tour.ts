import { join } from 'node:path';
import type { Command } from 'commander';
import pc from 'picocolors';
import { writeTextFile } from '../../formats/write.js';
import { drawMarkdown } from '../../tour/mermaid.js';
import { sequenceOf } from '../../tour/sequence.js';
import { play, story } from '../../tour/story.js';
import { drawSvg } from '../../tour/svg.js';
import { drawTerminal } from '../../tour/terminal.js';
import { folder } from '../options.js';

interface Flags {
  readonly output?: string;
}

/** `tour`: the story of the manager and its participants, for newcomers. */
export function addTour(program: Command): void {
  program
    .command('tour')
    .summary('what all this is about: the story, on a simulated host')
    .description(
      'Play the story of the RFC of 2015 on the simulated host, as a sequence diagram: user space sets up KVM and VFIO in either order; an interrupt through the host, then bypassed; the guest moves its vector; teardown.',
    )
    .option(
      '--output <folder>',
      'write it there, too, as tour.md (Mermaid) and as an SVG for each scenario',
      folder('--output'),
    )
    .action((flags: Flags) => {
      const color = pc.createColors(pc.isColorSupported && process.stdout.isTTY === true);
      const scenarios = story.map((scenario) => ({
        title: scenario.title,
        items: sequenceOf(scenario, play(scenario)),
      }));
      for (const { title, items } of scenarios) process.stdout.write(drawTerminal(title, items, color));
      if (flags.output === undefined) return;
      const { output } = flags;
      writeTextFile(join(output, 'tour.md'), drawMarkdown(scenarios));
      for (const { title, items } of scenarios) {
        const file = join(output, `tour-${title.toLowerCase().replaceAll(' ', '-')}.svg`);
        writeTextFile(file, drawSvg(title, items));
      }
    });
}
