/** The commands that a page tells its readers to type, in its order: those of its indented code, and those in a sentence. */

/** What is typed in a sentence begins with one of these; the rest of what stands in backticks are names and fragments. */
const IN_A_SENTENCE = /`((?:npx irqbypass-spec|irqbypass-spec|npm run) [^`]+)`/g;

export function commandsIn(markdown: string): readonly string[] {
  const commands = markdown.split('\n').flatMap((line) => {
    if (line.startsWith('    ')) return [line.replace(/\s{2,}#.*$/, '').trim()];
    return [...line.matchAll(IN_A_SENTENCE)].map(([, command = '']) => command);
  });
  return [...new Set(commands.filter((command) => command !== ''))];
}
