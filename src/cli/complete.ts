/** What the shell offers for the word that is being typed. */
import { openProject } from '../steps/open-project.ts';
import { Option } from 'commander';
import type { CommandEntry } from './commands/index.ts';
import type { CommandSpec } from './define-command.ts';

/** Arguments that name an environment. */
const environmentArguments = new Set(['env', 'target']);

/** Names from var-files and records; none where there is no project, or it cannot be read: the shell shows no errors. */
async function environmentNames(cwd: string): Promise<readonly string[]> {
  try {
    const { project } = await openProject(cwd);
    const { createFileStore } = await import('../store/file-store.ts');
    // The records of this machine only: a key press must not wait for a bucket.
    const records = await createFileStore(`${project.root}/.provision-env`).listRecords();
    return [...new Set([...project.environments, ...records.map(({ name }) => name)])].toSorted();
  } catch {
    return [];
  }
}

function optionsOf({ options }: CommandSpec): readonly Option[] {
  return options.map(({ flags, choices }) => {
    const option = new Option(flags);
    return choices ? option.choices([...choices]) : option;
  });
}

/**
 * @param words after `provision-env`; the last one is being typed and may be empty
 * @returns whole words that begin with it
 */
export async function complete(
  words: readonly string[],
  cwd: string,
  commands: Readonly<Record<string, CommandEntry>>,
): Promise<readonly string[]> {
  const typed = words.at(-1) ?? '';
  const fitting = (candidates: readonly string[]): readonly string[] =>
    candidates.filter((candidate) => candidate.startsWith(typed));
  const [first = ''] = words;
  if (words.length <= 1) return fitting([...Object.keys(commands), 'help', ...(await environmentNames(cwd))]);
  if (first === 'help') return words.length === 2 ? fitting(Object.keys(commands)) : [];

  const named = Object.hasOwn(commands, first);
  const entry = commands[named ? first : 'provision'];
  if (!entry) return [];
  const spec = await entry.load();
  const options = optionsOf(spec);
  const before = words.at(-2) ?? '';
  const valued = options.find((option) => option.long === before || option.short === before);
  if (valued?.required) {
    if (valued.long === '--from') return fitting(await environmentNames(cwd));
    return fitting(valued.argChoices ?? []);
  }
  if (typed.startsWith('-')) return fitting(options.flatMap(({ long }) => long ?? []));
  if (typed.startsWith('from=')) return fitting((await environmentNames(cwd)).map((name) => `from=${name}`));
  const position = words.slice(named ? 1 : 0, -1).filter((word) => !word.startsWith('-')).length;
  const argument = spec.arguments[position]?.name ?? '';
  if (argument === 'system') return fitting(['github', 'gitlab']);
  return environmentArguments.has(argument) ? fitting(await environmentNames(cwd)) : [];
}
