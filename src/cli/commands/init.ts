import type { Command } from 'commander';
import { isFree, makeProject } from '../../init/init.js';
import { languageNames, languages } from '../../init/languages.js';
import { harmless, listed } from '../../text/text.js';
import { UsageError } from '../exit.js';
import { folder } from '../options.js';
import { version } from '../version.js';

/** `init LANGUAGE DIR`: a project to begin with. */
export function addInit(program: Command): void {
  program
    .command('init')
    .summary('make a small project with an adapter around a stub')
    .description(
      'Make a project in a new folder: an adapter around a manager that is still to be written, its build file, and what judges it in CI. The stub does not conform; what to type next is printed.',
    )
    .argument('<language>', listed(languageNames, 'or'))
    .argument('<folder>', 'the folder to make', folder('init'))
    .action((name: string, folder: string) => {
      const language = Object.hasOwn(languages, name) ? languages[name] : undefined;
      if (language === undefined) {
        throw new UsageError(
          `init takes ${listed(languageNames, 'or')}; came ${JSON.stringify(name)}. Any other language: docs/adapter.md.`,
        );
      }
      if (!isFree(folder))
        throw new UsageError(`${folder} is there already. init takes a folder that is new or empty.`);
      const { files, commands } = makeProject(name, language, folder, version());
      process.stdout.write(`${harmless(folder)} has ${listed(files)}. It needs ${language.needs}.

Next, type

${commands.map((command) => `    ${command}`).join('\n')}

${language.build === undefined ? 'There is nothing to build. smoke' : 'The first builds the adapter; smoke'} says that it is right. run says that the manager does not conform (exit status 1), and why:
${language.stub} is a stub that refuses everything. Write its four operations, and run again. conformance.sh does the same in CI.
`);
    });
}
