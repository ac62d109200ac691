/**
 * One command, described as data: its arguments and options, an example, and what it runs. Commander does the
 * parsing; unknown options are refused with a suggestion.
 */
import { Command, CommanderError, Option } from 'commander';
import type { z } from 'zod';
import { ProvisionError } from '../transfer/errors.ts';
import type { ExitCode } from '../transfer/error-codes.ts';
import type { CliIo } from './io.ts';

export interface ArgumentSpec {
  readonly name: string;
  readonly description: string;
  readonly required: boolean;
}

export interface OptionSpec {
  /** As Commander writes them, for example `--from <env>` or `-y, --yes`. */
  readonly flags: string;
  readonly description: string;
  readonly choices?: readonly string[];
  /** May be given more than once; the values come as an array. */
  readonly many?: boolean;
}

export interface CommandSpec<Schema extends z.ZodType = z.ZodType> {
  readonly name: string;
  readonly summary: string;
  readonly description?: string;
  readonly arguments: readonly ArgumentSpec[];
  readonly options: readonly OptionSpec[];
  readonly examples: readonly string[];
  /** Arguments and options together, by camel-case name. */
  readonly input: Schema;
  run(input: z.output<Schema>, io: CliIo): Promise<ExitCode>;
}

export function defineCommand<Schema extends z.ZodType>(spec: CommandSpec<Schema>): CommandSpec<Schema> {
  return spec;
}

/** The spec's own form: `feature-auth from=dev` means `feature-auth --from dev`. */
export function normaliseArguments(args: readonly string[]): string[] {
  const end = args.indexOf('--');
  return args.flatMap((arg, index) => {
    const assignment = (end === -1 || index < end) && /^(?:from|source_env)=([\s\S]*)$/.exec(arg);
    return assignment ? ['--from', assignment[1] ?? ''] : [arg];
  });
}

function usageOf({ arguments: words, options }: CommandSpec): string {
  return [
    ...words.map(({ name, required }) => (required ? `<${name}>` : `[${name}]`)),
    ...(options.some(({ flags }) => flags.startsWith('--from ')) ? ['[from=<source>]'] : []),
    '[options]',
  ].join(' ');
}

/** A line break within a paragraph is none: the terminal has its own width. */
function described({ description, summary }: CommandSpec): string {
  return (
    description?.replaceAll(/(?<!\n)\n(?!\n)/g, ' ') ??
    `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`
  );
}

function buildParser(spec: CommandSpec, io: CliIo): Command {
  const usageName = spec.name === 'provision' ? 'provision-env' : `provision-env ${spec.name}`;
  const command = new Command(usageName)
    .usage(usageOf(spec))
    .description(described(spec))
    .exitOverride()
    .configureOutput({ writeOut: (text) => io.stdout.write(text), writeErr: () => undefined })
    .showSuggestionAfterError(true)
    .allowExcessArguments(false);
  for (const { name, description, required } of spec.arguments) {
    command.argument(required ? `<${name}>` : `[${name}]`, description);
  }
  for (const { flags, description, choices, many } of spec.options) {
    const option = new Option(flags, description);
    if (choices) option.choices([...choices]);
    if (many) option.argParser((value: string, before: string[] | undefined) => [...(before ?? []), value]);
    command.addOption(option);
  }
  command.addHelpText('after', `\nExamples:\n${spec.examples.map((example) => `  $ ${example}`).join('\n')}`);
  return command;
}

/**
 * Parses the arguments and runs the command.
 *
 * @returns the exit code; `null` if help was asked for and printed
 * @throws ProvisionError `usage` for arguments that do not fit
 */
export async function runCommand(
  spec: CommandSpec,
  args: readonly string[],
  io: CliIo,
): Promise<ExitCode | null> {
  const parser = buildParser(spec, io);
  try {
    parser.parse(normaliseArguments(args), { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.code === 'commander.helpDisplayed' || error.code === 'commander.help') return null;
    throw new ProvisionError('usage', error.message.replace(/^error: /, ''), {
      hint: helpHint(spec),
    });
  }
  const given: Record<string, unknown> = { ...parser.opts() };
  spec.arguments.forEach(({ name }, index) => {
    const value: unknown = parser.args[index];
    if (value !== undefined)
      given[name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase())] = value;
  });
  const parsed = spec.input.safeParse(given);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new ProvisionError(
      'usage',
      `${nameOnCommandLine(spec, issue?.path[0])} ${issue?.message ?? 'is not valid'}`,
      { hint: helpHint(spec) },
    );
  }
  return spec.run(parsed.data, io);
}

const helpHint = ({ name }: CommandSpec): string =>
  `${name === 'provision' ? 'provision-env' : `provision-env ${name}`} --help shows what it takes.`;

/** An option or argument as a person writes it. The value is left out: it may be a secret. */
function nameOnCommandLine({ options }: CommandSpec, key: PropertyKey | undefined): string {
  const option = options
    .map(({ flags }) => new Option(flags))
    .find((candidate) => candidate.attributeName() === key);
  return option?.long ?? `<${String(key ?? 'arguments')}>`;
}
