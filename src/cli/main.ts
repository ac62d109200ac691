/** From arguments to exit code: picks the command, and turns every error into a text, a document and a code. */
import { type ExitCode, exitCodes } from '../transfer/error-codes.ts';
import { ProvisionError, toProvisionError } from '../transfer/errors.ts';
import { commands } from './commands/index.ts';
import { runCommand } from './define-command.ts';
import { failureDocument } from './document.ts';
import { type PlainIo, withGate } from './gate.ts';
import { type CliIo, plainVariable } from './io.ts';
import { renderError } from './render-error.ts';

/** @returns what the process ends with */
export async function main(args: readonly string[], given: PlainIo = processIo()): Promise<ExitCode> {
  const io = withGate(asPlain(args) ? { ...given, env: { ...given.env, [plainVariable]: '1' } } : given);
  const { name, rest } = pickCommand(args);
  // Node would print it as it is, with all that stands in it.
  const crashed = (thrown: unknown): void => {
    io.stderr.write(renderError(toProvisionError(thrown), io));
    process.exit(exitCodes.unexpected);
  };
  if (given.stderr === process.stderr) process.once('uncaughtException', crashed);
  try {
    if (name === null) {
      io.stdout.write(await overview(io));
      return args.length === 0 ? exitCodes.usage : exitCodes.done;
    }
    const entry = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (!entry)
      throw new ProvisionError('usage', `There is no command ${JSON.stringify(name)}.`, {
        hint: 'provision-env --help shows them all.',
      });
    if (name !== args[0]) await refuseSlip(args);
    return (await runCommand(await entry.load(), rest, io)) ?? exitCodes.done;
  } catch (thrown) {
    const error = await withNearCommand(toProvisionError(thrown), args[0] === 'help' ? args[1] : args[0]);
    // What a command threw before it could print its own document.
    if (args.includes('--json')) {
      io.writeJson(failureDocument(name ?? 'help', error, rest, await valueOptions(name ?? '')));
    }
    io.stderr.write(renderError(error, io));
    return error.exitCode;
  } finally {
    process.off('uncaughtException', crashed);
  }
}

function processIo(): PlainIo {
  return {
    cwd: process.cwd(),
    env: process.env,
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
  };
}

/** Tells the options of a command that take a value from those that do not. */
async function valueOptions(name: string): Promise<(option: string) => boolean> {
  if (!Object.hasOwn(commands, name)) return () => false;
  const spec = await commands[name]?.load();
  const valued = (spec?.options ?? []).filter(({ flags }) => flags.includes('<'));
  const words = new Set(valued.flatMap(({ flags }) => flags.split(/[ ,]+/)));
  return (option) => option.startsWith('-') && words.has(option);
}

/** What is asked for once counts for everything that is printed, errors before the options are read included. */
function asPlain(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return args.slice(0, end === -1 ? args.length : end).includes('--plain');
}

/** The first word that is no option names the command; any other word is the target of a new environment. */
function pickCommand(args: readonly string[]): { name: string | null; rest: readonly string[] } {
  const first = args[0];
  if (first === undefined || first === 'help') {
    const asked = args.slice(1).find((word) => !word.startsWith('-'));
    return { name: asked ?? null, rest: ['--help'] };
  }
  if (first === '--help' || first === '-h') return { name: null, rest: [] };
  if (Object.hasOwn(commands, first)) return { name: first, rest: args.slice(1) };
  return { name: 'provision', rest: args };
}

/**
 * A single word that looks like a command with a slip of the finger in it would make an environment of that name. Who
 * says where it is copied from, or `provision`, means it.
 */
async function refuseSlip(args: readonly string[]): Promise<void> {
  const [word = ''] = args;
  const meant = args.some((arg) => /^(?:--from\b|from=|source_env=|-h$|--help$)/.test(arg));
  if (meant || word.startsWith('-')) return;
  const { slipOf } = await import('../environment/near-names.ts');
  const near = slipOf(word, Object.keys(commands));
  if (near === null) return;
  throw new ProvisionError('usage', `${JSON.stringify(word)} is no command.`, {
    hint: `Did you mean \`${near}\`? To make an environment of that name: provision-env provision ${word}`,
  });
}

/** Any first word that is no command is taken for a target: a slip of the finger is then told as something else. */
async function withNearCommand(error: ProvisionError, first: string | undefined): Promise<ProvisionError> {
  if (
    error.code !== 'usage' ||
    error.hint?.startsWith('Did you mean') ||
    first === undefined ||
    first.startsWith('-') ||
    Object.hasOwn(commands, first)
  )
    return error;
  const { didYouMean } = await import('../environment/near-names.ts');
  const near = didYouMean(first, Object.keys(commands));
  if (near === '') return error;
  return new ProvisionError('usage', error.message, {
    cause: error,
    hint: `${JSON.stringify(first)} is no command. ${near} ${error.hint ?? ''}`.trim(),
  });
}

async function overview(io: CliIo): Promise<string> {
  const { overviewText } = await import('./overview.ts');
  return overviewText(commands, io);
}
